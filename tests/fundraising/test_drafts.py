"""A donation put together in the chat: kept in the database, moved once by each message, one open at a time."""

import asyncio

import pytest

from fundraising.giving.drafts import Draft, Step
from fundraising.money import Money
from fundraising.refusals import (
    AmountOutOfRange,
    CampaignClosed,
    DraftGone,
    NoSuchCampaign,
    NoSuchDonation,
    NothingToTryAgain,
    TooEarlyToTryAgain,
)
from mpesa.codes import Reason
from mpesa.outcome import Failed
from tests.fakes import callback
from tests.fundraising.house import PHONE, House

FIVE_HUNDRED = Money.shillings(500)


async def filled(house: House, donor_id: int = 1) -> Draft:
    drafts = house.use_cases.drafts
    draft = await drafts.begin(donor_id, "u1", campaign_id=1)
    draft = await drafts.set_amount(draft.id, donor_id, FIVE_HUNDRED, "u2")
    return await drafts.set_phone(draft.id, donor_id, PHONE, "u3")


async def test_what_is_missing_is_asked_for_next(house: House) -> None:
    drafts = house.use_cases.drafts
    draft = await drafts.begin(1, "u1")
    assert draft.step is Step.CAMPAIGN
    draft = await drafts.begin(1, "u2", campaign_id=1)
    assert draft.step is Step.AMOUNT
    draft = await drafts.set_amount(draft.id, 1, FIVE_HUNDRED, "u3")
    assert draft.step is Step.PHONE
    draft = await drafts.set_phone(draft.id, 1, PHONE, "u4")
    assert (draft.step, draft.phone, draft.amount) == (Step.CONFIRM, PHONE, FIVE_HUNDRED)
    assert await drafts.current(1) == draft


async def test_going_back_asks_for_one_thing_anew(house: House) -> None:
    draft = await filled(house)
    back = await house.use_cases.drafts.back(draft.id, 1, Step.AMOUNT, "u4")
    assert (back.step, back.phone) == (Step.AMOUNT, PHONE)


async def test_the_same_message_again_moves_nothing(house: House) -> None:
    drafts = house.use_cases.drafts
    draft = await drafts.begin(1, "u1", campaign_id=1)
    await drafts.set_amount(draft.id, 1, FIVE_HUNDRED, "u2")
    again = await drafts.set_amount(draft.id, 1, Money.shillings(900), "u2")
    assert again.amount == FIVE_HUNDRED
    assert (await drafts.begin(1, "u2")).id == draft.id


async def test_a_new_draft_replaces_the_old_one(house: House) -> None:
    old = await filled(house)
    await house.use_cases.drafts.begin(1, "u9")
    with pytest.raises(DraftGone):
        await house.use_cases.donations.confirm(old.id, 1)
    assert house.mpesa.pushed == []


async def test_a_draft_that_lay_too_long_is_gone(house: House) -> None:
    draft = await filled(house)
    house.clock.forward(minutes=31)
    assert await house.use_cases.drafts.current(1) is None
    with pytest.raises(DraftGone):
        await house.use_cases.donations.confirm(draft.id, 1)


async def test_nobody_moves_or_confirms_the_draft_of_another(house: House) -> None:
    stranger = await house.use_cases.donors.arrive(88, "Otieno", None)
    draft = await filled(house)
    with pytest.raises(DraftGone):
        await house.use_cases.drafts.set_amount(draft.id, stranger.id, FIVE_HUNDRED, "u8")
    with pytest.raises(DraftGone):
        await house.use_cases.donations.confirm(draft.id, stranger.id)
    assert house.mpesa.pushed == []


async def test_an_unfinished_draft_is_not_confirmed(house: House) -> None:
    draft = await house.use_cases.drafts.begin(1, "u1", campaign_id=1)
    with pytest.raises(DraftGone):
        await house.use_cases.donations.confirm(draft.id, 1)


async def test_confirm_tapped_ten_times_at_once_prompts_once(house: House) -> None:
    draft = await filled(house)
    donations = await asyncio.gather(*[house.use_cases.donations.confirm(draft.id, 1) for _ in range(10)])
    assert {donation.id for donation in donations} == {1}
    assert len(house.mpesa.pushed) == 1


async def test_the_last_phone_is_remembered(house: House) -> None:
    await house.use_cases.donations.confirm((await filled(house)).id, 1)
    donor = await house.use_cases.donors.find(1)
    assert donor
    assert donor.last_phone == PHONE


async def test_cancel_says_whether_there_was_something_to_cancel(house: House) -> None:
    assert not await house.use_cases.drafts.cancel(1)
    await filled(house)
    assert await house.use_cases.drafts.cancel(1)
    assert await house.use_cases.drafts.current(1) is None


async def test_refused_amounts_and_campaigns_leave_the_draft_as_it_was(house: House) -> None:
    drafts = house.use_cases.drafts
    draft = await drafts.begin(1, "u1", campaign_id=1)
    with pytest.raises(AmountOutOfRange):
        await drafts.set_amount(draft.id, 1, Money.shillings(1_000_000), "u2")
    with pytest.raises(NoSuchCampaign):
        await drafts.begin(1, "u3", campaign_id=99)
    assert await drafts.current(1) == draft
    await house.use_cases.campaigns.close(1)
    with pytest.raises(CampaignClosed):
        await drafts.begin(1, "u4", campaign_id=1)


async def test_try_again_waits_for_the_failure_and_for_two_minutes(house: House) -> None:
    drafts = house.use_cases.drafts
    await house.give(500)
    with pytest.raises(NothingToTryAgain):
        await drafts.try_again(1, 1, "u1")
    await house.hear(callback(code=1032))
    with pytest.raises(TooEarlyToTryAgain):
        await drafts.try_again(1, 1, "u1")
    house.clock.forward(seconds=120)
    draft = await drafts.try_again(1, 1, "u1")
    assert (draft.step, draft.amount, draft.phone) == (Step.CONFIRM, FIVE_HUNDRED, PHONE)
    assert (await drafts.try_again(1, 1, "u1")).id == draft.id
    with pytest.raises(NoSuchDonation):
        await drafts.try_again(1, 2, "u2")


async def test_a_refused_push_can_be_tried_again_later(house: House) -> None:
    house.mpesa.pushes.append(Failed(Reason.PHONE_BUSY, "500.001.1001"))
    await house.give(500)
    house.clock.forward(minutes=3)
    draft = await house.use_cases.drafts.try_again(1, 1, "u1")
    await house.use_cases.donations.confirm(draft.id, 1)
    assert len(house.mpesa.pushed) == 2
