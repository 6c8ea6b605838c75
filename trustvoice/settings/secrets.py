"""Secrets that lie in files of their own, as Docker and Kubernetes hand them over: SECRET_KEY_FILE and so on."""

from collections.abc import Iterable, Mapping
from pathlib import Path

SUFFIX = "_FILE"


def read(values: Mapping[str, str], secrets: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Of these names the values found in files, and a sentence for each name whose file is of no use."""
    found: dict[str, str] = {}
    complaints: dict[str, str] = {}
    for name in secrets:
        if path := values.get(name + SUFFIX, "").strip():
            try:
                found[name] = content(Path(path), is_set=bool(values.get(name)))
            except ValueError as error:
                complaints[name] = f"{name}{SUFFIX} {error}"
    return found, complaints


def content(path: Path, is_set: bool) -> str:
    """Raises ValueError with the rest of a sentence."""
    if is_set:
        raise ValueError("is set beside the secret itself. Keep one of the two.")
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not text. It holds the secret, and nothing else.") from None
    if not text:
        raise ValueError(f"{path} is empty. It holds the secret, and nothing else.")
    return text
