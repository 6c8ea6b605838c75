"""The rules on a real database, with M-Pesa, the clock and chance in the test's hand."""

import json
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from fundraising.construction import build_use_cases
from fundraising.giving.donation import Donation
from fundraising.giving.donations import GivingSettings
from fundraising.ledger import accounts, posting
from fundraising.money import Money
from fundraising.paying.requests import PayingSettings
from fundraising.people.limits import PromptLimits
from fundraising.use_cases import UseCases
from mpesa.msisdn import Msisdn
from storage import tables
from storage.database import Database
from storage.journal import Journal
from storage.vault import Vault
from tests.fakes import PAYING, FakeClock, FakeMpesa, FakePayouts
from tests.fundraising.bank import Bank
from trustvoice.jobs import mpesa_worker

PHONE = Msisdn.parse("0708374149")
SECRET = "a secret key that is only used in tests, never elsewhere"


@dataclass
class House:
    database: Database
    mpesa: FakeMpesa = field(default_factory=FakeMpesa)
    payouts: FakePayouts = field(default_factory=FakePayouts)
    paying: PayingSettings = PAYING
    clock: FakeClock = field(default_factory=FakeClock)
    vault: Vault = field(default_factory=lambda: Vault(SECRET))
    journal: Journal | None = None
    seed: int = 1
    bank: Bank | None = None  # in the place of both fakes
    limits: PromptLimits = field(default_factory=PromptLimits)

    def __post_init__(self) -> None:
        settings = GivingSettings(callback_url="https://give.example/webhooks/daraja", limits=self.limits)
        chance = random.Random(self.seed).randbytes
        mpesa, payouts = self.bank or self.mpesa, self.bank or self.payouts
        self.use_cases: UseCases = build_use_cases(
            settings, self.paying, self.database, self.vault, mpesa, payouts, self.clock, chance, self.journal
        )
        self.worker = mpesa_worker(self.database, self.clock, self.use_cases)

    async def open(self) -> "House":
        campaign = await self.use_cases.campaigns.add("Water for Turkana", Money.shillings(50_000))
        donor = await self.use_cases.donors.arrive(77, "Wanjiku", "en")
        assert (campaign.id, donor.id) == (1, 1)
        return self

    async def give(self, shillings: int = 500, phone: Msisdn = PHONE) -> Donation:
        return await self.use_cases.donations.start(1, 1, Money.shillings(shillings), phone)

    async def hear(self, body: bytes, token: str | None = "") -> None:
        """A callback; with the token of the last push unless another, or None, is given."""
        await self.use_cases.paying.mailbox.prompt_result(self.mpesa.token() if token == "" else token, body)

    async def work(self) -> None:
        """Runs what is due until nothing is."""
        while await self.worker.start_due():
            await self.finish()

    async def finish(self) -> None:
        await self.worker.finish(timedelta(seconds=20))

    async def wait(self, **how_long: float) -> None:
        self.clock.forward(**how_long)
        await self.work()

    async def donation(self, donation_id: int = 1) -> Donation:
        return await self.use_cases.donations.find(donation_id)

    async def held(self, account: str) -> int:
        """Whole shillings."""
        money = await self.database.read(lambda conn: posting.balance(conn, accounts.parse(account)))
        return money.whole_shillings

    async def told(self, kind: str = "TellDonor") -> list[str]:
        said = [job.get("news") or job.get("alarm") or job.get("waiting") for job in await self.jobs(kind)]
        return list(map(str, said))

    async def jobs(self, kind: str) -> list[dict[str, Any]]:
        query = select(tables.jobs.c.payload).where(tables.jobs.c.kind == kind).order_by(tables.jobs.c.id)
        found = await self.database.read(lambda conn: list(conn.scalars(query)))
        return [json.loads(payload) for payload in found]

    async def verdicts(self) -> list[str]:
        query = select(tables.evidence.c.verdict).order_by(tables.evidence.c.id)
        found = await self.database.read(lambda conn: list(conn.scalars(query)))
        return list(map(str, found))
