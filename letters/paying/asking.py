"""Putting a payout together and deciding on it: the questions and short answers."""

from fundraising.ledger.balances import Standing
from fundraising.paying.cards import Card
from fundraising.paying.payout import Payout
from letters.language import Language
from letters.paying.payouts import warnings_of_all


def which_campaign(_: Language) -> str:
    return _("Which campaign pays? Press one. In one line: /payout 1 5000 0712345678 Akinyi Otieno")


def how_much(_: Language, standing: Standing) -> str:
    return _(
        "<b>{title}</b> has {available} available. How much is paid? Type an amount, like 5000.",
        title=standing.campaign.title,
        available=standing.balance.available,
    )


def which_phone(_: Language) -> str:
    return _("To which M-Pesa number? Type it, like 0712 345 678, or press a saved recipient.")


def which_name(_: Language) -> str:
    return _("Whose number is it? Type the recipient's name.")


def press_confirm(_: Language) -> str:
    return _("Almost done: press Confirm above to ask for this payout, or Cancel to stop.")


def usage(_: Language) -> str:
    return _("Please type it like /payout 1 5000 0712345678 Akinyi Otieno, or just /payout.")


def cancelled(_: Language) -> str:
    return _("Cancelled. Nothing was asked for.")


def requested(_: Language, card: Card) -> str:
    payout = card.payout
    asked = _(
        "✅ Payout #{id} is asked for: {amount} to <b>{name}</b> from <b>{title}</b>.",
        id=payout.id,
        amount=payout.amount,
        name=payout.recipient_name,
        title=card.campaign.title,
    )
    approval = _.plural(
        "Somebody else must approve it; you will read here how it ends.",
        "{count} others must approve it; you will read here how it ends.",
        payout.approvals_needed,
    )
    return "\n".join([f"{asked} {approval}", *warnings_of_all(_, card)])


def why_reject(_: Language) -> str:
    return _("Why do you reject it? Type the reason now, or press one.")


def retried(_: Language, payout: Payout) -> str:
    return _("Payout #{id} of {amount} is sent again. You will read how it ends.", id=payout.id, amount=payout.amount)


def payout_cancelled(_: Language, payout: Payout) -> str:
    return _("Payout #{id} of {amount} is cancelled. The money is free again.", id=payout.id, amount=payout.amount)
