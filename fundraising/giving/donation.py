"""A donation as the rules see it, and the statements that load and change it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from fundraising import questions
from fundraising.money import Money
from fundraising.people import phones
from fundraising.questions import Kind
from fundraising.refusals import NoSuchDonation
from fundraising.statuses import DonationStatus, Push, Review
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from storage import bulk
from storage.places import place
from storage.tables import donations
from storage.vault import Vault

d = donations.c


class Donation(NamedTuple):  # a tuple: copying a dataclass of this size costs five times as much
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
    negative_code: str | None = None
    negative_at: datetime | None = None
    asked_at: datetime | None = None
    message_id: int | None = None
    settled_at: datetime | None = None
    receipt_by_mail: bool = False
    checkout_id: str | None = None  # only when evidence brought it just now: in storage it is sealed

    @property
    def spoken_for(self) -> bool:
        """What was paid for it was another amount, and two people gave it elsewhere or back."""
        return self.status is DonationStatus.FAILED and self.receipt is not None


STORED = [field for field in Donation._fields if field != "checkout_id"]
LOADED = (*(d["amount_minor" if field == "amount" else field] for field in STORED), d.currency)
AS_READ = {"status": DonationStatus, "push": Push, "needs_review": Review, "failure": Reason, "receipt_by_mail": bool}
READERS = [(STORED.index(field), read) for field, read in AS_READ.items()]
AMOUNT = STORED.index("amount")


def load(conn: Connection, *where: ColumnElement[bool], lock: bool = False) -> list[Donation]:
    query = select(*LOADED).where(*where).order_by(d.id)
    return [from_row(row) for row in conn.execute(query.with_for_update() if lock else query)]


def lock_all(conn: Connection, ids: Collection[int]) -> list[Donation]:
    """In the order of their ids."""
    return [from_row(row) for row in bulk.select(conn, LOADED, d.id, ids, lock=True)]


def newest(conn: Connection, limit: int, *where: ColumnElement[bool]) -> list[Donation]:
    query = select(*LOADED).where(*where).order_by(d.id.desc()).limit(limit)
    return [from_row(row) for row in conn.execute(query)]


def find(conn: Connection, donation_id: int, lock: bool = False) -> Donation:
    """Raises NoSuchDonation."""
    for donation in load(conn, d.id == donation_id, lock=lock):
        return donation
    raise NoSuchDonation


def from_row(row: Sequence[Any]) -> Donation:
    """Of the columns LOADED: with every callback one is read."""
    *values, currency = row
    values[AMOUNT] = Money(values[AMOUNT], currency)
    for n, read in READERS:
        if values[n] is not None:
            values[n] = read(values[n])
    return Donation(*values)


def add(conn: Connection, row: Mapping[str, Any]) -> Donation:
    return from_row(conn.execute(insert(donations).values(**row).returning(*LOADED)).one())


def set_columns(conn: Connection, donation_id: int, **values: Any) -> None:
    conn.execute(update(donations).where(d.id == donation_id).values(**values))


def save_settled(conn: Connection, changed: Iterable[Donation]) -> None:
    """What weighing may change. Moves of status come only from there."""
    rows = [
        {
            "id": donation.id,
            "status": donation.status,
            "needs_review": donation.needs_review,
            "failure": donation.failure,
            "receipt": donation.receipt,
            "negative_code": donation.negative_code,
            "negative_at": donation.negative_at,
            "settled_at": donation.settled_at,
        }
        for donation in changed
    ]
    bulk.update(conn, donations, rows)


def ask_people(conn: Connection, before: Donation, after: Donation, now: datetime) -> None:
    """What people must look at, where weighing has changed it. That M-Pesa is silent is over with its first word."""
    why = after.needs_review
    if why:
        questions.ask(conn, Kind.DONATION, [(after.id, why)], now)
    over = [questions.one_of([Review.NO_WORD])] if why else []
    if before.needs_review is Review.NO_WORD or why is None:
        questions.close(conn, Kind.DONATION, after.id, now, *over)


def save_checkout(conn: Connection, vault: Vault, donation_id: int, checkout_id: str) -> None:
    """Told by the answer to our request or by a callback, whichever comes first; the first one stays."""
    values = {"checkout_sealed": vault.seal_text(checkout_id, checkout_place(donation_id))}
    values["checkout_index"] = vault.index(checkout_id)
    conn.execute(update(donations).where(d.id == donation_id).values(push=Push.ACCEPTED))
    conn.execute(update(donations).where(d.id == donation_id, d.checkout_index.is_(None)).values(**values))


def end_sending(conn: Connection, donation_id: int, push: Push) -> bool:
    """Unless a callback was faster than the answer, and said that the prompt was accepted."""
    sending = update(donations).where(d.id == donation_id, d.push == Push.SENDING)
    return bool(conn.execute(sending.values(push=push)).rowcount)


def checkout_id_of(conn: Connection, vault: Vault, donation_id: int) -> str | None:
    sealed = conn.scalar(select(d.checkout_sealed).where(d.id == donation_id))
    return vault.open_text(sealed, checkout_place(donation_id)) if sealed else None


def phone_of(conn: Connection, vault: Vault, donation_id: int) -> Msisdn:
    sealed = conn.scalars(select(d.phone_sealed).where(d.id == donation_id)).one()
    return phones.unseal(vault, sealed, phone_place(donation_id))


def phone_place(donation_id: int) -> bytes:
    return place(d.phone_sealed, donation_id)


def checkout_place(donation_id: int) -> bytes:
    return place(d.checkout_sealed, donation_id)


def phone_index_of(conn: Connection, donation_id: int) -> bytes:
    return conn.scalars(select(d.phone_index).where(d.id == donation_id)).one()


def ids_by_checkout(conn: Connection, indexes: Collection[bytes]) -> dict[bytes, int]:
    return dict(bulk.select(conn, (d.checkout_index, d.id), d.checkout_index, indexes))


def ids_by_receipt(conn: Connection, receipts: Collection[str]) -> dict[str, int]:
    return dict(bulk.select(conn, (d.receipt, d.id), d.receipt, receipts))
