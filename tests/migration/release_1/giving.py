"""Donations in every status, push and review, with evidence of every source and verdict; money in suspense."""

from typing import Any

from tests.migration.old_vault import OldVault
from tests.migration.release_1.donations import CLINIC, SCHOOL, WATER, Gift, Gifts
from tests.migration.release_1.people import CHECKER, DONOR, DONOR_BY_API, OTHER_CHECKER, OTHER_OWNER, OWNER
from tests.migration.rows import Rows


def put_giving(rows: Rows, vault: OldVault) -> dict[str, Gift]:
    """Those that the tests ask for, by what they are."""
    put_campaigns_and_drafts(rows, vault)
    gifts = Gifts(rows, vault)
    put_completed(gifts)
    put_failed(gifts)
    named = put_pending(gifts)
    put_suspense(rows, gifts)
    return named


def put_campaigns_and_drafts(rows: Rows, vault: OldVault) -> None:
    for title, status in (("Water for Turkana", "open"), ("A school", "closed"), ("A clinic", "open")):
        goal = {"goal_minor": 5_000_000, "currency": "KES", "story": f"{title}: the story", "slug": title.lower()}
        closed_at = rows.ago(days=1) if status == "closed" else None
        rows.put("campaigns", title=title, status=status, created_at=rows.ago(days=30), closed_at=closed_at, **goal)
    for donor_id, status in ((DONOR, "confirmed"), (DONOR, "cancelled"), (DONOR, "open")):
        chosen = {"campaign_id": WATER, "amount_minor": 50_000, "phone_sealed": vault.seal("254708374149")}
        draft = chosen if status == "confirmed" else {"campaign_id": WATER}
        rows.put("drafts", donor_id=donor_id, status=status, moved_by="7:42", moved_at=rows.ago(hours=3), **draft)


def put_completed(gifts: Gifts) -> None:
    gifts.paid(90_000, draft_id=1, receipt_by_mail=True, message_id=901).heard("credited").heard(
        "nothing new", code=1032
    )
    gifts.add(700, "completed").credited().answered("credited")  # M-Pesa's receipt is not known yet
    gifts.paid(800).answered("credited").heard("receipt attached")
    more = gifts.paid(900, needs_review="corrected").answered("credited").heard("corrected", shillings=950)
    gifts.rows.move(f"correction:{more.id}", "outside", "suspense", 50, more.at)
    less = gifts.paid(900, needs_review="corrected").answered("credited").heard("corrected", shillings=800)
    gifts.rows.move(f"correction:{less.id}", "campaign:1", f"returned:{WATER}", 100, less.at)
    gifts.rows.move(f"correction:{less.id}:out", f"returned:{WATER}", "outside", 100, less.at)
    late = gifts.paid(400, asked_at=gifts.rows.ago(hours=1)).heard("failed", 1, receipt=None).heard("credited late")
    late.heard("hint", token=None)
    gifts.add(300, "refunded", receipt="TKM1REFUND").credited().heard("credited", receipt="TKM1REFUND")
    by_code: dict[str, Any] = {"code": "0", "amount_minor": 65_000, "receipt": "TKM1BYCODE"}
    gifts.add(650, "completed", receipt="TKM1BYCODE").credited().answered("credited", source="claim", **by_code)
    clinic = gifts.add(2_000, "completed", receipt="TKM1CLINIC", campaign_id=CLINIC).credited(campaign=CLINIC)
    clinic.heard("credited", receipt="TKM1CLINIC")
    school = gifts.add(100, "completed", receipt="TKM1SCHOOL", campaign_id=SCHOOL, donor_id=DONOR_BY_API)
    school.credited(campaign=SCHOOL).heard("credited", receipt="TKM1SCHOOL")
    wrong = gifts.add(500, "completed", campaign_id=CLINIC, receipt="TKM1WRONG0", needs_review="corrected")
    wrong.credited(campaign=CLINIC).answered("credited").heard("corrected", shillings=100, receipt="TKM1WRONG0")
    cause, returned = f"correction:{wrong.id}", f"returned:{CLINIC}"  # of 400 the clinic had 300 left
    gifts.rows.move(cause, f"campaign:{CLINIC}", returned, 300, wrong.at)
    gifts.rows.move(f"{cause}:shortfall", f"receivable:{CLINIC}", returned, 100, wrong.at)
    gifts.rows.move(f"{cause}:out", returned, "outside", 400, wrong.at)


