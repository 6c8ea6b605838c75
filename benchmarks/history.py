"""Donations settled long ago, written by SQLite itself: what today's callback has to find its way through."""

from sqlalchemy import Connection, text

from benchmarks.stock import AMOUNT, CAMPAIGN
from storage.database import Database

NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count) "
STATEMENTS = (
    "INSERT INTO donors (id, created_at) SELECT n, n FROM numbers",
    """INSERT INTO donations (id, reference, campaign_id, donor_id, amount_minor, currency, phone_sealed, phone_index,
    status, push, checkout_sealed, checkout_index, receipt, created_at, pushed_at, settled_at)
    SELECT n, 'OLD' || n, :campaign, n, :minor, 'KES', randomblob(44), randomblob(32), 'completed', 'accepted',
    randomblob(60), randomblob(32), printf('OLD%07X', n), n, n, n FROM numbers""",
    "INSERT INTO tokens (token_hash, purpose, about_id) SELECT randomblob(32), 'push', n FROM numbers",
    """INSERT INTO evidence (key, source, payment_kind, payment_id, token_hash, says, code, amount_minor, receipt,
    body_sealed, received_at, verdict)
    SELECT randomblob(32), 'callback', 'donation', n, randomblob(32), 'succeeded', '0', :minor,
    printf('OLD%07X', n), randomblob(450), n, 'credited' FROM numbers""",
    """INSERT INTO postings (cause, account, currency, minor, posted_at)
    SELECT 'donation:' || n, 'outside', 'KES', -:minor, n FROM numbers""",
    """INSERT INTO postings (cause, account, currency, minor, posted_at)
    SELECT 'donation:' || n, 'campaign:' || :campaign, 'KES', :minor, n FROM numbers""",
    "INSERT INTO balances (account, currency, in_minor, out_minor) VALUES ('outside', 'KES', 0, :count * :minor)",
    """INSERT INTO balances (account, currency, in_minor, out_minor)
    VALUES ('campaign:' || :campaign, 'KES', :count * :minor, 0)""",
)


async def settle_long_ago(database: Database, count: int) -> None:
    """The donations 1 to count of a new database. SQLite only."""
    values = {"count": count, "minor": AMOUNT.minor, "campaign": CAMPAIGN}

    def fill(conn: Connection) -> None:
        for statement in STATEMENTS:
            conn.execute(text((NUMBERS if "FROM numbers" in statement else "") + statement), values)

    await database.write(fill)
