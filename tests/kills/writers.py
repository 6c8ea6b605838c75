"""A process that moves money until it is told to stop, or killed: gifts, corrections, payouts, retries, covers."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from fundraising.construction import build_use_cases
from fundraising.evidence import prompts
from fundraising.evidence.record import Source
from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.people.roles import Role
from fundraising.refusals import Refused
from fundraising.statuses import PayoutStatus
from mpesa.client import PushAccepted, StkPush
from mpesa.msisdn import Msisdn
from mpesa.outcome import Outcome, Succeeded
from mpesa.payouts import B2cPayment
from storage import facts, open_database
from storage.database import Database
from tests.fakes import PAYING, FakeMpesa, FakePayouts, b2c_result, callback
from tests.kills.child import GIVING, VAULT
from trustvoice.jobs import mpesa_worker

MAKER, CHECKER, *OWNERS = 1, 2, 3, 4
CAMPAIGNS = (1, 2)
WALLET_FULL, CANCELLED = 8, 1032
TOO_MUCH = 400  # shillings
GIFTS_AT_ONCE = 4
A_BREATH, A_WHILE = 0.02, 0.1  # seconds between two acts, so that the other processes and the reader get their turn
STOP = "stop"


class Pushes(FakeMpesa):
    def __init__(self, name: str):
        super().__init__()
        self._name, self.accepted = name, dict[str, tuple[StkPush, str]]()

    async def stk_push(self, push: StkPush) -> Outcome[PushAccepted]:
        checkout_id = f"ws_CO_{len(self.accepted)}_{self._name}"
        self.accepted[push.reference] = push, checkout_id
        return Succeeded(PushAccepted(checkout_id, "m-1"))


class Writer:
    def __init__(self, database: Database, name: str):
        self._chance, self._name = random.Random(name), name
        self._pushes, self._payouts, self._receipts = Pushes(name), FakePayouts(), count(1)
        self.house = build_use_cases(
            GIVING, PAYING, database, VAULT, self._pushes, self._payouts, now, random.SystemRandom().randbytes
        )
        self._late: list[tuple[str, bytes]] = []
        self._worker = mpesa_worker(database, now, self.house)

    async def until(self, stop: Path) -> None:
        often = (self._gifts, self._correction, self._payout, self._send)
        seldom = (self._late_result, self._retry, self._cover, self._unfreeze)
        acts = [(act, A_BREATH) for act in often] + [(act, A_WHILE) for act in seldom]
        await asyncio.gather(*(self._again_and_again(act, pause, stop) for act, pause in acts))

    async def _again_and_again(self, act: Callable[[], Awaitable[object]], pause: float, stop: Path) -> None:
        while not stop.exists():
            with suppress(Refused):  # no money left, frozen, decided by another process: the rules at work
                await act()
            await asyncio.sleep(pause)

    async def _gifts(self) -> None:
        await asyncio.gather(*(self._gift() for _ in range(GIFTS_AT_ONCE)))

    async def _gift(self) -> None:
        """Paid, cancelled, paid otherwise than asked for, or paid twice."""
        _, push, checkout_id = await self._pushed()
        wrong = self._chance.random() < 0.1
        code = CANCELLED if self._chance.random() < 0.1 else 0
        said = [callback(checkout_id, code, push.shillings + wrong, self._receipt())]
        if self._chance.random() < 0.1:
            said.append(callback(checkout_id, 0, push.shillings, self._receipt()))
        await asyncio.gather(
            *(self.house.paying.mailbox.prompt_result(token_of(push.callback_url), body) for body in said * 2)
        )

    async def _correction(self) -> None:
        """A question said that it is paid; the callback says that less came: some of it is given back."""
        donation_id, push, checkout_id = await self._pushed()
        paid: Outcome[None] = Succeeded(None)
        await self.house.intake.take(prompts.answer(Source.QUERY, donation_id, paid, now()))
        less = callback(checkout_id, 0, push.shillings // 2, self._receipt())
        await self.house.paying.mailbox.prompt_result(token_of(push.callback_url), less)

    async def _pushed(self) -> tuple[int, StkPush, str]:
        donor = await self.house.donors.without_chat("Somebody")
        amount, phone = Money.shillings(self._chance.randint(10, 90)), self._phone()
        donation = await self.house.donations.start(donor.id, self._chance.choice(CAMPAIGNS), amount, phone)
        return donation.id, *self._pushes.accepted[donation.reference]

    async def _payout(self) -> None:
        order = Order(self._chance.choice(CAMPAIGNS), Money.shillings(self._chance.randint(20, 60)), self._phone(), "A")
        payout = await self.house.paying.requests.request(order, MAKER)
        if self._chance.random() < 0.15:
            await self.house.paying.approvals.reject(payout.id, CHECKER, "no")
        else:
            await self.house.paying.approvals.approve(payout.id, CHECKER)

    async def _send(self) -> None:
        """What is due, whoever asked for it; then M-Pesa's results."""
        told = len(self._payouts.sent)
        await self._worker.start_due()
        await self._worker.finish(timedelta(seconds=5))
        await asyncio.gather(*(self._result(payment) for payment in self._payouts.sent[told:]))

    async def _result(self, payment: B2cPayment) -> None:
        """Paid; or failed, and then sent again or paid after all: more than was asked, which the campaign then owes."""
        hear, luck = self.house.paying.mailbox.payment_result, self._chance.random()
        token, receipt = token_of(payment.result_url), self._receipt()
        if luck < 0.5:
            await hear(token, b2c_result(payment.originator_id, 0, payment.shillings, receipt))
            return
        await hear(token, b2c_result(payment.originator_id, WALLET_FULL))
        if luck < 0.9:
            self._late.append((token, b2c_result(payment.originator_id, 0, payment.shillings + TOO_MUCH, receipt)))

    async def _late_result(self) -> None:
        """By now the money may be sent again, or promised to others."""
        if self._late:
            await self.house.paying.mailbox.payment_result(*self._late.pop(0))

    async def _retry(self) -> None:
        for payout in await self.house.paying.requests.list(PayoutStatus.FAILED, limit=1):
            await self.house.paying.approvals.retry(payout.id, MAKER)

    async def _cover(self) -> None:
        for campaign_id in CAMPAIGNS:
            await self.house.receivables.cover(campaign_id)

    async def _unfreeze(self) -> None:
        for owner in OWNERS:
            await self.house.paying.switch.unfreeze(owner)

    def _phone(self) -> Msisdn:
        return Msisdn(f"2547{self._chance.randrange(10**8):08}")

    def _receipt(self) -> str:
        return f"T{self._name}{next(self._receipts)}"


def now() -> datetime:
    return datetime.now(UTC)


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


async def stock_bank(database: Database) -> None:
    house = Writer(database, "0").house
    await database.write(lambda conn: facts.check_key(conn, VAULT))
    for campaign_id in CAMPAIGNS:
        await house.campaigns.add(f"Campaign {campaign_id}", Money.shillings(50_000))
    for number, role in enumerate((Role.MAKER, Role.CHECKER, Role.OWNER, Role.OWNER), start=1):
        await house.staff.add(1000 + number, f"Person {number}", role, by=None)


def write(url: str, name: str, folder: Path, runs: bool) -> None:
    """What a process does. `runs`: as `trustvoice run` does, else as a command beside it."""

    async def work() -> None:
        database = open_database(url)
        if runs:
            database.hold()
        (folder / f"started {name}").touch()
        await Writer(database, name).until(folder / STOP)
        await database.close()

    asyncio.run(work())
