"""Many payouts at once: from the file to the result."""

from html import escape, unescape

from fundraising.ledger.balances import Standing
from fundraising.money import Money
from fundraising.paying.batch_facts import Facts
from fundraising.paying.batches import Batch
from fundraising.paying.bulk_file import Row
from fundraising.paying.cards import Card
from fundraising.paying.payout import Payout
from fundraising.people import phones
from fundraising.statuses import PayoutStatus
from letters.language import Language
from letters.paying import payouts
from letters.paying.failures import happened

MOST_ROWS_SHOWN = 30
NAME_WIDTH = 9  # with number and amount 31 letters: as much as a phone shows in a line
MOST_LOOKED_AT = 15  # in the message; the file before it has all
MOST_TOLD = 10


def usage(_: Language) -> str:
    return _(
        "Send a CSV or Excel file (.xlsx) with the caption /bulk &lt;campaign id&gt;. A line above the payments names "
        "the columns: <code>name,phone,amount</code>, and if you like <code>purpose</code> and <code>ngo_id</code>. "
        "A file holds 1,000 payments at most."
    )


def table(_: Language, rows: list[Row]) -> str:
    """What would happen, row by row."""
    lines = [
        f"{row.line:>3} {cut(row.order.recipient_name):<{NAME_WIDTH}} {row.order.phone.local.replace(' ', '')} "
        f"{row.order.amount.whole_shillings:>6}"
        for row in rows[:MOST_ROWS_SHOWN]
    ]
    more = len(rows) - len(lines)
    shown = f"<pre>{escape(chr(10).join(lines), quote=False)}</pre>"
    return shown + ("\n" + _("… and {more} more.", more=more) if more else "")


def cut(name: str) -> str:
    return name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"


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


def summary(_: Language, rows: list[Row], standing: Standing, facts: Facts) -> str:
    total, available = total_of(rows), standing.balance.available
    head = _.plural(
        "<b>{count} payment, {total}</b>, from <b>{title}</b>",
        "<b>{count} payments, {total}</b>, from <b>{title}</b>",
        len(rows),
        total=total,
        title=standing.campaign.title,
    )
    if not is_covered(rows, standing):
        short = _("⚠️ The campaign has only {available} available. Nothing can be paid.", available=available)
        return "\n".join([head, short, "", table(_, rows)])
    after = _("Available afterwards: {after}", after=available - total)
    question = _("Press Confirm, and somebody else is asked to approve all of it.")
    told = [head, after, *known(_, len(rows), facts), *foreign(_, rows)]
    return "\n".join([*told, "", table(_, rows), "", question])


def foreign(_: Language, rows: list[Row]) -> list[str]:
    """Numbers that look like another network's: asked about, and never refused."""
    lines = [str(row.line) for row in rows if phones.other_network(row.order.phone) is not None]
    if not lines:
        return []
    shown = ", ".join(lines[:MOST_ROWS_SHOWN]) + (" …" if len(lines) > MOST_ROWS_SHOWN else "")
    return [
        _.plural(
            "⚠️ {count} number looks like another network's (line {lines}). M-Pesa needs Safaricom lines. Pay it "
            "all the same?",
            "⚠️ {count} numbers look like other networks' (lines {lines}). M-Pesa needs Safaricom lines. Pay them "
            "all the same?",
            len(lines),
            lines=shown,
        )
    ]


def is_covered(rows: list[Row], standing: Standing) -> bool:
    return total_of(rows).minor <= standing.balance.available.minor


def total_of(rows: list[Row]) -> Money:
    return Money(sum(row.order.amount.minor for row in rows))


def whole_list(_: Language, batch: Batch) -> str:
    return _.plural(
        "Bulk payout {id}, {total}: its row, to look through before you decide.",
        "Bulk payout {id}, {total}: all {count} rows, to look through before you decide.",
        len(batch.payouts),
        id=batch.id,
        total=batch.total,
    )


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


def known(_: Language, count: int, facts: Facts) -> list[str]:
    """What one should know of all the rows together."""
    lines = []
    if facts.new:
        lines.append(
            _.plural(
                "🆕 {count} of {rows} numbers was never paid before",
                "🆕 {count} of {rows} numbers were never paid before",
                len(facts.new),
                rows=count,
            )
        )
    if facts.twice:
        lines.append(_("‼️ {twice} rows pay a number that stands there more than once", twice=len(facts.twice)))
    if facts.other_names:
        lines.append(
            _.plural(
                "⚠️ M-Pesa knows {count} number by another name",
                "⚠️ M-Pesa knows {count} numbers by another name",
                len(facts.other_names),
            )
        )
    return lines


