"""Four eyes: another person than the requester agrees or refuses. The database keeps it too."""

import hmac
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, select

from fundraising import names, repeats, stops
from fundraising.ledger import reservations
from fundraising.log_context import following
from fundraising.paying import agreement, batch_progress, notices, orders, quorum
from fundraising.paying import payout as rows
from fundraising.paying.agreement import Checkers
from fundraising.paying.news import PayoutNews
from fundraising.paying.orders import DUPLICATE_WITHIN
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.quorum import Rules
from fundraising.paying.requests import REQUESTS
from fundraising.paying.tasks import SendPayout
from fundraising.people import roles
from fundraising.people.roles import Role
from fundraising.refusals import (
    AlreadyDecided,
    LooksDuplicate,
    MoreMustAgree,
    NoSuchPayout,
    NotRetryable,
    OwnRequest,
    PayoutAltered,
    PayoutChanged,
    ReasonNeeded,
    ReplacedSince,
    RetryCannotHelp,
    SecondPersonNeeded,
)
from fundraising.repeats import Turn
from fundraising.statuses import PayoutStatus, StopCause
from storage import jobs
from storage.database import Database
from storage.locks import one_at_a_time
from storage.payout_tables import payouts
from storage.vault import Vault

T = TypeVar("T")

log = logging.getLogger(__name__)
MAC_LENGTH = 12  # of hex digits: it guards against a button made for another amount or phone, not alone against forgery
REASON_LENGTH = 200


