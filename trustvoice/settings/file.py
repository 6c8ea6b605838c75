"""The .env file, read strictly: what another program would guess at, or pass over, is said."""

import codecs
import io
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dotenv.parser import Binding, parse_stream

ENCODING = "utf-8-sig"  # Windows' Notepad begins a file with a byte order mark
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SAVE_AS = "Save it as UTF-8: in Windows' Notepad that is a choice beside the button Save."


@dataclass(frozen=True)
class EnvFile:
    """`path` is None where the file is not there or cannot be read at all."""

    path: Path | None = None
    values: dict[str, str] = field(default_factory=dict)  # by name in capitals
    complaints: list[str] = field(default_factory=list)

    @property
    def is_unreadable(self) -> bool:
        return self.path is None and bool(self.complaints)


def read(path: str | Path) -> EnvFile:
    """Raises nothing."""
    path = Path(path)
    try:
        text = decoded(path)
    except (FileNotFoundError, IsADirectoryError):
        return EnvFile()
    except OSError as error:
        return EnvFile(complaints=[f"{path} cannot be read: {error.strerror}. Run this as the user whose file it is."])
    except ValueError as error:
        return EnvFile(complaints=[f"{path} {error}. {SAVE_AS}"])
    logging.getLogger("dotenv").setLevel(logging.ERROR)  # what it warns of is said below, with what to do
    bindings = list(parse_stream(io.StringIO(text)))
    values = {each.key.upper(): each.value or "" for each in bindings if each.key}
    return EnvFile(path, values, [f"{path}, {complaint}" for complaint in unclear(bindings)])


def decoded(path: Path) -> str:
    """Raises OSError, and ValueError with the rest of a sentence."""
    content = path.read_bytes()
    if content.startswith(UTF_16) or b"\0" in content:
        raise ValueError("is UTF-16 text, which Windows also calls Unicode")
    try:
        return content.decode(ENCODING)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(f"is not UTF-8 text in line {line}") from None


def unclear(bindings: list[Binding]) -> Iterator[str]:
    """None of them quotes a value."""
    for each in bindings:
        if each.error or (each.key and each.value is None):
            yield f"line {line_of(each)}: is not of the form NAME=value. Correct it, or begin it with #."
    times = Counter(each.key.upper() for each in bindings if each.key)
    for name in (name for name, count in times.items() if count > 1):
        lines = [str(line_of(each)) for each in bindings if each.key and each.key.upper() == name]
        yield f"lines {' and '.join(lines)}: {name} is set more than once. Keep one of them."


def line_of(binding: Binding) -> int:
    """The parser counts from the blank lines before it."""
    text = binding.original.string
    blank = len(text) - len(text.lstrip())
    return binding.original.line + text[:blank].count("\n")
