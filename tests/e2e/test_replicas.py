"""Three replicas on one PostgreSQL, which restarts; one is killed, one stands still past its leases and goes on.

Nothing is lost and nothing is done twice: M-Pesa's book is the ledger, and everybody who paid is told.
"""

import asyncio
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, func, or_, select

from fundraising.giving.donations import NEVER_LATER_THAN
from fundraising.money import Money
from fundraising.statuses import AttemptState, DonationStatus, PayoutStatus, Push
from standins.driver import NotPossible
from standins.shapes import Behaviour, Book
from storage.payout_tables import accounts, attempts, payouts, roles
from storage.tables import donations
from tests.e2e.books import assert_books_agree, looked_up, owned_minor
from tests.e2e.donor import Donor
from tests.e2e.house import OWNER, PATIENCE_S, SLUG, TITLE
from tests.e2e.payout_house import OTHER_OWNER
from tests.e2e.replicas import JOB_LEASE_S, Replicas, dies, insist, stopped, three_replicas
from trustvoice.bootstrap import Program
from trustvoice.rehearsal.demo import in_house
from trustvoice.rehearsal.seed import new_key

CHATTING, ORDERING, PAYOUTS = 10, 20, 6
FIRST_GIFT, GIFT, PAYOUT = 60_000, 500, 1_000
AT_ONCE = 6  # orders through the API
d, p, a = donations.c, payouts.c, attempts.c


@dataclass(frozen=True)
class Fund:
    """A campaign, donors who have a chat, and two programs with a key each."""

    replicas: Replicas
    maker: httpx.AsyncClient
    checker: httpx.AsyncClient
    donor_ids: list[int]
    desk: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def donor(self, n: int) -> Donor:
        return Donor(self.replicas.standins, 800_000 + n, f"Wanjiku {n}", f"2547080{n:05}")

    async def chats(self, donor: Donor) -> None:
        """Gives in the chat, up to the tap on Confirm."""
        await self.replicas.standins.introduce(donor.user_id, donor.name, phone=donor.phone)
        await self.replicas.standins.script(donor.phone, Behaviour(do="pay", delay=0.3))
        await donor.prepares(SLUG, GIFT)
        while True:  # the button comes in a message of its own, later where a replica dies between the two
            with suppress(NotPossible):
                await self.replicas.standins.tap(donor.user_id, "Confirm")
                return
            await asyncio.sleep(0.1)

    async def orders(self, donor: Donor, donor_id: int, shillings: int = GIFT) -> None:
        """Gives through the HTTP API; the bot may write to whoever has written to it."""
        await self.replicas.standins.introduce(donor.user_id, donor.name, phone=donor.phone)
        await self.replicas.standins.say(donor.user_id, "/start")
        await self.replicas.standins.script(donor.phone, Behaviour(do="pay", delay=0.3))
        gift = {"donor_id": donor_id, "campaign_id": 1, "amount": shillings, "phone_number": donor.phone}
        async with self.desk:
            await insist(self.maker, "/donations/", gift, donor.phone)

    async def asks(self, phone: str) -> int:
        wanted = {"campaign_id": 1, "recipient_phone": phone, "recipient_name": "Akinyi Otieno", "amount": PAYOUT}
        return int(str((await insist(self.maker, "/payouts/", wanted, phone))["id"]))

    async def approves(self, payout_id: int) -> None:
        await insist(self.checker, f"/payouts/{payout_id}/approve", {}, f"approve {payout_id}")


async def opened_fund(replicas: Replicas) -> Fund:
    async def furnish(house: Program) -> tuple[list[int], list[str]]:
        await house.use_cases.campaigns.add(TITLE, Money.shillings(1_000_000))
        arriving = [house.use_cases.donors.arrive(800_000 + n, f"Wanjiku {n}", "en") for n in range(ORDERING + 1)]
        return [(await each).id for each in arriving], [await new_key(house, name) for name in ("Maker", "Checker")]

    donor_ids, keys = await in_house(replicas.all[0], furnish)
    maker, checker = (
        httpx.AsyncClient(trust_env=False, base_url=replicas.address, headers={"Authorization": f"Bearer {key}"})
        for key in keys
    )
    fund = Fund(replicas, maker, checker, donor_ids)
    await fund.orders(fund.donor(ORDERING), donor_ids[ORDERING], FIRST_GIFT)
    await becomes(replicas, completed_donations, 1)
    return fund