class Approvals:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime], rules: Rules):
        self._database, self._vault, self._now, self._rules = database, vault, now, rules

    def mac(self, payout: Payout) -> str:
        """What a button carries beside id and version."""
        return self._vault.index(self._said_of(payout)).hex()[:MAC_LENGTH]

    def _said_of(self, payout: Payout) -> str:
        return f"{payout.id}:{payout.version}:{payout.amount}:{payout.phone.digits}:{payout.recipient_name}"

    async def approve(
        self, payout_id: int, by: int, mac: str | None = None, turn: Turn | None = None, key_id: int | None = None
    ) -> Payout:
        """Pending still when more people have to agree. With a turn, a repeat changes nothing.

        `key_id`: of the API key that says it; it counts for as long as the key holds. Raises NoSuchPayout, NotAllowed,
        OwnRequest, AlreadyDecided, TakenOver; PayoutChanged when a button's mac does not fit; PayoutAltered, and then
        sending is frozen.
        """

        def fn(conn: Connection) -> Payout:
            return self._approve(conn, payout_id, by, mac, key_id, agreement.checkers(conn, self._vault, self._now()))

        return await self._once(payout_id, turn, fn)

    def batch_mac(self, pending: Sequence[Payout]) -> str:
        """What the button that approves all of these carries: it fits these rows, whole, and no others."""
        said = "\x1e".join(self._said_of(payout) for payout in pending)
        return self._vault.index(said).hex()[:MAC_LENGTH]

    async def approve_batch(self, batch_id: int, by: int, digest: str | None = None) -> list[Payout]:
        """One decision on every row that is still pending. Raises what `approve` raises, for the first row;
        PayoutChanged when the rows are not those that a button's `digest` was made of."""

        def fn(conn: Connection) -> list[Payout]:
            checkers = agreement.checkers(conn, self._vault, self._now())
            pending = self._pending(conn, batch_id)
            if digest is not None and not hmac.compare_digest(digest, self.batch_mac(pending)):
                raise PayoutChanged
            decided = [self._approve(conn, each.id, by, None, None, checkers, told=False) for each in pending]
            notices.show_batch_decision(conn, batch_id, self._now())
            if any(payout.status is PayoutStatus.PENDING for payout in decided):
                notices.tell_batch_agreed(conn, decided[0], self._now())
            batch_progress.show(conn, batch_id, self._now())
            return decided

        return await self._frozen_if_altered(fn)

    async def reject_batch(self, batch_id: int, by: int, reason: str) -> list[Payout]:
        """Raises what `reject` raises, for the first row."""
        reason = checked(reason)

        def fn(conn: Connection) -> list[Payout]:
            pending = self._pending(conn, batch_id)
            decided = [self._reject(conn, payout.id, by, reason, None, told=False) for payout in pending]
            notices.show_batch_decision(conn, batch_id, self._now())
            batch_progress.show(conn, batch_id, self._now())
            return decided

        return await self._database.write(fn)

    async def reject(
        self, payout_id: int, by: int, reason: str, mac: str | None = None, turn: Turn | None = None
    ) -> Payout:
        """Raises what `approve` raises, and ReasonNeeded."""
        reason = checked(reason)
        return await self._once(payout_id, turn, lambda conn: self._reject(conn, payout_id, by, reason, mac))

    async def retry(self, payout_id: int, by: int, version: int | None = None, turn: Turn | None = None) -> Payout:
        """Sends a definitely failed payout again, under a new id and the same approval; its money is promised anew.

        `version`: of the failure that a button was made for. Raises NoSuchPayout, NotAllowed, NotRetryable,
        RetryCannotHelp, PayoutChanged, SendingFrozen, PayoutsBlocked, InsufficientFunds, TakenOver; SecondPersonNeeded
        when somebody who agreed may not approve any more; and what a new request is refused for, and then takes one:
        PayoutOutOfRange, ReplacedSince, MoreMustAgree.
        """

        def fn(conn: Connection) -> Payout:
            agreement.demand_unaltered(conn, self._vault, payout_id)
            payout = rows.find(conn, self._vault, payout_id, lock=True)
            roles.demand(conn, by, Role.MAKER)
            tries = rows.attempts_of(conn, payout_id)
            demand_that_it_failed(payout, tries)
            if version not in (None, payout.version):
                raise PayoutChanged
            if agreement.count(conn, self._vault, payout_id, self._now()) < payout.approvals_needed:
                raise SecondPersonNeeded
            stops.demand_open(conn)
            one_at_a_time(conn, REQUESTS)
            reservations.reserve(conn, payout.campaign_id, payout.amount)
            self._check_as_new(conn, payout, tries[-1].ended_at or payout.created_at)
            rows.change_status(conn, payout, PayoutStatus.APPROVED, status_message="")
            return self._release_for_sending(conn, payout_id)

        return await self._once(payout_id, turn, fn)

    def _check_as_new(self, conn: Connection, payout: Payout, failed_at: datetime) -> None:
        """Since it failed, its like may have been paid, or so much that its approvals are not enough."""
        now, order = self._now(), orders.of(payout)
        orders.check_day(conn, self._vault, order, now)
        since = min(failed_at, now - DUPLICATE_WITHIN)
        try:
            orders.check_duplicate(conn, self._vault, order, since, payout.batch_id)
        except LooksDuplicate as like:
            raise ReplacedSince(like.payout_id) from like
        people = quorum.needed(conn, self._vault, self._rules, [order], payout.requester_id, now)
        if agreement.count(conn, self._vault, payout.id, now) < people:
            raise MoreMustAgree(people)

    async def _once(self, payout_id: int, turn: Turn | None, act: Callable[[Connection], Payout]) -> Payout:
        def fn(conn: Connection) -> Payout:
            if repeats.made(conn, turn):
                return rows.find(conn, self._vault, payout_id)
            repeats.note(conn, turn, payout_id)
            return act(conn)

        decided = await self._frozen_if_altered(fn)
        with following("payout", payout_id):
            log.info("payout %s is %s now", payout_id, decided.status)
        return decided

    async def _frozen_if_altered(self, act: Callable[[Connection], T]) -> T:
        """Raises PayoutAltered, after nothing can be sent any more."""
        try:
            return await self._database.write(act)
        except PayoutAltered as altered:
            number, now = altered.payout_id, self._now()
            await self._database.write(lambda conn: stops.freeze(conn, StopCause.ALTERED, now, payout_id=number))
            raise

    def _approve(
        self,
        conn: Connection,
        payout_id: int,
        by: int,
        mac: str | None,
        key_id: int | None,
        checkers: Checkers,
        told: bool = True,
    ) -> Payout:
        """`told`: not row by row when one agrees to all of a batch."""
        payout = self._undecided(conn, payout_id, by, mac)
        agreement.agree(conn, self._vault, payout_id, by, self._now(), key_id)
        if checkers.count(conn, self._vault, payout_id) < payout.approvals_needed:
            if told:
                self._tell_agreed(conn, payout)
            return payout
        rows.change_status(conn, payout, PayoutStatus.APPROVED, decided_at=self._now())
        return self._release_for_sending(conn, payout_id)

    def _tell_agreed(self, conn: Connection, payout: Payout) -> None:
        """More have to: all who were asked see who did, and the requester hears how many are missing."""
        notices.show_decision(conn, payout, self._now())
        notices.tell(conn, payout, PayoutNews.AGREED, [payout.requester_id], self._now())

    def _reject(
        self, conn: Connection, payout_id: int, by: int, reason: str, mac: str | None, told: bool = True
    ) -> Payout:
        """`told`: not row by row when all of a batch is rejected."""
        payout = self._undecided(conn, payout_id, by, mac)
        note = rows.seal_words(self._vault, payout_id, note=reason)
        decided = {"decided_at": self._now(), "decided_by": by, **note}
        rows.change_status(conn, payout, PayoutStatus.REJECTED, **decided)
        reservations.release(conn, payout.campaign_id, payout.amount)
        rejected = rows.find(conn, self._vault, payout_id)
        notices.show_decision(conn, rejected, self._now())
        if told:
            notices.tell(conn, rejected, PayoutNews.REJECTED, [payout.requester_id], self._now())
            batch_progress.show(conn, payout.batch_id, self._now())
        return rejected

    def _pending(self, conn: Connection, batch_id: int) -> list[Payout]:
        """In the order of the file. Raises AlreadyDecided when none is, NoSuchPayout."""
        query = select(payouts).where(rows.p.batch_id == batch_id, rows.p.status == PayoutStatus.PENDING)
        pending = [rows.from_row(row, self._vault) for row in conn.execute(query.order_by(rows.p.id))]
        if not pending:
            first = rows.load(conn, self._vault, 1, rows.p.batch_id == batch_id)
            if not first:
                raise NoSuchPayout
            raise AlreadyDecided(first[0].status, self._deciders(conn, first[0]))
        return pending

    def _release_for_sending(self, conn: Connection, payout_id: int) -> Payout:
        approved = rows.find(conn, self._vault, payout_id)
        jobs.add(conn, [SendPayout(approved.id, approved.version, approved.batch_id)], self._now())
        notices.show_decision(conn, approved, self._now())
        return approved

    def _undecided(self, conn: Connection, payout_id: int, by: int, mac: str | None) -> Payout:
        agreement.demand_unaltered(conn, self._vault, payout_id)
        payout = rows.find(conn, self._vault, payout_id, lock=True)
        roles.demand(conn, by, Role.CHECKER)
        if payout.status is not PayoutStatus.PENDING:
            raise AlreadyDecided(payout.status, self._deciders(conn, payout))
        if mac is not None and not hmac.compare_digest(mac, self.mac(payout)):
            raise PayoutChanged
        if by == payout.requester_id:
            raise OwnRequest
        return payout

    def _deciders(self, conn: Connection, payout: Payout) -> str:
        people = [payout.decided_by] if payout.decided_by else agreement.approvers(conn, payout.id)
        return ", ".join(roles.name_of(conn, self._vault, person_id) for person_id in people)


def demand_that_it_failed(payout: Payout, tries: Sequence[Attempt]) -> None:
    """Raises NotRetryable, RetryCannotHelp."""
    if payout.status is not PayoutStatus.FAILED or payout.needs_review or any(each.is_open for each in tries):
        raise NotRetryable(payout.status)
    if not payout.may_be_retried:
        raise RetryCannotHelp(payout.status, payout.status_message)


def checked(reason: str) -> str:
    """Raises ReasonNeeded."""
    reason = names.tidy(reason)[:REASON_LENGTH]
    if not reason:
        raise ReasonNeeded
    return reason
