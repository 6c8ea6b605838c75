"""A day of the books in a few lines, short enough to stand below a file (Telegram takes 1,024 characters there)."""

from collections import Counter
from datetime import date, timedelta
from html import escape, unescape

from babel.dates import format_date

from fundraising.audit.agreement import Agreement
from fundraising.audit.daily import Made
from fundraising.audit.movements import Kind
from fundraising.audit.reconciliation import Report
from fundraising.audit.unresolved import MOST
from fundraising.audit.unresolved import Kind as Waiting
from fundraising.ledger import accounts
from fundraising.money import Money
from letters.language import Language, noted
from letters.times import moment

LONGEST, MOST_PROBLEMS, LONGEST_PROBLEM = 1024, 2, 90
WAITING = {
    Waiting.DONATION: noted("gifts without an outcome: {count}"),
    Waiting.PAYOUT: noted("payouts under way: {count}"),
    Waiting.SUSPENSE: noted("in /suspense: {count}"),
    Waiting.CLAIM: noted("M-Pesa codes that donors sent: {count}"),
}


def daily(_: Language, report: Report, made: Made) -> str:
    """The message of its own accord: first what is wrong."""
    parts = [problems(_, made.problems)] if made.problems else []
    parts += [left_out(_, made.left_out_since, report.day)] if made.left_out_since else []
    return fitting(_, [*parts, *parts_of(_, report)])


def summary(_: Language, report: Report) -> str:
    return fitting(_, parts_of(_, report))


def fitting(_: Language, parts: list[str]) -> str:
    """Too long a text would not be sent at all."""
    if length("\n\n".join(parts)) <= LONGEST:
        return "\n\n".join(parts)
    rest = _("The file has the rest.")
    while length("\n\n".join([*parts, rest])) > LONGEST:
        parts = parts[:-1]
    return "\n\n".join([*parts, rest])


def length(text: str) -> int:
    """As Telegram counts it: in UTF-16, where most pictures are two."""
    return len(plain(text).encode("utf-16-le")) // 2


def plain(text: str) -> str:
    """As a terminal shows it."""
    return unescape(text.replace("<b>", "").replace("</b>", ""))


def parts_of(_: Language, report: Report) -> list[str]:
    sums = [of_currency(_, report, currency) for currency in report.currencies]
    wrong = [] if report.adds_up else [_("⛔ The day does not add up: the file shows where. Run `trustvoice verify`.")]
    return [heading(_, report), *wrong, *sums, at_mpesa(_, report.mpesa), unresolved(_, report)]


def heading(_: Language, report: Report) -> str:
    day = as_day(_, report.day)
    return _("📒 <b>The books of {day}</b>", day=day) if report.is_over else _("📒 <b>{day} so far</b>", day=day)


def of_currency(_: Language, report: Report, currency: str) -> str:
    gifts, line = report.came(Kind.DONATIONS, currency), report.outside(currency)
    paid = Money(0, currency) - report.came(Kind.PAYOUTS, currency).amount
    fees = Money(0, currency) - report.came(Kind.FEES, currency).amount
    owed = Money(0, currency) - report.closing_of(accounts.Kind.RECEIVABLE, currency)
    suspended = report.closing_of(accounts.Kind.SUSPENSE, currency)
    lines = [
        _("Gifts: {count}, {amount}", count=gifts.count, amount=gifts.amount),
        _("Payouts: {count}, {amount}", count=report.payments.get(currency, 0), amount=paid),
    ]
    lines += [_("M-Pesa's fees: {amount}", amount=fees)] if fees.minor else []
    lines += [_("In suspense: {amount}", amount=suspended)] if suspended.minor else []
    lines += [_("Paid out beyond what campaigns had: {amount}", amount=owed)] if owed.minor else []
    opening, closing = Money(-line.opening.minor, currency), Money(-line.closing.minor, currency)
    return "\n".join([*lines, _("All together: {opening} → {closing}", opening=opening, closing=closing)])


def at_mpesa(_: Language, found: Agreement | None) -> str:
    if found is None:
        return _("M-Pesa has not told what its accounts hold, so nothing is compared.")
    held, ours, seen = found.now.round.total, found.now.ours, moment(_, found.now.round.seen_at)
    if found.agrees:
        return _("✅ M-Pesa holds {held} ({moment}), and so say our books.", held=held, moment=seen)
    differs = _(
        "⚠️ M-Pesa holds {held} ({moment}), our books say {ours}: a difference of {difference}",
        held=held,
        moment=seen,
        ours=ours,
        difference=found.now.difference,
    )
    return f"{differs}{since_before(_, found)}"


def since_before(_: Language, found: Agreement) -> str:
    if found.before is None or found.changed_by is None:
        return _(", with nothing to compare it with. What was there before TrustVoice shows here.")
    seen = moment(_, found.before.round.seen_at)
    if found.changed_by.minor == 0:
        return _(", the same as before ({moment}).", moment=seen)
    return _(", changed by {change} since {moment}.", change=found.changed_by, moment=seen)


def unresolved(_: Language, report: Report) -> str:
    counts = Counter(each.kind for each in report.unresolved)
    if not counts:
        return _("Nothing is unresolved.")
    named = [_(text, count=at_least(counts[kind])) for kind, text in WAITING.items() if counts[kind]]
    return _("Unresolved now – {list}", list=", ".join(named))


def at_least(count: int) -> str:
    """No more than MOST are listed."""
    return f"{count}+" if count >= MOST else str(count)


def problems(_: Language, found: list[str]) -> str:
    shown = [f"• {escape(problem[:LONGEST_PROBLEM], quote=False)}" for problem in found[:MOST_PROBLEMS]]
    more = len(found) - len(shown)
    rest = [_("… and {more} more.", more=more)] if more else []
    return "\n".join([_("⛔ <b>The books do not hold.</b> Run `trustvoice verify`:"), *shown, *rest])


def left_out(_: Language, first: date, day: date) -> str:
    last = day - timedelta(days=1)
    return _(
        "No message was sent for {first} to {last}: TrustVoice was off, or failed. /report {iso} shows such a day.",
        first=as_day(_, first),
        last=as_day(_, last),
        iso=first.isoformat(),
    )


def usage(_: Language) -> str:
    return _("Please type the day like /report 2026-11-20.")


def as_day(_: Language, day: date) -> str:
    return format_date(day, "d MMM y", locale=_.code)
