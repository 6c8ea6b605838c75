"""What the open campaigns raised, promised and paid."""

from collections.abc import Sequence
from html import escape

from fundraising.audit.movements import Kind, Line
from fundraising.audit.reconciliation import Report
from fundraising.ledger import accounts
from fundraising.ledger.balances import Standing
from fundraising.money import Money
from letters.language import Language
from letters.times import day


def today(_: Language, found: Report) -> str:
    """What came and went since midnight, by campaign."""
    lines = [of_today(_, found, line) for line in found.lines if line.account.kind is accounts.Kind.CAMPAIGN]
    told = [line for line in lines if line] or [_("Nothing came or went yet.")]
    return "\n".join([_("<b>Today, {day}</b>", day=day(_, found.made_at)), *told])


def of_today(_: Language, found: Report, line: Line) -> str:
    gifts, payouts = line.move(Kind.DONATIONS), line.move(Kind.PAYOUTS)
    moved = []
    if gifts.count:
        moved.append(_.plural("{count} gift, {sum}", "{count} gifts, {sum}", gifts.count, sum=gifts.amount))
    if payouts.count:
        paid = Money(-payouts.amount.minor, payouts.amount.currency)
        moved.append(_.plural("{count} payout, {sum}", "{count} payouts, {sum}", payouts.count, sum=paid))
    title = escape(found.title(line.account), quote=False)
    return f"{title}: {'; '.join(moved)}" if moved else ""


def report(_: Language, standings: Sequence[Standing]) -> str:
    if not standings:
        return _("No campaign is open.")
    return "\n\n".join([_("<b>Open campaigns</b>"), *(of_campaign(_, standing) for standing in standings)])


def of_campaign(_: Language, standing: Standing) -> str:
    balance = standing.balance
    sums = _(
        "raised {raised}\npaid {paid}\npromised {promised}\navailable {available}",
        raised=balance.raised,
        paid=balance.paid,
        promised=balance.reserved,
        available=balance.available,
    )
    return f"<b>{escape(standing.campaign.title, quote=False)}</b> (#{standing.campaign.id})\n{sums}"
