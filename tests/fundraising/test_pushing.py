"""The prompt on the phone: sent once, or again only when M-Pesa says that nothing happened."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from fundraising.evidence import prompts
from fundraising.evidence.record import Source
from fundraising.giving.tasks import PushAgain
from fundraising.money import Money
from fundraising.refusals import (
    AmountOutOfRange,
    CampaignClosed,
    NoSuchCampaign,
    NoSuchDonor,
    NotAnAmount,
    PhoneBusy,
)
from fundraising.statuses import DonationStatus, Push, Review
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from mpesa.outcome import Failed, Succeeded, Unknown
from tests.databases import any_database
from tests.fakes import callback
from tests.fundraising.house import PHONE, House

T = TypeVar("T")
BUSY = Failed(Reason.BUSY, "500.003.02")
OTHER_PHONE = Msisdn.parse("0712345678")


async def test_the_intent_is_committed_before_the_phone_rings(house: House) -> None:
    seen = []

    async def look() -> None:
        donation = await house.donation(1)
        seen.append((donation.status, donation.push))

    house.mpesa.before_answering = look
    donation = await house.give(500)
    assert seen == [(DonationStatus.PENDING, Push.SENDING)]
    assert donation.push is Push.ACCEPTED
    [push] = house.mpesa.pushed
    assert (push.shillings, push.reference, push.phone) == (500, donation.reference, PHONE)


async def test_a_definite_refusal_fails_at_once(house: House) -> None:
    house.mpesa.pushes.append(Failed(Reason.REFUSED, "400.002.02"))
    donation = await house.give()
    assert (donation.status, donation.push, donation.failure) == (DonationStatus.FAILED, Push.REFUSED, Reason.REFUSED)
    assert await house.told() == ["failed"]


async def test_our_own_misconfiguration_alarms_the_owners(house: House) -> None:
    house.mpesa.pushes.append(Failed(Reason.CONFIGURATION, "500.001.1001"))
    await house.give()
    assert await house.told("TellOwners") == ["configuration"]


async def test_a_busy_mpesa_is_asked_again_for_the_same_donation(house: House) -> None:
    house.mpesa.pushes.extend([BUSY, BUSY])
    donation = await house.give()
    assert donation.push is Push.WAITING
    await house.wait(seconds=6)
    await house.wait(seconds=6)
    assert len(house.mpesa.pushed) == 3
    assert len({push.reference for push in house.mpesa.pushed}) == 1
    assert (await house.donation()).push is Push.ACCEPTED
    await house.hear(callback("ws_CO_3"))
    assert await house.held("campaign:1") == 500


async def test_every_token_ever_told_to_mpesa_still_counts(house: House) -> None:
    house.mpesa.pushes.append(BUSY)
    await house.give(500)
    await house.wait(seconds=6)
    await house.hear(callback("ws_CO_first"), house.mpesa.token(0))
    assert await house.held("campaign:1") == 500


async def test_a_push_not_begun_in_two_minutes_is_failed_and_told(house: House) -> None:
    house.mpesa.pushes.extend([BUSY] * 50)
    await house.give()
    for _ in range(30):
        await house.wait(seconds=6)
    donation = await house.donation()
    assert (donation.status, donation.failure) == (DonationStatus.FAILED, Reason.NOT_REACHED)
    assert await house.told() == ["failed"]
    assert 10 < len(house.mpesa.pushed) < 30


async def test_an_unknown_outcome_is_never_sent_again(house: House) -> None:
    house.mpesa.pushes.append(Unknown("timeout"))
    donation = await house.give()
    assert (donation.status, donation.push) == (DonationStatus.PENDING, Push.UNKNOWN)
    await house.use_cases.donations.push_again(PushAgain(1), 1)
    for _ in range(20):
        await house.wait(minutes=1)
    assert len(house.mpesa.pushed) == 1


async def test_without_a_checkout_id_silence_ends_in_review_after_minutes(house: House) -> None:
    house.mpesa.pushes.append(Unknown("timeout"))
    await house.give()
    await house.wait(minutes=2)
    assert (await house.donation()).needs_review is None
    await house.wait(minutes=10)
    assert (await house.donation()).needs_review is Review.NO_WORD
    assert await house.told() == ["no_word"]
    await house.hear(callback())
    assert ((await house.donation()).status, (await house.donation()).needs_review) == (DonationStatus.COMPLETED, None)


async def test_a_commit_that_took_too_long_is_not_followed_by_a_call(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = house.database.write

    async def slow_write(fn: Callable[[Connection], T]) -> T:
        answer = await write(fn)
        house.clock.forward(seconds=11)
        return answer

    monkeypatch.setattr(house.database, "write", slow_write)
    donation = await house.give()
    assert house.mpesa.pushed == []
    assert donation.push is Push.WAITING


async def test_a_process_that_died_while_sending_never_sends_again(house: House) -> None:
    async def die() -> None:
        raise asyncio.CancelledError

    house.mpesa.before_answering = die
    with pytest.raises(asyncio.CancelledError):
        await house.give(500)
    house.mpesa.before_answering = None
    for _ in range(5):
        await house.wait(minutes=1)
    assert len(house.mpesa.pushed) == 1
    await house.hear(callback())
    assert await house.held("campaign:1") == 500


async def test_one_prompt_at_a_time_on_one_phone(house: House) -> None:
    await house.give()
    with pytest.raises(PhoneBusy) as busy:
        await house.give(600)
    assert timedelta(seconds=50) < busy.value.wait <= timedelta(seconds=60)
    await house.give(600, OTHER_PHONE)
    house.clock.forward(seconds=61)
    await house.give(600)


async def test_a_decided_donation_frees_the_phone(house: House) -> None:
    await house.give()
    await house.hear(callback(code=1))
    await house.give(600)


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (Money(0), AmountOutOfRange),
        (Money.shillings(250_001), AmountOutOfRange),
        (Money(100_50), NotAnAmount),
        (Money(100_00, "USD"), NotAnAmount),
    ],
)
async def test_what_mpesa_cannot_collect_is_refused_before_anything_is_written(
    house: House, amount: Money, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await house.use_cases.donations.start(1, 1, amount, PHONE)
    assert house.mpesa.pushed == []


async def test_a_closed_campaign_takes_no_new_donation_but_is_still_credited(house: House) -> None:
    await house.give(500)
    await house.use_cases.campaigns.close(1)
    with pytest.raises(CampaignClosed):
        await house.give(600, OTHER_PHONE)
    await house.hear(callback())
    assert await house.held("campaign:1") == 500


async def test_there_is_no_giving_to_or_by_what_is_not_there(house: House) -> None:
    with pytest.raises(NoSuchDonor):
        await house.use_cases.donations.start(99, 1, Money.shillings(1), OTHER_PHONE)
    with pytest.raises(NoSuchCampaign):
        await house.use_cases.donations.start(1, 99, Money.shillings(1), OTHER_PHONE)
    assert house.mpesa.pushed == []


@any_database
async def test_the_prompt_of_a_donation_that_is_paid_meanwhile_is_not_sent_again(house: House) -> None:
    house.mpesa.pushes.append(BUSY)
    donation = await house.give(500)
    proven = prompts.answer(Source.QUERY, donation.id, Succeeded(None), house.clock())
    await house.use_cases.intake.take(proven)
    await house.wait(seconds=6)
    assert len(house.mpesa.pushed) == 1
