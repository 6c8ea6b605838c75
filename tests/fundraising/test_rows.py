"""What a row says reaches the field of that name, however it was loaded, and whatever columns are added between."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, update

from fundraising.giving import donation as rows
from fundraising.giving.donation import Donation
from fundraising.money import Money
from fundraising.statuses import DonationStatus, Push, Review
from mpesa.codes import Reason
from storage.database import Database
from storage.tables import donations
from tests.fundraising.house import House

SAID = datetime(2026, 11, 22, tzinfo=UTC)
STORED: dict[str, Any] = {
    "reference": "REFERENCE",
    "amount_minor": 12_345,
    "currency": "USD",
    "status": "failed",
    "push": "refused",
    "needs_review": "other_amount",
    "failure": "wrong_pin",
    "receipt": "RECEIPT",
    "checkout_index": b"checkout",
    "negative_code": "1032",
    "message_id": 42,
    "receipt_by_mail": True,
}
TOLD_WHEN = ("created_at", "pushed_at", "negative_at", "asked_at", "settled_at")
MOMENTS: dict[str, Any] = {name: SAID + timedelta(hours=n) for n, name in enumerate(TOLD_WHEN)}
MEANT = Donation(
    id=1,
    reference="REFERENCE",
    campaign_id=1,
    donor_id=1,
    amount=Money(12_345, "USD"),
    status=DonationStatus.FAILED,
    push=Push.REFUSED,
    needs_review=Review.OTHER_AMOUNT,
    failure=Reason.WRONG_PIN,
    receipt="RECEIPT",
    checkout_index=b"checkout",
    negative_code="1032",
    message_id=42,
    receipt_by_mail=True,
    **MOMENTS,
)


async def test_a_donation_reads_as_it_is_stored(database: Database) -> None:
    house = await House(database).open()
    await house.give()
    assert (await house.donation()).receipt_by_mail is False
    stored = update(donations).values(**STORED, **MOMENTS)
    await database.write(lambda conn: conn.execute(stored).rowcount)

    def read(conn: Connection) -> list[Donation]:
        return [rows.find(conn, 1), *rows.lock_all(conn, [1]), *rows.newest(conn, 1)]

    assert await database.write(read) == [MEANT] * 3
