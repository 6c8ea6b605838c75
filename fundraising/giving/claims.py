"""The donor's way out of "we do not know": the code from M-Pesa's message, kept, and put to M-Pesa."""

import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from fundraising.giving import donation as rows
from fundraising.giving.donation import Donation
from fundraising.giving.tasks import CheckClaim
from fundraising.news import Alarm, TellOwners
from fundraising.statuses import DonationStatus
from storage import jobs
from storage.database import Database
from storage.tables import claims

MOST_CLAIMS = 5  # of one donation: each is a question to M-Pesa
CODE = re.compile(r"\b[A-Z][A-Z0-9]{9}\b")


class Claims:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def claim(self, donor_id: int, text: str) -> Donation | None:
        """Takes an M-Pesa code out of a message; the donation it was kept for, or None when nothing waits for one.

        It proves nothing by itself: no money is booked for it. After MOST_CLAIMS, further codes are not kept.
        """
        code = code_in(text)
        return await self._database.write(lambda conn: self._keep(conn, donor_id, code)) if code else None

    def _keep(self, conn: Connection, donor_id: int, code: str) -> Donation | None:
        waiting = rows.load(
            conn,
            rows.d.donor_id == donor_id,
            rows.d.status == DonationStatus.PENDING,
            rows.d.needs_review.is_not(None),
            lock=True,  # so that claims are counted one after another
        )
        if not waiting:
            return None
        kept_before = select(func.count()).where(claims.c.donation_id == waiting[-1].id)
        if (conn.scalar(kept_before) or 0) >= MOST_CLAIMS:
            return waiting[-1]
        row = {"donation_id": waiting[-1].id, "code": code, "created_at": self._now()}
        kept = insert_or_ignore(claims).values(**row).on_conflict_do_nothing().returning(claims.c.id)
        for claim_id in conn.scalars(kept):
            jobs.add(conn, [CheckClaim(claim_id), TellOwners(Alarm.CLAIM, waiting[-1].id)], self._now())
        return waiting[-1]


def code_in(text: str) -> str | None:
    """M-Pesa's codes are ten letters and digits, both kinds, and begin with a letter."""
    for found in CODE.findall(text.upper()):
        if any(character.isdigit() for character in found):
            return str(found)
    return None
