"""M-Pesa's code, sent at any time by anybody: what the answer promises is so."""

import pytest
from sqlalchemy import select

from mpesa.outcome import Succeeded
from mpesa.payouts import StatusQuestion
from storage.phone_tables import unknown_codes
from storage.tables import claims
from tests.bot.office import CHECKER, MAKER, Office
from tests.bot.world import CHAT, OWNER, World, message
from tests.fakes import callback, status_result

CODE = "TKM1AB2CD3"
SMS = f"{CODE} Confirmed. Ksh500.00 sent to TRUSTVOICE for account 7DT7HT3Y4S on 22/11/26 at 1:05 PM"
PAYER = "254708374149 - WANJIKU"


async def asked_about(world: World) -> list[str | None]:
    await world.work()
    return [asked.receipt for asked in world.payouts.asked if isinstance(asked, StatusQuestion)]


@pytest.mark.parametrize(
    "text", [CODE, CODE.lower(), SMS, f"I paid! {CODE}", f"“{CODE}”.", f"nimelipa {CODE.lower()} tayari"]
)
async def test_while_mpesa_is_silent_the_code_is_kept_for_the_gift_and_asked_about(world: World, text: str) -> None:
    await world.give()
    await world.say(text)
    assert f"<code>{CODE}</code> belongs to your KES 500 for <b>Water for Turkana</b>" in world.last.text
    assert "we are asking M-Pesa" in world.last.text
    assert await asked_about(world) == [CODE]
    assert world.mpesa.asked == ["ws_CO_1"]
    kept = await world.database.read(lambda conn: conn.execute(select(claims.c.donation_id, claims.c.code)).all())
    assert kept == [(1, CODE)]
    assert "Donation 1: the donor sent an M-Pesa code" in world.texts_of(OWNER)[-1]


async def test_a_code_that_is_counted_is_answered_with_the_receipt(world: World) -> None:
    await world.give()
    await world.hear(callback(receipt=CODE))
    await world.say(f"did you get it? {CODE.lower()}")
    assert "counted already" in world.last.text
    assert f"KES 500 for Water for Turkana\n✅ received, receipt <code>{CODE}</code>" in world.last.text
    assert await asked_about(world) == []


async def test_the_receipt_of_a_gift_that_a_query_settled_comes_with_the_code(world: World) -> None:
    donation = await world.give()
    world.mpesa.queries.append(Succeeded(None))
    await world.wait(seconds=31)
    assert "Send us the code from it" in world.last.text
    await world.say("/history")
    assert "send us the code" in world.last.text
    await world.say(CODE)
    assert "is counted already" in world.last.text
    assert "stands in /history" in world.last.text
    assert await asked_about(world) == [CODE]
    body = status_result(shillings=500, receipt=CODE, payer=PAYER)
    await world.use_cases.paying.mailbox.status_result(world.payouts.question_token(), body)
    await world.work()
    assert f"receipt of your KES 500 for <b>Water for Turkana</b> is <code>{CODE}</code>" in world.last.text
    for command in ("/history", "/receipt"):
        await world.say(command)
        assert f"✅ received, receipt <code>{CODE}</code>" in world.last.text
    assert (await world.use_cases.donation_records.find(donation.id)).donation.receipt == CODE


async def test_the_code_of_a_gift_that_failed_of_late_is_taken(world: World) -> None:
    await world.give()
    await world.hear(callback(code=1032))
    await world.wait(days=29)
    await world.say(CODE)
    assert "belongs to your KES 500" in world.last.text
    assert await asked_about(world) == [CODE]
    await world.wait(days=2)
    await world.say("TKM9ZZ8YY7")
    assert "We do not know the code <code>TKM9ZZ8YY7</code>" in world.last.text