def put_failed(gifts: Gifts) -> None:
    rows = gifts.rows
    gifts.add(500, "failed", failure="insufficient_funds", message_id=902).heard("failed", 1, receipt=None)
    doubted: dict[str, Any] = {"negative_code": "1032", "negative_at": rows.ago(minutes=30), "failure": "cancelled"}
    twice = gifts.add(500, "failed", **doubted)
    twice.answered("noted", "failed", code="1032", reason="cancelled")
    twice.answered("failed", "failed", code="1032", reason="cancelled")
    refused = gifts.add(500, "failed", push="refused", failure="configuration")
    refused.answered("failed", "failed", source="push", code="400.002.02", reason="configuration")


def put_pending(gifts: Gifts) -> dict[str, Gift]:
    rows = gifts.rows
    silent = gifts.add(needs_review="no_word", push="unknown")
    for code in ("TKM1CODE01", "TKM1CODE02"):
        rows.put("claims", donation_id=silent.id, code=code, created_at=rows.ago(minutes=20))
    asked = gifts.add(asked_at=rows.ago(hours=1), message_id=903).heard("noted", 1037, receipt=None)
    asked.heard("unmatched", token=None, receipt="TKM1FORGED").answered("noted", "unknown")
    gifts.add(push="waiting")
    gifts.add(push="sending")
    gifts.add(push="unknown")
    return {
        "silent": silent,
        "asked": asked,
        "with evidence that waits": gifts.add().heard(None),
        "with an answer that waits": gifts.add().answered(None),
        "with evidence that is stuck": gifts.add().heard("stuck"),
        "with a spooled callback": gifts.add(),
        "with a callback set aside": gifts.add(),
    }


def put_suspense(rows: Rows, gifts: Gifts) -> None:
    """With no word of anybody, with one, with two for different campaigns, and decided each way."""
    unsaid = gifts.add(needs_review="other_amount").heard("suspended", shillings=510, receipt="TKM1ODD001")
    unsaid.in_suspense("TKM1ODD001", 510, "other_amount")
    for receipt, said in (("TKM1ODD002", {CHECKER: WATER}), ("TKM1ODD003", {CHECKER: WATER, OTHER_CHECKER: None})):
        gift = gifts.add(needs_review="other_amount").heard("suspended", shillings=520, receipt=receipt)
        gift.in_suspense(receipt, 520, "other_amount")
        for person, campaign in said.items():
            propose(rows, receipt, campaign, person)
    second = gifts.paid(needs_review="second_payment").heard("credited")
    second.heard("suspended", receipt="TKM1TWICE1").in_suspense("TKM1TWICE1", 500, "second_payment")
    put_decided(rows, gifts)


def put_decided(rows: Rows, gifts: Gifts) -> None:
    own = gifts.add(530, "completed", receipt="TKM1ODD004").heard("suspended", receipt="TKM1ODD004")
    own.in_suspense("TKM1ODD004", 530, "other_amount")
    rows.move("decided:receipt:TKM1ODD004", "suspense", "outside", 530, own.at)
    own.credited()
    other = gifts.add(500, "failed", receipt="TKM1ODD005").heard("suspended", shillings=540, receipt="TKM1ODD005")
    other.in_suspense("TKM1ODD005", 540, "other_amount")
    rows.move("decided:receipt:TKM1ODD005", "suspense", f"campaign:{SCHOOL}", 540, other.at)
    back = gifts.add(500, "failed", receipt="TKM1ODD006").heard("suspended", shillings=550, receipt="TKM1ODD006")
    back.in_suspense("TKM1ODD006", 550, "other_amount")
    rows.move("decided:receipt:TKM1ODD006", "suspense", "outside", 550, back.at)
    for receipt, campaign in (("TKM1ODD004", WATER), ("TKM1ODD005", SCHOOL), ("TKM1ODD006", None)):
        propose(rows, receipt, campaign, CHECKER, confirmer_id=OTHER_CHECKER, confirmed_at=rows.ago(minutes=40))
    corrected = {"confirmer_id": OTHER_OWNER, "confirmed_at": rows.ago(minutes=30), "asked_minor": 90_000}
    more = gifts.paid(900, needs_review="corrected").answered("credited").heard("corrected", shillings=960)
    rows.move(f"correction:{more.id}", "outside", "suspense", 60, more.at)
    rows.move(f"decided:correction:{more.id}", "suspense", f"campaign:{WATER}", 60, more.at)
    propose(rows, None, WATER, OWNER, cause=f"correction:{more.id}", **corrected)


def propose(rows: Rows, receipt: str | None, campaign: int | None, person: int, **columns: object) -> None:
    said = {"action": "assign" if campaign else "refunded", "campaign_id": campaign, "proposer_id": person}
    cause = {"cause": f"receipt:{receipt}"} if receipt else {}
    asked = {"asked_minor": 50_000} if "confirmer_id" in columns else {}
    rows.put("suspense_proposals", created_at=rows.ago(hours=1), **{**said, **cause, **asked, **columns})
