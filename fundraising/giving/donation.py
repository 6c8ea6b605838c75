"""A donation as the rules see it, and the statements that load and change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from fundraising.money import Money
from fundraising.refusals import NoSuchDonation
from fundraising.statuses import DonationStatus, Push, Review
from mpesa.codes import Reason
from storage.tables import callback_tokens, donations
from storage.vault import Vault

d = donations.c
t = callback_tokens.c


@dataclass(frozen=True, slots=True)
class Donation:
    id: int
    reference: str
    campaign_id: int
    donor_id: int
    amount: Money
    status: DonationStatus
    push: Push
    created_at: datetime
    pushed_at: datetime
    needs_review: Review | None = None
    failure: Reason | None = None
    receipt: str | None = None
    checkout_index: bytes | None = None
    checkout_id: str | None = None  # only when evidence brought it just now: in storage it is sealed
    negative_code: str | None = None
    negative_at: datetime | None = None
    asked_at: datetime | None = None
    message_id: int | None = None
    settled_at: datetime | None = None


def load(conn: Connection, *where: ColumnElement[bool], lock: bool = False) -> list[Donation]:
    query = select(donations).where(*where).order_by(d.id)
    return [from_row(row) for row in conn.execute(query.with_for_update() if lock else query)]


def newest(conn: Connection, limit: int, *where: ColumnElement[bool]) -> list[Donation]:
    query = select(donations).where(*where).order_by(d.id.desc()).limit(limit)
    return [from_row(row) for row in conn.execute(query)]


def find(conn: Connection, donation_id: int, lock: bool = False) -> Donation:
    """Raises NoSuchDonation."""
    for donation in load(conn, d.id == donation_id, lock=lock):
        return donation
    raise NoSuchDonation


def from_row(row: Any) -> Donation:
    return Donation(
        row.id,
        row.reference,
        row.campaign_id,
        row.donor_id,
        Money(row.amount_minor, row.currency),
        DonationStatus(row.status),
        Push(row.push),
        row.created_at,
        row.pushed_at,
        Review(row.needs_review) if row.needs_review else None,
        Reason(row.failure) if row.failure else None,
        row.receipt,
        row.checkout_index,
        None,
        row.negative_code,
        row.negative_at,
        row.asked_at,
        row.message_id,
        row.settled_at,
    )


def add(conn: Connection, row: Mapping[str, Any]) -> Donation:
    return from_row(conn.execute(insert(donations).values(**row).returning(donations)).one())


def set_columns(conn: Connection, donation_id: int, **values: Any) -> None:
    conn.execute(update(donations).where(d.id == donation_id).values(**values))


def save_settled(conn: Connection, changed: Iterable[Donation]) -> None:
    """What weighing may change. Moves of status come only from there."""
    rows = [
        {
            "pk": donation.id,
            "new_status": donation.status,
            "review": donation.needs_review,
            "why": donation.failure,
            "paper": donation.receipt,
            "no_code": donation.negative_code,
            "no_at": donation.negative_at,
            "at": donation.settled_at,
        }
        for donation in changed
    ]
    values: dict[str, Any] = {
        "status": bindparam("new_status"),
        "needs_review": bindparam("review"),
        "failure": bindparam("why"),
        "receipt": bindparam("paper"),
        "negative_code": bindparam("no_code"),
        "negative_at": bindparam("no_at"),
        "settled_at": bindparam("at"),
    }
    if rows:
        conn.execute(update(donations).where(d.id == bindparam("pk")).values(**values), rows)


def save_checkout(conn: Connection, vault: Vault, donation_id: int, checkout_id: str) -> None:
    """Told by the answer to our request or by a callback, whichever comes first; the first one stays."""
    values = {"checkout_sealed": vault.seal_text(checkout_id), "checkout_index": vault.index(checkout_id)}
    conn.execute(update(donations).where(d.id == donation_id).values(push=Push.ACCEPTED))
    conn.execute(update(donations).where(d.id == donation_id, d.checkout_index.is_(None)).values(**values))


def end_sending(conn: Connection, donation_id: int, push: Push) -> bool:
    """Unless a callback was faster than the answer, and said that the prompt was accepted."""
    sending = update(donations).where(d.id == donation_id, d.push == Push.SENDING)
    return bool(conn.execute(sending.values(push=push)).rowcount)


def checkout_id_of(conn: Connection, vault: Vault, donation_id: int) -> str | None:
    sealed = conn.scalar(select(d.checkout_sealed).where(d.id == donation_id))
    return vault.open_text(sealed) if sealed else None


def phone_sealed_of(conn: Connection, donation_id: int) -> bytes:
    return conn.scalars(select(d.phone_sealed).where(d.id == donation_id)).one()


def add_token(conn: Connection, token_hash: bytes, donation_id: int) -> None:
    conn.execute(insert(callback_tokens).values(token_hash=token_hash, donation_id=donation_id))


def ids_by_token(conn: Connection, hashes: Iterable[bytes]) -> dict[bytes, int]:
    query = select(t.token_hash, t.donation_id).where(t.token_hash.in_(list(hashes)))
    return {row.token_hash: row.donation_id for row in conn.execute(query)}


def ids_by_checkout(conn: Connection, indexes: Iterable[bytes]) -> dict[bytes, int]:
    query = select(d.checkout_index, d.id).where(d.checkout_index.in_(list(indexes)))
    return {index: donation_id for index, donation_id in conn.execute(query) if index}
