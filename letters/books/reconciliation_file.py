"""A day of the books for a spreadsheet: every account, M-Pesa's side, what is unresolved. Amounts in major units."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from fundraising import days
from fundraising.audit.agreement import Agreement
from fundraising.audit.movements import Kind, Line
from fundraising.audit.reconciliation import Report
from fundraising.money import Money
from letters.spreadsheets import plain

Row = list[str]
COUNTED = (Kind.DONATIONS, Kind.PAYOUTS)


def name(report: Report) -> str:
    return f"reconciliation-{report.day}.csv"


def file(report: Report) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    written = io.StringIO()
    csv.writer(written).writerows(rows(report))
    return written.getvalue().encode("utf-8-sig")


def rows(report: Report) -> Iterator[Row]:
    yield ["day", report.day.isoformat(), "made_at", clock(report.made_at)]
    yield []
    yield heads()
    yield from (of_line(line, report) for line in report.lines)
    yield []
    yield ["mpesa_shortcode", "mpesa_account", "currency", "available", "seen_at"]
    if report.mpesa:
        yield from at_mpesa(report.mpesa)
    yield []
    yield ["unresolved", "id", "why", "amount", "currency", "campaign", "since", "age_hours"]
    yield from waiting(report)


def heads() -> Row:
    sums = [name for kind in Kind for name in ((kind, f"{kind}_count") if kind in COUNTED else (kind,))]
    return ["account", "title", "currency", "opening", *sums, "closing", "adds_up"]


def of_line(line: Line, report: Report) -> Row:
    sums: Row = []
    for kind in Kind:
        move = line.move(kind)
        sums += [major(move.amount), str(move.count)] if kind in COUNTED else [major(move.amount)]
    common = [str(line.account), plain(report.title(line.account)), line.currency, major(line.opening)]
    return [*common, *sums, major(line.closing), "yes" if line.adds_up else "NO"]


def at_mpesa(found: Agreement) -> Iterator[Row]:
    for statement in found.now.round.statements:
        for account, money in statement.accounts.items():
            yield [statement.shortcode, plain(account), money.currency, major(money), clock(statement.seen_at)]
    yield from totals(found)


def totals(found: Agreement) -> Iterable[Row]:
    now, seen = found.now, clock(found.now.round.seen_at)
    yield ["", "together", now.ours.currency, major(now.round.total), seen]
    yield ["", "our books", now.ours.currency, major(now.ours), seen]
    yield ["", "difference", now.ours.currency, major(now.difference), seen]
    if found.before and found.changed_by:
        yield ["", "changed by", now.ours.currency, major(found.changed_by), clock(found.before.round.seen_at)]


def waiting(report: Report) -> Iterator[Row]:
    for each in report.unresolved:
        hours = (report.made_at - each.since).total_seconds() // 3600
        campaign = plain(report.titles.get(each.campaign_id or 0, ""))
        money = [major(each.amount), each.amount.currency]
        yield [each.kind, plain(each.id), plain(each.why), *money, campaign, clock(each.since), f"{hours:.0f}"]


def major(money: Money) -> str:
    return f"{Decimal(money.minor).scaleb(-2):.2f}"


def clock(moment: datetime) -> str:
    """In Nairobi."""
    return days.in_kenya(moment).strftime("%Y-%m-%d %H:%M:%S")
