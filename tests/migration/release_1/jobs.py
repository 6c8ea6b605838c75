"""A job of every kind, waiting, as the first release wrote its payload; one is given up."""

import json
from typing import Any

from tests.migration.release_1.donations import Gift
from tests.migration.release_1.files import payment_entry
from tests.migration.release_1.payouts import Order
from tests.migration.release_1.people import CHECKER, DONOR, DONOR_CHAT, MAKER, OWNER, RECIPIENT_CHAT, chat_of
from tests.migration.rows import Rows

ALARMS = ("suspense", "corrected", "twice", "configuration", "no_word", "claim")
DONOR_NEWS = {"completed": 1, "receipt": 3, "completed_late": 6, "failed": 12, "no_word": 15, "suspended": 27}


class Waiting:
    def __init__(self, rows: Rows):
        self._rows = rows

    def add(self, lane: str, kind: str, turn: str | None = None, given_up: bool = False, **payload: Any) -> None:
        compact = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
        run_at = None if given_up else self._rows.ago(seconds=1)
        job = {"lane": lane, "kind": kind, "payload": compact, "turn": turn, "run_at": run_at}
        self._rows.put("jobs", attempt=3 if given_up else 0, **job)

    def in_chat(self, kind: str, chat_id: int, **payload: Any) -> None:
        self.add("telegram", kind, f"chat:{chat_id}", chat_id=chat_id, **payload)

    def to_donor(self, kind: str, donation_id: int, **payload: Any) -> None:
        self.add("telegram", kind, f"donor:{DONOR}", donor_id=DONOR, donation_id=donation_id, **payload)


def put_jobs(rows: Rows, book: str, gifts: dict[str, Gift], orders: dict[str, Order]) -> None:
    waiting = Waiting(rows)
    put_questions(waiting, rows, book, gifts, orders)
    put_news_of_gifts(waiting, gifts)
    put_news_of_payouts(waiting, orders)
    waiting.add("mail", "MailReceipt", donation_id=1, late=False)
    waiting.add("mail", "MailBatchResult", person_id=MAKER, batch_id=1)
    waiting.add("mail", "MailAboutPayout", person_id=MAKER, payout_id=14, version=2, news="completed")
    waiting.add("mail", "MailRecipient", payout_id=14)
    waiting.add("inbox", "HandleUpdate", f"inbox:{DONOR_CHAT}", update_id=41, chat_id=DONOR_CHAT)
    waiting.add("inbox", "ClearInbox")


def put_questions(waiting: Waiting, rows: Rows, book: str, gifts: dict[str, Gift], orders: dict[str, Order]) -> None:
    for hinted in (False, True):
        waiting.add("mpesa", "AskMpesa", donation_id=gifts["asked"].id, hinted=hinted)
        waiting.add("mpesa", "AskAboutPayout", attempt_id=orders["sending"].attempt, hinted=hinted)
    waiting.add("mpesa", "PushAgain", donation_id=17)
    waiting.add("mpesa", "SettleWaiting")
    approved, again = orders["approved"].id, orders["to be sent again"].id
    waiting.add("mpesa", "SendPayout", payout_id=approved, version=2, batch_id=None)
    waiting.add("mpesa", "SendPayout", payout_id=again, version=5, batch_id=None, given_up=True)
    waiting.add("mpesa", "SendPayout", "batch:2", payout_id=23, version=2, batch_id=2)
    waiting.add("mpesa", "ExpirePayout", payout_id=orders["expiring"].id)
    waiting.add("mpesa", "CheckClaim", claim_id=2)
    waiting.add("mpesa", "AskBalance")
    waiting.add("mpesa", "AskBalanceFor", day="2026-11-21")
    waiting.add("mpesa", "Reconcile", "reconcile", day="2026-11-21")
    waiting.add("mpesa", "CheckBooks")
    waiting.add("mpesa", "ClearRepeats")
    waiting.add("mpesa", "RebuildPayment", entry=json.dumps(payment_entry(rows, book, 1), separators=(",", ":")))


def put_news_of_gifts(waiting: Waiting, gifts: dict[str, Gift]) -> None:
    for news, donation_id in DONOR_NEWS.items():
        waiting.to_donor("TellDonor", donation_id, news=news)
    for state in ("asking", "no_answer"):
        waiting.to_donor("ShowWaiting", gifts["asked"].id, waiting=state)
    waiting.to_donor("TellDecided", 29, cause="receipt:TKM1ODD004")
    waiting.add("telegram", "OfferTryAgain", donation_id=12, message_id=902)
    for alarm in ALARMS:
        waiting.add("telegram", "TellOwners", alarm=alarm, subject_id=1)
    for alarm in ("stuck", "space", "books"):
        waiting.add("telegram", "TellOwners", alarm=alarm, subject_id=7)
    waiting.in_chat("TellKeyMade", chat_of(OWNER), key_id=5)
    waiting.in_chat("SendReport", chat_of(OWNER), day="2026-11-20")
    waiting.in_chat("AskSecondPerson", chat_of(CHECKER), key="s2")


def put_news_of_payouts(waiting: Waiting, orders: dict[str, Order]) -> None:
    checker, maker = chat_of(CHECKER), chat_of(MAKER)
    waiting.in_chat("AskChecker", checker, payout_id=orders["pending"].id, version=1)
    waiting.in_chat("ShowDecision", checker, message_id=501, payout_id=4, version=2)
    about = {"completed": 14, "failed": 17, "rejected": 4, "cancelled": 5, "expired": 6, "needs_review": 10}
    for news, payout_id in about.items():
        waiting.in_chat("TellAboutPayout", maker, payout_id=payout_id, version=2, news=news)
    waiting.in_chat("TellRecipient", RECIPIENT_CHAT, payout_id=14)
    waiting.in_chat("AskBatchChecker", checker, batch_id=2)
    waiting.in_chat("ShowBatch", maker, batch_id=1, done=2)
    waiting.in_chat("ShowBatchDecision", checker, message_id=502, batch_id=1, undecided=0)
    waiting.in_chat("SendBatchResult", maker, batch_id=1)
    waiting.in_chat("TellFrozen", chat_of(OWNER), because="the bank asked us to wait", at="2026-11-22T08:45:00+00:00")
    waiting.in_chat("AskSecondOwner", chat_of(2), subject="unfreeze", subject_id=1)
    waiting.in_chat("AskSecondOwner", chat_of(OWNER), subject="role", subject_id=2)
    waiting.in_chat("WarnLowFloat", chat_of(OWNER), available_minor=100_000)
