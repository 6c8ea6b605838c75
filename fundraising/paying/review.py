"""M-Pesa never said how it ended: two people decide, with its statement in hand."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, func, select

from fundraising.evidence import record
from fundraising.evidence.intake import Intake
from fundraising.evidence.record import UNPROVEN, Evidence, PaymentKind, Says, Source
from fundraising.paying import payout as rows
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.tasks import SendPayout
from fundraising.people import consent, roles
from fundraising.people.consent import Kind, Matter
from fundraising.people.roles import Role
from fundraising.refusals import NothingToReview, OwnRequest
from fundraising.statuses import PayoutStatus
from storage import jobs
from storage.database import Database
from storage.tables import evidence
from storage.vault import Vault

e = evidence.c


class Review:
    def __init__(self, database: Database, vault: Vault, intake: Intake, now: Callable[[], datetime]):
        self._database, self._vault, self._intake, self._now = database, vault, intake, now

    async def decide(self, payout_id: int, by: int, paid: bool, receipt: str | None = None) -> Payout:
        """One person's word is noted, in place of an earlier one; a second person's same word decides, as evidence.
        What M-Pesa tells of a payment meanwhile voids what was said before it.

        Raises NoSuchPayout, NotAllowed, NothingToReview; SecondPersonNeeded when the same person says it again;
        OwnRequest from the requester of a payout that took more than two people to agree.
        """

        def fn(conn: Connection) -> Payout:
            payout = rows.find(conn, self._vault, payout_id, lock=True)
            roles.demand(conn, by, Role.CHECKER)
            attempt = next((each for each in rows.attempts_of(conn, payout_id) if each.is_open), None)
            if attempt is None or not payout.needs_review:
                raise NothingToReview
            if by == payout.requester_id and payout.approvals_needed > 1:
                raise OwnRequest
            says, now = Says.SUCCEEDED if paid else Says.FAILED, self._now()
            if consent.say(conn, matter_of(conn, attempt), says, by, now):
                rows.answered(conn, payout_id, now, by=by)
                self._intake.settle(conn, word_of_people(attempt, by, says, receipt, now))
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
            rows.answered(conn, payout_id, self._now(), by=by)
            if payout.status is PayoutStatus.APPROVED:  # what was held back by the review is sent now
                jobs.add(conn, [SendPayout(payout.id, payout.version, payout.batch_id)], self._now())
            return rows.find(conn, self._vault, payout_id)

        return await self._database.write(fn)


def matter_of(conn: Connection, attempt: Attempt) -> Matter:
    """Each time that M-Pesa tells of a payment it is another matter."""
    about = (e.payment_kind == PaymentKind.ATTEMPT, e.payment_id == attempt.id, e.verdict.not_in(UNPROVEN))
    paid = (e.source != Source.PEOPLE, e.says.in_([Says.SUCCEEDED, Says.UNREADABLE]))
    told = select(func.count()).where(*about, *paid)
    return Matter(Kind.REVIEW, str(attempt.id), conn.scalar(told) or 0)


def word_of_people(attempt: Attempt, by: int, says: Says, receipt: str | None, now: datetime) -> Evidence:
    key = record.key_of(Source.PEOPLE, attempt.id, by, says, now.isoformat())
    return Evidence(key, Source.PEOPLE, says, now, record.attempt(attempt.id), person_id=by, receipt=receipt)
