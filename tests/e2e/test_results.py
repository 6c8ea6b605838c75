"""A person answers the prompt: pays, cancels, mistypes, or has no money."""

import pytest

from standins.shapes import Act, Behaviour
from tests.e2e.books import raised_minor
from tests.e2e.house import TITLE, House

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_donor_gives_and_reads_the_receipt(house: House) -> None:
    donor, before = await house.donor(), await raised_minor(house)
    await donor.says("/start", "Which campaign")
    await donor.taps("Clean water", "How much")
    await donor.says("750", "Which M-Pesa number")
    await donor.says(donor.typed_phone, "Press Confirm")
    prompt = await donor.confirms()
    waiting = await donor.reads("Check the phone")
    assert (prompt.shillings, prompt.phone) == (750, donor.phone)
    assert prompt.reference in waiting.text
    await house.pay(prompt)
    moved = await donor.paid()
    thanks = await donor.reads(moved.receipt)
    assert "KES 750" in thanks.text
    assert TITLE in thanks.text
    await donor.reads("received. Thank you!", since=waiting.changed)
    assert "Check the phone" not in await donor.chat()
    assert await raised_minor(house) == before + 75_000


@pytest.mark.parametrize(
    ("act", "why"),
    [("cancel", "cancelled on the phone"), ("wrong_pin", "PIN was wrong"), ("no_money", "not enough money")],
)
async def test_a_donor_who_does_not_pay_reads_why(house: House, act: Act, why: str) -> None:
    donor = await house.donor()
    await donor.gives(house.slug, Behaviour(do=act))
    told = await donor.reads(why)
    assert "did not go through" in told.text
    assert "No money left your account." in told.text
    assert await donor.paid_nothing()
    await donor.says("/history", "did not go through")
