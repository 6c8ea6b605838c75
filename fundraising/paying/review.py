"""M-Pesa never said how it ended: two people decide, with its statement in hand."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select

from fundraising.evidence import words
from fundraising.evidence.words import Says, Source, Verdict, Word
from fundraising.paying import payout as rows
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.settlement import PayoutSettlement
from fundraising.paying.tasks import SendPayout
from fundraising.people import roles
from fundraising.people.roles import Role
from fundraising.refusals import NothingToReview, OwnRequest, SecondPersonNeeded
from fundraising.statuses import PayoutStatus
from storage import jobs
from storage.database import Database
from storage.payout_tables import payout_evidence
from storage.vault import Vault

e = payout_evidence.c


class Review:
    def __init__(self, database: Database, vault: Vault, settlement: PayoutSettlement, now: Callable[[], datetime]):
        self._database, self._vault, self._settlement, self._now = database, vault, settlement, now

    async def decide(self, payout_id: int, by: int, paid: bool, receipt: str | None = None) -> Payout:
        """One person's word is noted; a second person's same word decides, as evidence. An opposite word replaces
        none: it takes two that agree.

        Raises NoSuchPayout, NotAllowed, NothingToReview, SecondPersonNeeded when the same person says it again.
        """

        def fn(conn: Connection) -> Payout:
            payout = rows.find(conn, self._vault, payout_id, lock=True)
            roles.demand(conn, by, Role.CHECKER)
            attempt = next((each for each in rows.attempts_of(conn, payout_id) if each.is_open), None)
            if attempt is None or not payout.needs_review:
                raise NothingToReview
            word = self._word(attempt, by, Says.PAID if paid else Says.FAILED, receipt)
            said_by = self._who_said(conn, attempt, word.says)
            if by in said_by:
                raise SecondPersonNeeded
            if said_by & set(roles.holders(conn, Role.CHECKER)):  # who lost the role has no say any more
                rows.set_columns(conn, payout_id, needs_review=None)
                self._settlement.settle(conn, word)
            else:
                words.record(conn, self._vault, word, attempt.id, Verdict.NOTED)
            return rows.find(conn, self._vault, payout_id)

        return await self._database.write(fn)

    async def close(self, payout_id: int, by: int) -> Payout:
        """An owner has seen to a payout whose outcome is known but odd.

        Raises NotAllowed, NothingToReview, OwnRequest.
        """

        def fn(conn: Connection) -> Payout:
            payout = rows.find(conn, self._vault, payout_id, lock=True)
            roles.demand(conn, by, Role.OWNER)
            if not payout.needs_review or any(each.is_open for each in rows.attempts_of(conn, payout_id)):
                raise NothingToReview
            if by == payout.requester_id:
                raise OwnRequest
            rows.set_columns(conn, payout_id, needs_review=None)
            if payout.status is PayoutStatus.APPROVED:  # what was held back by the review is sent now
                jobs.add(conn, [SendPayout(payout.id, payout.version, payout.batch_id)], self._now())
            return rows.find(conn, self._vault, payout_id)

        return await self._database.write(fn)

    def _word(self, attempt: Attempt, by: int, says: Says, receipt: str | None) -> Word:
        key = words.key_of(Source.PEOPLE, attempt.id, by, says)
        return Word(key, Source.PEOPLE, says, self._now(), attempt_id=attempt.id, person_id=by, receipt=receipt)

    def _who_said(self, conn: Connection, attempt: Attempt, says: Says) -> set[int]:
        query = select(e.person_id).where(e.attempt_id == attempt.id, e.source == Source.PEOPLE, e.says == says)
        return {person for person in conn.scalars(query) if person is not None}
