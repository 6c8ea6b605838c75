"""The corners of paying out: late words, doubtful words, words at the wrong moment."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import OperationalError

from fundraising.money import Money
from fundraising.paying.payout import ask_people
from fundraising.paying.settlement import PayoutSettlement
from fundraising.paying.tasks import SendPayout
from fundraising.people.roles import Role
from fundraising.refusals import NotAllowed, NothingToReview, NotRetryable, OwnRequest
from fundraising.statuses import AttemptState, PayoutReview, PayoutStatus, StopCause
from mpesa.codes import Reason
from mpesa.outcome import Failed, Unknown
from storage.database import Database
from storage.tables import evidence, jobs
from tests.databases import any_database
from tests.fakes import PAYING, b2c_result, status_result
from tests.fundraising.house import House
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


@pytest.mark.parametrize("status", ["Completed", "Declined"])
async def test_an_answer_with_our_token_about_another_transaction_is_only_a_hint(
    treasury: Treasury, status: str
) -> None:
    for _ in range(2):
        treasury.house.payouts.sends.append(Unknown("timeout"))
        await treasury.send()
    await treasury.house.wait(seconds=61)
    first, other = (sent.originator_id for sent in treasury.house.payouts.sent)
    asked = [question.originator_id for question in treasury.house.payouts.asked]  # type: ignore[union-attr]
    token = treasury.house.payouts.question_token(asked.index(first))
    mailbox = treasury.house.use_cases.paying.mailbox
    await mailbox.status_result(token, status_result(status, originator_id=other))
    assert await treasury.held() == (50_000, 2000)
    hinted = {job["attempt_id"] for job in await treasury.house.jobs("AskAboutPayout") if job["hinted"]}
    assert hinted == {1, 2}
    await mailbox.status_result(token, status_result(status, originator_id=first))
    assert await treasury.held() == ((49_000, 1000) if status == "Completed" else (50_000, 1000))


async def silent_for_a_day(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    await treasury.house.wait(seconds=61)
    for _ in range(26):
        await treasury.house.wait(hours=1)
    assert (await treasury.payout()).needs_review is PayoutReview.NO_WORD


@pytest.mark.parametrize(
    ("shillings", "review"), [(999, PayoutReview.OTHER_AMOUNT), ("1,000.00", PayoutReview.UNREADABLE)]
)
async def test_what_mpesa_says_after_a_day_of_silence_is_told_and_words_from_before_count_no_more(
    treasury: Treasury, shillings: Any, review: PayoutReview
) -> None:
    await silent_for_a_day(treasury)
    decide = treasury.house.use_cases.paying.review.decide
    await decide(1, CHECKER, paid=False)
    await treasury.house.database.write(lambda conn: conn.execute(delete(jobs)).close())
    await treasury.status("Completed", shillings=shillings)
    assert (await treasury.payout()).needs_review is review
    assert "needs_review" in await treasury.house.told("TellAboutPayout")
    assert (await decide(1, SECOND_CHECKER, paid=False)).status is P.PROCESSING
    assert (await decide(1, CHECKER, paid=False)).status is P.FAILED  # who has seen it may say so again


async def test_an_answer_without_a_readable_amount_is_not_asked_about_over_and_over(treasury: Treasury) -> None:
    await silent_for_a_day(treasury)
    asked = len(treasury.house.payouts.asked)
    for _ in range(5):
        await treasury.status("Completed", shillings="1,000.00")
        await treasury.house.wait(minutes=1)
    assert len(treasury.house.payouts.asked) == asked


@any_database
async def test_a_success_without_a_readable_amount_after_a_failure_is_asked_about_and_bars_the_retry(
    treasury: Treasury,
) -> None:
    await treasury.send()
    await treasury.result(1)
    await treasury.result(0, shillings="one thousand")
    payout = await treasury.payout()
    assert (payout.status, payout.needs_review) == (P.FAILED, PayoutReview.UNREADABLE)
    with pytest.raises(NotRetryable):
        await treasury.house.use_cases.paying.approvals.retry(1, MAKER)
    await treasury.house.work()
    await treasury.status("Completed")
    payout = await treasury.payout()
    assert (payout.status, payout.needs_review) == (P.COMPLETED, PayoutReview.PAID_AFTER_FAILURE)
    assert await treasury.held() == (49_000, 0)


async def test_what_was_not_readable_is_seen_to_once_it_is_told_readably(treasury: Treasury) -> None:
    await silent_for_a_day(treasury)
    await treasury.status("Completed", shillings="1,000.00")
    await treasury.status("Completed")
    payout = await treasury.payout()
    assert (payout.status, payout.needs_review) == (P.COMPLETED, None)


async def test_a_database_that_is_busy_for_a_moment_only_delays_what_mpesa_says(
    treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    await treasury.send()

    def locked(*_: object) -> None:
        raise OperationalError("lock", None, Exception("timed out"))

    with monkeypatch.context() as patched:
        patched.setattr(PayoutSettlement, "settle", locked)
        await treasury.result()
    assert await treasury.held() == (50_000, 1000)
    await treasury.house.work()
    assert await treasury.frozen() is None
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


@pytest.mark.parametrize(
    "refusal",
    [Failed(Reason.CONFIGURATION, "", "no access token: HTTP 403"), Failed(Reason.INITIATOR_WITHOUT_ROLE, "21")],
)
async def test_that_nobody_may_ask_stops_no_payouts_and_is_tried_again(treasury: Treasury, refusal: Failed) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    treasury.house.payouts.questions.append(refusal)
    await treasury.house.wait(seconds=61)
    await treasury.house.wait(minutes=3)
    assert await treasury.frozen() is None
    assert len(treasury.house.payouts.asked) == 2
    await treasury.status("", code=21)
    assert await treasury.frozen() is None


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


@pytest.fixture
async def silent(treasury: Treasury) -> Treasury:
    """M-Pesa has not said for a day how the payout ended."""
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    await treasury.house.wait(hours=25)
    return treasury


@any_database
async def test_who_changed_their_mind_counts_for_the_newer_word_alone(silent: Treasury) -> None:
    review = silent.house.use_cases.paying.review
    await review.decide(1, CHECKER, paid=False)
    await review.decide(1, CHECKER, paid=True)
    assert (await review.decide(1, SECOND_CHECKER, paid=False)).status is P.PROCESSING
    assert (await review.decide(1, OWNER, paid=True)).status is P.COMPLETED


async def test_a_word_given_before_mpesa_told_of_a_payment_counts_no_more(silent: Treasury) -> None:
    review = silent.house.use_cases.paying.review
    await review.decide(1, CHECKER, paid=False)
    await silent.status(shillings=900)
    assert (await review.decide(1, SECOND_CHECKER, paid=False)).status is P.PROCESSING
    assert (await review.decide(1, OWNER, paid=False)).status is P.FAILED


async def test_the_requester_is_none_of_the_two_where_more_than_two_people_had_to_agree(database: Database) -> None:
    two = replace(PAYING, quorum=((Money(0), 2),))
    treasury = await Treasury(await House(database, paying=two).open()).open()
    payout = await treasury.request(by=OWNER)
    treasury.house.payouts.sends.append(Unknown("timeout"))
    for by in (CHECKER, SECOND_CHECKER):
        await treasury.approve(payout, by)
    await treasury.house.work()
    await treasury.house.wait(hours=25)
    review = treasury.house.use_cases.paying.review
    with pytest.raises(OwnRequest):
        await review.decide(1, OWNER, paid=False)
    await review.decide(1, CHECKER, paid=False)
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
        lambda conn: ask_people(conn, payout.id, PayoutReview.OTHER_AMOUNT, treasury.house.clock())
    )
    await treasury.approve(payout, OTHER_OWNER)
    await treasury.house.work()
    assert treasury.house.payouts.sent == []
    with pytest.raises(OwnRequest):
        await review.close(payout.id, OWNER)
    await review.close(payout.id, OTHER_OWNER)
    await treasury.house.work()
    assert len(treasury.house.payouts.sent) == 1


@any_database
async def test_a_refusal_told_again_does_not_stop_what_two_owners_have_opened(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(2001)
    switch = treasury.house.use_cases.paying.switch
    await switch.unfreeze(OWNER)
    assert await switch.unfreeze(OTHER_OWNER)
    await treasury.result(2001)
    assert await treasury.frozen() is None


@any_database
async def test_hints_about_one_payout_cost_one_question_in_half_a_minute(treasury: Treasury) -> None:
    await treasury.send()
    for code in range(5):
        await treasury.result(code, token=None)
        await treasury.house.work()
    assert len(treasury.house.payouts.asked) == 1
    await treasury.house.wait(seconds=31)
    assert len(treasury.house.payouts.asked) == 2


@any_database
async def test_mpesa_is_not_asked_about_what_it_never_got(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(BUSY)
    await treasury.send()
    await treasury.house.use_cases.paying.switch.freeze(OWNER, "checking")
    await treasury.house.wait(minutes=2)
    assert treasury.house.payouts.asked == []


@any_database
async def test_another_amount_than_was_asked_for_is_booked_as_told_and_people_look(treasury: Treasury) -> None:
    await treasury.send(1000)
    await treasury.result(shillings=1200)
    payout = await treasury.payout()
    assert (payout.status, payout.needs_review) == (P.COMPLETED, PayoutReview.OTHER_AMOUNT)
    assert await treasury.held() == (48_800, 0)
    assert await treasury.frozen()


@any_database
async def test_of_an_unproven_word_amount_and_receipt_stay_sealed(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(0, token=None)
    about_payouts = evidence.c.payment_kind == "attempt"
    kept = select(evidence.c.verdict, evidence.c.amount_minor, evidence.c.receipt).where(about_payouts)
    assert await treasury.house.database.read(lambda conn: conn.execute(kept).all()) == [("hint", None, None)]


@any_database
async def test_a_commit_that_took_too_long_is_not_followed_by_a_payment(
    treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, write = treasury.house, treasury.house.database.write

    async def slow_write(fn: Callable[[Connection], Any]) -> Any:
        answer = await write(fn)
        house.clock.forward(seconds=11)
        return answer

    await treasury.approve(await treasury.request())
    with monkeypatch.context() as patched:
        patched.setattr(house.database, "write", slow_write)
        await house.worker.start_due()
        await house.finish()
    [attempt] = await treasury.attempts()
    assert (attempt.state, house.payouts.sent) == (A.WAITING, [])
    await house.wait(seconds=6)
    assert [payment.originator_id for payment in house.payouts.sent] == [attempt.originator_id]


@any_database
async def test_a_job_of_an_earlier_approval_sends_nothing(treasury: Treasury) -> None:
    payout = await treasury.approve(await treasury.request())
    stale = SendPayout(payout.id, payout.version - 1)
    assert await treasury.house.use_cases.paying.sending.send(stale, 1) is None
    assert treasury.house.payouts.sent == []


@any_database
async def test_mpesa_that_stays_busy_is_tried_every_ten_minutes_and_never_given_up(treasury: Treasury) -> None:
    treasury.house.payouts.sends.extend([BUSY] * 20)
    await treasury.send()
    for _ in range(20):
        await treasury.house.wait(minutes=10)
    assert len(treasury.house.payouts.sent) == 21


@any_database
async def test_a_new_freeze_takes_back_the_half_given_consent_to_unfreeze(treasury: Treasury) -> None:
    switch = treasury.house.use_cases.paying.switch
    await switch.freeze(CHECKER, "a strange call")
    assert not await switch.unfreeze(OWNER)
    await switch.freeze(SECOND_CHECKER, "another one")
    assert not await switch.unfreeze(OTHER_OWNER)
    assert await treasury.frozen() == "Person 2 froze them: a strange call; Person 3 froze them: another one"
    assert await switch.unfreeze(OWNER)


@any_database
async def test_a_freeze_by_somebody_does_not_hide_that_mpesa_refuses_our_initiator(treasury: Treasury) -> None:
    switch = treasury.house.use_cases.paying.switch
    await treasury.send()
    await switch.freeze(CHECKER, "a strange call")
    await treasury.result(2001)
    causes = [stop.cause for stop in (await switch.state()).stops]
    assert causes == [StopCause.PERSON, StopCause.INITIATOR]
    asked = len(treasury.house.payouts.asked)
    await treasury.house.use_cases.paying.float.ask_anew()
    for _ in range(3):
        await treasury.house.wait(hours=1)
    assert len(treasury.house.payouts.asked) == asked


@pytest.fixture
async def first_version(database: Database) -> Treasury:
    """Of B2C, which knows no id of ours."""
    house = House(database, paying=replace(PAYING, remembers_ids=False))
    return await Treasury(await house.open()).open()


@any_database
async def test_what_cannot_be_asked_about_is_for_people_at_once(first_version: Treasury) -> None:
    first_version.house.payouts.sends.append(Unknown("timeout"))
    await first_version.send()
    payout = await first_version.payout()
    assert (payout.status, payout.needs_review) == (P.PROCESSING, PayoutReview.NO_WORD)
    assert await first_version.held() == (50_000, 1000)


@any_database
async def test_a_result_that_names_no_id_of_ours_settles_before_the_acknowledgement(first_version: Treasury) -> None:
    async def result() -> None:
        token = first_version.house.payouts.token()
        body = b2c_result("10571-7910404-1", conversation_id="AG_1")
        await first_version.house.use_cases.paying.mailbox.payment_result(token, body)

    first_version.house.payouts.before_answering = result
    await first_version.send()
    assert (await first_version.payout()).status is P.COMPLETED


@any_database
async def test_only_a_checker_decides_on_silence_and_only_an_owner_closes_what_is_decided(treasury: Treasury) -> None:
    review = treasury.house.use_cases.paying.review
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    await treasury.house.wait(hours=25)
    with pytest.raises(NotAllowed):
        await review.decide(1, MAKER, paid=False)
    with pytest.raises(NothingToReview):
        await review.close(1, OWNER)
    await treasury.result(1)
    await treasury.result(0)
    with pytest.raises(NotAllowed):
        await review.close(1, CHECKER)
    await review.close(1, OWNER)
    assert (await treasury.payout()).needs_review is None
