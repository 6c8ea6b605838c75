"""Payouts in every status and review, attempts in every state, evidence of every source and verdict; the switch."""

from typing import Any

from tests.fakes import status_result
from tests.migration.old_vault import OldVault
from tests.migration.release_1.donations import CLINIC, WATER, Gifts
from tests.migration.release_1.payouts import Order, Orders, receipt_of
from tests.migration.release_1.people import CHECKER, MAKER, OTHER_CHECKER, OWNER, chat_of, hash_of
from tests.migration.rows import Rows

BALANCE_TOKEN, CLAIM_TOKEN = "a question about balances", "a question about a donor's code"
FROZEN_BECAUSE = "the bank asked us to wait"


def put_paying(rows: Rows, vault: OldVault) -> dict[str, Order]:
    """Those that the tests ask for, by what they are."""
    orders = Orders(rows, vault)
    for status, chosen in (("confirmed", {"amount_minor": 100_000}), ("cancelled", {}), ("open", {})):
        draft = {"campaign_id": WATER, "name_sealed": vault.seal("Akinyi"), "phone_sealed": vault.seal("254712345678")}
        moved = {"moved_by": "1005:7", "moved_at": rows.ago(hours=3)}
        rows.put("payout_drafts", person_id=MAKER, status=status, **draft, **chosen, **moved)
    named = put_undecided(orders) | put_on_their_way(orders)
    put_ended(orders)
    put_late(orders)
    put_batches(orders)
    put_short(orders)
    put_what_mpesa_holds(rows, vault)
    rows.put("notices", chat_id=chat_of(CHECKER), message_id=501, payout_id=1, reason_asked_at=rows.ago(minutes=5))
    rows.put("notices", chat_id=chat_of(CHECKER), message_id=502, batch_id=2)
    frozen = {"because": FROZEN_BECAUSE, "by": CHECKER, "at": rows.ago(minutes=15), "asked": OWNER}
    columns = "frozen_because = :because, frozen_by = :by, frozen_at = :at, unfreeze_asked_by = :asked"
    rows.change(f"UPDATE switch SET {columns}", **frozen)
    rows.counts["switch"] = 1
    return named


def put_undecided(orders: Orders) -> dict[str, Order]:
    pending = orders.add("pending", approvals_needed=2, approvers=(CHECKER,))
    expiring = orders.add("pending", 1_100)
    approved = orders.add("approved", 1_200, approvers=(CHECKER, OTHER_CHECKER), ngo_id=1, draft_id=1)
    ended: dict[str, Any] = {"decided_at": orders.rows.ago(hours=1), "decided_by": CHECKER}
    orders.add("rejected", status_message="wrong number", **ended)
    orders.add("cancelled", status_message="cancelled", **{**ended, "decided_by": MAKER})
    orders.add("cancelled", status_message="expired", **{**ended, "decided_by": None})
    return {"pending": pending, "expiring": expiring, "approved": approved}


def put_on_their_way(orders: Orders) -> dict[str, Order]:
    waiting = orders.add("processing", 1_300).tried("waiting")
    sending = orders.add("processing", 1_400).tried("sending")
    accepted = orders.add("processing", 1_500).tried("accepted")
    accepted.result("hint", token=None).result("unmatched", token="a guess", shillings=9)
    unknown = orders.add("processing", 1_600, needs_review="no_word").tried(
        "unknown", asked_at=orders.rows.ago(hours=1)
    )
    unknown.answered("noted", "unknown", "").told("timeout", "noted", "unknown", b"{}")
    unknown.status("noted", "unknown", "Authorized").people("noted", "paid", CHECKER, receipt="TKB1PEOPLE")
    stuck = orders.add("processing", 1_700).tried("accepted").result("stuck")
    spooled = orders.add("processing", 1_750).tried("accepted")
    again = orders.add("approved", 1_800, version=5).tried("failed", reason="receiver_full", code="8")
    again.result("failed", 8, reason="receiver_full")
    named = {"waiting": waiting, "sending": sending, "accepted": accepted, "unknown": unknown, "stuck": stuck}
    return named | {"spooled": spooled, "to be sent again": again}


