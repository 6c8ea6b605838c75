"""A restore drill: a house that is backed up, goes on, and is lost."""

from dataclasses import dataclass, field
from pathlib import Path

from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.paying.payout import Payout
from fundraising.people.roles import Role
from mpesa.msisdn import Msisdn
from storage import backup, open_database
from storage.database import Database
from storage.journal import Journal
from storage.vault import Vault
from tests.fakes import FakeClock
from tests.fundraising.bank import Bank
from tests.fundraising.house import SECRET, House
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER
from trustvoice.database.backup import put_back_sqlite

ROLES = (Role.MAKER, Role.CHECKER, Role.CHECKER, Role.OWNER, Role.OWNER)


@dataclass
class Drill:
    folder: Path
    keeps_a_journal: bool = True
    bank: Bank = field(default_factory=Bank)
    clock: FakeClock = field(default_factory=FakeClock)
    lives: int = 0

    @property
    def path(self) -> Path:
        return self.folder / "trustvoice.db"

    async def open(self) -> House:
        """The program starts, as after any restart."""
        self.lives += 1
        database = open_database(f"sqlite+aiosqlite:///{self.path}")
        await database.migrate()
        journal = Journal(self.folder / "journal", self.clock) if self.keeps_a_journal else None
        return self.house(database, journal, seed=self.lives)

    def house(self, database: Database, journal: Journal | None, seed: int = 1) -> House:
        return House(database, bank=self.bank, clock=self.clock, journal=journal, seed=seed)

    async def begin(self, gifts: int = 10) -> House:
        house = await self.open()
        await self.furnish(house, gifts)
        return house

    async def furnish(self, house: House, gifts: int) -> None:
        await house.use_cases.campaigns.add("Water for Turkana", Money.shillings(500_000))
        for number, role in enumerate(ROLES, start=1):
            await house.use_cases.staff.add(1000 + number, f"Person {number}", role, by=None)
        for number in range(gifts):
            await self.give(house, number, 10_000, told=True)

    async def give(self, house: House, number: int, shillings: int, told: bool, campaign_id: int = 1) -> None:
        donor = await house.use_cases.donors.arrive(5000 + number, f"Donor {number}", "en")
        phone = Msisdn.parse(f"07{number:08}")
        await house.use_cases.donations.start(donor.id, campaign_id, Money.shillings(shillings), phone)
        if told:
            newest = f"ws_CO_{len(self.bank.took) + len(self.bank.refused)}"
            await self.bank.call_back(house.use_cases, newest)

    async def pay(self, house: House, number: int, told: bool) -> None:
        order = Order(1, Money.shillings(1000 + number), Msisdn.parse(f"01{number:08}"), f"Recipient {number}")
        paying = house.use_cases.paying
        payout = await paying.requests.request(order, MAKER)
        await paying.approvals.approve(payout.id, CHECKER)
        await house.work()
        if told:
            await self.bank.tell_result(house.use_cases, list(self.bank.sent)[-1])

    async def fail_and_retry(self, house: House, payout_id: int) -> None:
        """What was sent fails; the retry is paid."""
        await self.bank.tell_result(house.use_cases, list(self.bank.sent)[-1])
        self.bank.refuse = False
        await house.use_cases.paying.approvals.retry(payout_id, MAKER)
        await house.work()

    def back_up(self) -> Path:
        copy = self.folder / f"backup-{self.clock():%H%M%S%f}.db"
        backup.copy_sqlite(self.path, copy)
        return copy

    async def lose_and_restore(self, house: House, copy: Path) -> House:
        await house.database.close()
        await put_back_sqlite(self.path, Vault(SECRET), copy, self.clock())
        return await self.open()

    async def unfreeze(self, house: House) -> bool:
        await house.use_cases.paying.switch.unfreeze(OWNER)
        return await house.use_cases.paying.switch.unfreeze(OTHER_OWNER)

    async def settle(self, house: House) -> None:
        """Time passes, and M-Pesa answers what it is asked."""
        await house.use_cases.recovery.at_start()
        for _ in range(12):
            await house.work()
            await self.bank.answer_questions(house.use_cases)
            self.clock.forward(minutes=2)


async def leave_one_approved(house: House) -> int:
    """Approved, and not yet sent."""
    order = Order(1, Money.shillings(7_000), Msisdn.parse("0112345678"), "Amina")
    payout = await house.use_cases.paying.requests.request(order, MAKER)
    await house.use_cases.paying.approvals.approve(payout.id, CHECKER)
    return payout.id


async def payout(house: House, payout_id: int) -> Payout:
    return await house.use_cases.paying.requests.find(payout_id)
