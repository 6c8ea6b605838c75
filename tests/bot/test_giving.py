"""A gift from the first command to the receipt, as the donor taps and types it."""

import pytest

from fundraising.statuses import DonationStatus
from mpesa.codes import Reason
from mpesa.outcome import Failed, Unknown
from tests.bot.world import World, message
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
    assert "Check the phone" in world.last.text
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


async def with_three_phones(world: World) -> None:
    for number, phone in enumerate(("0708 374 149", "0712 345 678", "0722 000 111", "0712 345 678"), start=1):
        await world.say("/donate")
        await world.tap("Water")
        await world.say("500")
        await world.say(phone)
        await world.tap("Confirm")
        await world.hear(callback(f"ws_CO_{number}", receipt=f"TKM{number}AAAAAA"))


async def test_the_last_three_numbers_are_offered_the_newest_first(world: World) -> None:
    await with_three_phones(world)
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    assert list(world.last.buttons)[:3] == ["0712 345 678", "0722 000 111", "0708 374 149"]
    await world.tap("0722 000 111")
    await world.tap("Confirm")
    assert "M-Pesa asks for the PIN on 0722 000 111" in world.last.text
    assert world.mpesa.pushed[-1].phone.local == "0722 000 111"


async def test_anothers_number_cannot_be_chosen_by_a_forged_button(world: World) -> None:
    await world.give()
    await world.say("/donate", chat=88)
    await world.tap("Water", chat=88)
    await world.tap("KES 500", chat=88)
    await world.tap_data("give:2:phone:1", chat=88)
    assert "0708" not in world.last_of(88).text
    assert "We do not know this gift" in world.pop_ups[-1]


async def test_a_number_of_another_network_is_asked_about_and_not_refused(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    await world.say("0733 123 456")
    assert "0733 123 456 looks like a number of Airtel. M-Pesa needs a Safaricom line. Use it all the same?" in (
        world.last.text
    )
    await world.tap("Confirm")
    assert world.mpesa.pushed[0].phone.local == "0733 123 456"


@pytest.mark.parametrize("text", ["0708374149", "my number is 0708 374 149", "+254 (0) 708 374 149"])
@pytest.mark.parametrize("step", ["amount", "phone", "confirm"])
async def test_a_number_is_understood_at_every_step(world: World, step: str, text: str) -> None:
    await world.say("/donate")
    await world.tap("Water")
    if step != "amount":
        await world.say("5k")
    if step == "confirm":
        await world.say("0712 345 678")
    await world.say(text)
    if step == "amount":
        await world.say("elfu tano")
    await world.tap("Confirm")
    assert (world.mpesa.pushed[0].shillings, world.mpesa.pushed[0].phone.local) == (5000, "0708 374 149")


async def test_a_number_that_comes_when_nothing_is_open_is_noted_for_the_next_gift(world: World) -> None:
    await world.say("0712 345 678")
    assert world.last.text.startswith("0712 345 678 is noted for your next gift.")
    await world.share("254708374149")
    assert "as your own number" in world.last.text
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    assert next(iter(world.last.buttons)) == "0708 374 149"
    await world.tap("0708 374 149")
    await world.tap("Confirm")
    assert world.mpesa.pushed[0].phone.local == "0708 374 149"


@pytest.mark.parametrize("leave", ["/donate", "/campaigns", "/start", "/cancel", "Change amount", "Cancel"])
async def test_the_button_that_shares_a_number_never_outlives_its_question(world: World, leave: str) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.tap("KES 500")
    assert "request_contact" in str(world.last.keyboard)
    await (world.say(leave) if leave.startswith("/") else world.tap(leave))
    keyboards = [sent.get("reply_markup") or {} for sent in world.telegram.called("sendMessage")]
    told = [str(keyboard) for keyboard in keyboards if "inline_keyboard" not in keyboard and keyboard]
    assert "remove_keyboard" in told[-1]


async def test_two_lines_are_two_amounts(world: World) -> None:
    await world.say("/donate")
    await world.tap("Water")
    await world.say("500\n600")
    assert world.last.text == "Do you mean KES 500 or KES 600? Please type it in figures, like 1500."
    await world.say("elfu kumi na tano")
    assert "KES 10,005 or KES 15,000" in world.last.text
    await world.say("0.50")
    assert "without cents" in world.last.text
    await world.say("KSh 2,500/=")
    assert "KES 2,500 for <b>Water for Turkana</b>" in world.texts[-2]


@pytest.mark.parametrize("step", ["amount", "phone", "confirm"])
async def test_a_file_in_the_middle_loses_no_step(world: World, step: str) -> None:
    await world.say("/donate")
    await world.tap("Water")
    if step != "amount":
        await world.say("500")
    if step == "confirm":
        await world.say("0708 374 149")
    question = world.last.text
    await world.handle(message=message(document={"file_id": "f", "file_unique_id": "f", "file_name": "receipt.pdf"}))
    assert "Nothing is lost" in " ".join(world.texts[-3:])
    assert world.last.text == question


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
        if "Check the phone" in world.last.text and (await world.newest()).status is DonationStatus.PENDING:
            await world.use_cases.paying.mailbox.prompt_result(world.mpesa.token(), callback())

    world.telegram.after["editMessageText"] = pays_at_once
    await world.give()
    assert world.last.text.endswith("received. Thank you!")
