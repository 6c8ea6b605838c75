"""Why money moved: the cause of each posting. `str` is how it is stored, `parse` reads that, `label` is for people."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, literal

from fundraising.ledger import grammar
from fundraising.ledger.grammar import written


class Kind(StrEnum):
    DONATION = "donation"
    RECEIPT = "receipt"
    CORRECTION = "correction"
    DECISION = "decided"
    PAYMENT = "payout"
    FEE = "fee"
    COVER = "cover"


SHORTFALL, OUT = ":shortfall", ":out"


@dataclass(frozen=True, slots=True)
class Donation:
    """It was credited."""

    donation_id: int

    def __str__(self) -> str:
        return written(Kind.DONATION, self.donation_id)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money arrived that fits nothing."""

    receipt: str

    def __str__(self) -> str:
        return written(Kind.RECEIPT, self.receipt)


@dataclass(frozen=True, slots=True)
class Correction:
    """M-Pesa's receipt named another amount than the donation was credited with."""

    donation_id: int

    def __str__(self) -> str:
        return written(Kind.CORRECTION, self.donation_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """Two people took it out of suspense."""

    of: "InSuspense"

    def __str__(self) -> str:
        return written(Kind.DECISION, str(self.of))


@dataclass(frozen=True, slots=True)
class Payment:
    """The nth attempt of a payout is paid."""

    payout_id: int
    number: int

    def __str__(self) -> str:
        return written(Kind.PAYMENT, self.payout_id, self.number)


@dataclass(frozen=True, slots=True)
class Fee:
    """What M-Pesa kept for sending."""

    attempt_id: int

    def __str__(self) -> str:
        return written(Kind.FEE, self.attempt_id)


@dataclass(frozen=True, slots=True)
class Cover:
    """A campaign covered what it owed, for the nth time."""

    campaign_id: int
    number: int

    def __str__(self) -> str:
        return written(Kind.COVER, self.campaign_id, self.number)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The part of it that the campaign did not have."""

    of: "TakenOut"

    def __str__(self) -> str:
        return f"{self.of}{SHORTFALL}"


@dataclass(frozen=True, slots=True)
class Out:
    """What was taken from the campaign leaves the books."""

    of: Correction

    def __str__(self) -> str:
        return f"{self.of}{OUT}"


InSuspense = Receipt | Correction
TakenOut = Payment | Correction
Cause = Donation | Receipt | Correction | Decision | Payment | Fee | Cover | Shortfall | Out


def parse(stored: str) -> Cause:
    """Raises ValueError."""
    word, _, of = stored.partition(":")
    match [Kind(word), *of.split(":")]:
        case [Kind.DONATION, number]:
            return Donation(int(number))
        case [Kind.RECEIPT, *_]:
            return Receipt(of)
        case [Kind.CORRECTION, number]:
            return Correction(int(number))
        case [Kind.CORRECTION, number, "shortfall"]:
            return Shortfall(Correction(int(number)))
        case [Kind.CORRECTION, number, "out"]:
            return Out(Correction(int(number)))
        case [Kind.DECISION, *_]:
            return Decision(in_suspense(of))
        case [Kind.PAYMENT, payout, number]:
            return Payment(int(payout), int(number))
        case [Kind.PAYMENT, payout, number, "shortfall"]:
            return Shortfall(Payment(int(payout), int(number)))
        case [Kind.FEE, attempt]:
            return Fee(int(attempt))
        case [Kind.COVER, campaign, number]:
            return Cover(int(campaign), int(number))
    raise ValueError(f"{stored} is not the cause of a posting")


def in_suspense(stored: str) -> InSuspense:
    """Of what brings money there. Raises ValueError."""
    cause = parse(stored)
    if isinstance(cause, InSuspense):
        return cause
    raise ValueError(f"{stored} brings nothing into suspense")


def label(cause: Cause) -> str:
    """People know M-Pesa's own code."""
    return cause.receipt if isinstance(cause, Receipt) else str(cause)


def column(kind: Kind, first: grammar.Columns, *others: grammar.Columns) -> ColumnElement[str]:
    """The cause as it is stored, of what stands in these columns."""
    return grammar.column(kind, first, *others)


def shortfall(cause: ColumnElement[str]) -> ColumnElement[str]:
    return cause + literal(SHORTFALL)


def out(cause: ColumnElement[str]) -> ColumnElement[str]:
    return cause + literal(OUT)


def without_shortfall(cause: ColumnElement[str]) -> ColumnElement[str]:
    """The whole payment of which it is a part."""
    return func.replace(cause, SHORTFALL, "")


def is_of(cause: ColumnElement[str], kind: Kind) -> ColumnElement[bool]:
    return grammar.begins(cause, kind)


def lies_with(cause: ColumnElement[str], kind: Kind) -> ColumnElement[bool]:
    """The same, read through the index: its letters stand in order, whatever the database makes of a colon."""
    after = kind[:-1] + chr(ord(kind[-1]) + 1)
    return and_(cause >= str(kind), cause < after, is_of(cause, kind))


LETTERS = 4  # tell the kinds apart, and are quick to group millions by
BY_LETTERS = {f"{kind}:"[:LETTERS]: kind for kind in Kind}


def letters(cause: ColumnElement[str]) -> ColumnElement[str]:
    return func.substr(cause, 1, LETTERS)
