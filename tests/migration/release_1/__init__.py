"""A database as the first release leaves it when it is stopped: rows in every table, in every status.

The books hold, but for two pieces of evidence that are stuck. Everything that is sealed, hashed, encoded as a job or
written into a file is made here, in the old words, and not by the program of today.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from tests.fundraising.house import SECRET
from tests.migration.old_vault import OldVault
from tests.migration.release_1.donations import Gift
from tests.migration.release_1.giving import put_giving
from tests.migration.release_1.jobs import put_jobs
from tests.migration.release_1.paying import put_paying
from tests.migration.release_1.payouts import Order
from tests.migration.release_1.people import DONOR_CHAT, put_people
from tests.migration.rows import Rows

REVISION = "0008"
STUCK = "2 pieces of evidence could not be settled and were set aside: see the log"


@dataclass
class Release:
    rows: Rows
    book: str
    gifts: dict[str, Gift]
    orders: dict[str, Order]


def fill(conn: Connection, now: datetime) -> Release:
    rows, vault = Rows(conn, now), OldVault(SECRET)
    put_people(rows, vault)
    gifts, orders = put_giving(rows, vault), put_paying(rows, vault)
    rows.put_balances()
    book = str(conn.scalar(text("SELECT name FROM books")))
    rows.counts["books"] = 1
    put_jobs(rows, book, gifts, orders)
    put_the_rest(rows, vault)
    return Release(rows, book, gifts, orders)


def put_the_rest(rows: Rows, vault: OldVault) -> None:
    """What was told to whom, days reported, Telegram's inbox, single facts, a lease that ran out."""
    audiences = {"donation": ("donor", "owners"), "payout": ("checker", "staff", "recipient"), "batch": ("staff",)}
    for kind, told in audiences.items():
        for audience in told:
            message = {"audience": audience, "what": "completed", "told_at": rows.ago(hours=1)}
            rows.put("told", kind=kind, payment_id=1, chat_id=DONOR_CHAT, message_id=901, **message)
    rows.put("told", kind="donation", payment_id=1, audience="donor", what="receipt by mail", told_at=rows.ago(hours=1))
    rows.put("reports", day="2026-11-20", made_at=rows.ago(days=1), problems="[]")
    chat = {"id": DONOR_CHAT, "type": "private", "first_name": "Wanjiku"}
    sender = {"id": DONOR_CHAT, "is_bot": False, "first_name": "Wanjiku", "language_code": "en"}
    command = {"type": "bot_command", "offset": 0, "length": 5}
    message = {
        "message_id": 9,
        "date": 1_795_000_000,
        "chat": chat,
        "from": sender,
        "text": "/help",
        "entities": [command],
    }
    body = vault.seal(json.dumps({"update_id": 41, "message": message}))
    rows.put("telegram_updates", update_id=41, body_sealed=body, received_at=rows.ago(seconds=5))
    rows.put("facts", name="sealed_by", value=vault.key_id.hex())
    rows.put("facts", name="books_checked_at", value=rows.ago(minutes=10).isoformat())
    rows.put("leases", name="telegram", holder="a replica that is gone", until=rows.ago(minutes=1))
