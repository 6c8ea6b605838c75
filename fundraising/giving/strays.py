"""Money that arrived and fits nothing. It stays here, in full, until two people decide where it belongs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from fundraising import campaigns
from fundraising.giving import decided, undecided
from fundraising.giving.news import AskSecondPerson
from fundraising.giving.undecided import Undecided
from fundraising.ledger import causes
from fundraising.money import Money
from fundraising.people import consent, roles
from fundraising.people.consent import Kind
from fundraising.people.roles import Role
from fundraising.refusals import NoSuchStray
from storage import jobs
from storage.consent_tables import consents
from storage.database import Database
from storage.tables import donations, suspense

s, o = suspense.c, consents.c
MOST_OF_ONE = 5  # in one message


@dataclass(frozen=True, slots=True)
class Decision:
    amount: Money
    receipt: str
    campaign_id: int | None  # None: it went back to the payer


class Suspense:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def waiting(self, limit: int) -> list[Undecided]:
        """The oldest first."""
        return await self._database.read(lambda conn: undecided.find(conn, limit, self._now()))

    async def of_donation(self, donation_id: int) -> list[Undecided]:
        """Payments for it that fit nothing, the oldest first."""
        mine = s.donation_id == donation_id
        return await self._database.read(
            lambda conn: list(undecided.strays(conn, self._now(), mine, limit=MOST_OF_ONE))
        )

    async def find(self, key: str) -> Undecided:
        """Raises NoSuchStray, also for what is decided."""
        return await self._database.read(lambda conn: undecided.load(conn, key, self._now()))

    async def waiting_for_second(self, key: str) -> Undecided | None:
        """None when it is decided, or when nobody's word about it counts."""

        def fn(conn: Connection) -> Undecided | None:
            found = undecided.find_one(conn, key, self._now())
            return found if found and found.proposals else None

        return await self._database.read(fn)

    async def decision(self, cause: str) -> Decision:
        """What two people decided about a payment with a receipt of its own. Raises NoSuchStray."""
        found = select(s.amount_minor, s.currency, s.receipt, o.answer).join(
            consents, o.subject == causes.column(causes.Kind.RECEIPT, s.receipt)
        )
        query = found.where(o.kind == Kind.SUSPENSE, o.subject == cause, o.confirmer_id.is_not(None))
        row = await self._database.read(lambda conn: conn.execute(query).one_or_none())
        if row is None:
            raise NoSuchStray
        return Decision(Money(row.amount_minor, row.currency), row.receipt, undecided.campaign_in(row.answer))

    async def decide(self, key: str, by: int, campaign_id: int | None) -> bool:
        """It belongs to this campaign; None: it went back to the payer on Safaricom's portal, which tells us nothing.

        One person's word is noted, and the others who may decide are asked; a second person's same word decides, by new
        postings, and ends the donation. Whether it is decided now.
        Raises NotAllowed, NoSuchStray, NoSuchCampaign, SecondPersonNeeded when the same person says it again.
        """

        def fn(conn: Connection) -> bool:
            roles.demand(conn, by, Role.CHECKER)
            if campaign_id is not None:
                campaigns.load_one(conn, campaigns.c.id == campaign_id)
            now = self._now()
            one_at_a_time = select(donations.c.id).where(donations.c.id == undecided.load(conn, key, now).donation_id)
            conn.execute(one_at_a_time.with_for_update())
            stray = undecided.load(conn, key, now)
            matter, answer = undecided.matter_of(stray.cause), undecided.answer_of(campaign_id)
            if consent.say(conn, matter, answer, by, now) is None:
                self._ask_others(conn, stray, by)
                return False
            decided.end(conn, stray, campaign_id, now)
            return True

        return await self._database.write(fn)

    def _ask_others(self, conn: Connection, stray: Undecided, by: int) -> None:
        others = [person for person in roles.holders(conn, Role.CHECKER) if person != by]
        jobs.add(conn, [AskSecondPerson(chat, stray.key) for chat in roles.chats_of(conn, others)], self._now())
