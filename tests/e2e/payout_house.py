"""A house with a treasury: people with roles, campaigns with money, and M-Pesa's word on every recipient's number."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import UpdateBase, func, select

from fundraising import stops
from fundraising.paying.tasks import SendPayout
from fundraising.statuses import RESERVING
from standins.app import CHECKER, MAKER
from standins.driver import Standins
from standins.shapes import Behaviour, PayoutAsked, ResultSent, StatusQuestion
from storage import open_database
from storage.payout_tables import attempts, payouts
from storage.tables import jobs
from tests.databases import PostgresServer
from tests.e2e.books import assert_books_agree, looked_up, owned_minor
from tests.e2e.house import OWNER, PATIENCE_S, SLUG, House, opened
from tests.e2e.treasurer import Treasurer

T = TypeVar("T")
OTHER_OWNER, OTHER_CHECKER = 900_002, 900_003
SECRET_KEY = "only-for-tests-and-nowhere-else-0123456789"
RICH = 250_000  # shillings: the most that M-Pesa takes at a time
PAYING_SOON = {"STATUS_QUERY_SCHEDULE": "1,1,2,2,5"}
THREE_OWNERS = {**PAYING_SOON, "ADMIN_TELEGRAM_IDS": f"{OWNER},{OTHER_OWNER},{OTHER_CHECKER}"}
p, a = payouts.c, attempts.c


@dataclass
class Treasury:
    house: House
    maker: Treasurer
    checker: Treasurer
    other_checker: Treasurer
    owner: Treasurer
    other_owner: Treasurer
    campaign_id: int = 1
    paid_twice: Counter[str] = field(default_factory=Counter)  # phones, where M-Pesa itself pays too often
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def standins(self) -> Standins:
        return self.house.standins

    def recipient(self) -> str:
        """A number that no payout went to yet."""
        return f"2547110{next(self.numbers):05}"

    async def campaign(self, shillings: int) -> int:
        """A new one, which has raised so much."""
        title = f"Scenario {next(self.numbers)}"
        added = await self.house.command("campaign", "add", "--title", title, "--goal", "1000000")
        assert added.code == 0, added
        await self.raises(title.lower().replace(" ", "-"), shillings)
        return int(added.out)

    async def raises(self, slug: str, shillings: int = RICH) -> None:
        donor = await self.house.donor()
        await self.standins.script(donor.phone, Behaviour(do="pay"))
        await donor.says(f"/start c_{slug}", "How much")
        await donor.says(str(shillings), "Which M-Pesa number")
        await donor.says(donor.typed_phone, "Press Confirm")
        await self.standins.tap(donor.user_id, "Confirm")
        await donor.reads((await donor.paid()).receipt)

    async def sends(self, shillings: int = 1000, phone: str | None = None) -> tuple[int, str]:
        """Asked for and approved; the payout's number and the recipient's."""
        phone = phone or self.recipient()
        payout_id = await self.maker.asks_for(self.campaign_id, shillings, phone)
        await self.checker.approves(payout_id)
        return payout_id, phone

    async def requests_to(self, phone: str) -> list[PayoutAsked]:
        """What M-Pesa was asked to pay to the number, whatever it answered."""
        return [asked for asked in (await self.standins.book()).payout_requests if asked.phone == phone]

    async def accepted(self, phone: str, times: int = 1) -> PayoutAsked:
        """The latest request that M-Pesa took."""

        def taken(asked: PayoutAsked) -> bool:
            return asked.phone == phone and asked.verdict == "accepted"

        book = await self.standins.wait_for_book(lambda book: sum(map(taken, book.payout_requests)) >= times)
        return [asked for asked in book.payout_requests if taken(asked)][-1]

    async def told(self, originator_id: str, kind: str = "payout", times: int = 1) -> list[ResultSent]:
        """Once M-Pesa has told so often about it; whoever answered 200 has stored it."""

        def about(sent: ResultSent) -> bool:
            return (sent.about, sent.kind) == (originator_id, kind)

        book = await self.standins.wait_for_book(lambda book: sum(map(about, book.results)) >= times)
        return [sent for sent in book.results if about(sent)]

    async def questions(self, originator_id: str) -> list[StatusQuestion]:
        asked = (await self.standins.book()).status_questions
        return [question for question in asked if question.original_conversation_id == originator_id]

    async def receipt(self, phone: str) -> str:
        [paid] = await self.standins.wait_for_paid(phone)
        return paid.receipt

    async def status(self, payout_id: int) -> str:
        return await looked_up(self.house, lambda conn: conn.scalars(select(p.status).where(p.id == payout_id)).one())

    async def needs_review(self, payout_id: int) -> str | None:
        query = select(p.needs_review).where(p.id == payout_id)
        return await looked_up(self.house, lambda conn: conn.scalars(query).one())

    async def promised_minor(self) -> int:
        """Of all campaigns together: `trustvoice verify` holds it against what is reserved."""
        query = select(p.amount_minor).where(p.status.in_(RESERVING))
        return await looked_up(self.house, lambda conn: sum(conn.scalars(query)))

    async def originators(self, payout_id: int) -> list[str]:
        """Our ids of its attempts, also of those that M-Pesa never saw."""
        query = select(a.originator_id).where(a.payout_id == payout_id).order_by(a.number)
        return await looked_up(self.house, lambda conn: list(conn.scalars(query)))

    async def attempt_states(self, payout_id: int) -> list[str]:
        query = select(a.state).where(a.payout_id == payout_id).order_by(a.number)
        return await looked_up(self.house, lambda conn: list(conn.scalars(query)))

    async def conversation(self, payout_id: int) -> str | None:
        """M-Pesa's name for the only attempt."""
        query = select(a.conversation_id).where(a.payout_id == payout_id)
        return await looked_up(self.house, lambda conn: conn.scalars(query).one())

    async def sendings(self) -> int:
        """Jobs to send something that wait or run."""
        query = select(func.count()).where(jobs.c.kind == SendPayout.__name__)
        return await looked_up(self.house, lambda conn: conn.scalars(query).one())

    async def sees(
        self, look: Callable[[], Awaitable[T]], wanted: Callable[[T], object], within_s: float = PATIENCE_S
    ) -> T:
        """For what only the database tells: looks until it is as wanted."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        while not wanted(found := await look()):
            assert loop.time() < deadline, f"there is still {found!r}"
            await asyncio.sleep(0.05)
        return found

    async def executes(self, statement: UpdateBase) -> None:
        """In the database of the running process, past its rules."""
        database = open_database(self.house.rehearsal.environment["DATABASE_URL"])
        try:
            await database.write(lambda conn: conn.execute(statement).rowcount)
        finally:
            await database.close()

    async def is_(self, payout_id: int, status: str) -> None:
        await self.sees(lambda: self.status(payout_id), lambda found: found == status)

    async def assert_books_agree(self) -> None:
        """To the cent: what left the campaigns is what M-Pesa paid out, once to each number.

        In these houses all that came in went to campaigns.
        """
        await assert_books_agree(self.house)
        book = await self.standins.book()
        came, went = (sum(each.shillings for each in moved) * 100 for moved in (book.moved, book.paid))
        assert came - await owned_minor(self.house) == went
        assert max(book.times_paid.values(), default=0) <= 1
        often = {phone: times for phone, times in Counter(each.phone for each in book.paid).items() if times > 1}
        assert often == self.paid_twice

    async def is_frozen(self) -> bool:
        return bool(await looked_up(self.house, stops.standing))

    async def unfreezes(self) -> None:
        await self.owner.says("/unfreeze", "Another owner must agree")
        await self.other_owner.says("/unfreeze", "no longer frozen")


async def with_roles(house: House) -> Treasury:
    """One owner is named by ADMIN_TELEGRAM_IDS. The second comes last: from then on it takes two to name a checker."""
    named = ((MAKER.user_id, "maker"), (CHECKER.user_id, "checker"), (OTHER_CHECKER, "checker"), (OTHER_OWNER, "owner"))
    for telegram_id, role in named:
        words = ("--telegram", str(telegram_id), "--name", f"{role.title()} {telegram_id}", "--role", role)
        added = await house.command("admin", "add", *words)
        assert added.code == 0, added
    return await begun(house, MAKER.user_id, CHECKER.user_id, OTHER_CHECKER)


async def begun(house: House, maker: int, checker: int, other_checker: int) -> Treasury:
    """Everybody has written to the bot, and the campaign has money."""
    chats = (maker, checker, other_checker, OWNER, OTHER_OWNER)
    people = [Treasurer(house.standins, each, f"Person {each}", f"254708{each:06}") for each in chats]
    await asyncio.gather(*(person.says("/start", "Karibu") for person in people))
    treasury = Treasury(house, people[0], people[1], people[2], people[3], people[4])
    await treasury.raises(SLUG)
    return treasury


@asynccontextmanager
async def opened_treasury(folder: Path, extra: Mapping[str, str]) -> AsyncIterator[Treasury]:
    """A process of its own with three owners, who may do everything: for what freezes."""
    async with opened(folder, {**THREE_OWNERS, **extra}) as house:
        yield await begun(house, OTHER_CHECKER, OTHER_OWNER, OWNER)


async def stored_in(kind: str, request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings of a house on a new database of that kind; the one on PostgreSQL is called by Telegram."""
    if kind == "sqlite":
        return {"SECRET_KEY": SECRET_KEY}
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return {"SECRET_KEY": SECRET_KEY, "DATABASE_URL": await postgres.fresh(), "TELEGRAM_MODE": "webhook"}
