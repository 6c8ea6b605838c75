"""What lives are about: one donation or payout; M-Pesa pays or refuses, speaks of itself or only when asked."""

from secrets import token_bytes

from fundraising.construction import build_use_cases
from fundraising.giving.donation import Donation
from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.paying.payout import Payout
from fundraising.people.roles import Role
from fundraising.refusals import AlreadyDecided
from fundraising.use_cases import UseCases
from mpesa.msisdn import Msisdn
from storage import facts, open_database
from tests.fakes import FakeMpesa, FakePayouts, callback
from tests.kills.child import GIVING, PAYING, VAULT
from tests.kills.outside import START
from tests.kills.story import Story

DONOR, PROMPT = 1, 5  # a row, and the message that the donor pressed a button of
DRAFT, PAYOUT_DRAFT = 1, 1
MAKER, CHECKER = 1, 2
DONORS_CHAT, STAFF_CHATS = 77, {MAKER: 1001, CHECKER: 1002, 3: 1003, 4: 1004}
OPENING, GIVEN, PAID_OUT = 5000, 500, 1000
RECIPIENT = Msisdn.parse("0712345678")


async def give(house: UseCases) -> Donation:
    return await house.donations.confirm(DRAFT, DONOR, PROMPT)


async def pay_out(house: UseCases) -> Payout:
    order = Order(1, Money.shillings(PAID_OUT), RECIPIENT, "Akinyi Otieno")
    payout = await house.paying.requests.request(order, MAKER, PAYOUT_DRAFT)
    try:
        return await house.paying.approvals.approve(payout.id, CHECKER)
    except AlreadyDecided:
        return payout


DONATIONS = {
    story.name: story
    for story in (
        Story("given, M-Pesa calls back", give),
        Story("refused, M-Pesa calls back", give, pays=False),
        Story("given, M-Pesa must be asked", give, speaks=False),
        Story("refused, M-Pesa must be asked", give, pays=False, speaks=False),
        Story("given, M-Pesa is silent", give, speaks=False, answers=False),
    )
}
PAYOUTS = {
    story.name: story
    for story in (
        Story("paid, M-Pesa calls back", pay_out),
        Story("not paid, M-Pesa calls back", pay_out, pays=False),
        Story("paid, M-Pesa must be asked", pay_out, speaks=False),
        Story("not paid, M-Pesa must be asked", pay_out, pays=False, speaks=False),
        Story("paid, M-Pesa is silent", pay_out, speaks=False, answers=False),
    )
}
STORIES = DONATIONS | PAYOUTS


async def stock(url: str) -> None:
    """A campaign with money in it, a donor and a treasurer who are about to confirm, and nothing left to do."""
    database, mpesa = open_database(url), FakeMpesa()
    await database.migrate()
    await database.write(lambda conn: facts.check_key(conn, VAULT))
    house = build_use_cases(GIVING, PAYING, database, VAULT, mpesa, FakePayouts(), lambda: START, token_bytes)
    await house.campaigns.add("Water for Turkana", Money.shillings(50_000))
    await house.donors.arrive(DONORS_CHAT, "Wanjiku", "en")
    owners = (Role.OWNER, Role.OWNER)
    for (person, chat), role in zip(STAFF_CHATS.items(), (Role.MAKER, Role.CHECKER, *owners), strict=True):
        await house.staff.add(chat, f"Person {person}", role, by=None)
    founder = await house.donors.without_chat("Founder")
    await house.donations.start(founder.id, 1, Money.shillings(OPENING), Msisdn.parse("0733000001"))
    await house.paying.mailbox.prompt_result(mpesa.token(), callback(shillings=OPENING, receipt="TKOPENING1"))
    draft = await house.drafts.begin(DONOR, "one", campaign_id=1)
    await house.drafts.set_amount(draft.id, DONOR, Money.shillings(GIVEN), "two")
    await house.drafts.set_phone(draft.id, DONOR, Msisdn.parse("0708374149"), "three")
    await house.paying.drafts.begin(MAKER, "one", 1, Money.shillings(PAID_OUT), RECIPIENT, "Akinyi Otieno")
    await database.write(lambda conn: conn.exec_driver_sql("DELETE FROM jobs").rowcount)
    await database.close()
