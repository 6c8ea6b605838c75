"""A house with money in it and people who may send it."""

from dataclasses import dataclass
from typing import Any

from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.paying.payout import Attempt, Payout, attempts_of
from fundraising.people.roles import Role
from letters.language import ENGLISH, LANGUAGES
from letters.stops import because
from mpesa.msisdn import Msisdn
from tests.fakes import b2c_result, callback, status_result
from tests.fundraising.house import House

RECIPIENT = Msisdn.parse("0712345678")
MAKER, CHECKER, SECOND_CHECKER, OWNER, OTHER_OWNER = 1, 2, 3, 4, 5


@dataclass
class Treasury:
    house: House

    async def open(self, shillings: int = 50_000) -> "Treasury":
        staff = self.house.use_cases.staff
        for number, role in enumerate((Role.MAKER, Role.CHECKER, Role.CHECKER, Role.OWNER, Role.OWNER), start=1):
            await staff.add(1000 + number, f"Person {number}", role, by=None)
        await self.house.give(shillings)
        await self.house.hear(callback(shillings=shillings))
        return self

    async def request(self, shillings: int = 1000, phone: Msisdn = RECIPIENT, by: int = MAKER) -> Payout:
        order = Order(1, Money.shillings(shillings), phone, "Akinyi Otieno")
        return await self.house.use_cases.paying.requests.request(order, by, despite_duplicate=True)

    async def approve(self, payout: Payout, by: int = CHECKER) -> Payout:
        return await self.house.use_cases.paying.approvals.approve(payout.id, by)

    async def send(self, shillings: int = 1000) -> Payout:
        """Requested, approved and sent; M-Pesa has acknowledged it."""
        payout = await self.approve(await self.request(shillings))
        await self.house.work()
        return await self.payout(payout.id)

    async def takes(self, person: int, role: Role) -> None:
        """One owner proposes, the other confirms."""
        staff = self.house.use_cases.staff
        proposal = await staff.remove(person, role, by=OWNER)
        assert proposal
        await staff.confirm(proposal.id, by=OTHER_OWNER)

    async def payout(self, payout_id: int = 1) -> Payout:
        return await self.house.use_cases.paying.requests.find(payout_id)

    async def attempts(self, payout_id: int = 1) -> list[Attempt]:
        return await self.house.database.read(lambda conn: attempts_of(conn, payout_id))

    async def result(self, code: int | str = 0, nth: int = -1, token: str | None = "", **said: Any) -> None:
        """M-Pesa's result for the nth request; with its token unless another, or None, is given."""
        sent = self.house.payouts.sent[nth]
        said.setdefault("shillings", sent.shillings)
        body = b2c_result(sent.originator_id, code, **said)
        known = self.house.payouts.token(nth) if token == "" else token
        await self.house.use_cases.paying.mailbox.payment_result(known, body)

    async def status(self, status: str = "Completed", **said: Any) -> None:
        """M-Pesa's answer to the last question."""
        token = self.house.payouts.question_token()
        await self.house.use_cases.paying.mailbox.status_result(token, status_result(status, **said))

    async def frozen(self) -> str | None:
        """Why nothing is sent, as its letters say; None when it is."""
        stops = (await self.house.use_cases.paying.switch.state()).stops
        return because(LANGUAGES[ENGLISH], stops) if stops else None

    async def held(self) -> tuple[int, int]:
        """Whole shillings in the campaign, and of these promised."""
        standing = await self.house.use_cases.campaigns.standing(1)
        return await self.house.held("campaign:1"), standing.balance.reserved.whole_shillings
