"""What must always hold of the books. Each check lists what breaks it; `trustvoice verify` prints them.

A sentence says what is wrong with which thing, and after a colon and a blank the numbers, which change as money moves.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Text, case, cast, func, literal, select

from fundraising.books import ledger, undecided
from fundraising.evidence import Verdict
from fundraising.paying import words
from fundraising.paying.settlement import FEES
from fundraising.paying.statuses import RESERVING, AttemptState, PayoutStatus
from fundraising.statuses import DonationStatus
from storage.database import Database
from storage.payout_tables import approvals, attempts, payout_evidence, payouts
from storage.tables import balances, donations, evidence, postings, suspense

p, b, d, s = postings.c, balances.c, donations.c, suspense.c
o, t = payouts.c, attempts.c


class SelfCheck:
    def __init__(self, database: Database):
        self._database = database

    async def problems(self) -> list[str]:
        """One sentence for each thing that does not hold; none when the books are right."""
        return await self._database.read(problems)


def problems(conn: Connection) -> list[str]:
    be_patient(conn)
    return [*wrong_in_detail(conn), *wrong_in_standing(conn), *unweighed_money(conn)]


def wrong_in_detail(conn: Connection) -> list[str]:
    """Cause by cause and donation by donation: with millions of them it takes half a minute."""
    be_patient(conn)
    return [*unbalanced(conn), *uncredited_donations(conn)]


def wrong_of_late(conn: Connection, since: datetime) -> list[str]:
    """All balances and sums, and in detail what happened since: with a million donations it takes seconds.

    Without the evidence that was set aside: that has an alarm of its own, and is in no book yet.
    """
    be_patient(conn)
    lately = [*unbalanced(conn, p.posted_at >= since), *uncredited_donations(conn, d.settled_at >= since)]
    return [*lately, *wrong_in_standing(conn), *credited_otherwise(conn), *unbalanced_in_all(conn)]


def wrong_in_standing(conn: Connection) -> Iterator[str]:
    for check in (
        wrong_balances,
        below_zero,
        covered_too_much,
        unfounded_credits,
        unposted_suspense,
        undecided.wrongly_decided,
        wrong_reservations,
        unbooked_payouts,
        unfounded_payments,
        unapproved_sending,
    ):
        yield from check(conn)


def be_patient(conn: Connection) -> None:
    """This transaction only reads, and may take longer than any other."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL statement_timeout = '10min'")


def unbalanced(conn: Connection, *where: ColumnElement[bool]) -> Iterator[str]:
    """All postings of a cause are of the same moment."""
    query = select(p.cause, p.currency).where(*where).group_by(p.cause, p.currency).having(func.sum(p.minor) != 0)
    for cause, currency in conn.execute(query):
        yield f"the postings of {cause} do not add up to zero in {currency}"


def unbalanced_in_all(conn: Connection) -> Iterator[str]:
    difference = func.sum(b.in_minor - b.out_minor)
    for currency, minor in conn.execute(select(b.currency, difference).group_by(b.currency).having(difference != 0)):
        yield f"all balances in {currency} together are not zero: {minor}"


def credited_otherwise(conn: Connection) -> Iterator[str]:
    """Campaign by campaign, what its completed donations sum up to is what was credited for donations."""
    taken = d.status.in_([DonationStatus.COMPLETED, DonationStatus.REFUNDED])
    given = select(d.campaign_id, d.currency, func.sum(d.amount_minor)).where(taken)
    completed = {
        (ledger.campaign_account(campaign_id), currency): int(minor)
        for campaign_id, currency, minor in conn.execute(given.group_by(d.campaign_id, d.currency))
    }
    credited = select(p.account, p.currency, func.sum(p.minor)).where(
        p.cause.like("donation:%"), p.account.like("campaign:%")
    )
    posted = {
        (account, currency): int(minor)
        for account, currency, minor in conn.execute(credited.group_by(p.account, p.currency))
    }
    for key in sorted(completed.keys() | posted.keys()):
        if completed.get(key, 0) != posted.get(key, 0):
            yield (
                f"{key[0]} was not credited in {key[1]} what its completed donations sum up to: "
                f"{posted.get(key, 0)} instead of {completed.get(key, 0)}"
            )


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
            yield (
                f"the balance of {key[0]} in {key[1]} is not what its postings say: "
                f"{kept.get(key, (0, 0))} instead of {posted.get(key, (0, 0))}"
            )


