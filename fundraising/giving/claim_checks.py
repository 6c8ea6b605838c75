"""A donor's M-Pesa code, put to Transaction Status."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from fundraising import stops
from fundraising.addresses import Address
from fundraising.evidence import tokens
from fundraising.evidence.schedule import HOURLY
from fundraising.evidence.tokens import Purpose
from fundraising.giving.tasks import CheckClaim, CheckClaimAgain
from fundraising.randomness import RandomBytes
from mpesa.outcome import Failed, Succeeded
from mpesa.payouts import MpesaPayouts, StatusQuestion
from storage.database import Database
from storage.tables import claims, donations, suspense

c = claims.c
SOON = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
MOST_QUESTIONS = len(SOON) + 24  # then hourly: a day


class ClaimChecks:
    def __init__(
        self,
        database: Database,
        mpesa: MpesaPayouts,
        now: Callable[[], datetime],
        random_bytes: RandomBytes,
        status_url: Address,  # the token is appended
    ):
        self._database, self._mpesa, self._now = database, mpesa, now
        self._random_bytes, self._status_url = random_bytes, status_url

    async def check(self, job: CheckClaim, number: int) -> datetime | None:
        """The job; M-Pesa answers by a callback. A question that was not taken is put again, for a day."""
        begun = await self._database.write(lambda conn: self._begin(conn, job.claim_id))
        if begun is None:
            return self._now() + HOURLY
        code, token = begun
        url = f"{self._status_url}/{token}"
        outcome = await self._mpesa.transaction_status(StatusQuestion(None, code, url, url))
        if isinstance(outcome, Succeeded):
            return None
        if isinstance(outcome, Failed) and outcome.refuses_initiator:
            code, reason = outcome.code, outcome.reason
            await self._database.write(lambda conn: stops.refuse_initiator(conn, code, reason, self._now()))
        if number > MOST_QUESTIONS:
            return None
        return self._now() + (SOON[number - 1] if number <= len(SOON) else HOURLY)

    async def check_again(self, job: CheckClaimAgain, number: int) -> datetime | None:
        """The job, a day later, of a code that is in no book yet."""
        if await self._database.read(lambda conn: is_booked(conn, job.claim_id)):
            return None
        return await self.check(CheckClaim(job.claim_id), MOST_QUESTIONS + number)

    def _begin(self, conn: Connection, claim_id: int) -> tuple[str, str] | None:
        if stops.initiator_is_refused(conn):
            return None
        code = conn.scalars(select(c.code).where(c.id == claim_id)).one()
        return code, tokens.mint(conn, self._random_bytes, Purpose.CLAIM, claim_id)


def is_booked(conn: Connection, claim_id: int) -> bool:
    code = select(c.code).where(c.id == claim_id).scalar_subquery()
    credited = select(donations.c.id).where(donations.c.receipt == code)
    kept = select(suspense.c.id).where(suspense.c.receipt == code)
    return conn.scalar(credited) is not None or conn.scalar(kept) is not None
