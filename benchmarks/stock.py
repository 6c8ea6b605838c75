"""Donations that wait for their callback, and the callbacks that Safaricom would send for them."""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from fundraising.campaigns import insert_campaign
from fundraising.evidence.tokens import Purpose, hash_of
from fundraising.giving.donation import checkout_place, phone_place
from fundraising.money import Money
from fundraising.people import phones
from fundraising.randomness import account_reference
from fundraising.statuses import DonationStatus, Push
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.tables import donations, donors, tokens
from storage.vault import Vault

SECRET_KEY = "a key for the benchmarks, which keep nothing"
VAULT = Vault(SECRET_KEY)
AMOUNT = Money.shillings(500)
CAMPAIGN = 1
ROWS_AT_ONCE = 5_000
CALLBACK = (
    '{"Body":{"stkCallback":{"MerchantRequestID":"29115-34620561-1","CheckoutRequestID":"%s","ResultCode":0,'
    '"ResultDesc":"The service request is processed successfully.","CallbackMetadata":{"Item":['
    '{"Name":"Amount","Value":500.00},{"Name":"MpesaReceiptNumber","Value":"%s"},{"Name":"Balance"},'
    '{"Name":"TransactionDate","Value":20261122100000},{"Name":"PhoneNumber","Value":%s}]}}}}'
)


def token(n: int) -> str:
    return hashlib.sha256(b"token %d" % n).hexdigest()


def checkout_id(n: int) -> str:
    """Three hundred prompts a second, from ten o'clock on."""
    at = datetime(2026, 11, 22, 10, tzinfo=UTC) + timedelta(seconds=n // 300)
    return f"ws_CO_{at:%d%m%Y%H%M%S}{n:09}"


def phone(n: int) -> Msisdn:
    return Msisdn(f"2547{n:08}")


def body(n: int) -> bytes:
    return (CALLBACK % (checkout_id(n), f"TKM{n:07X}", phone(n).digits)).encode()


async def open_campaign(database: Database) -> None:
    now = datetime.now(UTC)
    await database.write(lambda conn: insert_campaign(conn, "Water for Turkana", Money.shillings(50_000), "", now))


async def add_pending(database: Database, numbers: range) -> None:
    """Donations with these ids, each of a donor of its own, all for one campaign."""
    for start in range(numbers.start, numbers.stop, ROWS_AT_ONCE):
        await add_some(database, numbers[start - numbers.start :][:ROWS_AT_ONCE])


async def add_some(database: Database, numbers: range) -> None:
    def fill(conn: Connection) -> None:
        now = datetime.now(UTC)
        conn.execute(insert(donors), [{"id": n, "created_at": now} for n in numbers])
        conn.execute(insert(donations), [donation(n, now) for n in numbers])
        conn.execute(insert(tokens), [made(n) for n in numbers])

    await database.write(fill)


def made(n: int) -> dict[str, object]:
    return {"token_hash": hash_of(token(n)), "purpose": Purpose.PUSH, "about_id": n}


def donation(n: int, now: datetime) -> dict[str, object]:
    return {
        "id": n,
        "reference": account_reference(hashlib.shake_128(b"reference %d" % n).digest),
        "campaign_id": CAMPAIGN,
        "donor_id": n,
        "amount_minor": AMOUNT.minor,
        "currency": AMOUNT.currency,
        "phone_sealed": phones.seal(VAULT, phone(n), phone_place(n)),
        "phone_index": phones.index(VAULT, phone(n)),
        "status": DonationStatus.PENDING,
        "push": Push.ACCEPTED,
        "checkout_sealed": VAULT.seal_text(checkout_id(n), checkout_place(n)),
        "checkout_index": VAULT.index(checkout_id(n)),
        "created_at": now,
        "pushed_at": now,
    }