def put_ended(orders: Orders) -> None:
    by_mail: dict[str, Any] = {"recipient_email_sealed": orders.vault.seal("akinyi@example.org"), "ngo_id": 1}
    number = orders.rows.counts["attempts"] + 1
    paid = orders.add("completed", 2_000, receipt=receipt_of(number), **by_mail)
    paid.tried("succeeded", receipt=receipt_of(number)).booked(fee=True).result("paid").status("nothing new")
    said = orders.add("completed", 2_100).tried("succeeded").booked()
    said.people("noted", "paid", CHECKER).people("paid", "paid", OTHER_CHECKER)
    odd = orders.add("completed", 2_200, receipt=receipt_of(number + 2), needs_review="other_amount")
    odd.tried("succeeded", receipt=receipt_of(number + 2)).booked(2_300).result("paid", shillings=2_300)
    failed = orders.add("failed", 2_400, status_message="recipient_not_registered")
    failed.tried("failed", reason="recipient_not_registered", code="2040")
    failed.result("failed", 2040, reason="recipient_not_registered").result("nothing new", 17, reason="refused")
    refused = orders.add("failed", 2_500, status_message="initiator_locked", needs_review="restored")
    refused.tried("failed", reason="initiator_locked", code="8006")
    refused.answered("failed", "failed", "8006", reason="initiator_locked")


def put_late(orders: Orders) -> None:
    """Paid although they had failed, and paid twice."""
    number = orders.rows.counts["attempts"] + 1
    late = orders.add("completed", 2_600, receipt=receipt_of(number), needs_review="paid_after_failure")
    late.tried("succeeded", receipt=receipt_of(number)).booked()
    late.result("failed", 17, reason="refused").result("paid")
    twice = orders.add("completed", 2_700, receipt=receipt_of(number + 1), needs_review="paid_again")
    for attempt in (number + 1, number + 2):
        twice.tried("succeeded", receipt=receipt_of(attempt)).booked().result("paid")


def put_batches(orders: Orders) -> None:
    """One has ended, one is paused."""
    rows = orders.rows
    for number, paused in ((1, False), (2, True)):
        shown = {"chat_id": chat_of(MAKER), "message_id": 600 + number, "created_at": rows.ago(hours=3)}
        batch = {"campaign_id": WATER, "requester_id": MAKER, "file_key": f"file {number}", "paused": paused}
        rows.put("batches", **batch, **shown)
    number = rows.counts["attempts"] + 1
    paid = orders.add("completed", 310, batch_id=1, receipt=receipt_of(number))
    paid.tried("succeeded", receipt=receipt_of(number)).booked().result("paid")
    failed = orders.add("failed", 320, batch_id=1, status_message="float_empty")
    failed.tried("failed", reason="float_empty", code="1").result("failed", 1, reason="float_empty")
    orders.add("approved", 330, batch_id=2)
    orders.add("pending", 340, batch_id=2)


def put_short(orders: Orders) -> None:
    """More left for the clinic than it had; a part of that is covered since."""
    rows = orders.rows
    number = rows.counts["attempts"] + 1
    paid = orders.add("completed", 2_200, campaign_id=CLINIC, receipt=receipt_of(number))
    paid.tried("succeeded", receipt=receipt_of(number)).booked().result("paid")
    late: dict[str, Any] = {"receipt": receipt_of(number + 1), "needs_review": "paid_after_failure"}
    owed = orders.add("completed", 100, campaign_id=CLINIC, **late).tried("succeeded", receipt=late["receipt"])
    owed.short().result("paid")
    given = Gifts(rows, orders.vault).add(60, "completed", receipt="TKM1COVER0", campaign_id=CLINIC)
    given.credited(campaign=CLINIC).heard("credited", receipt="TKM1COVER0")
    rows.move(f"cover:{CLINIC}:1", f"campaign:{CLINIC}", f"receivable:{CLINIC}", 60, given.at)


def put_what_mpesa_holds(rows: Rows, vault: OldVault) -> None:
    """Two rounds of questions, one answered; and a question about a donor's code, also answered."""
    for token, at, answered_at in (
        ("round 1", rows.ago(days=1), rows.ago(days=1)),
        (BALANCE_TOKEN, rows.ago(hours=1), None),
    ):
        rows.put("payout_tokens", token_hash=hash_of(token), purpose="balance")
        asked = {"shortcode": "", "asked_at": at, "answered_at": answered_at}
        rows.put("balance_questions", token_hash=hash_of(token), **asked)
    for account, minor in (("Utility Account", 5_000_000), ("Working Account", 100_000)):
        rows.put("balances_seen", token_hash=hash_of("round 1"), account=account, available_minor=minor)
        held = {"account": account, "available_minor": minor, "seen_at": rows.ago(days=1)}
        rows.put("floats", shortcode="", **held)
    rows.put("payout_tokens", token_hash=hash_of(CLAIM_TOKEN), purpose="status", claim_id=1)
    body = status_result(receipt="TKM1CODE01", payer="254700000000 - SOMEBODY ELSE")
    heard = {"source": "status", "says": "paid", "code": "0", "verdict": "noted", "received_at": rows.ago(minutes=10)}
    kept = {"token_hash": hash_of(CLAIM_TOKEN), "body_sealed": vault.seal(body), "key": hash_of("about a claim")}
    rows.put("payout_evidence", amount_minor=100_000, receipt="TKM1CODE01", **heard, **kept)
