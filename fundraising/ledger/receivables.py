"""What left M-Pesa for a campaign without being covered: it blocks the campaign's payouts until it is cleared."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, func, select

from fundraising import campaigns
from fundraising.ledger import accounts, posting, reservations
from fundraising.ledger.accounts import Account
from fundraising.ledger.causes import Cover
from fundraising.ledger.posting import Transfer
from fundraising.money import Money
from storage.database import Database
from storage.tables import postings


class Receivables:
    def __init__(self, database: Database, now: Callable[[], datetime]):
        self._database, self._now = database, now

    async def cover(self, campaign_id: int) -> Money:
        """Covers it from what the campaign has and has not promised; what is still owed afterwards.

        Raises NoSuchCampaign.
        """

        def fn(conn: Connection) -> Money:
            currency = campaigns.load_one(conn, campaigns.c.id == campaign_id).goal.currency
            account = accounts.receivable(campaign_id)
            free = reservations.available(conn, campaign_id, currency, lock=True)  # first: one cover at a time
            owed = Money(-posting.balance(conn, account, currency).minor, currency)
            covered = Money(min(owed.minor, max(free.minor, 0)), currency)
            if covered.minor:
                cause = Cover(campaign_id, number_of_covers(conn, account) + 1)
                transfer = Transfer(cause, accounts.campaign(campaign_id), account, covered)
                posting.post(conn, [transfer], self._now())
            return owed - covered

        return await self._database.write(fn)


def number_of_covers(conn: Connection, account: Account) -> int:
    incoming = (postings.c.account == str(account), postings.c.minor > 0)
    return conn.scalar(select(func.count()).select_from(postings).where(*incoming)) or 0
