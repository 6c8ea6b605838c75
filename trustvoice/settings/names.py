"""Names that are no setting: one that is close to a setting's is a slip of the pen, and must not pass for nothing."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

OURS = ("TELEGRAM_", "MPESA_")
A_SLIP, SURELY_A_SLIP = 0.85, 0.9  # how alike; the environment holds other programs' names, too
OF_OTHERS = re.compile(r"(POSTGRES|PG|COMPOSE|DOCKER|CADDY)_?\w*|(HTTPS?|NO|ALL)_PROXY|TZ|LANG|PATH|PYTHON\w+")


def misspelt(in_file: Iterable[str], env_file: object, environ: Mapping[str, str], known: set[str]) -> list[str]:
    """A sentence for each, with the name that was probably meant."""
    written = [(name, f"{name} in {env_file}", A_SLIP) for name in in_file]
    set_elsewhere = [(name.upper(), name.upper(), SURELY_A_SLIP) for name, value in environ.items() if value]
    return [
        f"{told} is not a setting of TrustVoice. {remedy}"
        for name, told, least in written + set_elsewhere
        if name not in known and (remedy := remedy_for(name, least, known))
    ]


def remedy_for(name: str, least: float, known: set[str]) -> str | None:
    """None for what another program may have set."""
    ours = name.startswith(OURS) and least == A_SLIP
    if closest := get_close_matches(name, known, n=1, cutoff=0.6 if ours else least):
        return f"Did you mean {closest[0]}?"
    return "Remove it; .env.example lists the names." if ours else None


def strange(in_file: Iterable[str], known: set[str]) -> list[str]:
    """Names that are neither ours nor like ours: they have no effect here."""
    unknown = [name for name in in_file if name not in known and not OF_OTHERS.fullmatch(name)]
    return [name for name in unknown if remedy_for(name, A_SLIP, known) is None]
