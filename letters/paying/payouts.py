"""A payout, as those see it who ask for it, decide on it and look it up."""

from collections.abc import Mapping
from html import escape

from fundraising.ledger.balances import Standing
from fundraising.paying.cards import Card, Warning
from fundraising.paying.drafts import PayoutDraft
from fundraising.paying.payout import Attempt, Payout
from fundraising.statuses import PayoutStatus
from letters import states
from letters.language import Language, noted
from letters.paying.failures import happened
from letters.paying.reviews import WHY
from letters.times import moment

WHICH_CAMPAIGN = noted("Payouts of which campaign?")
WARNINGS = {
    Warning.NEW_NUMBER: noted("⚠️ This number was never paid before."),
    Warning.LARGEST_EVER: noted("⚠️ This is the largest payout so far."),
    Warning.RECIPIENT_IS_DONOR: noted("⚠️ This number has given to a campaign."),
}


def summary(_: Language, draft: PayoutDraft, standing: Standing) -> str:
    order = draft.order
    return _(
        "Please check:\n\n<b>{amount}</b> to <b>{name}</b>\nM-Pesa number: {phone}\nCampaign: {title}\n"
        "Available afterwards: {after}\n\nPress Confirm, and somebody else is asked to approve it.",
        amount=order.amount,
        name=order.recipient_name,
        phone=order.phone.local,
        title=standing.campaign.title,
        after=standing.available - order.amount,
    )


def changed_meanwhile(_: Language, draft: PayoutDraft, standing: Standing) -> str:
    note = _("This payout has changed meanwhile, so nothing was asked for yet.")
    return f"{note}\n\n{summary(_, draft, standing)}"


def looks_duplicate(_: Language, draft: PayoutDraft, standing: Standing, earlier_id: int) -> str:
    note = _("⚠️ Payout #{id}, minutes ago, is the same: campaign, number and amount. Is this one meant?", id=earlier_id)
    return f"{note}\n\n{summary(_, draft, standing)}"


def request(_: Language, card: Card) -> str:
    payout = card.payout
    lines = [
        _("<b>Payout #{id}</b>", id=payout.id),
        "",
        _("<b>{amount}</b> to <b>{name}</b>", amount=payout.amount, name=payout.recipient_name),
        _("M-Pesa number: {phone}", phone=payout.phone.local),
        _("Campaign: {title}", title=card.campaign.title),
        *([_("Purpose: {purpose}", purpose=payout.purpose)] if payout.purpose else []),
        _("Asked for by: {name}", name=card.requester),
        _("Available in the campaign after this: {after}", after=card.available_after),
    ]
    return "\n".join(lines)


def please_decide(_: Language, card: Card) -> str:
    warnings = [_(WARNINGS[warning]) for warning in card.warnings]
    return "\n".join([_("💸 Please approve or reject."), request(_, card), *warnings, *agreed_so_far(_, card)])


def agreed_so_far(_: Language, card: Card) -> list[str]:
    payout = card.payout
    if payout.approvals_needed == 1 or payout.status is not PayoutStatus.PENDING:
        return []
    names = ", ".join(card.approvers) or "–"
    count, needed = len(card.approvers), payout.approvals_needed
    return [_("Approvals: {count} of {needed} ({names})", count=count, needed=needed, names=names)]


def decided(_: Language, card: Card) -> str:
    return "\n".join([request(_, card), "", *standing_of(_, card)])


def standing_of(_: Language, card: Card) -> list[str]:
    """How it stands and who decided what."""
    payout = card.payout
    lines = [states.payout(_, payout.status), *agreed_so_far(_, card)]
    if card.approvers and payout.status is not PayoutStatus.PENDING:
        lines.append(_("Approved by: {names}", names=", ".join(card.approvers)))
    if payout.status is PayoutStatus.REJECTED:
        lines.append(_("Rejected by {name}: {reason}", name=card.decided_by, reason=payout.status_message))
    if payout.status is PayoutStatus.CANCELLED:
        lines.append(_("Cancelled by {name}.", name=card.decided_by or "TrustVoice"))
    if payout.status is PayoutStatus.FAILED:
        lines.append(happened(_, payout.status_message))
    if payout.receipt:
        lines.append(_("M-Pesa receipt: <code>{receipt}</code>", receipt=payout.receipt))
    if payout.needs_review:
        lines.append(_(WHY[payout.needs_review]))
    return lines


def history(_: Language, card: Card) -> str:
    """The card with all that happened to it."""
    asked = _("Asked for: {moment}", moment=moment(_, card.payout.created_at))
    attempts = [attempt_line(_, attempt) for attempt in card.attempts]
    return "\n".join([request(_, card), asked, "", *standing_of(_, card), *(["", *attempts] if attempts else [])])


def attempt_line(_: Language, attempt: Attempt) -> str:
    line = _(
        "Attempt {number}, {moment}: {state}\n<code>{originator}</code>",
        number=attempt.number,
        moment=moment(_, attempt.started_at),
        state=_(states.ATTEMPTS[attempt.state]),
        originator=attempt.originator_id,
    )
    if attempt.conversation_id:
        line += f" · <code>{escape(attempt.conversation_id)}</code>"
    if attempt.reason:
        line += "\n" + happened(_, attempt.reason)
    return line


def listed(_: Language, page: list[Payout], titles: Mapping[int, str]) -> str:
    """`titles`: of campaigns, by id."""
    if not page:
        return _("There are no such payouts.")
    return "\n\n".join([_("<b>Payouts</b>"), *(entry(_, payout, titles[payout.campaign_id]) for payout in page)])


def entry(_: Language, payout: Payout, title: str) -> str:
    head = _("#{id}: {amount} to {name}", id=payout.id, amount=payout.amount, name=payout.recipient_name)
    eye = " 🔎" if payout.needs_review else ""
    return f"{head}\n{escape(title, quote=False)} · {states.payout(_, payout.status)}{eye}"
