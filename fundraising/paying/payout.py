"""A payout and its attempts as the rules see them, and the statements that load and change them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from fundraising import questions
from fundraising.ledger.causes import Payment
from fundraising.money import Money
from fundraising.people import phones
from fundraising.people.likeness import alike
from fundraising.questions import Kind
from fundraising.refusals import NoSuchPayout
from fundraising.statuses import (
    ATTEMPT_MOVES,
    OPEN_STATES,
    PAYOUT_MOVES,
    AttemptState,
    PayoutReview,
    PayoutStatus,
    move,
)
from mpesa.codes import Reason
from mpesa.masking import HIDDEN, without_numbers
from mpesa.msisdn import Msisdn
from storage.payout_tables import attempts, payouts
from storage.places import place
from storage.vault import Vault

p, a = payouts.c, attempts.c
CANNOT_HELP = frozenset(  # after these the same again fails again
    {Reason.AMOUNT_TOO_SMALL, Reason.AMOUNT_TOO_LARGE, Reason.RECIPIENT_NOT_REGISTERED}
)
GRAVEST_FIRST = (
    PayoutReview.PAID_AGAIN,
    PayoutReview.PAID_AFTER_FAILURE,
    PayoutReview.OTHER_AMOUNT,
    PayoutReview.UNREADABLE,
    PayoutReview.NO_WORD,
    PayoutReview.RESTORED,
)


@dataclass(frozen=True, slots=True)
class Payout:
    id: int
    campaign_id: int
    ngo_id: int | None
    batch_id: int | None
    requester_id: int
    recipient_name: str
    phone: Msisdn
    amount: Money
    purpose: str
    remarks: str
    status: PayoutStatus
    status_message: str
    needs_review: PayoutReview | None
    version: int
    approvals_needed: int
    receipt: str | None
    created_at: datetime
    completed_at: datetime | None
    decided_by: int | None  # who rejected or cancelled it; approvals have rows of their own
    note: str = ""  # a person's words: why it was rejected
    mpesa_name: str | None = None  # in whose name M-Pesa has the number; None until it has told

    @property
    def went_to_another_name(self) -> bool:
        """M-Pesa has the number in a name that is not the one asked for."""
        return self.mpesa_name is not None and not alike(self.recipient_name, self.mpesa_name)

    @property
    def may_be_retried(self) -> bool:
        """It surely failed, nobody must look at it, and the same may go better another time."""
        return self.status is PayoutStatus.FAILED and not self.needs_review and self.status_message not in CANNOT_HELP

    def for_viewers(self) -> "Payout":
        """For those who decide nothing about it: without whom it is for, and what for."""
        note = without_numbers(self.note)
        return replace(self, recipient_name=HIDDEN, purpose="", remarks="", note=note, mpesa_name=None)


@dataclass(frozen=True, slots=True)
class Attempt:
    id: int
    payout_id: int
    number: int
    originator_id: str
    conversation_id: str | None
    state: AttemptState
    reason: str | None
    code: str | None
    receipt: str | None
    asked_at: datetime | None
    started_at: datetime
    ended_at: datetime | None

    @property
    def cause(self) -> Payment:
        """Of the postings that book it."""
        return Payment(self.payout_id, self.number)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


def find(conn: Connection, vault: Vault, payout_id: int, lock: bool = False) -> Payout:
    """Raises NoSuchPayout. Who changes a payout or an attempt of it locks the payout first."""
    query = select(payouts).where(p.id == payout_id)
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NoSuchPayout
    return from_row(row, vault)


def load(conn: Connection, vault: Vault, limit: int, *where: ColumnElement[bool]) -> list[Payout]:
    """The newest first."""
    query = select(payouts).where(*where).order_by(p.id.desc()).limit(limit)
    return [from_row(row, vault) for row in conn.execute(query)]


def from_row(row: Any, vault: Vault) -> Payout:
    return Payout(
        id=row.id,
        campaign_id=row.campaign_id,
        ngo_id=row.ngo_id,
        batch_id=row.batch_id,
        requester_id=row.requester_id,
        recipient_name=vault.open_text(row.recipient_name_sealed, place(p.recipient_name_sealed, row.id)),
        phone=phones.unseal(vault, row.phone_sealed, place(p.phone_sealed, row.id)),
        amount=Money(row.amount_minor, row.currency),
        purpose=words(row, vault, "purpose_sealed"),
        remarks=words(row, vault, "remarks_sealed"),
        status=PayoutStatus(row.status),
        status_message=row.status_message,
        note=words(row, vault, "note_sealed"),
        needs_review=PayoutReview(row.needs_review) if row.needs_review else None,
        version=row.version,
        approvals_needed=row.approvals_needed,
        receipt=row.receipt,
        created_at=row.created_at,
        completed_at=row.completed_at,
        decided_by=row.decided_by,
        mpesa_name=known_to_mpesa(row, vault),
    )


def known_to_mpesa(row: Any, vault: Vault) -> str | None:
    sealed = row.mpesa_name_sealed
    return vault.open_text(sealed, place(p.mpesa_name_sealed, row.id)) if sealed else None


def words(row: Any, vault: Vault, name: str) -> str:
    sealed = getattr(row, name)
    return vault.open_text(sealed, place(p[name], row.id)) if sealed is not None else ""


def seal_words(vault: Vault, payout_id: int, **said: str) -> dict[str, bytes]:
    """By the names of their columns."""
    return {
        f"{name}_sealed": vault.seal_text(text, place(p[f"{name}_sealed"], payout_id)) for name, text in said.items()
    }


def change_status(conn: Connection, payout: Payout, to: PayoutStatus, **values: Any) -> None:
    """The one place that moves a payout. Raises IllegalMove; AssertionError when the row was not locked before."""
    move(PAYOUT_MOVES, payout.status, to)
    same = update(payouts).where(p.id == payout.id, p.status == payout.status, p.version == payout.version)
    moved = conn.execute(same.values(status=to, version=payout.version + 1, **values)).rowcount
    assert moved == 1, f"payout {payout.id} changed meanwhile"


def set_columns(conn: Connection, payout_id: int, **values: Any) -> None:
    conn.execute(update(payouts).where(p.id == payout_id).values(**values))


def ask_people(conn: Connection, payout_id: int, why: PayoutReview, now: datetime) -> bool:
    """People must look at it, beside whatever they must look at already. Whether that is new."""
    is_new = why not in questions.standing(conn, Kind.PAYOUT, payout_id)
    questions.ask(conn, Kind.PAYOUT, [(payout_id, why)], now)
    _show_the_gravest(conn, payout_id)
    return is_new


def answered(conn: Connection, payout_id: int, now: datetime, *whys: PayoutReview, by: int | None = None) -> None:
    """Nobody has to look any more, for these reasons or for any. `by`: who saw to it."""
    questions.close(conn, Kind.PAYOUT, payout_id, now, *([questions.one_of(whys)] if whys else []), by=by)
    _show_the_gravest(conn, payout_id)


def _show_the_gravest(conn: Connection, payout_id: int) -> None:
    standing = questions.standing(conn, Kind.PAYOUT, payout_id)
    set_columns(conn, payout_id, needs_review=next((why for why in GRAVEST_FIRST if why in standing), None))


def attempts_of(conn: Connection, payout_id: int) -> list[Attempt]:
    query = select(attempts).where(a.payout_id == payout_id).order_by(a.number)
    return [Attempt(**row) for row in map(_attempt_values, conn.execute(query).mappings())]


def find_attempt(conn: Connection, attempt_id: int) -> Attempt:
    return Attempt(**_attempt_values(conn.execute(select(attempts).where(a.id == attempt_id)).mappings().one()))


def _attempt_values(row: Any) -> dict[str, Any]:
    return {**row, "state": AttemptState(row["state"])}


def add_attempt(conn: Connection, payout_id: int, number: int, originator_id: str, now: datetime) -> Attempt:
    """Raises IntegrityError when another attempt is open."""
    row = {"payout_id": payout_id, "number": number, "originator_id": originator_id, "started_at": now}
    attempt_id = conn.scalars(insert(attempts).values(state=AttemptState.SENDING, **row).returning(a.id)).one()
    return find_attempt(conn, attempt_id)


def move_attempt(conn: Connection, attempt: Attempt, to: AttemptState, **values: Any) -> None:
    """Raises IllegalMove."""
    move(ATTEMPT_MOVES, attempt.state, to)
    conn.execute(update(attempts).where(a.id == attempt.id, a.state == attempt.state).values(state=to, **values))


def set_attempt_columns(conn: Connection, attempt_id: int, **values: Any) -> None:
    conn.execute(update(attempts).where(a.id == attempt_id).values(**values))
