"""Messages about payouts: who is told what, and which messages with buttons are edited when it is decided."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising.paying import mail
from fundraising.paying.agreement import approvers
from fundraising.paying.news import (
    PayoutNews,
    ShowBatchDecision,
    ShowDecision,
    TellAboutPayout,
    TellBatchAgreed,
    TellRecipient,
)
from fundraising.paying.payout import Payout
from fundraising.people import roles
from fundraising.people.ngos import IS_PAID
from fundraising.people.roles import Role
from fundraising.statuses import PayoutStatus
from storage import jobs
from storage.database import Database
from storage.payout_tables import ngos, notices, payouts
from storage.tables import donors

n = notices.c
REASON_WAITS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ReasonAsked:
    """What a checker pressed Reject on; one of the two ids."""

    payout_id: int | None
    batch_id: int | None


class Notices:
    """Where the bot leaves the ids of the messages that it has sent."""

    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def remember(
        self, chat_id: int, message_id: int, payout_id: int | None = None, batch_id: int | None = None
    ) -> None:
        row = {"chat_id": chat_id, "message_id": message_id, "payout_id": payout_id, "batch_id": batch_id}
        statement = insert_or_ignore(notices).values(**row).on_conflict_do_nothing()
        await self._database.write(lambda conn: conn.execute(statement).rowcount)

    async def not_reached(self, payout_id: int) -> None:
        """One who may approve could not be asked. If that holds of all of them, the requester is told."""

        def fn(conn: Connection) -> None:
            asked = select(payouts.c.requester_id, payouts.c.version).where(payouts.c.id == payout_id)
            row = conn.execute(asked).one()
            others = [person for person in roles.holders(conn, Role.CHECKER) if person != row.requester_id]
            open_chats = select(donors.c.id).where(
                donors.c.chat_id.in_(roles.chats_of(conn, others)), donors.c.unreachable_since.is_(None)
            )
            if conn.scalar(open_chats.limit(1)) is None:
                chats = roles.chats_of(conn, [row.requester_id])
                news = (payout_id, row.version, PayoutNews.NOBODY_REACHED)
                jobs.add(conn, [TellAboutPayout(chat, *news) for chat in chats], self._now())

        await self._database.write(fn)

    async def ask_reason(
        self, chat_id: int, message_id: int, payout_id: int | None = None, batch_id: int | None = None
    ) -> None:
        """The next text from this chat says why."""
        await self.remember(chat_id, message_id, payout_id, batch_id)
        asked = update(notices).where(n.chat_id == chat_id, n.message_id == message_id)
        await self._database.write(lambda conn: conn.execute(asked.values(reason_asked_at=self._now())).rowcount)

    async def reason_asked(self, chat_id: int) -> ReasonAsked | None:
        query = select(n.payout_id, n.batch_id).where(
            n.chat_id == chat_id, n.reason_asked_at > self._now() - REASON_WAITS
        )
        latest = query.order_by(n.reason_asked_at.desc()).limit(1)
        row = await self._database.read(lambda conn: conn.execute(latest).one_or_none())
        return ReasonAsked(row.payout_id, row.batch_id) if row else None

    async def forget_reason(self, chat_id: int) -> None:
        asked = update(notices).where(n.chat_id == chat_id, n.reason_asked_at.is_not(None))
        await self._database.write(lambda conn: conn.execute(asked.values(reason_asked_at=None)).rowcount)


def show_batch_decision(conn: Connection, batch_id: int, now: datetime) -> None:
    """To those who were asked, after some or all of its rows were decided on, or somebody agreed to all."""
    pending = (payouts.c.batch_id == batch_id, payouts.c.status == PayoutStatus.PENDING)
    undecided = conn.scalar(select(func.count()).where(*pending)) or 0
    asked = messages_of(conn, batch_id)
    jobs.add(conn, [ShowBatchDecision(chat, message, batch_id, undecided) for chat, message in asked], now)


def messages_of(conn: Connection, batch_id: int) -> list[tuple[int, int]]:
    """Chats and messages in which all of a batch was shown to those who decide."""
    found = conn.execute(select(n.chat_id, n.message_id).where(n.batch_id == batch_id).order_by(n.chat_id))
    return [(row.chat_id, row.message_id) for row in found]


def tell_batch_agreed(conn: Connection, payout: Payout, now: datetime) -> None:
    """One of several agreed to all of the batch that this payout is of."""
    assert payout.batch_id
    agreed = len(approvers(conn, payout.id))
    chats = roles.chats_of(conn, [payout.requester_id])
    jobs.add(conn, [TellBatchAgreed(chat, payout.batch_id, agreed) for chat in chats], now)


def show_decision(conn: Connection, payout: Payout, now: datetime) -> None:
    found = conn.execute(select(n.chat_id, n.message_id).where(n.payout_id == payout.id))
    jobs.add(conn, [ShowDecision(row.chat_id, row.message_id, payout.id, payout.version) for row in found], now)


def tell(conn: Connection, payout: Payout, news: PayoutNews, person_ids: Iterable[int], now: datetime) -> None:
    chats = roles.chats_of(conn, set(person_ids))
    jobs.add(conn, [TellAboutPayout(chat, payout.id, payout.version, news) for chat in chats], now)


def tell_outcome(conn: Connection, payout: Payout, news: PayoutNews, now: datetime) -> None:
    """Requester and approvers; a failure everybody with a role; a saved recipient with Telegram what arrived.

    Of a batch's payouts one message tells, and its file.
    """
    concerned = {payout.requester_id, *approvers(conn, payout.id)}
    if news is not PayoutNews.COMPLETED:
        concerned |= set(roles.holders(conn, Role.MAKER, Role.CHECKER))
    elif payout.went_to_another_name:
        concerned |= concerned_by_name(conn, payout)
    if payout.batch_id and news is not PayoutNews.NEEDS_REVIEW:  # one message tells of all of a batch
        concerned = set()
    tell(conn, payout, news, concerned, now)
    mail.tell_outcome(conn, payout, news, concerned, now)
    show_decision(conn, payout, now)
    if news is PayoutNews.COMPLETED and payout.ngo_id:
        chat_id = conn.scalar(select(ngos.c.chat_id).join(payouts, IS_PAID).where(payouts.c.id == payout.id))
        jobs.add(conn, [TellRecipient(chat_id, payout.id)] if chat_id else [], now)


def tell_other_name(conn: Connection, payout: Payout, now: datetime) -> None:
    tell(conn, payout, PayoutNews.OTHER_NAME, concerned_by_name(conn, payout), now)
    show_decision(conn, payout, now)


def concerned_by_name(conn: Connection, payout: Payout) -> set[int]:
    """Where money went to another name than was asked for: the requester, and all who approve payouts."""
    return {payout.requester_id, *roles.holders(conn, Role.CHECKER)}
