"""What the doctor says: a line for each thing looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    status: Status
    found: str
    remedy: str  # empty when nothing is to be done


@dataclass(frozen=True, slots=True)
class Finding:
    """A line without its name, which is the check's."""

    status: Status
    found: str
    remedy: str = ""


def ok(found: str) -> Finding:
    return Finding(Status.OK, found)


def warning(found: str, remedy: str) -> Finding:
    return Finding(Status.WARNING, found, remedy)


def error(found: str, remedy: str) -> Finding:
    return Finding(Status.ERROR, found, remedy)