def please_decide(_: Language, batch: Batch, facts: Facts, card: Card) -> str:
    """`card`: of its first payout. What wants looking at comes first: doubles and other names, then the largest."""
    looked_at = sorted(enumerate(batch.payouts), key=lambda each: (not marks(each[0], facts), -each[1].amount.minor))
    lines = [row_line(payout, at, facts) for at, payout in looked_at[:MOST_LOOKED_AT]]
    more = len(batch.payouts) - len(lines)
    return "\n".join(
        [
            _("💸 Please approve or reject. All rows are in the file above."),
            head(_, batch, card.campaign.title),
            _("Asked for by: {name}", name=card.requester),
            _("Available in the campaign after this: {after}", after=card.available_after),
            *payouts.lately(_, card, of_all=True),
            *payouts.warnings_of_all(_, card),
            *known(_, len(batch.payouts), facts),
            *agreed_so_far(_, batch),
            "",
            *(escape(line, quote=False) for line in lines),
            *([_("… and {more} more, in the file.", more=more)] if more else []),
        ]
    )


def row_line(payout: Payout, at: int, facts: Facts) -> str:
    new = " 🆕" if at in facts.new else ""
    name = f" ⚠️ {facts.other_names[at]}" if at in facts.other_names else ""
    twice = " ‼️" if at in facts.twice else ""
    return f"{payout.amount} · {payout.recipient_name} · {payout.phone.local}{new}{twice}{name}"


def marks(at: int, facts: Facts) -> bool:
    return at in facts.twice or at in facts.other_names


def agreed_so_far(_: Language, batch: Batch) -> list[str]:
    if batch.approvals_needed == 1:
        return []
    names = ", ".join(batch.approvers) or "–"
    count, needed = len(batch.approvers), batch.approvals_needed
    return [_("Approvals: {count} of {needed} ({names})", count=count, needed=needed, names=names)]


def agreed(_: Language, batch: Batch) -> str:
    left = batch.approvals_needed - len(batch.approvers)
    return _.plural(
        "👍 {names} agreed to your bulk payout {id} of {total}. One more is needed.",
        "👍 {names} agreed to your bulk payout {id} of {total}. {count} more are needed.",
        left,
        names=", ".join(batch.approvers),
        id=batch.id,
        total=batch.total,
    )


def changed_meanwhile(_: Language) -> str:
    return _("Something of this bulk payout has changed meanwhile, so nothing was approved. As it stands now:")


def result(_: Language, batch: Batch, title: str) -> str:
    """With the file: what failed, and what went to another name, row by row as far as a caption goes."""
    failed = [
        _("❌ {name}, {amount}: {why}", name=payout.recipient_name, amount=payout.amount, why=why_failed(_, payout))
        for payout in batch.payouts
        if payout.status is PayoutStatus.FAILED
    ]
    others = [
        _("⚠️ {name}, {amount}: went to {known}", name=each.recipient_name, amount=each.amount, known=each.mpesa_name)
        for each in batch.went_to_other_names
    ]
    told = [*failed[:MOST_TOLD], *others[:MOST_TOLD]]
    more = len(failed) + len(others) - len(told)
    rest = [_("… and {more} more, in the file.", more=more)] if more else []
    again = [_("/retry lists what can be sent again.")] if failed else []
    return "\n".join([progress(_, batch, title), *told, *rest, *again])


def why_failed(_: Language, payout: Payout) -> str:
    return unescape(happened(_, payout.status_message))


def progress(_: Language, batch: Batch, title: str) -> str:
    """The one message that is edited from the request to the end."""
    count = len(batch.payouts)
    paid, failed = batch.count(PayoutStatus.COMPLETED), batch.count(PayoutStatus.FAILED)
    stopped, others = batch.count(PayoutStatus.REJECTED, PayoutStatus.CANCELLED), len(batch.went_to_other_names)
    told = [
        _("Done: {done} of {count}", done=batch.done, count=count),
        _("✅ paid: {paid}", paid=paid),
        *([_("❌ failed: {failed}", failed=failed)] if failed else []),
        *([_("🚫 rejected or cancelled: {stopped}", stopped=stopped)] if stopped else []),
        *([_("⚠️ to another name than asked for: {others}", others=others)] if others else []),
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
