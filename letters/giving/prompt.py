"""The message that is edited while M-Pesa asks on the phone, from Confirm to a short last line."""

from fundraising.giving.donation import Donation
from fundraising.giving.news import Waiting
from fundraising.statuses import DonationStatus, Push, Review
from letters.language import Language


def one_moment(_: Language) -> str:
    return _("One moment…")


def state(_: Language, donation: Donation, title: str, phone: str) -> str:
    """What holds for this donation now. `phone`: the one that is asked, as its owner writes it."""
    gift = {"amount": donation.amount, "title": title}
    match donation.status:
        case DonationStatus.COMPLETED:
            return _("{amount} for <b>{title}</b>: received. Thank you!", **gift)
        case DonationStatus.FAILED if donation.spoken_for:
            return _("{amount} for <b>{title}</b>: another amount arrived. A message about it follows.", **gift)
        case DonationStatus.FAILED:
            return _("{amount} for <b>{title}</b>: did not go through. A message about it follows.", **gift)
        case DonationStatus.REFUNDED:
            return _("{amount} for <b>{title}</b>: paid back.", **gift)
        case DonationStatus.PENDING:
            return pending(_, donation, title, phone)


def pending(_: Language, donation: Donation, title: str, phone: str) -> str:
    gift = {"amount": donation.amount, "title": title}
    if donation.needs_review is Review.NO_WORD:
        return _("{amount} for <b>{title}</b>: M-Pesa has not told us how it ended.", **gift)
    if donation.needs_review:
        return _("{amount} for <b>{title}</b>: a treasurer is looking at it.", **gift)
    match donation.push:
        case Push.ACCEPTED:
            return check_the_phone(_, donation, title, phone)
        case Push.WAITING:
            return busy(_, donation, title)
        case _other:
            return no_answer_yet(_, donation, title)


def check_the_phone(_: Language, donation: Donation, title: str, phone: str) -> str:
    return _(
        "📱 Check the phone: M-Pesa asks for the PIN on {phone}.\n\n{amount} for <b>{title}</b>\n"
        "Account: {reference}\n\nEnter the PIN on the phone only, never in this chat. The result comes here.",
        amount=donation.amount,
        title=title,
        reference=donation.reference,
        phone=phone,
    )


def busy(_: Language, donation: Donation, title: str) -> str:
    return _(
        "M-Pesa is busy. We keep trying for two minutes: {amount} for <b>{title}</b>. Nothing has been taken. "
        "Keep your phone at hand; the request for your PIN comes by itself.",
        amount=donation.amount,
        title=title,
    )


def no_answer_yet(_: Language, donation: Donation, title: str) -> str:
    return _(
        "M-Pesa has not answered us yet: {amount} for <b>{title}</b>. If your phone asks for your PIN "
        "(account {reference}), it is safe to enter it. We find out how it ends and tell you here.",
        amount=donation.amount,
        title=title,
        reference=donation.reference,
    )


def meanwhile(_: Language, donation: Donation, title: str, phone: str, waiting: Waiting) -> str:
    """Nothing is decided; what to say depends on why it takes so long."""
    if donation.push is not Push.ACCEPTED:
        return pending(_, donation, title, phone)
    if waiting is Waiting.NO_ANSWER:
        return phone_not_reached(_, donation, title)
    return still_asking(_, donation, title)


def still_asking(_: Language, donation: Donation, title: str) -> str:
    return _(
        "⏳ Still waiting for {amount} for <b>{title}</b>. If your phone asks for your PIN (account {reference}), "
        "you can still enter it. We are asking M-Pesa and tell you here.",
        amount=donation.amount,
        title=title,
        reference=donation.reference,
    )


def phone_not_reached(_: Language, donation: Donation, title: str) -> str:
    return _(
        "⏳ M-Pesa did not get an answer from the phone: {amount} for <b>{title}</b>. That is not final. "
        "Please do not pay again yet: we are asking M-Pesa and tell you here.",
        amount=donation.amount,
        title=title,
    )
