"""What must always hold of the books. Each check lists what breaks it; `trustvoice verify` prints them.

A sentence says what is wrong with which thing, and after a colon and a blank the numbers, which change as money moves.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from fundraising.audit import check_of_payouts, unfounded
from fundraising.evidence.intake import SettleWaiting
from fundraising.evidence.record import PaymentKind, Verdict
from fundraising.ledger import accounts, causes
from fundraising.ledger.causes import Kind
from fundraising.paying import agreement
from fundraising.people import consent, grants
from fundraising.statuses import RESERVING, DonationStatus, PayoutStatus
from storage.consent_tables import consents
from storage.database import Database
from storage.payout_tables import payouts
from storage.tables import balances, donations, evidence, jobs, postings, suspense
from storage.vault import Vault

p, b, d, s, e, o = postings.c, balances.c, donations.c, suspense.c, evidence.c, consents.c
IS_RECEIVABLE = accounts.is_one_of(b.account, accounts.Kind.RECEIVABLE)
TAKEN = (DonationStatus.COMPLETED, DonationStatus.REFUNDED)


class SelfCheck:
    def __init__(self, database: Database, vault: Vault):
        self._database, self._vault = database, vault

    async def problems(self) -> list[str]:
        """One sentence for each thing that does not hold; none when the books are right."""
        return await self._database.read(lambda conn: problems(conn, self._vault))


def problems(conn: Connection, vault: Vault) -> list[str]:
    be_patient(conn)
    standing = [*wrong_in_standing(conn), *grants.given_by_nobody(conn, vault)]
    return [*wrong_in_detail(conn, vault), *standing, *credited_otherwise(conn), *unweighed_money(conn)]


def wrong_in_detail(conn: Connection, vault: Vault) -> list[str]:
    """Cause by cause and payment by payment: with millions of them it takes half a minute."""
    be_patient(conn)
    donations_wrong = [*unbalanced(conn), *uncredited_donations(conn), *disowned_donations(conn)]
    return [*donations_wrong, *agreement.altered(conn, vault)]


def wrong_of_late(conn: Connection, vault: Vault, since: datetime) -> list[str]:
    """All balances and sums, and in detail what happened since: with a million donations it takes seconds.

    Without the evidence that was set aside: that has an alarm of its own, and is in no book yet.
    """
    be_patient(conn)
    settled = d.settled_at >= since
    donated = [*uncredited_donations(conn, settled), *disowned_donations(conn, settled)]
    lately = [*unbalanced(conn, p.posted_at >= since), *donated]
    may_be_sent = payouts.c.status.in_([*RESERVING, PayoutStatus.FAILED])
    written = [*agreement.altered(conn, vault, may_be_sent), *grants.given_by_nobody(conn, vault)]
    return [*lately, *wrong_in_standing(conn), *credited_otherwise(conn), *unbalanced_in_all(conn), *written]


def wrong_in_standing(conn: Connection) -> Iterator[str]:
    for check in (
        wrong_balances,
        below_zero,
        covered_too_much,
        unfounded_credits,
        unposted_suspense,
        unfounded.unfounded_postings,
        unfounded.receipts_used_twice,
        wrongly_decided,
        check_of_payouts.wrong_payouts,
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
    given = select(d.campaign_id, d.currency, func.sum(d.amount_minor)).where(d.status.in_(TAKEN))
    completed = {
        (str(accounts.campaign(campaign_id)), currency): int(minor)
        for campaign_id, currency, minor in conn.execute(given.group_by(d.campaign_id, d.currency))
    }
    credited = select(p.account, p.currency, func.sum(p.minor)).where(
        causes.is_of(p.cause, Kind.DONATION), accounts.is_one_of(p.account, accounts.Kind.CAMPAIGN)
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
    by_nature = b.account.in_([str(accounts.OUTSIDE), str(accounts.FEES)]) | IS_RECEIVABLE
    for row in conn.execute(select(balances).where(~by_nature, b.in_minor < b.out_minor)):
        yield f"{row.account} is below zero in {row.currency}"


def covered_too_much(conn: Connection) -> Iterator[str]:
    for row in conn.execute(select(balances).where(IS_RECEIVABLE, b.in_minor > b.out_minor)):
        yield f"{row.account} is above zero in {row.currency}: more was covered than was owed"


def uncredited_donations(conn: Connection, *where: ColumnElement[bool]) -> Iterator[str]:
    credited = (
        select(p.cause)
        .where(
            p.cause == causes.column(Kind.DONATION, d.id),
            p.account == accounts.column(accounts.Kind.CAMPAIGN, d.campaign_id),
            p.currency == d.currency,
            p.minor == d.amount_minor,
        )
        .exists()
    )
    for donation_id in conn.scalars(select(d.id).where(d.status.in_(TAKEN), ~credited, *where)):
        yield f"donation {donation_id} is completed, but its amount was not credited to its campaign"


def disowned_donations(conn: Connection, *where: ColumnElement[bool]) -> Iterator[str]:
    """What M-Pesa's word was credited for, in the amount that it named."""
    its_own = (e.payment_kind == PaymentKind.DONATION, e.payment_id == d.id)
    credited = (*its_own, e.verdict.in_([Verdict.CREDITED, Verdict.CREDITED_LATE]))
    differs = or_(d.status.not_in(TAKEN), e.amount_minor != d.amount_minor)
    word = select(e.id).where(*credited, differs).exists()
    for donation_id, status in conn.execute(select(d.id, d.status).where(word, *where)):
        yield f"donation {donation_id} is {status}, but M-Pesa's word was credited otherwise"


