"""What M-Pesa says of a payout, and when: booked in full once, never sent twice, never forgotten."""

import asyncio
import codecs
from collections.abc import Callable

import pytest

from fundraising.evidence import reading
from fundraising.evidence.record import Says
from fundraising.ledger import accounts, posting
from fundraising.money import Money
from fundraising.refusals import NotAllowed, NotRetryable, PayoutsBlocked, SecondPersonNeeded, SendingFrozen
from fundraising.statuses import AttemptState, PayoutReview, PayoutStatus
from mpesa.codes import Reason
from mpesa.outcome import Failed, Unknown
from storage.tables import evidence
from tests.databases import any_database
from tests.fakes import b2c_result, status_result
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER, SECOND_CHECKER, Treasury

P, A = PayoutStatus, AttemptState


@any_database
@pytest.mark.parametrize(
    ("code", "status", "stops"),
    [(1, P.FAILED, False), (8, P.FAILED, False), (2040, P.FAILED, False), ("SFC_IC0003", P.FAILED, False)]
    + [(stop, P.FAILED, True) for stop in (2001, 8006, 11, 18, 20, 21, 22, 2006, 2028)]
    + [(unknown, P.PROCESSING, False) for unknown in (17, 26, 100000000, 4711, "odd")],
)
async def test_every_result_code(treasury: Treasury, code: int | str, status: PayoutStatus, stops: bool) -> None:
    await treasury.send()
    await treasury.result(code)
    assert (await treasury.payout()).status is status
    assert await treasury.held() == (50_000, 1000 if status is P.PROCESSING else 0)
    assert (await treasury.frozen() is not None) is stops


async def test_a_result_before_the_acknowledgement_settles(treasury: Treasury) -> None:
    treasury.house.payouts.before_answering = treasury.result
    await treasury.send()
    assert (await treasury.payout()).status is P.COMPLETED
    [attempt] = await treasury.attempts()
    assert (attempt.state, attempt.conversation_id) == (A.SUCCEEDED, "AG_1")


async def test_the_same_result_twenty_times_is_one_payment(treasury: Treasury) -> None:
    await treasury.send()
    await asyncio.gather(*[treasury.result() for _ in range(20)])
    assert await treasury.held() == (49_000, 0)


