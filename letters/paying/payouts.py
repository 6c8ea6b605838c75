"""A payout, as those see it who ask for it, decide on it and look it up."""

from collections.abc import Mapping
from html import escape

from fundraising.ledger.balances import Standing
from fundraising.paying.cards import Card, Warning
from fundraising.paying.doable import Act
from fundraising.paying.drafts import PayoutDraft
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.records import PayoutRecord
from fundraising.people.likeness import alike
from fundraising.statuses import PayoutStatus
from letters import states
from letters.language import Language, noted
from letters.networks import other_network
from letters.paying.failures import happened
from letters.paying.reviews import WHY
from letters.times import in_hours, moment

HOLDING_BACK = (Warning.FROZEN, Warning.TOO_FEW_OWNERS, Warning.TOO_FEW_CHECKERS)
WHICH_CAMPAIGN = noted("Payouts of which campaign?")
WARNINGS = {
    Warning.FROZEN: noted("🧊 Payouts are frozen just now: nothing is sent until two owners unfreeze them."),
    Warning.TOO_FEW_OWNERS: noted("⚠️ Nothing is sent before there are two owners: /admins names one."),
    Warning.TOO_FEW_CHECKERS: noted("⚠️ Fewer people may approve than have to: an owner names more with /admins."),
    Warning.NEW_NUMBER: noted("⚠️ This number was never paid before."),
    Warning.LARGEST_EVER: noted("⚠️ This is the largest payout so far."),
    Warning.OTHER_NETWORK: noted("⚠️ This looks like another network's number. M-Pesa needs a Safaricom line."),
    Warning.RECIPIENT_IS_DONOR: noted("⚠️ This number has given to a campaign."),
}


def summary(_: Language, draft: PayoutDraft, standing: Standing, known_name: str | None) -> str:
    """`known_name`: in which M-Pesa had the number when it was paid before."""
    order = draft.order
    checked = _(
        "Please check:\n\n<b>{amount}</b> to <b>{name}</b>\nM-Pesa number: {phone}\nCampaign: {title}\n"
        "Available afterwards: {after}",
        amount=order.amount,
        name=order.recipient_name,
        phone=order.phone.local,
        title=standing.campaign.title,
        after=standing.balance.available - order.amount,
    )
    known = paid_before_as(_, order.recipient_name, known_name)
    question = _("Press Confirm, and somebody else is asked to approve it.")
    foreign = other_network(_, order.phone)
    return "\n".join([checked, *known, *([foreign] if foreign else []), "", question])


def changed_meanwhile(_: Language, draft: PayoutDraft, standing: Standing, known_name: str | None) -> str:
    note = _("This payout has changed meanwhile, so nothing was asked for yet.")
    return f"{note}\n\n{summary(_, draft, standing, known_name)}"


def looks_duplicate(
    _: Language, draft: PayoutDraft, standing: Standing, known_name: str | None, earlier_id: int
) -> str:
    note = _("⚠️ Payout #{id}, minutes ago, is the same: campaign, number and amount. Is this one meant?", id=earlier_id)
    return f"{note}\n\n{summary(_, draft, standing, known_name)}"


def paid_before_as(_: Language, asked: str, known: str | None) -> list[str]:
    if known is None:
        return []
    if alike(asked, known):
        return [_("M-Pesa's name for this number: {known}", known=known)]
    return [
        _(
            "⚠️ When this number was paid before, M-Pesa had it in the name of <b>{known}</b>, not {asked}.",
            known=known,
            asked=asked,
        )
    ]


def named_by_mpesa(_: Language, payout: Payout) -> list[str]:
    """Whom M-Pesa says that it paid."""
    known, asked = payout.mpesa_name, payout.recipient_name
    if known is None:
        return []
    if payout.went_to_another_name:
        return [_("⚠️ M-Pesa's name for this number is <b>{known}</b>, not {asked}.", known=known, asked=asked)]
    return [_("M-Pesa's name for this number: {known}", known=known)]


def request(_: Language, card: Card) -> str:
    payout = card.payout
    lines = [
        _("<b>Payout #{id}</b>", id=payout.id),
        "",
        _("<b>{amount}</b> to <b>{name}</b>", amount=payout.amount, name=payout.recipient_name),
        _("M-Pesa number: {phone}", phone=payout.phone.local if card.sees_people else payout.phone),
        _("Campaign: {title}", title=card.campaign.title),
        *([_("Purpose: {purpose}", purpose=payout.purpose)] if payout.purpose else []),
        _("Asked for by: {name}", name=card.requester),
        _("Available in the campaign after this: {after}", after=card.available_after),
    ]
    return "\n".join(lines)


