"""A gift from the first command to the receipt, as the donor taps and types it."""

from fundraising.statuses import DonationStatus
from mpesa.codes import Reason
from mpesa.outcome import Failed, Unknown
from tests.bot.world import World
from tests.fakes import callback


async def test_a_gift_by_taps_ends_with_the_receipt(world: World) -> None:
    await world.say("/start")
    assert list(world.last.buttons) == ["Water for Turkana · 0%"]
    await world.tap("Water for Turkana")
    await world.tap("KES 500")
    await world.share("254708374149")
    assert "0708 374 149" in world.last.text
    await world.tap("Confirm")
    donation = await world.newest()
    assert "Check your phone" in world.last.text
    assert donation.reference in world.last.text
    assert world.last.buttons == {}
    await world.hear(callback())
    assert "KES 500" in world.last.text
    assert "Water for Turkana" in world.last.text
    assert "TKM1AAAAAA" in world.last.text
    assert "KES 500 of KES 50,000 · 1 donor" in world.last.text
    assert world.telegram.messages[donation.message_id or 0].text.endswith("received. Thank you!")


async def test_the_second_time_the_last_number_is_a_button(world: World) -> None:
    await world.give()
    await world.hear(callback())
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 1,000")
    await world.tap("0708 374 149")
    await world.tap("Confirm")
    assert [push.shillings for push in world.mpesa.pushed] == [500, 1000]
    assert {push.phone.local for push in world.mpesa.pushed} == {"0708 374 149"}


async def test_another_number_than_the_last_one(world: World) -> None:
    await world.give()
    await world.hear(callback())
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    await world.tap("Another number")
    assert "request_contact" in str(world.last.keyboard)
    await world.say("0712 345 678")
    await world.tap("Confirm")
    assert world.mpesa.pushed[-1].phone.local == "0712 345 678"


async def test_wrong_amounts_and_numbers_are_explained_and_asked_for_again(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.say("lots")
    assert "whole shillings" in world.last.text
    await world.say("250,001")
    assert "KES 1 to KES 250,000" in world.last.text
    await world.say("1,500")
    await world.say("+1 202 555 0100")
    assert "not a Kenyan mobile number" in world.last.text
    await world.say("0708 374 149")
    assert "KES 1,500" in world.last.text
    await world.tap("Confirm")
    assert world.mpesa.pushed[0].shillings == 1500


async def test_the_sharing_button_is_taken_away_after_the_phone_step(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    assert "request_contact" in str(world.last.keyboard)
    await world.share("+254708374149")
    assert world.telegram.called("sendMessage")[-2]["reply_markup"] == {"remove_keyboard": True}


async def test_somebody_elses_card_pays_only_with_the_number_shown(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    await world.share("0712 345 678", owner=None)
    assert world.mpesa.pushed == []
    assert "0712 345 678" in world.last.text
    await world.tap("Confirm")
    assert world.mpesa.pushed[0].phone.local == "0712 345 678"


async def test_amount_and_number_can_be_changed_before_confirming(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    await world.say("0708 374 149")
    await world.tap("Change amount")
    await world.say("750")
    await world.tap("Change number")
    await world.say("0712 345 678")
    await world.tap("Confirm")
    assert (world.mpesa.pushed[0].shillings, world.mpesa.pushed[0].phone.local) == (750, "0712 345 678")


async def test_text_at_the_last_step_is_answered_with_a_hint(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    await world.say("0708 374 149")
    await world.say("yes please")
    assert "press Confirm" in world.last.text
    assert world.mpesa.pushed == []


async def test_cancelling_by_button_and_by_command(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("Cancel")
    assert world.last.text.startswith("Cancelled")
    await world.say("/cancel")
    assert "nothing to cancel" in world.last.text
    await world.say("/donate")
    await world.tap("Water")
    await world.say("/cancel")
    assert world.last.text.startswith("Cancelled")


async def test_when_mpesa_is_busy_the_donor_reads_that_we_keep_trying(world: World) -> None:
    world.mpesa.pushes.append(Failed(Reason.BUSY, "500.003.02"))
    await world.give()
    assert "M-Pesa is busy" in world.last.text
    await world.wait(seconds=6)
    assert len(world.mpesa.pushed) == 2


async def test_when_mpesa_does_not_answer_entering_the_pin_is_safe(world: World) -> None:
    world.mpesa.pushes.append(Unknown("timed out"))
    await world.give()
    assert "it is safe to enter it" in world.last.text


async def test_when_mpesa_refuses_at_once_the_reason_follows(world: World) -> None:
    world.mpesa.pushes.append(Failed(Reason.REFUSED, "400.002.02"))
    donation = await world.give()
    assert donation.status is DonationStatus.FAILED
    assert "did not go through" in world.telegram.messages[donation.message_id or 0].text
    await world.work()
    assert "M-Pesa refused the payment" in world.last.text


async def test_a_result_that_is_faster_than_our_message_wins(world: World) -> None:
    async def pays_at_once(_params: object) -> None:
        if "Check your phone" in world.last.text and (await world.newest()).status is DonationStatus.PENDING:
            await world.use_cases.settlement.receive(world.mpesa.token(), callback())

    world.telegram.after["editMessageText"] = pays_at_once
    await world.give()
    assert world.last.text.endswith("received. Thank you!")
