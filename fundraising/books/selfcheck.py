"""What must always hold of the books. Each check lists what breaks it; `trustvoice verify` prints them."""

from collections.abc import Iterator

from sqlalchemy import Connection, Text, case, cast, func, literal, select

from fundraising.books import ledger
from fundraising.evidence import Verdict
from fundraising.statuses import DonationStatus
from storage.database import Database
from storage.tables import balances, donations, evidence, postings, suspense

p, b, d, s = postings.c, balances.c, donations.c, suspense.c


class SelfCheck:
    def __init__(self, database: Database):
        self._database = database

    async def problems(self) -> list[str]:
        """One sentence for each thing that does not hold; none when the books are right."""
        return await self._database.read(problems)


def problems(conn: Connection) -> list[str]:
    checks = (
        unbalanced,
        wrong_balances,
        below_zero,
        uncredited_donations,
        unfounded_credits,
        unposted_suspense,
        unweighed_money,
    )
    return [problem for check in checks for problem in check(conn)]


def unbalanced(conn: Connection) -> Iterator[str]:
    query = select(p.cause, p.currency).group_by(p.cause, p.currency).having(func.sum(p.minor) != 0)
    for cause, currency in conn.execute(query):
        yield f"the postings of {cause} do not add up to zero in {currency}"


def wrong_balances(conn: Connection) -> Iterator[str]:
    ins = func.sum(case((p.minor > 0, p.minor), else_=0))
    outs = func.sum(case((p.minor < 0, -p.minor), else_=0))
    posted = {
        (account, currency): (int(came), int(went))
        for account, currency, came, went in conn.execute(
            select(p.account, p.currency, ins, outs).group_by(p.account, p.currency)
        )
    }
    kept = {(row.account, row.currency): (row.in_minor, row.out_minor) for row in conn.execute(select(balances))}
    for key in sorted(posted.keys() | kept.keys()):
        if posted.get(key, (0, 0)) != kept.get(key, (0, 0)):
            yield f"the balance of {key[0]} in {key[1]} is {kept.get(key)}, its postings say {posted.get(key)}"


def below_zero(conn: Connection) -> Iterator[str]:
    for row in conn.execute(select(balances).where(b.account != ledger.OUTSIDE, b.in_minor < b.out_minor)):
        yield f"{row.account} is below zero in {row.currency}"


def uncredited_donations(conn: Connection) -> Iterator[str]:
    credited = (
        select(p.cause)
        .where(
            p.cause == literal("donation:") + cast(d.id, Text),
            p.account == literal("campaign:") + cast(d.campaign_id, Text),
            p.currency == d.currency,
            p.minor == d.amount_minor,
        )
        .exists()
    )
    taken = d.status.in_([DonationStatus.COMPLETED, DonationStatus.REFUNDED])
    for donation_id in conn.scalars(select(d.id).where(taken, ~credited)):
        yield f"donation {donation_id} is completed, but its amount was not credited to its campaign"


def unfounded_credits(conn: Connection) -> Iterator[str]:
    undecided = d.status.in_([DonationStatus.PENDING, DonationStatus.FAILED])
    posted = select(p.cause).where(p.cause == literal("donation:") + cast(d.id, Text)).exists()
    for donation_id, status in conn.execute(select(d.id, d.status).where(undecided, posted)):
        yield f"donation {donation_id} is {status}, but money was credited for it"


def unposted_suspense(conn: Connection) -> Iterator[str]:
    posted = (
        select(p.cause)
        .where(
            p.cause == literal("receipt:") + s.receipt,
            p.account == ledger.SUSPENSE,
            p.currency == s.currency,
            p.minor == s.amount_minor,
        )
        .exists()
    )
    for receipt in conn.scalars(select(s.receipt).where(~posted)):
        yield f"receipt {receipt} lies in suspense, but its amount was not posted there"


def unweighed_money(conn: Connection) -> Iterator[str]:
    count = conn.scalar(select(func.count()).select_from(evidence).where(evidence.c.verdict == Verdict.STUCK))
    if count:
        yield f"{count} pieces of evidence could not be settled and were set aside: see the log"
