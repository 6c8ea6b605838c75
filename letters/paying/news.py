"""What became of a payout. Sent at least once, so each reads right when it comes a second time."""

from fundraising.paying.cards import Card
from fundraising.paying.payout import Payout
from letters.language import Language, noted
from letters.paying import payouts
from letters.paying.failures import happened, what_next
from letters.paying.reviews import WHY, how_to_close, how_to_decide

OTHER_NAME = noted(
    "Please ask the recipient now whether it arrived. If it went to somebody else, call Safaricom at once: it cannot "
    "be called back from here."
)


def completed(_: Language, card: Card) -> str:
    payout = card.payout
    opening = _(
        "✅ Payout #{id} is paid: {amount} to <b>{name}</b>, from <b>{title}</b>.",
        id=payout.id,
        amount=payout.amount,
        name=payout.recipient_name,
        title=card.campaign.title,
    )
    receipt = (
        _("M-Pesa receipt: <code>{receipt}</code>", receipt=payout.receipt)
        if payout.receipt
        else _("M-Pesa has named no receipt to us; its statement has it.")
    )
    names = payouts.named_by_mpesa(_, payout)
    names += [_(OTHER_NAME)] if payout.went_to_another_name else []
    left = _("Available in the campaign: {available}", available=card.available_after)
    odd = f"\n\n{_(WHY[payout.needs_review])} {how_to_close(_, payout.id)}" if payout.needs_review else ""
    return "\n".join([opening, receipt, *names, left]) + odd


def other_name(_: Language, card: Card) -> str:
    """When M-Pesa tells it later than that it is paid."""
    payout = card.payout
    about = {"id": payout.id, "amount": payout.amount}
    opening = _("Now we know to whom payout #{id} of {amount} went:", **about)
    return "\n".join([opening, *payouts.named_by_mpesa(_, payout), _(OTHER_NAME)])


def agreed(_: Language, card: Card) -> str:
    count = card.payout.approvals_needed - len(card.approvers)
    about = {"names": ", ".join(card.approvers), "id": card.payout.id, "amount": card.payout.amount}
    return _.plural(
        "👍 {names} agreed to your payout #{id} of {amount}. One more is needed.",
        "👍 {names} agreed to your payout #{id} of {amount}. {count} more are needed.",
        count,
        **about,
    )


def failed(_: Language, card: Card) -> str:
    payout = card.payout
    opening = _(
        "❌ Payout #{id} failed: {amount} to <b>{name}</b>.",
        id=payout.id,
        amount=payout.amount,
        name=payout.recipient_name,
    )
    money = _("Nothing was paid; the money is free in the campaign again: {available}.", available=card.available_after)
    reason = payout.status_message
    return f"{opening} {happened(_, reason)}\n{money}\n\n{what_next(_, reason)}"


def nobody_reached(_: Language, card: Card) -> str:
    return _(
        "⚠️ Nobody who may approve payout #{id} of {amount} could be reached: they have closed their chats with this "
        "bot, or never begun one. They see it as soon as they press /start here. Please tell them.",
        id=card.payout.id,
        amount=card.payout.amount,
    )


def rejected(_: Language, card: Card) -> str:
    return _(
        "🚫 {name} rejected your payout #{id} of {amount}: {reason}\nThe money is free in the campaign again. /payout "
        "asks for another.",
        name=card.decided_by,
        id=card.payout.id,
        amount=card.payout.amount,
        reason=card.payout.note,
    )


def cancelled(_: Language, card: Card) -> str:
    return _(
        "🚫 Payout #{id} of {amount} was cancelled by {name}. Nothing was paid; the money is free in the campaign "
        "again.",
        id=card.payout.id,
        amount=card.payout.amount,
        name=card.decided_by or "TrustVoice",
    )


def expired(_: Language, card: Card) -> str:
    return _(
        "⌛ Nobody decided on payout #{id} of {amount} in time, so it was cancelled. Nothing was paid; the money is "
        "free in the campaign again. /payout asks for another.",
        id=card.payout.id,
        amount=card.payout.amount,
    )


def batch_expired(_: Language, card: Card) -> str:
    return _(
        "⌛ Nobody decided on bulk payout {batch_id} in time, so its open payments were cancelled. Nothing was paid "
        "for them; the money is free in the campaign again.",
        batch_id=card.payout.batch_id,
    )


def needs_review(_: Language, card: Card) -> str:
    payout = card.payout
    opening = _("⚠️ Payout #{id} of {amount} needs people.", id=payout.id, amount=payout.amount)
    why = "\n".join(_(WHY[finding]) for finding in card.findings)
    undecided = any(attempt.is_open for attempt in card.attempts)
    how = how_to_decide(_, payout.id) if undecided else how_to_close(_, payout.id)
    return f"{opening}\n{why}\n\n{how}"


def to_recipient(_: Language, payout: Payout, title: str) -> str:
    return _(
        "✅ {amount} for <b>{title}</b> was sent to your M-Pesa number {phone}. M-Pesa receipt: <code>{receipt}</code>",
        amount=payout.amount,
        title=title,
        phone=payout.phone,
        receipt=payout.receipt or "–",
    )