async def test_a_code_that_fits_nothing_is_kept_and_a_treasurer_is_told(world: World) -> None:
    await world.say(SMS)
    assert f"We do not know the code <code>{CODE}</code>" in world.last.text
    assert "It is kept, and a treasurer looks" in world.last.text
    await world.work()
    assert f"sent the M-Pesa code <code>{CODE}</code>" in world.texts_of(OWNER)[-1]
    kept = await world.database.read(lambda conn: list(conn.scalars(select(unknown_codes.c.code))))
    assert kept == [CODE]


async def test_what_is_not_kept_is_not_called_kept(world: World) -> None:
    await world.give()
    for number in range(5):
        await world.say(f"TKM1AB2C{number:02}")
        assert "belongs to your KES 500" in world.last.text
    await world.say("TKM1AB2C99")
    assert "<code>TKM1AB2C99</code> is not kept" in world.last.text
    await world.say("TKM1AB2C00")
    assert "belongs to your KES 500" in world.last.text


async def test_a_code_of_anothers_gift_tells_nothing_about_it(world: World) -> None:
    await world.give()
    await world.hear(callback(receipt=CODE))
    await world.say(CODE, chat=88)
    assert "fits none of your gifts" in world.last_of(88).text
    assert "KES 500" not in world.last_of(88).text


async def test_without_transaction_status_a_treasurer_compares(world: World) -> None:
    world.use_cases.claims._asks_mpesa = False
    await world.give()
    world.mpesa.queries.append(Succeeded(None))
    await world.wait(seconds=31)
    await world.say(CODE)
    assert "a treasurer compares it with M-Pesa's statement" in world.last.text
    assert await asked_about(world) == []
    assert "the donor sent an M-Pesa code" in world.texts_of(OWNER)[-1]


async def test_the_account_number_is_told_from_a_code(world: World) -> None:
    donation = await world.give()
    await world.say(donation.reference)
    assert "is the account number of this gift" in world.last.text
    assert "waiting for M-Pesa" in world.last.text
    assert await asked_about(world) == []


@pytest.mark.parametrize("step", ["amount", "phone", "confirm"])
async def test_a_code_in_the_middle_of_a_gift_loses_no_step(world: World, step: str) -> None:
    await world.give()
    await world.say("/donate")
    await world.tap("Water")
    if step != "amount":
        await world.say("750")
    if step == "confirm":
        await world.tap("0708 374 149")
    await world.say(SMS)
    assert "belongs to your KES 500" in world.last.text
    draft = await world.use_cases.drafts.current((await world.use_cases.donors.arrive(CHAT, "Wanjiku", "en")).id)
    assert draft
    assert draft.step == step


async def test_staff_send_codes_too_also_in_the_middle_of_a_payout(world: World) -> None:
    office = await Office(world).open()
    await office.say(MAKER, "/payout")
    await office.tap(MAKER, "Water")
    await office.say(MAKER, SMS)
    assert f"We do not know the code <code>{CODE}</code>" in office.last(MAKER).text
    await office.say(MAKER, "5,000")
    await office.say(MAKER, CODE)
    await office.say(MAKER, "0712 345 678")
    await office.say(MAKER, f"see {CODE}")
    await office.say(MAKER, "Akinyi Otieno")
    await office.tap(MAKER, "Confirm")
    assert (await office.payout()).recipient_name == "Akinyi Otieno"


async def test_a_reason_may_name_a_code_and_a_code_alone_is_no_reason(world: World) -> None:
    office = await Office(world).open()
    payout = await office.request()
    await office.tap(CHECKER, "Reject")
    await office.say(CHECKER, CODE)
    assert "We do not know the code" in office.last(CHECKER).text
    await office.say(CHECKER, f"paid before, see {CODE}")
    assert (await office.payout(payout.id)).note == f"paid before, see {CODE}"


async def test_a_code_below_a_photo_is_read(world: World) -> None:
    await world.give()
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    await world.handle(message=message(photo=photo, caption=f"paid {CODE}"))
    assert "belongs to your KES 500" in world.last.text
