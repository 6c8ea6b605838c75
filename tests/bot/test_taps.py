"""Taps that come twice, late, or from buttons that lie in the chat for long: the phone rings once at most."""

from datetime import timedelta

import pytest
from telegram.error import NetworkError

from fundraising.statuses import DonationStatus
from mpesa.codes import Reason
from mpesa.outcome import Failed
from tests.bot.telegram import CUT_OFF, FLOOD, TOO_LATE, Refusal
from tests.bot.world import World
from tests.fakes import callback


async def ready_to_confirm(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    await world.say("0708 374 149")


async def test_a_double_tap_and_a_tap_sent_again_prompt_once(world: World) -> None:
    await ready_to_confirm(world)
    message_id, data = world.last.id, world.last.buttons["Confirm"]
    await world.tap_data(data, message_id, update_id=500)
    await world.tap_data(data, message_id, update_id=500)
    await world.tap_data(data, message_id, update_id=501)
    assert len(world.mpesa.pushed) == 1
    assert "Check the phone" in world.last.text


async def test_confirm_tapped_again_after_the_result_says_thanks(world: World) -> None:
    donation = await world.give()
    await world.hear(callback())
    await world.tap_data("give:1:confirm:update:1", donation.message_id or 0)
    assert len(world.mpesa.pushed) == 1
    assert world.telegram.messages[donation.message_id or 0].text.endswith("received. Thank you!")


async def test_every_step_tapped_twice_leads_to_the_same_gift(world: World) -> None:
    await world.say("/donate")
    for label in ("Water", "KES 500"):
        buttons, message_id = dict(world.last.buttons), world.last.id
        data = next(data for text, data in buttons.items() if text.startswith(label))
        await world.tap_data(data, message_id)
        if label == "KES 500":
            await world.tap_data(data, message_id)
    await world.say("0708 374 149")
    await world.tap("Confirm")
    assert [push.shillings for push in world.mpesa.pushed] == [500]


async def test_when_the_program_dies_after_confirming_the_tap_does_not_prompt_again(world: World) -> None:
    await ready_to_confirm(world)
    message_id = world.last.id
    donor = await world.use_cases.donors.arrive(77, "Wanjiku", "en")
    await world.use_cases.donations.confirm(1, donor.id, message_id)
    await world.tap_data("give:1:confirm:update:1", message_id)
    assert len(world.mpesa.pushed) == 1
    assert "Check the phone" in world.last.text


async def test_a_confirm_that_came_two_minutes_ago_is_not_carried_out(world: World) -> None:
    await ready_to_confirm(world)
    long_ago = world.clock() - timedelta(minutes=3)
    await world.tap_data(world.last.buttons["Confirm"], world.last.id, received_at=long_ago)
    assert world.mpesa.pushed == []
    assert "reached us late" in world.last.text
    await world.tap("Confirm")
    assert len(world.mpesa.pushed) == 1


async def test_a_late_repetition_of_a_confirm_that_was_carried_out_shows_how_it_stands(world: World) -> None:
    await world.give()
    await world.tap_data("give:1:confirm:update:1", world.last.id, received_at=world.clock() - timedelta(minutes=3))
    assert "Check the phone" in world.last.text


async def test_confirm_means_what_stands_above_it(world: World) -> None:
    await ready_to_confirm(world)
    shown = world.last
    await world.share("0712 345 678")
    await world.tap_data(shown.buttons["Confirm"], shown.id)
    assert world.mpesa.pushed == []
    assert "changed this gift meanwhile" in shown.text
    assert "0712 345 678" in shown.text
    await world.tap_data(shown.buttons["Confirm"], shown.id)
    assert world.mpesa.pushed[0].phone.local == "0712 345 678"


@pytest.mark.parametrize(
    "data", ["give:1:amount:500", "give:1:phone:last", "give:1:phone:other", "give:1:back:amount", "give:1:cancel"]
)
async def test_buttons_of_a_replaced_gift_answer_politely_and_disappear(world: World, data: str) -> None:
    await world.say("/donate")
    await world.tap("Water")
    old = world.last.id
    await world.say("/donate")
    await world.tap("Water")
    await world.tap_data(data, old)
    assert world.pop_ups == ["That has expired. This button asks M-Pesa for nothing. /donate starts a new gift."]
    assert world.telegram.messages[old].buttons == {}
    assert world.last.buttons != {}


async def test_a_gift_that_lay_half_an_hour_has_expired(world: World) -> None:
    await ready_to_confirm(world)
    world.clock.forward(minutes=31)
    await world.tap("Confirm")
    assert world.mpesa.pushed == []
    assert "That has expired" in world.last.text


@pytest.mark.parametrize("data", ["give:1:amount:x", "nonsense", "give:99999999999999999999:confirm:x", "again:1;drop"])
async def test_a_button_that_we_never_made_is_harmless(world: World, data: str) -> None:
    await world.tap_data(data)
    assert len(world.pop_ups) == 1
    assert world.mpesa.pushed == []


async def test_a_forged_amount_is_refused(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap_data("give:1:amount:999999", world.last.id)
    assert "KES 1 to KES 250,000" in world.pop_ups[0]


async def test_a_phone_that_rings_is_not_asked_again_and_the_buttons_come_back(world: World) -> None:
    await world.give()
    await ready_to_confirm(world)
    await world.tap("Confirm")
    assert len(world.mpesa.pushed) == 1
    assert "one request at a time" in world.last.text
    assert "Confirm" in world.telegram.messages[world.last.id - 1].buttons
    world.clock.forward(seconds=61)
    await world.tap("Confirm")
    assert len(world.mpesa.pushed) == 2


async def test_a_campaign_that_closed_before_confirm_takes_nothing(world: World) -> None:
    await ready_to_confirm(world)
    await world.use_cases.campaigns.close(1)
    await world.tap("Confirm")
    assert "“Water for Turkana” is closed" in world.last.text
    assert world.mpesa.pushed == []


async def test_somebody_elses_gift_cannot_be_confirmed_or_repeated(world: World) -> None:
    await world.say("/donate")
    stranger = await world.use_cases.donors.arrive(88, "Otieno", "en")
    draft = await world.use_cases.drafts.begin(stranger.id, "update:1", 1)
    for data in (f"give:{draft.id}:confirm:update:1", f"give:{draft.id}:amount:500", "again:1"):
        await world.tap_data(data)
    assert world.mpesa.pushed == []
    assert (await world.use_cases.drafts.current(stranger.id)) == draft


async def test_try_again_asks_for_the_same_gift_with_one_tap(world: World) -> None:
    world.mpesa.pushes.append(Failed(Reason.PHONE_BUSY, "500.001.1001"))
    await world.give()
    await world.work()
    await world.wait(seconds=125)
    offer = world.last
    for update_id in (700, 700, 701):
        await world.tap_data(offer.buttons.get("Try again", "again:1"), offer.id, update_id=update_id)
    assert [push.shillings for push in world.mpesa.pushed] == [500, 500]
    assert "Check the phone: M-Pesa asks for the PIN on 0708 374 149" in "".join(world.texts)


async def test_try_again_that_came_minutes_ago_is_asked_about_first(world: World) -> None:
    world.mpesa.pushes.append(Failed(Reason.PHONE_BUSY, "500.001.1001"))
    await world.give()
    await world.wait(seconds=125)
    await world.tap_data("again:1", world.last.id, received_at=world.clock() - timedelta(minutes=3))
    assert len(world.mpesa.pushed) == 1
    assert "reached us late" in world.last.text
    await world.tap("Confirm")
    assert len(world.mpesa.pushed) == 2


async def test_try_again_too_early_or_after_all_paid_is_answered(world: World) -> None:
    await world.give()
    await world.hear(callback(code=1032))
    await world.tap_data("again:1")
    assert "so soon. Please press Try again in 2 minutes" in world.pop_ups[-1]
    await world.hear(callback())
    assert (await world.newest()).status is DonationStatus.COMPLETED
    await world.tap_data("again:1")
    assert "nothing to try again" in world.pop_ups[-1]


async def test_a_tap_that_can_no_longer_be_answered_still_counts(world: World) -> None:
    await ready_to_confirm(world)
    world.telegram.trouble("answerCallbackQuery", Refusal(400, TOO_LATE))
    await world.tap("Confirm")
    assert len(world.mpesa.pushed) == 1


async def test_a_refusal_whose_tap_can_no_longer_be_answered_comes_as_a_message(world: World) -> None:
    world.telegram.trouble("answerCallbackQuery", Refusal(400, TOO_LATE))
    await world.tap_data("give:1:cancel")
    assert "That has expired" in world.last.text


async def test_a_message_that_the_donor_deleted_is_sent_anew(world: World) -> None:
    await ready_to_confirm(world)
    message_id, data = world.last.id, world.last.buttons["Confirm"]
    del world.telegram.messages[message_id]
    await world.tap_data(data, message_id)
    assert "Check the phone" in world.last.text
    assert (await world.newest()).message_id == world.last.id


async def confirmed_with_trouble(world: World, trouble: Exception) -> tuple[str, int]:
    """Telegram will fail after M-Pesa was asked. Returns the tap to be made."""
    await ready_to_confirm(world)

    async def then_trouble(_params: object) -> None:
        world.telegram.after.clear()
        world.telegram.trouble("editMessageText", trouble)

    world.telegram.after["editMessageText"] = then_trouble
    return world.last.buttons["Confirm"], world.last.id


async def test_a_flood_after_the_push_is_waited_out_without_a_second_push(world: World) -> None:
    data, message_id = await confirmed_with_trouble(world, FLOOD)
    assert await world.tap_data(data, message_id, update_id=500) is not None
    assert await world.tap_data(data, message_id, update_id=500) is None
    assert len(world.mpesa.pushed) == 1
    assert "Check the phone" in world.last.text


async def test_a_lost_answer_after_the_push_is_retried_without_a_second_push(world: World) -> None:
    data, message_id = await confirmed_with_trouble(world, CUT_OFF)
    with pytest.raises(NetworkError):
        await world.tap_data(data, message_id, update_id=500)
    await world.tap_data(data, message_id, update_id=500)
    assert len(world.mpesa.pushed) == 1
    assert "Check the phone" in world.last.text