def below_zero(conn: Connection) -> Iterator[str]:
    """Outside, M-Pesa's fees and what is owed to us are below zero by their nature."""
    others = (b.account.not_in([ledger.OUTSIDE, FEES]), b.account.not_like("receivable:%"))
    for row in conn.execute(select(balances).where(*others, b.in_minor < b.out_minor)):
        yield f"{row.account} is below zero in {row.currency}"


def covered_too_much(conn: Connection) -> Iterator[str]:
    for row in conn.execute(select(balances).where(b.account.like("receivable:%"), b.in_minor > b.out_minor)):
        yield f"{row.account} is above zero in {row.currency}: more was covered than was owed"


def uncredited_donations(conn: Connection, *where: ColumnElement[bool]) -> Iterator[str]:
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
    for donation_id in conn.scalars(select(d.id).where(taken, ~credited, *where)):
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
    stuck = [(evidence.c.verdict, Verdict.STUCK), (payout_evidence.c.verdict, words.Verdict.STUCK)]
    count = sum(conn.scalar(select(func.count()).where(column == verdict)) or 0 for column, verdict in stuck)
    if count:
        yield f"{count} pieces of evidence could not be settled and were set aside: see the log"


def wrong_reservations(conn: Connection) -> Iterator[str]:
    open_ones = select(o.campaign_id, o.currency, func.sum(o.amount_minor)).where(o.status.in_(RESERVING))
    needed = {
        (ledger.campaign_account(campaign_id), currency): int(minor)
        for campaign_id, currency, minor in conn.execute(open_ones.group_by(o.campaign_id, o.currency))
    }
    promised = select(b.account, b.currency, b.reserved_minor).where(b.reserved_minor != 0)
    held = {(account, currency): minor for account, currency, minor in conn.execute(promised)}
    for key in sorted(needed.keys() | held.keys()):
        if needed.get(key, 0) != held.get(key, 0):
            yield (
                f"{key[0]} has not reserved in {key[1]} what its open payouts need: "
                f"{held.get(key, 0)} instead of {needed.get(key, 0)}"
            )


def unbooked_payouts(conn: Connection) -> Iterator[str]:
    """Every paid attempt took its money out of the books, and every completed payout has one."""
    booked = select(p.cause).where(p.cause.in_(causes_of_attempt())).exists()
    for payout_id in conn.scalars(select(t.payout_id).where(t.state == AttemptState.SUCCEEDED, ~booked)):
        yield f"an attempt of payout {payout_id} is paid, but its money is not booked"
    paid = select(t.id).where(t.payout_id == o.id, t.state == AttemptState.SUCCEEDED).exists()
    for payout_id in conn.scalars(select(o.id).where(o.status == PayoutStatus.COMPLETED, ~paid)):
        yield f"payout {payout_id} is completed, but none of its attempts is paid"


def unfounded_payments(conn: Connection) -> Iterator[str]:
    unpaid = t.state != AttemptState.SUCCEEDED
    booked = select(p.cause).where(p.cause.in_(causes_of_attempt())).exists()
    for payout_id, state in conn.execute(select(t.payout_id, t.state).where(unpaid, booked)):
        yield f"an attempt of payout {payout_id} is {state}, but money was booked for it"


def unapproved_sending(conn: Connection) -> Iterator[str]:
    agreed = select(func.count()).where(approvals.c.payout_id == o.id).scalar_subquery()
    sent = o.status.in_([PayoutStatus.APPROVED, PayoutStatus.PROCESSING, PayoutStatus.COMPLETED, PayoutStatus.FAILED])
    for payout_id in conn.scalars(select(o.id).where(sent, agreed < o.approvals_needed)):
        yield f"payout {payout_id} went on without the approvals that it needs"


def causes_of_attempt() -> list[ColumnElement[str]]:
    cause = literal("payout:") + cast(t.payout_id, Text) + literal(":") + cast(t.number, Text)
    return [cause, cause + literal(":shortfall")]
