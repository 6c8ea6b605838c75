"""What the first release left beside its database: spooled callbacks, and the journal of what it was about to do."""

import json
import struct
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

from tests.fakes import b2c_result, callback
from tests.fundraising.house import SECRET
from tests.migration.old_vault import OldVault
from tests.migration.release_1.donations import Gift, receipt_of
from tests.migration.release_1.payouts import Order
from tests.migration.release_1.people import CHECKER, DONOR_CHAT, MAKER, PHONE, RECIPIENT_PHONE, hash_of
from tests.migration.rows import Rows

VAULT = OldVault(SECRET)
NEW_DONATION, NEW_PAYOUT = 9_001, 9_002  # noted in the journal after the last backup
Entry = dict[str, Any]


def fill_spool(folder: Path, now: datetime, gifts: dict[str, Gift], orders: dict[str, Order]) -> None:
    gift, aside, order = gifts["with a spooled callback"], gifts["with a callback set aside"], orders["spooled"]
    paid = b2c_result(order.originator_id, 0, order.shillings, "TKB1SPOOLD")
    spooled = [
        ("stk", gift.token, callback(gift.checkout_id, 0, gift.shillings, receipt_of(gift.id))),
        ("b2c/result", order.token, paid),
        ("b2c/timeout", orders["accepted"].token, b"{}"),
        ("status/result", "a question that nobody put", b"{}"),
        ("balance/result", "a question that nobody put", b"{}"),
    ]
    write_spool(folder / "1795341600000000000-41.spool", spooled, now)
    was_refused = [("stk", aside.token, callback(aside.checkout_id, 0, aside.shillings, receipt_of(aside.id)))]
    write_spool(folder / "aside" / "1795341600000000001-41.spool", was_refused, now)


def write_spool(path: Path, spooled: list[tuple[str, str, bytes]], at: datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    records = [VAULT.seal(msgspec.msgpack.encode([kind, token, body, at])) for kind, token, body in spooled]
    path.write_bytes(b"".join(struct.pack(">4sII", b"TVS1", len(each), crc32(each)) + each for each in records))


def fill_journal(folder: Path, rows: Rows, book: str, orders: dict[str, Order]) -> None:
    """What the database knows, what it does not, what is of other books, and what a crash tore."""
    known = payment_entry(rows, book, 0) | {"token_hash": as_text(hash_of(orders["accepted"].token))}
    known |= {"originator_id": orders["accepted"].originator_id, "payout_id": orders["accepted"].id}
    push = push_entry(rows, book)
    answered = {"type": "pushed", "book": book, "reference": push["reference"], "checkout": sealed("ws_CO_9001")}
    entries = [known, push, answered, payment_entry(rows, book, 2), push_entry(rows, "other books")]
    lines = [json.dumps(each, separators=(",", ":")).encode() for each in entries]
    folder.mkdir(parents=True, exist_ok=True)
    text = b"".join(b"\n%08x %s\n" % (crc32(line), line) for line in lines)
    (folder / "2026-11-22-machine.journal").write_bytes(text + b"\n0000beef {torn")


def push_entry(rows: Rows, book: str) -> Entry:
    return {
        "type": "push",
        "book": book,
        "at": rows.ago(minutes=2).isoformat(),
        "donation_id": NEW_DONATION,
        "reference": "REF9001",
        "campaign": CAMPAIGN,
        "donor_id": 1,
        "donor_chat": sealed(str(DONOR_CHAT)),
        "language": "en",
        "amount_minor": 50_000,
        "currency": "KES",
        "phone": sealed(PHONE),
        "phone_index": as_text(VAULT.index(PHONE)),
        "token_hash": as_text(hash_of("a push that no backup has")),
    }


def payment_entry(rows: Rows, book: str, number: int) -> Entry:
    """The nth payment that only the journal knows."""
    return {
        "type": "payment",
        "book": book,
        "at": rows.ago(minutes=2).isoformat(),
        "payout_id": NEW_PAYOUT + number,
        "number": 1,
        "originator_id": f"FROMTHEJOURNAL{number:05}",
        "token_hash": as_text(hash_of(f"payment {number} that no backup has")),
        "campaign": CAMPAIGN,
        "ngo_id": None,
        "batch_id": None,
        "requester_id": MAKER,
        "approver_ids": [CHECKER],
        "names": {str(MAKER): sealed("Person 5"), str(CHECKER): sealed("Person 3")},
        "approvals_needed": 1,
        "recipient_name": sealed("Akinyi Otieno"),
        "phone": sealed(RECIPIENT_PHONE),
        "phone_index": as_text(VAULT.index(RECIPIENT_PHONE)),
        "amount_minor": 70_000,
        "currency": "KES",
        "purpose": "a borehole",
        "remarks": "with thanks",
        "created_at": rows.ago(minutes=3).isoformat(),
    }


CAMPAIGN = {
    "id": 1,
    "slug": "water for turkana",
    "title": "Water for Turkana",
    "goal_minor": 5_000_000,
    "currency": "KES",
}


def sealed(plain: str | bytes) -> str:
    return as_text(VAULT.seal(plain))


def as_text(raw: bytes) -> str:
    return b64encode(raw).decode()
