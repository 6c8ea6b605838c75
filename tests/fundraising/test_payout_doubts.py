"""The corners of paying out: late words, doubtful words, words at the wrong moment."""

import pytest
from sqlalchemy.exc import OperationalError

from fundraising.paying.payout import set_columns
from fundraising.paying.settlement import PayoutSettlement
from fundraising.paying.statuses import AttemptState, PayoutReview, PayoutStatus
from fundraising.paying.tasks import SendPayout
from fundraising.people.roles import Role
from fundraising.refusals import OwnRequest
from mpesa.codes import Reason
from mpesa.outcome import Failed, Unknown
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER, SECOND_CHECKER, Treasury

P, A = PayoutStatus, AttemptState
BUSY = Failed(Reason.BUSY, "500.003.02")


async def test_a_late_success_is_booked_although_the_retry_was_cancelled(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(1)
    await treasury.house.use_cases.paying.approvals.retry(1, MAKER)
    await treasury.house.use_cases.paying.requests.cancel(1, OWNER)
    await treasury.result(0)
    assert (await treasury.payout()).status is P.COMPLETED
    assert await treasury.held() == (49_000, 0)
    assert await treasury.frozen()


@pytest.mark.parametrize("code", [17, 26, 100000000])
async def test_what_mpesa_speaks_of_is_not_sent_again(treasury: Treasury, code: int) -> None:
    treasury.house.payouts.sends.append(BUSY)
    await treasury.send()
    await treasury.result(code)
    for _ in range(3):
        await treasury.house.wait(minutes=2)
    assert len(treasury.house.payouts.sent) == 1
    [attempt] = await treasury.attempts()
    assert attempt.state is A.UNKNOWN


async def test_a_result_with_our_token_but_another_id_is_only_a_hint(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.house.use_cases.paying.mailbox.payment_result(
        treasury.house.payouts.token(), b'{"Result": {"ResultCode": 1, "OriginatorConversationID": "ANOTHER"}}'
    )
    assert (await treasury.payout()).status is P.PROCESSING
    assert await treasury.held() == (50_000, 1000)


async def test_a_busy_database_is_told_to_mpesa_instead_of_setting_its_word_aside(
    treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    await treasury.send()

    def locked(*_: object) -> None:
        raise OperationalError("lock", None, Exception("timed out"))

    with monkeypatch.context() as patched:
        patched.setattr(PayoutSettlement, "settle", locked)
        with pytest.raises(OperationalError):
            await treasury.result()
    assert await treasury.frozen() is None
    await treasury.result()
    assert await treasury.held() == (49_000, 0)


async def test_no_more_questions_with_an_initiator_that_mpesa_refuses(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    treasury.house.payouts.questions.append(Failed(Reason.INITIATOR_REFUSED, "2001"))
    await treasury.house.wait(seconds=61)
    for _ in range(10):
        await treasury.house.wait(hours=1)
    assert len(treasury.house.payouts.asked) == 1
    assert await treasury.frozen()


async def test_a_call_under_way_is_left_alone_by_a_second_worker(treasury: Treasury) -> None:
    sending = treasury.house.use_cases.paying.sending

    async def another_worker() -> None:
        payout = await treasury.payout()
        assert await sending.send(SendPayout(1, payout.version), 1)

    treasury.house.payouts.before_answering = another_worker
    treasury.house.payouts.sends.append(BUSY)
    await treasury.send()
    [attempt] = await treasury.attempts()
    assert (attempt.state, len(treasury.house.payouts.sent)) == (A.WAITING, 1)


async def test_what_was_never_sent_is_not_called_silence(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(BUSY)
    await treasury.send()
    switch = treasury.house.use_cases.paying.switch
    await switch.freeze(OWNER, "checking")
    for _ in range(30):
        await treasury.house.wait(hours=1)
    assert (await treasury.payout()).needs_review is None
    assert not await switch.unfreeze(OWNER)
    assert await switch.unfreeze(OTHER_OWNER)
    await treasury.house.work()
    assert len(treasury.house.payouts.sent) == 2


async def test_who_lost_the_role_is_no_longer_one_of_the_two_who_decide(treasury: Treasury) -> None:
    review = treasury.house.use_cases.paying.review
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    await treasury.house.wait(hours=25)
    await review.decide(1, CHECKER, paid=False)
    await treasury.takes(CHECKER, Role.CHECKER)
    assert (await review.decide(1, OWNER, paid=False)).status is P.PROCESSING
    assert (await review.decide(1, SECOND_CHECKER, paid=False)).status is P.FAILED


async def test_decisive_evidence_ends_the_doubt_for_want_of_a_word(treasury: Treasury) -> None:
    await treasury.send()
    for _ in range(30):
        await treasury.house.wait(hours=1)
    assert (await treasury.payout()).needs_review is PayoutReview.NO_WORD
    await treasury.result(1)
    payout = await treasury.payout()
    assert (payout.status, payout.needs_review) == (P.FAILED, None)


async def test_a_review_is_closed_by_another_owner_and_what_waited_is_sent(treasury: Treasury) -> None:
    payout = await treasury.request(by=OWNER)
    review = treasury.house.use_cases.paying.review
    await treasury.house.database.write(
        lambda conn: set_columns(conn, payout.id, needs_review=PayoutReview.OTHER_AMOUNT)
    )
    await treasury.approve(payout, OTHER_OWNER)
    await treasury.house.work()
    assert treasury.house.payouts.sent == []
    with pytest.raises(OwnRequest):
        await review.close(payout.id, OWNER)
    await review.close(payout.id, OTHER_OWNER)
    await treasury.house.work()
    assert len(treasury.house.payouts.sent) == 1
