"""The file with which every world begins: two campaigns with money in them, four people with a role, one NGO."""

import asyncio
import random
from pathlib import Path

from fundraising.construction import build_use_cases
from fundraising.giving.donations import GivingSettings
from fundraising.money import Money
from fundraising.people.roles import Role
from fundraising.use_cases import UseCases
from mpesa.client import StkPush
from mpesa.msisdn import Msisdn
from storage.inline import InlineDatabase
from tests.fakes import PAYING, FakeMpesa, FakePayouts, callback
from tests.simulation.collecting import Payment, Prompt
from tests.simulation.eye import Eye
from tests.simulation.process import VAULT
from tests.simulation.virtual_time import START

CAMPAIGNS = (1, 2)
MAKER, CHECKER, *OWNERS = range(1, 5)
CHATS = {MAKER: 1001, CHECKER: 1002, OWNERS[0]: 1003, OWNERS[1]: 1004}
NGO_PHONE, NGO_CHAT = Msisdn("254733000001"), 2001
OPENING = (12_000, 4_000)  # shillings in each campaign
ROLES = ((MAKER, Role.MAKER), (CHECKER, Role.CHECKER), (OWNERS[0], Role.OWNER), (OWNERS[1], Role.OWNER))


def make(path: Path) -> None:
    asyncio.run(fill(path))


async def fill(path: Path) -> None:
    database, mpesa = InlineDatabase(path), FakeMpesa()
    await database.migrate()
    house = build_use_cases(
        GivingSettings("https://give.example/x"),
        PAYING,
        database,
        VAULT,
        mpesa,
        FakePayouts(),
        lambda: START,
        random.Random("template").randbytes,
    )
    for title in ("Water for Turkana", "A roof for the school"):
        await house.campaigns.add(title, Money.shillings(50_000))
    for person_id, role in ROLES:
        await house.staff.add(CHATS[person_id], role, role, by=None)
    await house.ngos.add("Maji Mengi", NGO_PHONE, NGO_CHAT)
    await open_with_money(house, mpesa)
    await database.write(lambda conn: conn.exec_driver_sql("DELETE FROM jobs").rowcount)
    await database.close()


async def open_with_money(house: UseCases, mpesa: FakeMpesa) -> None:
    """From a donor without a chat: nobody waits for news of it."""
    donor = await house.donors.without_chat("Founder")
    for campaign_id, shillings in zip(CAMPAIGNS, OPENING, strict=True):
        phone = Msisdn(f"25470000000{campaign_id}")
        await house.donations.start(donor.id, campaign_id, Money.shillings(shillings), phone)
        body = callback(f"ws_CO_{campaign_id}", shillings=shillings, receipt=f"TKOPENING{campaign_id}")
        await house.paying.mailbox.prompt_result(mpesa.token(), body)


def opening_payments(eye: Eye) -> list[Payment]:
    """As M-Pesa remembers them."""
    paid = []
    for row, shillings in zip(eye.donations(), OPENING, strict=True):
        push = StkPush(Msisdn("254700000001"), shillings, row.reference, "Donation", "https://give.example/x/0")
        prompt = Prompt(push, f"opening {row.id}", lies=False, last_code="0")
        paid.append(Payment(f"TKOPENING{row.id}", shillings, prompt, START, heard=True))
    return paid
