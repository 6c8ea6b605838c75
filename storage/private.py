"""Files that nobody but their owner may read. Not left to the umask alone: earlier versions made some for everybody."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077


def keep_private(paths: Iterable[Path]) -> None:
    """Those that are there, and ours to change."""
    for path in paths:
        with suppress(OSError):
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & OTHERS:
                os.chmod(path, mode & ~OTHERS)


def read_by_others(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & OTHERS)
