"""What M-Pesa said: yes, no, or not known. `match` it, and let mypy insist on all three."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from mpesa.codes import NOTHING_HAPPENED, OPERATOR_FIRST, WRONG_INITIATOR, Code, Reason, Verdict

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Succeeded(Generic[T]):
    value: T


@dataclass(frozen=True, slots=True)
class Failed:
    """A definite no. `message` is M-Pesa's own text, for logs, never for people."""

    reason: Reason
    code: str
    message: str = ""

    @property
    def not_accepted(self) -> bool:
        """Nothing happened at M-Pesa: the very same attempt may be made again."""
        return self.reason in NOTHING_HAPPENED

    @property
    def stops_sending(self) -> bool:
        """The next one fails alike until the operator acts; refused initiators are locked when they go on trying."""
        return self.reason in OPERATOR_FIRST

    @property
    def refuses_initiator(self) -> bool:
        """Whatever is done in the initiator's name fails alike, and locks its password when it goes on."""
        return self.reason in WRONG_INITIATOR


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither paid nor failed. Only evidence ends it; it is never a reason to try again."""

    why: str
    code: str = ""


Outcome = Succeeded[T] | Failed | Unknown


def not_succeeded(meaning: Code | None, code: str, message: str) -> Failed | Unknown:
    """A code that nobody listed is unknown, and so is one whose meaning is not a plain failure."""
    if meaning is None:
        return Unknown(f"unlisted code {code}" if code else "no code", code)
    if meaning.verdict in (Verdict.FAILED, Verdict.STOP, Verdict.RENEW) and meaning.reason is not None:
        return Failed(meaning.reason, code, message)
    return Unknown(meaning.why or "contradicts itself", code)
