"""What became of payouts, by e-mail: to people with a role, and to recipients what arrived."""

from collections.abc import Callable

from fundraising.money import Money
from fundraising.paying.batches import Batch
from fundraising.paying.cards import Card
from fundraising.paying.news import PayoutNews
from fundraising.paying.payout import Payout
from fundraising.statuses import PayoutStatus
from letters.language import Language
from letters.mail.letter import Letter, code, letter, shown
from letters.paying.bulk import head
from letters.paying.failures import can_be_retried, happened, what_next
from letters.paying.reviews import WHY, how_to_close, how_to_decide
from letters.times import day, moment


def completed(_: Language, card: Card) -> Letter:
    payout = card.payout
    told = [_("✅ Payout #{id} is paid.", id=payout.id)]
    if payout.needs_review:
        told.append(f"{_(WHY[payout.needs_review])} {how_to_close(_, payout.id)}")
    subject = _("Payout #{id} is paid: {amount}", id=payout.id, amount=payout.amount)
    return letter(_, subject, told, facts(_, card), why(_))


def failed(_: Language, card: Card) -> Letter:
    payout, reason = card.payout, card.payout.status_message
    money = _("Nothing was paid; the money is free in the campaign again: {available}.", available=card.available_after)
    told = [
        f"{_('❌ Payout #{id} failed.', id=payout.id)} {happened(_, reason)}",
        money,
        what_next(_, reason),
    ]
    if can_be_retried(reason):
        told.append(_("Retry is a button in the chat with the bot; /retry {id} does the same.", id=payout.id))
    subject = _("Payout #{id} failed: {amount}", id=payout.id, amount=payout.amount)
    return letter(_, subject, told, facts(_, card), why(_))


def needs_review(_: Language, card: Card) -> Letter:
    payout = card.payout
    undecided = any(attempt.is_open for attempt in card.attempts)
    told = [
        _("⚠️ Payout #{id} of {amount} needs people.", id=payout.id, amount=payout.amount),
        *(_(WHY[finding]) for finding in card.findings),
        how_to_decide(_, payout.id) if undecided else how_to_close(_, payout.id),
    ]
    subject = _("Payout #{id} needs people: {amount}", id=payout.id, amount=payout.amount)
    return letter(_, subject, told, facts(_, card), why(_))


ABOUT: dict[PayoutNews, Callable[[Language, Card], Letter]] = {
    PayoutNews.COMPLETED: completed,
    PayoutNews.FAILED: failed,
    PayoutNews.NEEDS_REVIEW: needs_review,
}


def facts(_: Language, card: Card) -> list[tuple[str, str]]:
    payout = card.payout
    approvers = ", ".join(card.approvers)
    return [
        (_("Amount"), shown(payout.amount)),
        (_("Recipient"), shown(payout.recipient_name)),
        (_("M-Pesa number"), shown(payout.phone)),
        (_("Campaign"), shown(card.campaign.title)),
        *([(_("M-Pesa receipt"), code(payout.receipt))] if payout.receipt else []),
        *([(_("Paid"), moment(_, payout.completed_at))] if payout.completed_at else []),
        (_("Asked for by"), shown(card.requester)),
        *([(_("Approved by"), shown(approvers))] if approvers else []),
    ]


def batch_result(_: Language, batch: Batch, title: str) -> Letter:
    paid, count = batch.count(PayoutStatus.COMPLETED), len(batch.payouts)
    failed, stopped = batch.count(PayoutStatus.FAILED), batch.count(PayoutStatus.REJECTED, PayoutStatus.CANCELLED)
    money = Money(sum(each.amount.minor for each in batch.payouts if each.status is PayoutStatus.COMPLETED))
    told = [
        f"🏁 {head(_, batch, title)}",
        _("The result of every payment is a file in the chat with the bot."),
    ]
    counted = [
        (_("Paid"), _("{count}, together {money}", count=paid, money=money)),
        *([(_("Failed"), str(failed))] if failed else []),
        *([(_("Rejected or cancelled"), str(stopped))] if stopped else []),
    ]
    subject = _("Bulk payout {id}: {paid} of {count} paid", id=batch.id, paid=paid, count=count)
    return letter(_, subject, told, counted, why(_))


def why(_: Language) -> str:
    return _("You get this because you have a role in TrustVoice. Whoever runs it can take your address out.")


def to_recipient(_: Language, payout: Payout, title: str) -> Letter:
    """What arrived and where from. Purpose, remarks and people's names are not the recipient's business."""
    gift = {"amount": payout.amount, "title": title}
    told = [
        _("Hello {name},", name=payout.recipient_name),
        _("{amount} from <b>{title}</b> was sent to your M-Pesa number.", **gift),
    ]
    known = [
        (_("Amount"), shown(payout.amount)),
        (_("Campaign"), shown(title)),
        (_("M-Pesa number"), shown(payout.phone)),
        *([(_("M-Pesa receipt"), code(payout.receipt))] if payout.receipt else []),
        (_("Date"), day(_, payout.completed_at or payout.created_at)),
    ]
    address = _("You get this because your address was given for this payment. Not yours? Then please ignore it.")
    return letter(_, _("{amount} from {title}", **gift), told, known, address)
