"""M-Pesa's answer is lost, or no result comes: it is asked, and nothing that may be paid is sent again."""

import pytest

from standins.shapes import PayoutBehaviour, PayoutCallback
from tests.e2e.payout_house import Treasury

pytestmark = pytest.mark.asyncio(loop_scope="package")
MAY_BE_PAID = {
    "no result comes": PayoutBehaviour(callback="none"),
    "the answer is lost": PayoutBehaviour(answer="lost", callback="none"),
    "HTTP 500, and not known yet when asked": PayoutBehaviour(
        answer="http500_paid", callback="none", status="not_found:1"
    ),
    "the first questions are not answered": PayoutBehaviour(callback="none", status="never:2"),
    "the answer is lost, the result late": PayoutBehaviour(answer="lost", callback="late:0.3", status="never"),
}
NOT_TAKEN = {busy: PayoutBehaviour(answer=busy) for busy in ("spike_arrest", "quota", "maintenance")}


async def test_what_may_be_paid_is_asked_about_and_what_was_not_taken_is_sent_again_as_the_same(
    treasury: Treasury,
) -> None:
    """All at once: the longest of them takes five seconds."""
    before, sent = await treasury.promised_minor(), {}
    for case, behaviour in (MAY_BE_PAID | NOT_TAKEN).items():
        phone = treasury.recipient()
        await treasury.standins.script_payout(phone, behaviour)
        sent[case] = await treasury.sends(phone=phone)
    for case, (payout_id, phone) in sent.items():
        told = await treasury.maker.reads(f"Payout #{payout_id} is paid")
        assert await treasury.receipt(phone) in told.text
        requests = await treasury.requests_to(phone)
        wanted = ["not taken", "accepted"] if case in NOT_TAKEN else ["accepted"]
        assert [request.verdict for request in requests] == wanted, case
        assert len({request.originator_id for request in requests}) == 1, case
        await a_result_adds_nothing(treasury, payout_id, requests[0].originator_id)
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


async def a_result_adds_nothing(treasury: Treasury, payout_id: int, originator_id: str) -> None:
    assert (await treasury.standins.payout_callback(PayoutCallback(originator_id))).status == 200
    assert await treasury.attempt_states(payout_id) == ["succeeded"]
    assert (await treasury.status(payout_id), await treasury.needs_review(payout_id)) == ("completed", None)
