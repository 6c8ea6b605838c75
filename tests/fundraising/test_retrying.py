"""A failed payout is sent again only where it could be asked for anew; what M-Pesa never took can be called off."""

from dataclasses import replace

import pytest

from fundraising.money import Money
from fundraising.refusals import (
    MoreMustAgree,
    NotAllowed,
    PayoutOutOfRange,
    ReplacedSince,
    RetryCannotHelp,
    TooLateToCancel,
)
from fundraising.statuses import AttemptState, PayoutStatus
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from mpesa.outcome import Failed
from storage.database import Database
from tests.databases import any_database
from tests.fakes import PAYING, callback
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OWNER, Treasury

P, A = PayoutStatus, AttemptState
NOT_REGISTERED = 2040


async def failed(treasury: Treasury, shillings: int = 1000, code: int = 1) -> int:
    payout = await treasury.send(shillings)
    await treasury.result(code)
    return payout.id


async def test_after_its_replacement_was_asked_for_a_failed_payout_is_not_sent_on_the_old_yes(
    treasury: Treasury,
) -> None:
    retry = treasury.house.use_cases.paying.approvals.retry
    first = await failed(treasury)
    await treasury.house.wait(hours=2)
    second = await treasury.send()
    await treasury.result()
    await treasury.house.wait(hours=2)
    with pytest.raises(ReplacedSince) as refused:
        await retry(first, MAKER)
    assert refused.value.payout_id == second.id
    assert len(treasury.house.payouts.sent) == 2
    assert await treasury.held() == (49_000, 0)


@any_database
async def test_what_was_paid_before_it_failed_or_was_rejected_since_holds_no_retry_back(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result()
    await treasury.house.wait(hours=2)
    first = await failed(treasury)
    other = await treasury.request()
    await treasury.house.use_cases.paying.approvals.reject(other.id, CHECKER, "not agreed")
    assert (await treasury.house.use_cases.paying.approvals.retry(first, MAKER)).status is P.APPROVED


@any_database
async def test_a_retry_keeps_the_recipients_day(treasury: Treasury) -> None:
    for number in (2, 3, 4):
        await treasury.house.give(250_000)
        await treasury.house.hear(callback(f"ws_CO_{number}", shillings=250_000, receipt=f"TKM{number}AAAAAA"))
    first = await failed(treasury, 200_000)
    await treasury.send(250_000)
    await treasury.send(249_000)
    with pytest.raises(PayoutOutOfRange):
        await treasury.house.use_cases.paying.approvals.retry(first, MAKER)


@any_database
async def test_a_retry_takes_as_many_people_as_a_new_request_would(database: Database) -> None:
    settings = replace(PAYING, quorum=((Money(0), 1), (Money.shillings(2_000), 2)))
    treasury = await Treasury(await House(database, paying=settings).open()).open()
    first = await failed(treasury)
    await treasury.request(1_500, Msisdn.parse("0711000111"))
    with pytest.raises(MoreMustAgree):
        await treasury.house.use_cases.paying.approvals.retry(first, MAKER)
    assert await treasury.held() == (50_000, 1_500)


@any_database
async def test_what_would_fail_again_is_not_sent_again(treasury: Treasury) -> None:
    first = await failed(treasury, code=NOT_REGISTERED)
    with pytest.raises(RetryCannotHelp):
        await treasury.house.use_cases.paying.approvals.retry(first, MAKER)


async def test_what_a_busy_mpesa_never_took_an_owner_calls_off(treasury: Treasury) -> None:
    cancel = treasury.house.use_cases.paying.requests.cancel
    treasury.house.payouts.sends.extend([Failed(Reason.BUSY, "500.003.02")] * 3)
    await treasury.send()
    with pytest.raises(NotAllowed):
        await cancel(1, MAKER)
    assert (await cancel(1, OWNER)).status is P.CANCELLED
    assert await treasury.held() == (50_000, 0)
    for _ in range(3):
        await treasury.house.wait(hours=1)
    assert len(treasury.house.payouts.sent) == 1
    assert [attempt.state for attempt in await treasury.attempts()] == [A.FAILED]


@any_database
async def test_what_mpesa_took_cannot_be_called_off_nor_what_it_may_have_taken_before(treasury: Treasury) -> None:
    cancel = treasury.house.use_cases.paying.requests.cancel
    await treasury.send()
    with pytest.raises(TooLateToCancel):
        await cancel(1, OWNER)
    await treasury.result(1)
    treasury.house.payouts.sends.append(Failed(Reason.BUSY, "500.003.02"))
    await treasury.house.use_cases.paying.approvals.retry(1, MAKER)
    await treasury.house.work()
    await treasury.result(0, nth=0)
    with pytest.raises(TooLateToCancel):
        await cancel(1, OWNER)


@any_database
async def test_a_late_success_of_what_was_called_off_is_booked_and_told(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Failed(Reason.NOT_REACHED, ""))
    await treasury.send()
    await treasury.house.use_cases.paying.requests.cancel(1, OWNER)
    await treasury.result(0)
    assert (await treasury.payout()).status is P.COMPLETED
    assert await treasury.held() == (49_000, 0)
    assert await treasury.frozen()