def please_decide(_: Language, card: Card) -> str:
    known = paid_before_as(_, card.payout.recipient_name, card.known_name)
    lines = [request(_, card), *known, *lately(_, card), *warnings(_, card), *agreed_so_far(_, card)]
    return "\n".join([_("💸 Please approve or reject."), *lines])


def warnings(_: Language, card: Card) -> list[str]:
    return [_(WARNINGS[warning]) for warning in card.warnings]


def warnings_of_all(_: Language, card: Card) -> list[str]:
    """What holds for all of a batch."""
    return [_(WARNINGS[warning]) for warning in card.warnings if warning in HOLDING_BACK]


def lately(_: Language, card: Card, of_all: bool = False) -> list[str]:
    """What came before it within the time that counts together. `of_all`: of a batch, which has many recipients."""
    found, within = card.lately, in_hours(_, card.lately.window)
    lines = []
    if found.recipient.minor and not of_all:
        lines.append(_("⚠️ Already {sum} to this number within {time}", sum=found.recipient, time=within))
    if found.requester.minor:
        by = {"name": card.requester, "sum": found.requester, "time": within}
        lines.append(_("{name} asked for {sum} more within {time}", **by))
    if found.campaign.minor:
        lines.append(_("Other payouts of this campaign within {time}: {sum}", sum=found.campaign, time=within))
    return lines


def agreed_so_far(_: Language, card: Card) -> list[str]:
    payout = card.payout
    if payout.approvals_needed == 1 or payout.status is not PayoutStatus.PENDING:
        return []
    names = ", ".join(card.approvers) or "–"
    count, needed = len(card.approvers), payout.approvals_needed
    return [_("Approvals: {count} of {needed} ({names})", count=count, needed=needed, names=names)]


def shown(_: Language, card: Card) -> str:
    """A message that asked for a decision, as it stands now."""
    return please_decide(_, card) if card.payout.status is PayoutStatus.PENDING else decided(_, card)


def decided(_: Language, card: Card) -> str:
    return "\n".join([request(_, card), "", *standing_of(_, card)])


def standing_of(_: Language, card: Card) -> list[str]:
    """How it stands and who decided what."""
    payout = card.payout
    lines = [states.payout(_, payout.status), *agreed_so_far(_, card)]
    if card.approvers and payout.status is not PayoutStatus.PENDING:
        lines.append(_("Approved by: {names}", names=", ".join(card.approvers)))
    if payout.status is PayoutStatus.REJECTED:
        lines.append(_("Rejected by {name}: {reason}", name=card.decided_by, reason=payout.note))
    if payout.status is PayoutStatus.CANCELLED:
        lines.append(_("Cancelled by {name}.", name=card.decided_by or "TrustVoice"))
    if payout.status is PayoutStatus.FAILED:
        lines.append(happened(_, payout.status_message))
    if payout.receipt:
        lines.append(_("M-Pesa receipt: <code>{receipt}</code>", receipt=payout.receipt))
    lines += named_by_mpesa(_, payout)
    lines += [_(WHY[finding]) for finding in card.findings]
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


def listed(_: Language, page: list[PayoutRecord], titles: Mapping[int, str], head: str | None = None) -> str:
    """`titles`: of campaigns, by id."""
    if not page:
        return _("There are no such payouts.")
    entries = (entry(_, record, titles[record.payout.campaign_id]) for record in page)
    return "\n\n".join([head or _("<b>Payouts</b>"), *entries])


DOABLE = {
    Act.DECIDE: (noted("<b>These wait for your yes or no</b>"), noted("Nothing waits for your yes or no.")),
    Act.RETRY: (
        noted("<b>These failed and can be sent again</b>"),
        noted("Nothing has failed that could be sent again."),
    ),
    Act.CANCEL: (noted("<b>These can be called back</b>"), noted("There is nothing that you could call back.")),
    Act.RESOLVE: (noted("<b>These need people</b>"), noted("Nothing waits for a decision of two people.")),
}


def doable(_: Language, act: Act, found: list[PayoutRecord], titles: Mapping[int, str]) -> str:
    some, none = DOABLE[act]
    return listed(_, found, titles, _(some)) if found else _(none)


def entry(_: Language, record: PayoutRecord, title: str) -> str:
    payout = record.payout
    head = _("#{id}: {amount} to {name}", id=payout.id, amount=payout.amount, name=payout.recipient_name)
    asked = _("{moment}, asked for by {name}", moment=moment(_, payout.created_at), name=record.requester)
    eye = " 🔎" if payout.needs_review else ""
    return f"{head}\n{asked}\n{escape(title, quote=False)} · {states.payout(_, payout.status)}{eye}"
