"""Ways through the chat: a link to a campaign, a shared contact, Try again."""

import pytest

from standins.shapes import Behaviour
from tests.e2e.house import TITLE, House

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_link_leads_straight_to_its_campaign_and_the_shared_contact_pays(house: House) -> None:
    donor = await house.donor()
    asked = await donor.says(f"/start c_{house.slug}", "How much")
    assert TITLE in asked.text
    await donor.taps("KES 1,000", "Which M-Pesa number")
    sent = await house.standins.contact(donor.user_id)
    await donor.reads("Press Confirm", since=sent.mark)
    prompt = await donor.confirms()
    assert (prompt.phone, prompt.shillings) == (donor.phone, 1000)
    await house.pay(prompt)
    await donor.reads((await donor.paid()).receipt)


async def test_a_link_to_no_campaign_says_so(house: House) -> None:
    donor = await house.donor()
    await donor.says("/start c_no-such-thing", "do not know this campaign")


async def test_try_again_appears_when_m_pesa_takes_the_same_again(house: House) -> None:
    donor = await house.donor()
    await house.standins.script(donor.phone, Behaviour(do="cancel"), Behaviour(do="pay"))
    await donor.prepares(house.slug)
    failed = await donor.taps("Confirm", "cancelled on the phone")
    offer = failed if failed.buttons else await donor.reads("cancelled on the phone", since=failed.changed)
    assert [[button.text for button in row] for row in offer.buttons] == [["Try again"]]
    await donor.taps("Try again", "Asante")
    assert (await donor.paid()).shillings == 500
    assert await donor.pushes() == 2


async def test_a_cancelled_gift_asks_nobody_and_its_button_is_dead(house: House) -> None:
    donor = await house.donor()
    await donor.prepares(house.slug)
    await donor.says("/cancel", "M-Pesa was not asked")
    await donor.taps("Confirm", "has expired")
    assert await donor.pushes() == 0


async def test_nobody_but_telegram_can_send_updates(house: House) -> None:
    assert (await house.post("/webhooks/telegram", b'{"update_id": 1}')).status == 403
