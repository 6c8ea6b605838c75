"""A day of the books, and M-Pesa's side against them."""

import datetime
import re
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from fundraising.audit.agreement import Agreement
from fundraising.audit.movements import Kind, Line
from fundraising.audit.reconciliation import Report
from fundraising.audit.unresolved import Unresolved
from fundraising.money import Money
from letters.books import reconciliation_file
from webhooks.api.calls import Call, Reply
from webhooks.api.fields import Amount, Given, Moment, Shape

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: object) -> object:
    """Strict: pydantic would also take a number of seconds."""
    if not isinstance(text, str) or not DAY.fullmatch(text):
        raise PydanticCustomError("day", "not a day")
    return text


Day = Annotated[datetime.date, BeforeValidator(day)]


class ReportQuery(Given):
    date: Day | None = Field(None, description="In Nairobi, like 2026-11-20; yesterday when it is left out.")


class FlowOut(Shape):
    count: int
    amount: Amount


class AccountOut(Shape):
    """`opening` and the amounts of the flows add up to `closing`."""

    account: str = Field(description="campaign:1, receivable:1, suspense, fees, or outside: everybody's own M-Pesa.")
    title: str = Field(description="The campaign's.")
    currency: str
    opening: Amount
    flows: dict[Kind, FlowOut] = Field(description="Below zero: it left the account.")
    closing: Amount
    adds_up: bool


class StatementOut(Shape):
    shortcode: str = Field(description="Empty: the one that pays.")
    account: str
    available: Amount
    seen_at: Moment


class MpesaOut(Shape):
    """Both sides at the moment of M-Pesa's answer. What was there before TrustVoice makes a constant difference."""

    currency: str
    accounts: list[StatementOut]
    together: Amount
    ours: Amount
    difference: Amount
    seen_at: Moment
    changed_by: Amount | None = Field(description="The difference, against the one before.")
    compared_with: Moment | None


class UnresolvedOut(Shape):
    kind: str
    id: str
    why: str
    amount: Amount
    currency: str
    campaign_id: int | None
    since: Moment


class ReportOut(Shape):
    """Sums are the same whenever the day is asked for; what is unresolved is so at `made_at`."""

    date: datetime.date
    is_over: bool
    made_at: Moment
    adds_up: bool
    agrees: bool | None = Field(description="Null when M-Pesa told nothing, like `mpesa`: nothing was compared.")
    accounts: list[AccountOut]
    payments: dict[str, int] = Field(description="How many payouts were paid, by currency.")
    mpesa: MpesaOut | None
    unresolved: list[UnresolvedOut]


async def of_day(call: Call) -> Reply:
    books = call.use_cases.reconciliation
    report = await books.of(call.query_as(ReportQuery).date or books.today() - datetime.timedelta(days=1))
    return Reply(shown(report), table=reconciliation_file.file(report) if call.wants_csv else None)


def shown(report: Report) -> ReportOut:
    return ReportOut(
        date=report.day,
        is_over=report.is_over,
        made_at=report.made_at,
        adds_up=report.adds_up,
        agrees=report.agrees,
        accounts=[account(line, report) for line in report.lines],
        payments=dict(report.payments),
        mpesa=at_mpesa(report.mpesa) if report.mpesa else None,
        unresolved=[waiting(each) for each in report.unresolved],
    )


def account(line: Line, report: Report) -> AccountOut:
    return AccountOut(
        account=str(line.account),
        title=report.title(line.account),
        currency=line.currency,
        opening=line.opening.major,
        flows={kind: FlowOut(count=move.count, amount=move.amount.major) for kind, move in line.moves.items()},
        closing=line.closing.major,
        adds_up=line.adds_up,
    )


def at_mpesa(found: Agreement) -> MpesaOut:
    now, before = found.now, found.before
    accounts = [
        StatementOut(shortcode=said.shortcode, account=name, available=money.major, seen_at=said.seen_at)
        for said in now.round.statements
        for name, money in said.accounts.items()
    ]
    return MpesaOut(
        currency=now.ours.currency,
        accounts=accounts,
        together=now.round.total.major,
        ours=now.ours.major,
        difference=now.difference.major,
        seen_at=now.round.seen_at,
        changed_by=found.changed_by.major if found.changed_by else None,
        compared_with=before.round.seen_at if before else None,
    )


def waiting(each: Unresolved) -> UnresolvedOut:
    money: Money = each.amount
    return UnresolvedOut(
        kind=each.kind,
        id=each.id,
        why=each.why,
        amount=money.major,
        currency=money.currency,
        campaign_id=each.campaign_id,
        since=each.since,
    )
