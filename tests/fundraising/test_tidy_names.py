"""Every name and title that people give is tidied by one rule before it is kept."""

import pytest
from sqlalchemy import select

from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.people.roles import Role
from fundraising.refusals import BadCampaign, BadName, BadPayout
from mpesa.msisdn import Msisdn
from storage.tables import donors
from tests.fundraising.house import House
from tests.fundraising.treasury import MAKER, RECIPIENT, Treasury

HIDDEN = "\u202eAkinyi\u200b \u2066Otieno\x07"
PHONE = Msisdn.parse("0712345678")


async def test_names_of_staff_and_their_new_names(house: House) -> None:
    await house.use_cases.staff.add(5001, HIDDEN, Role.MAKER, by=None)
    person = await house.use_cases.staff.of_chat(5001)
    assert person
    assert person.name == "Akinyi Otieno"
    await house.use_cases.staff.rename(person.id, "Che\u200dbet")
    renamed = await house.use_cases.staff.of_chat(5001)
    assert renamed
    assert renamed.name == "Chebet"
    with pytest.raises(BadName):
        await house.use_cases.staff.rename(person.id, "\u200b\u202e")


async def test_names_of_donors(house: House) -> None:
    donor = await house.use_cases.donors.without_chat(HIDDEN)
    assert (await house.use_cases.donors.listed(donor.id)).name == "Akinyi Otieno"
    arrived = await house.use_cases.donors.arrive(5002, HIDDEN, "en")
    assert (await house.use_cases.donors.listed(arrived.id)).name == "Akinyi Otieno"
    assert await house.database.read(lambda conn: conn.scalar(select(donors.c.id).where(donors.c.chat_id == 5002)))


async def test_titles_of_campaigns(house: House) -> None:
    campaign = await house.use_cases.campaigns.add(f"Water {HIDDEN}", Money.shillings(1000))
    assert campaign.title == "Water Akinyi Otieno"
    with pytest.raises(BadCampaign):
        await house.use_cases.campaigns.add("\u200b\u202e", Money.shillings(1000))


async def test_names_of_saved_recipients(house: House) -> None:
    assert (await house.use_cases.ngos.add(HIDDEN, PHONE)).name == "Akinyi Otieno"
    with pytest.raises(BadPayout):
        await house.use_cases.ngos.add("\u200b -", PHONE)


async def test_recipients_purposes_remarks_and_reasons(treasury: Treasury) -> None:
    requests, approvals = treasury.house.use_cases.paying.requests, treasury.house.use_cases.paying.approvals
    order = Order(1, Money.shillings(500), RECIPIENT, HIDDEN, purpose=HIDDEN, remarks=f"For\u00a0{HIDDEN}")
    payout = await requests.request(order, MAKER)
    assert (payout.recipient_name, payout.purpose, payout.remarks) == (
        "Akinyi Otieno",
        "Akinyi Otieno",
        "For Akinyi Otieno",
    )
    rejected = await approvals.reject(payout.id, 2, HIDDEN)
    assert rejected.note == "Akinyi Otieno"
    with pytest.raises(BadPayout):
        await requests.request(Order(1, Money.shillings(500), RECIPIENT, "\u202e\u200b."), MAKER)
