"""M-Pesa's answer is lost, or no result comes: it is asked, and nothing that may be paid is sent again."""

import pytest

from standins.shapes import PayoutBehaviour, PayoutCallback
from tests.e2e.payout_house import Treasury

pytestmark = pytest.mark.asyncio(loop_scope="package")
SILENCES = {
    "no result comes": PayoutBehaviour(callback="none"),
    "the answer is lost": PayoutBehaviour(answer="lost", callback="none"),
    "HTTP 500, and not known yet when asked": PayoutBehaviour(
        answer="http500_paid", callback="none", status="not_found:1"
    ),
    "the first questions are not answered": PayoutBehaviour(callback="none", status="never:2"),
    "the answer is lost, the result late": PayoutBehaviour(answer="lost", callback="late:0.3", status="never"),
}


async def test_what_mpesa_paid_in_silence_is_found_and_never_sent_again(treasury: Treasury) -> None:
    before, sent = await treasury.promised_minor(), []
    for silence in SILENCES.values():
        phone = treasury.recipient()
        await treasury.standins.script_payout(phone, silence)
        sent.append(await treasury.sends(phone=phone))
    for payout_id, phone in sent:
        told = await treasury.maker.reads(f"Payout #{payout_id} is paid")
        assert await treasury.receipt(phone) in told.text
        assert len(await treasury.requests_to(phone)) == 1
    assert await treasury.promised_minor() == before


async def test_what_mpesa_did_not_pay_in_silence_is_found_by_asking(treasury: Treasury) -> None:
    phone, before = treasury.recipient(), await treasury.promised_minor()
    declined = PayoutBehaviour(result="wallet_full", answer="lost", callback="none", ends_as="Expired")
    await treasury.standins.script_payout(phone, declined)
    payout_id, _ = await treasury.sends(phone=phone)
    told = await treasury.maker.reads(f"Payout #{payout_id} failed")
    assert await treasury.promised_minor() == before
    await treasury.maker.presses("Retry", told)
    await treasury.maker.reads(f"Payout #{payout_id} is paid")


async def test_the_receipt_of_a_late_result_books_nothing_more(treasury: Treasury) -> None:
    phone = treasury.recipient()
    await treasury.standins.script_payout(phone, PayoutBehaviour(callback="none"))
    payout_id, _ = await treasury.sends(phone=phone)
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    sent = await treasury.accepted(phone)
    assert (await treasury.standins.payout_callback(PayoutCallback(sent.originator_id))).status == 200
    assert await treasury.status(payout_id) == "completed"
    assert await treasury.needs_review(payout_id) is None


async def test_what_mpesa_did_not_take_is_sent_again_under_the_same_id(treasury: Treasury) -> None:
    sent = []
    for busy in ("spike_arrest", "quota", "maintenance"):
        phone = treasury.recipient()
        await treasury.standins.script_payout(phone, PayoutBehaviour(answer=busy))
        sent.append(await treasury.sends(phone=phone))
    for payout_id, phone in sent:
        await treasury.maker.reads(f"Payout #{payout_id} is paid")
        first, second = await treasury.requests_to(phone)
        assert (first.verdict, second.verdict) == ("not taken", "accepted")
        assert first.originator_id == second.originator_id
        assert await treasury.attempt_states(payout_id) == ["succeeded"]
