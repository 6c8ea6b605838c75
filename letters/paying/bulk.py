"""Many payouts at once: from the file to the result."""

from html import escape

from fundraising.ledger.balances import Standing
from fundraising.money import Money
from fundraising.paying.batches import Batch
from fundraising.paying.bulk_file import Row
from fundraising.statuses import PayoutStatus
from letters.language import Language

MOST_ROWS_SHOWN = 30
NAME_WIDTH = 22


def usage(_: Language) -> str:
    return _(
        "Send a CSV or Excel file (.xlsx) with the caption /bulk &lt;campaign id&gt;. A line above the payments names "
        "the columns: <code>name,phone,amount</code>, and if you like <code>purpose</code> and <code>ngo_id</code>. "
        "A file holds 1,000 payments at most."
    )


def table(_: Language, rows: list[Row]) -> str:
    """What would happen, row by row."""
    lines = [
        f"{row.line:>4} {row.order.recipient_name[:NAME_WIDTH]:<{NAME_WIDTH}} {row.order.phone.local} "
        f"{row.order.amount.whole_shillings:>7,}"
        for row in rows[:MOST_ROWS_SHOWN]
    ]
    more = len(rows) - len(lines)
    shown = f"<pre>{escape(chr(10).join(lines), quote=False)}</pre>"
    return shown + ("\n" + _("… and {more} more.", more=more) if more else "")


def pays_twice(_: Language, rows: list[Row], twice: list[tuple[int, int]]) -> str:
    lines = [
        _("Line {line} pays the same number as line {earlier}.", line=line, earlier=earlier)
        for line, earlier in twice[:MOST_ROWS_SHOWN]
    ]
    more = len(twice) - len(lines)
    if more:
        lines.append(_("… and {more} more.", more=more))
    question = _("⚠️ The same number more than once. Is that meant?")
    return "\n".join([question, *lines, "", table(_, rows)])


def looks_duplicate(_: Language, rows: list[Row], earlier_id: int) -> str:
    question = _(
        "⚠️ Payout {id}, minutes ago, has the campaign, phone and amount of a line in this file. Is that meant?",
        id=earlier_id,
    )
    return "\n".join([question, "", table(_, rows)])


def summary(_: Language, rows: list[Row], standing: Standing) -> str:
    total = total_of(rows)
    head = _.plural(
        "<b>{count} payment, {total}</b>, from <b>{title}</b>",
        "<b>{count} payments, {total}</b>, from <b>{title}</b>",
        len(rows),
        total=total,
        title=standing.campaign.title,
    )
    if not is_covered(rows, standing):
        short = _("⚠️ The campaign has only {available} available. Nothing can be paid.", available=standing.available)
        return "\n".join([head, short, "", table(_, rows)])
    after = _("Available afterwards: {after}", after=standing.available - total)
    question = _("Press Confirm, and somebody else is asked to approve all of it.")
    return "\n".join([head, after, "", table(_, rows), "", question])


def is_covered(rows: list[Row], standing: Standing) -> bool:
    return total_of(rows).minor <= standing.available.minor


def total_of(rows: list[Row]) -> Money:
    return Money(sum(row.order.amount.minor for row in rows))


def cancelled(_: Language) -> str:
    return _("Cancelled. Nothing was asked for, and nothing was paid.")


def head(_: Language, batch: Batch, title: str) -> str:
    return _.plural(
        "<b>Bulk payout {id}</b>: {count} payment, {total}, from <b>{title}</b>",
        "<b>Bulk payout {id}</b>: {count} payments, {total}, from <b>{title}</b>",
        len(batch.payouts),
        id=batch.id,
        total=batch.total,
        title=title,
    )


def please_decide(_: Language, batch: Batch, standing: Standing, requester: str) -> str:
    lines = [f"{payout.recipient_name} · {payout.phone.local} · {payout.amount}" for payout in batch.payouts]
    more = len(lines) - MOST_ROWS_SHOWN
    return "\n".join(
        [
            _("💸 Please approve or reject."),
            head(_, batch, standing.campaign.title),
            _("Asked for by: {name}", name=requester),
            _("Available in the campaign after this: {after}", after=standing.available),
            "",
            *(escape(line, quote=False) for line in lines[:MOST_ROWS_SHOWN]),
            *([_("… and {more} more.", more=more)] if more > 0 else []),
        ]
    )


def progress(_: Language, batch: Batch, title: str) -> str:
    """The one message that is edited from the request to the end."""
    count = len(batch.payouts)
    paid, failed = batch.count(PayoutStatus.COMPLETED), batch.count(PayoutStatus.FAILED)
    stopped = batch.count(PayoutStatus.REJECTED, PayoutStatus.CANCELLED)
    told = [
        _("Done: {done} of {count}", done=batch.done, count=count),
        _("✅ paid: {paid}", paid=paid),
        *([_("❌ failed: {failed}", failed=failed)] if failed else []),
        *([_("🚫 rejected or cancelled: {stopped}", stopped=stopped)] if stopped else []),
    ]
    return "\n".join([head(_, batch, title), where_it_stands(_, batch), *told])


def where_it_stands(_: Language, batch: Batch) -> str:
    if batch.count(PayoutStatus.PENDING):
        return _("⏳ Waiting for somebody else to approve it.")
    if batch.done == len(batch.payouts):
        return _("🏁 Finished. The result is a file of its own.")
    if batch.paused:
        return _("⏸ Paused: our M-Pesa account for payouts is empty. Fill it up, then press Resume.")
    return _("📤 Being paid, one after the other.")
