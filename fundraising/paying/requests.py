"""Asking for a payout: the money is promised at once, and another person is asked to agree."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from fundraising import campaigns, repeats
from fundraising.addresses import Address
from fundraising.ledger import reservations
from fundraising.log_context import following
from fundraising.money import Money
from fundraising.paying import agreement, batch_progress, notices, orders, quorum
from fundraising.paying import payout as rows
from fundraising.paying.news import AskChecker, PayoutNews
from fundraising.paying.orders import DUPLICATE_WITHIN, Order
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.quorum import A_DAY, ONE_PERSON, Quorum, Rules
from fundraising.paying.tasks import ExpirePayout
from fundraising.people import emails, ngos, phones, roles
from fundraising.people.roles import Role
from fundraising.refusals import NoSuchNgo, NotAllowed, PayoutDraftGone, ShortOfSpace, TooLateToCancel
from fundraising.repeats import Turn
from fundraising.statuses import AttemptState, PayoutStatus
from mpesa.codes import Reason
from storage import jobs
from storage.database import Database
from storage.locks import one_at_a_time
from storage.payout_tables import ngos as saved
from storage.payout_tables import payout_drafts, payouts
from storage.places import next_id, place
from storage.vault import Vault

log = logging.getLogger(__name__)
NO_MARK = Money(0)
REQUESTS = "requests for payouts"  # two at once, from two campaigns, would not see each other's sums


@dataclass(frozen=True)
class PayingSettings:
    result_url: Address  # the token is appended to each
    timeout_url: Address
    status_url: Address
    balance_url: Address
    quorum: Quorum = ONE_PERSON
    quorum_window: timedelta = A_DAY
    cap_per_day: Money | None = None  # beyond it one person more has to agree
    approval_expires: timedelta = timedelta(days=3)
    query_schedule: tuple[timedelta, ...] = tuple(timedelta(seconds=s) for s in (60, 120, 300, 900, 3600))
    review_after: timedelta = timedelta(hours=24)
    remembers_ids: bool = True  # B2C v3; v1 has no duplicate guard and cannot be asked about a lost answer
    low_float: Money = NO_MARK
    shortcodes: tuple[str, ...] = ()  # ours: only what was paid to one of these is booked on a donor's code
    collects_on: str | None = None  # what donors pay to, if it is not what pays out: its balance is asked for, too

    @property
    def rules(self) -> Rules:
        return Rules(self.quorum, self.quorum_window, self.cap_per_day)


class Requests:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        now: Callable[[], datetime],
        settings: PayingSettings,
        short_of_space: Callable[[], bool] = lambda: False,
    ):
        self._database, self._vault, self._now, self._settings = database, vault, now, settings
        self._short_of_space = short_of_space

    async def request(
        self,
        order: Order,
        by: int,
        draft_id: int | None = None,
        despite_duplicate: bool = False,
        turn: Turn | None = None,
    ) -> Payout:
        """With a draft or a turn, however often it comes, one payout.

        Raises NotAllowed, NoSuchCampaign, NoSuchNgo, BadPayout, NotAnEmailAddress, NotAnAmount, PayoutOutOfRange,
        LooksDuplicate, PayoutsBlocked, InsufficientFunds, PayoutDraftGone, TakenOver.
        """

        def fn(conn: Connection) -> Payout:
            if made := repeats.made(conn, turn):
                return rows.find(conn, self._vault, made)
            if draft_id is not None:
                lock_draft(conn, draft_id)
                for earlier in rows.load(conn, self._vault, 1, rows.p.draft_id == draft_id):
                    return earlier
            roles.demand(conn, by, Role.MAKER)
            payout = self.add(conn, order, by, self.needed(conn, [order], by), despite_duplicate, draft_id=draft_id)
            repeats.note(conn, turn, payout.id)
            ask_checkers(conn, payout, self._now())
            return payout

        payout = await self._database.write(fn)
        with following("payout", payout.id):
            log.info("payout %s of %s was asked for by person %s", payout.id, payout.amount, by)
        return payout

    def needed(self, conn: Connection, wanted: Sequence[Order], by: int) -> int:
        """How many people must agree. Until the transaction ends, nobody else asks for a payout."""
        one_at_a_time(conn, REQUESTS)
        return quorum.needed(conn, self._vault, self._settings.rules, wanted, by, self._now())

    def add(
        self,
        conn: Connection,
        order: Order,
        by: int,
        approvals_needed: int,
        despite_duplicate: bool,
        draft_id: int | None = None,
        batch_id: int | None = None,
    ) -> Payout:
        """Reserves and stores; says nothing to anybody. Raises what `request` raises of the order, money and limits."""
        if self._short_of_space():
            raise ShortOfSpace
        now = self._now()
        order = orders.tidy(order)
        orders.check_shape(order)
        address = emails.parse_typed(order.recipient_email)
        campaigns.load_one(conn, campaigns.c.id == order.campaign_id)
        reservations.reserve(conn, order.campaign_id, order.amount)  # first: whoever else asks waits for its lock
        orders.check_day(conn, self._vault, order, now)
        if not despite_duplicate:
            orders.check_duplicate(conn, self._vault, order, now - DUPLICATE_WITHIN, batch_id)
        payout_id = next_id(conn, payouts)
        row = {
            "id": payout_id,
            "campaign_id": order.campaign_id,
            "ngo_id": self._recipient(conn, order),
            "draft_id": draft_id,
            "batch_id": batch_id,
            "requester_id": by,
            "recipient_name_sealed": self._vault.seal_text(
                order.recipient_name, place(rows.p.recipient_name_sealed, payout_id)
            ),
            "recipient_email_sealed": emails.seal_any(
                self._vault, address, place(rows.p.recipient_email_sealed, payout_id)
            ),
            "phone_sealed": phones.seal(self._vault, order.phone, place(rows.p.phone_sealed, payout_id)),
            "phone_index": phones.index(self._vault, order.phone),
            "amount_minor": order.amount.minor,
            "currency": order.amount.currency,
            **rows.seal_words(self._vault, payout_id, purpose=order.purpose, remarks=order.remarks),
            "status": PayoutStatus.PENDING,
            "status_message": "",
            "version": 1,
            "approvals_needed": approvals_needed,
            "created_at": now,
        }
        conn.execute(insert(payouts).values(order_mac=agreement.order_mac(self._vault, row), **row))
        jobs.add(conn, [ExpirePayout(payout_id)], now + self._settings.approval_expires)
        return rows.find(conn, self._vault, payout_id)

    def _recipient(self, conn: Connection, order: Order) -> int | None:
        if order.ngo_id is None:
            return ngos.of_phone(conn, phones.index(self._vault, order.phone))
        if conn.scalar(select(saved.c.id).where(saved.c.id == order.ngo_id)) is None:
            raise NoSuchNgo
        return order.ngo_id

    async def cancel(self, payout_id: int, by: int) -> Payout:
        """The requester while it is pending; an owner once it is approved, until M-Pesa has accepted it.

        Raises NoSuchPayout, NotAllowed, TooLateToCancel.
        """

        def fn(conn: Connection) -> Payout:
            payout = rows.find(conn, self._vault, payout_id, lock=True)
            waits = never_accepted(payout, rows.attempts_of(conn, payout_id))
            if payout.status is PayoutStatus.APPROVED or waits:
                roles.demand(conn, by, Role.OWNER)
            elif payout.status is not PayoutStatus.PENDING:
                raise TooLateToCancel(payout.status)
            elif by != payout.requester_id:
                raise NotAllowed(Role.MAKER)
            if waits:
                not_sent = {"reason": Reason.NOT_REACHED, "ended_at": self._now()}
                rows.move_attempt(conn, waits, AttemptState.FAILED, **not_sent)
            return call_off(conn, self._vault, payout, PayoutNews.CANCELLED, self._now(), by)

        return await self._database.write(fn)

    async def expire(self, job: ExpirePayout, _attempt: int) -> None:
        """The job: a request that nobody decided gives its money back."""

        def fn(conn: Connection) -> None:
            payout = rows.find(conn, self._vault, job.payout_id, lock=True)
            if payout.status is PayoutStatus.PENDING:
                call_off(conn, self._vault, payout, PayoutNews.EXPIRED, self._now())

        await self._database.write(fn)

    async def find(self, payout_id: int) -> Payout:
        """Raises NoSuchPayout."""
        return await self._database.read(lambda conn: rows.find(conn, self._vault, payout_id))

    async def list(
        self,
        status: PayoutStatus | None = None,
        campaign_id: int | None = None,
        before: int | None = None,
        limit: int = 10,
    ) -> list[Payout]:
        """The newest first; the next page is `before` the last id of this one."""
        where = []
        if status:
            where.append(rows.p.status == status)
        if campaign_id:
            where.append(rows.p.campaign_id == campaign_id)
        if before:
            where.append(rows.p.id < before)
        return await self._database.read(lambda conn: rows.load(conn, self._vault, limit, *where))


def never_accepted(payout: Payout, tries: Sequence[Attempt]) -> Attempt | None:
    """The attempt that waits for a busy M-Pesa, of a payout for which M-Pesa has taken nothing."""
    *earlier, last = tries or (None,)
    if payout.status is not PayoutStatus.PROCESSING or last is None or last.state is not AttemptState.WAITING:
        return None
    return last if all(each and each.state is AttemptState.FAILED for each in earlier) else None


def call_off(
    conn: Connection, vault: Vault, payout: Payout, news: PayoutNews, now: datetime, by: int | None = None
) -> Payout:
    """Its money is free again. `by`: nobody, when TrustVoice itself does it."""
    ended_by = {"decided_at": now, "decided_by": by, "status_message": news}
    rows.change_status(conn, payout, PayoutStatus.CANCELLED, **ended_by)
    reservations.release(conn, payout.campaign_id, payout.amount)
    ended = rows.find(conn, vault, payout.id)
    notices.show_decision(conn, ended, now)
    notices.tell(conn, ended, news, [ended.requester_id], now)
    batch_progress.show(conn, ended.batch_id, now)
    return ended


def lock_draft(conn: Connection, draft_id: int) -> None:
    """Two confirmations at once come one after the other. Raises PayoutDraftGone."""
    draft = select(payout_drafts.c.id).where(payout_drafts.c.id == draft_id).with_for_update()
    if conn.scalar(draft) is None:
        raise PayoutDraftGone


def ask_checkers(conn: Connection, payout: Payout, now: datetime) -> None:
    checkers = [person for person in roles.holders(conn, Role.CHECKER) if person != payout.requester_id]
    chats = roles.chats_of(conn, checkers)
    jobs.add(conn, [AskChecker(chat, payout.id, payout.version) for chat in chats], now)