async def test_whatever_happens_to_replicas_and_database_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    async with three_replicas(tmp_path) as replicas:
        assert await looked_up(replicas.house, owners) == [OWNER, OTHER_OWNER]
        fund = await opened_fund(replicas)
        recipients = [f"2547110{n:05}" for n in range(PAYOUTS)]
        asked = [await fund.asks(phone) for phone in recipients]
        work = [begun(fund.chats(fund.donor(100 + n))) for n in range(CHATTING)]
        work += [begun(fund.approves(payout_id)) for payout_id in asked[:2]]
        await replicas.restart_postgres()
        killed = await replicas.speaks_to_telegram()
        work += [begun(fund.orders(fund.donor(n), fund.donor_ids[n])) for n in range(ORDERING)]
        work += [begun(fund.approves(payout_id)) for payout_id in asked[2:4]]
        await dies(killed)
        paused = await replicas.speaks_to_telegram(but_not=killed)
        work += [begun(fund.approves(payout_id)) for payout_id in asked[4:]]
        with stopped(paused):
            await asyncio.sleep(JOB_LEASE_S + 0.5)  # that it stands still is what is tested
        restarted = begun(killed.start())
        await asyncio.gather(restarted, *work)
        await becomes(replicas, donations_begun, CHATTING + ORDERING + 1)
        await becomes(replicas, undecided, 0)
        await assert_money_is_right(replicas)
        await assert_everybody_was_told(fund)


def begun(work: Coroutine[Any, Any, None]) -> Awaitable[None]:
    return asyncio.create_task(work)


async def becomes(replicas: Replicas, count: Any, wanted: int) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while (found := await looked_up(replicas.house, count)) != wanted:
        assert asyncio.get_running_loop().time() < deadline, f"{count.__name__} is {found}"
        await asyncio.sleep(0.1)


def owners(conn: Connection) -> list[int]:
    """Those that three replicas named at once."""
    held = select(accounts.c.chat_id).join(roles, roles.c.person_id == accounts.c.person_id)
    return list(conn.scalars(held.order_by(accounts.c.chat_id)))


def donations_begun(conn: Connection) -> int:
    return conn.scalar(select(func.count()).select_from(donations)) or 0


def completed_donations(conn: Connection) -> int:
    return conn.scalar(select(func.count()).where(d.status == DonationStatus.COMPLETED)) or 0


def undecided(conn: Connection) -> int:
    """What its process left between the intent and the call stays open, for people: the call may have been made."""
    over = datetime.now(UTC) - NEVER_LATER_THAN
    never_called = (d.push == Push.SENDING) & (d.pushed_at < over)
    giving = select(func.count()).where(d.status == DonationStatus.PENDING, ~never_called)
    doubted = a.state.in_([AttemptState.SENDING, AttemptState.UNKNOWN]) & (a.started_at < over)
    left = select(attempts.c.payout_id).where(doubted)
    paying = select(func.count()).where(p.status != PayoutStatus.COMPLETED, or_(p.id.not_in(left)))
    return (conn.scalar(giving) or 0) + (conn.scalar(paying) or 0)


async def assert_money_is_right(replicas: Replicas) -> None:
    await assert_books_agree(replicas.house)
    book = await replicas.standins.book()
    came, went = (sum(each.shillings for each in moved) * 100 for moved in (book.moved, book.paid))
    assert came - await owned_minor(replicas.house) == went
    assert await looked_up(replicas.house, completed_donations) == len(book.moved)
    assert_nothing_twice(book)


def assert_nothing_twice(book: Book) -> None:
    for numbers in (
        [push.phone for push in book.pushes],
        [each.phone for each in book.moved],
        [each.phone for each in book.paid],
        [each.phone for each in book.payout_requests if each.verdict == "accepted"],
    ):
        assert len(numbers) == len(set(numbers)), numbers


async def assert_everybody_was_told(fund: Fund) -> None:
    paid = {each.phone for each in await fund.replicas.standins.moved()}
    donors = [fund.donor(n) for n in (*range(ORDERING), *range(100, 100 + CHATTING))]
    assert len(paid) >= len(donors) - 2  # at most what the killed one had in hand
    for donor in donors:
        if donor.phone in paid:
            await donor.reads("Asante")