async def test_an_unknown_outcome_keeps_the_promise_and_is_never_sent_again(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    for _ in range(20):
        await treasury.house.wait(minutes=30)
    assert len(treasury.house.payouts.sent) == 1
    assert await treasury.held() == (50_000, 1000)
    with pytest.raises(NotRetryable):
        await treasury.house.use_cases.paying.approvals.retry(1, MAKER)
    await treasury.status("Completed")
    assert (await treasury.payout()).status is P.COMPLETED
    assert await treasury.held() == (49_000, 0)


@pytest.mark.parametrize("status", ["Declined", "Cancelled", "Expired"])
async def test_a_status_that_ended_unpaid_releases(treasury: Treasury, status: str) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    await treasury.house.wait(seconds=61)
    await treasury.status(status)
    assert (await treasury.payout()).status is P.FAILED
    assert await treasury.held() == (50_000, 0)


@any_database
@pytest.mark.parametrize(("status", "code"), [("Authorized", 0), ("Initiated", 0), ("", 25), ("", 2001)])
async def test_any_other_status_proves_nothing(treasury: Treasury, status: str, code: int) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    await treasury.house.wait(seconds=61)
    await treasury.status(status, code=code)
    assert (await treasury.payout()).status is P.PROCESSING
    assert await treasury.held() == (50_000, 1000)
    assert (await treasury.frozen() is not None) is (code == 2001)


async def test_a_completed_status_of_another_amount_decides_nothing(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    await treasury.house.wait(seconds=61)
    await treasury.status("Completed", shillings=999)
    payout = await treasury.payout()
    assert (payout.status, payout.needs_review) == (P.PROCESSING, PayoutReview.OTHER_AMOUNT)


async def test_the_fee_that_a_status_tells_is_booked_once(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.house.wait(seconds=61)
    await treasury.status("Completed")
    await treasury.status("Completed", receipt="TKB1AAAAAA", shillings="1000.00")
    outside = await treasury.house.database.read(lambda conn: posting.balance(conn, accounts.OUTSIDE))
    assert outside == Money(-4_900_000 + 22_40)


async def test_not_accepted_is_sent_again_under_the_same_id(treasury: Treasury) -> None:
    treasury.house.payouts.sends.extend([Failed(Reason.BUSY, "500.003.02"), Failed(Reason.NOT_REACHED, "")])
    await treasury.send()
    for _ in range(4):
        await treasury.house.wait(seconds=31)
    assert len({payment.originator_id for payment in treasury.house.payouts.sent}) == 1
    assert len(treasury.house.payouts.sent) == 3
    await treasury.result(nth=0)
    assert await treasury.held() == (49_000, 0)


async def test_a_timeout_notice_means_unknown_and_then_success_counts(treasury: Treasury) -> None:
    await treasury.send()
    body = b'{"OriginatorConversationID": "x", "SecurityCredential": "secret"}'
    await treasury.house.use_cases.paying.mailbox.payment_timeout(treasury.house.payouts.token(), body)
    [attempt] = await treasury.attempts()
    assert (attempt.state, (await treasury.payout()).status) == (A.UNKNOWN, P.PROCESSING)
    await treasury.result()
    assert await treasury.held() == (49_000, 0)


@pytest.mark.parametrize("token", [None, "f" * 64])
async def test_a_forged_result_moves_nothing_and_asks_mpesa(treasury: Treasury, token: str | None) -> None:
    await treasury.send()
    for code in (0, 1, 2001):
        await treasury.result(code, token=token)
    await treasury.house.work()
    assert (await treasury.payout()).status is P.PROCESSING
    assert await treasury.held() == (50_000, 1000)
    assert await treasury.frozen() is None
    assert len(treasury.house.payouts.asked) == 1


async def test_what_a_forged_result_says_of_money_stands_nowhere_readable(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(receipt="FORGED0001", token="f" * 64)
    rows = await treasury.house.database.read(lambda conn: conn.execute(evidence.select()).all())
    assert [(row.verdict, row.amount_minor, row.receipt) for row in rows if row.source == "result"] == [
        ("hint", None, None)
    ]


@pytest.mark.parametrize(
    "form",
    [
        lambda body: codecs.BOM_UTF8 + body,
        lambda body: body.decode().encode("utf-16-le"),
        lambda body: body.replace(b"said by", b"s\xe9id by"),
        lambda body: body.replace(b"}", b",}").replace(b'"', b"'"),
    ],
)
async def test_results_and_answers_in_another_form_settle_and_are_read_alike_once_more(
    treasury: Treasury, form: Callable[[bytes], bytes]
) -> None:
    mailbox = treasury.house.use_cases.paying.mailbox
    await treasury.send()
    sent = treasury.house.payouts.sent[-1]
    await mailbox.payment_result(treasury.house.payouts.token(), form(b2c_result(sent.originator_id)))
    assert (await treasury.payout()).status is P.COMPLETED
    rows = await treasury.house.database.read(lambda conn: conn.execute(evidence.select()).all())
    [stored] = [row for row in rows if row.source == "result"]
    again = reading.again(stored, treasury.house.vault)
    assert (again.says, again.amount, again.receipt) == (Says.SUCCEEDED, Money.shillings(1000), "TKB1AAAAAA")
    treasury.house.payouts.sends.append(Unknown("timeout"))
    second = await treasury.send(2000)
    await treasury.house.wait(seconds=61)
    await mailbox.status_result(
        treasury.house.payouts.question_token(), form(status_result(shillings=2000, receipt="TKB2AAAAAA"))
    )
    assert (await treasury.payout(second.id)).status is P.COMPLETED


@pytest.mark.parametrize("body", [b"{}", b'{"Result": NaN}', b"[" * 9_000 + b"]" * 9_000, b'"a word"'])
async def test_a_result_that_says_nothing_moves_nothing_and_asks_mpesa(treasury: Treasury, body: bytes) -> None:
    await treasury.send()
    await treasury.house.use_cases.paying.mailbox.payment_result(treasury.house.payouts.token(), body)
    await treasury.house.work()
    assert (await treasury.payout()).status is P.PROCESSING
    assert len(treasury.house.payouts.asked) == 1


async def test_a_token_proves_only_what_it_was_made_for(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.house.wait(seconds=61)
    await treasury.result(token=treasury.house.payouts.question_token())
    assert (await treasury.payout()).status is P.PROCESSING


async def test_a_retry_is_a_new_id_only_after_a_definite_failure(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(1)
    assert await treasury.held() == (50_000, 0)
    await treasury.house.use_cases.paying.approvals.retry(1, MAKER)
    await treasury.house.work()
    assert await treasury.held() == (50_000, 1000)
    first, second = treasury.house.payouts.sent
    assert first.originator_id != second.originator_id
    await treasury.result(receipt="TKB2BBBBBB")
    assert [attempt.state for attempt in await treasury.attempts()] == [A.FAILED, A.SUCCEEDED]
    assert await treasury.held() == (49_000, 0)


async def test_success_after_failure_is_booked_freezes_and_asks_for_people(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(1)
    await treasury.result(0)
    payout = await treasury.payout()
    assert (payout.status, payout.needs_review) == (P.COMPLETED, PayoutReview.PAID_AFTER_FAILURE)
    assert await treasury.held() == (49_000, 0)
    assert await treasury.frozen()
    assert [job["chat_id"] for job in await treasury.house.jobs("TellFrozen")] == [1001, 1002, 1003, 1004, 1005]


async def test_success_of_the_first_while_the_retry_waits_to_be_sent(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(1)
    await treasury.house.use_cases.paying.approvals.retry(1, MAKER)
    await treasury.result(0)
    await treasury.house.work()
    assert len(treasury.house.payouts.sent) == 1
    assert (await treasury.payout()).status is P.COMPLETED
    assert await treasury.held() == (49_000, 0)


@pytest.mark.parametrize(("second", "left"), [(0, 48_000), (1, 49_000)])
async def test_success_of_the_first_while_the_retry_is_open(treasury: Treasury, second: int, left: int) -> None:
    await treasury.send()
    await treasury.result(1)
    await treasury.house.use_cases.paying.approvals.retry(1, MAKER)
    await treasury.house.work()
    await treasury.result(0, nth=0, receipt="TKB1AAAAAA")
    assert await treasury.held() == (49_000, 1000)
    assert (await treasury.payout()).needs_review is PayoutReview.PAID_AGAIN
    await treasury.result(second, nth=1, receipt="TKB2BBBBBB")
    assert (await treasury.payout()).status is P.COMPLETED
    assert await treasury.held() == (left, 0)
    assert await treasury.frozen()


async def test_a_shortfall_goes_to_the_receivable_and_blocks_the_campaign(treasury: Treasury) -> None:
    await treasury.send(30_000)
    await treasury.result(1)
    await treasury.request(50_000, by=OWNER)
    await treasury.result(0)
    assert await treasury.held() == (50_000, 50_000)
    assert await treasury.house.held("receivable:1") == -30_000
    await treasury.house.use_cases.paying.requests.cancel(2, OWNER)
    with pytest.raises(PayoutsBlocked):
        await treasury.request(10)
    assert await treasury.house.use_cases.receivables.cover(1) == Money(0)
    assert await treasury.house.held("receivable:1") == 0
    assert await treasury.held() == (20_000, 0)
    await treasury.request(10)


async def test_frozen_nothing_is_sent_and_two_owners_open_again(treasury: Treasury) -> None:
    switch = treasury.house.use_cases.paying.switch
    await switch.freeze(CHECKER, "a strange call")
    payout = await treasury.approve(await treasury.request())
    await treasury.house.work()
    assert treasury.house.payouts.sent == []
    assert not await switch.unfreeze(OWNER)
    with pytest.raises(SecondPersonNeeded):
        await switch.unfreeze(OWNER)
    with pytest.raises(NotAllowed):
        await switch.unfreeze(CHECKER)
    assert await switch.unfreeze(OTHER_OWNER)
    await treasury.house.work()
    assert len(treasury.house.payouts.sent) == 1
    assert (await treasury.payout(payout.id)).status is P.PROCESSING


async def test_a_retry_is_refused_while_frozen(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(1)
    await treasury.house.use_cases.paying.switch.freeze(OWNER, "checking")
    with pytest.raises(SendingFrozen):
        await treasury.house.use_cases.paying.approvals.retry(1, MAKER)


async def test_after_a_day_of_silence_two_people_decide(treasury: Treasury) -> None:
    review = treasury.house.use_cases.paying.review
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    for _ in range(30):
        await treasury.house.wait(hours=1)
    assert (await treasury.payout()).needs_review is PayoutReview.NO_WORD
    await review.decide(1, CHECKER, paid=True, receipt="TKB9ZZZZZZ")
    with pytest.raises(SecondPersonNeeded):
        await review.decide(1, CHECKER, paid=True, receipt="TKB9ZZZZZZ")
    await review.decide(1, SECOND_CHECKER, paid=False)
    assert (await treasury.payout()).status is P.PROCESSING
    await review.decide(1, OWNER, paid=True, receipt="TKB9ZZZZZZ")
    assert (await treasury.payout()).status is P.COMPLETED
    assert await treasury.held() == (49_000, 0)


async def test_after_two_people_said_paid_another_amount_from_mpesa_is_looked_at_once(treasury: Treasury) -> None:
    review = treasury.house.use_cases.paying.review
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    for _ in range(30):
        await treasury.house.wait(hours=1)
    for person in (CHECKER, OWNER):
        await review.decide(1, person, paid=True)
    await treasury.result(0, shillings=900)
    assert await treasury.held() == (49_000, 0)
    payout = await treasury.payout()
    assert (payout.status, payout.needs_review) == (P.COMPLETED, PayoutReview.OTHER_AMOUNT)
    assert payout.receipt is not None
    assert await treasury.frozen() is not None
    await review.close(1, OWNER)
    await treasury.result(0, shillings=900)
    await treasury.status("Completed")
    assert (await treasury.payout()).needs_review is None


async def test_a_process_that_died_while_sending_never_sends_again(treasury: Treasury) -> None:
    async def die() -> None:
        raise asyncio.CancelledError

    treasury.house.payouts.before_answering = die
    await treasury.approve(await treasury.request())
    await treasury.house.work()
    treasury.house.payouts.before_answering = None
    for _ in range(5):
        await treasury.house.wait(minutes=3)
    assert len(treasury.house.payouts.sent) == 1
    [attempt] = await treasury.attempts()
    assert attempt.state is A.UNKNOWN
    assert treasury.house.payouts.asked
    assert await treasury.held() == (50_000, 1000)