def unfounded_credits(conn: Connection) -> Iterator[str]:
    undecided = d.status.in_([DonationStatus.PENDING, DonationStatus.FAILED])
    posted = select(p.cause).where(p.cause == causes.column(Kind.DONATION, d.id)).exists()
    for donation_id, status in conn.execute(select(d.id, d.status).where(undecided, posted)):
        yield f"donation {donation_id} is {status}, but money was credited for it"


def unposted_suspense(conn: Connection) -> Iterator[str]:
    posted = (
        select(p.cause)
        .where(
            p.cause == causes.column(Kind.RECEIPT, s.receipt),
            p.account == str(accounts.SUSPENSE),
            p.currency == s.currency,
            p.minor == s.amount_minor,
        )
        .exists()
    )
    for receipt in conn.scalars(select(s.receipt).where(~posted)):
        yield f"receipt {receipt} lies in suspense, but its amount was not posted there"


def unweighed_money(conn: Connection) -> Iterator[str]:
    if count := conn.scalar(select(func.count()).where(e.verdict == Verdict.STUCK)):
        yield f"{count} pieces of evidence could not be settled and were set aside: see the log"
    at_work = select(jobs.c.id).where(jobs.c.kind == SettleWaiting.__name__, jobs.c.run_at.is_not(None)).exists()
    if waiting := conn.scalar(select(func.count()).where(e.verdict.is_(None), ~at_work)):
        yield f"{waiting} pieces of evidence wait, and nothing is going to weigh them"


def wrongly_decided(conn: Connection) -> Iterator[str]:
    """Money leaves suspense because two people said so, and whenever they did."""
    decision = causes.column(Kind.DECISION, o.subject)
    agreed_on = and_(o.kind == consent.Kind.SUSPENSE, o.confirmer_id.is_not(None))
    booked = select(p.cause).where(p.cause == decision, p.account == str(accounts.SUSPENSE)).exists()
    for cause in conn.scalars(select(o.subject).where(agreed_on, ~booked)):
        yield f"two people decided on {cause}, but its money is not booked out of suspense"
    agreed = select(o.id).where(decision == p.cause, agreed_on).exists()
    for cause in conn.scalars(select(p.cause).where(p.account == str(accounts.SUSPENSE), p.minor < 0, ~agreed)):
        yield f"{cause} took money out of suspense, but no two people decided so"
