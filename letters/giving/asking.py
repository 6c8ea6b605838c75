"""The steps of a gift, up to Confirm: one question at a time."""

from fundraising.giving.drafts import Draft
from fundraising.ledger.progress import Progress
from letters.giving import campaigns
from letters.language import Language
from letters.networks import other_network


def ask_amount(_: Language, progress: Progress) -> str:
    question = _("How much would you like to give? Press an amount, or type another one, like 750.")
    return f"{campaigns.card(_, progress)}\n\n{question}"


def chosen(_: Language, draft: Draft) -> str:
    assert draft.campaign
    assert draft.amount
    return _("{amount} for <b>{title}</b>.", amount=draft.amount, title=draft.campaign.title)


def ask_phone(_: Language) -> str:
    return _("Which M-Pesa number pays? Press the button below to share yours, or type a number, like 0712 345 678.")


def ask_known_phone(_: Language, draft: Draft) -> str:
    question = _("Which M-Pesa number pays? Press one that you used before, or type another.")
    return f"{chosen(_, draft)}\n\n{question}"


def phone_noted(_: Language, phone: str) -> str:
    return _("{phone} is noted for your next gift. /donate starts it.", phone=phone)


def own_phone_noted(_: Language, phone: str) -> str:
    return _(
        "{phone} is noted as your own number, for your next gift. /donate starts it. Does M-Pesa ask on your phone for "
        "gifts that are not yours? /notme stops that.",
        phone=phone,
    )


def share_button_gone(_: Language) -> str:
    return _("The button that shares your number is put away.")


def phone_taken(_: Language, draft: Draft) -> str:
    assert draft.phone
    return _("M-Pesa number: {phone}", phone=draft.phone.local)


def summary(_: Language, draft: Draft) -> str:
    """The only letter that shows a phone number in full, to the person who gave it."""
    assert draft.campaign
    assert draft.amount
    assert draft.phone
    gift = _(
        "Please check:\n\n{amount} for <b>{title}</b>\nfrom {phone}\n\n"
        "Press Confirm, and M-Pesa asks for the PIN on that phone. Nothing is paid without the PIN.",
        amount=draft.amount,
        title=draft.campaign.title,
        phone=draft.phone.local,
    )
    warned = other_network(_, draft.phone)
    return f"{gift}\n\n{warned}" if warned else gift


def came_too_late(_: Language, draft: Draft) -> str:
    note = _("Your Confirm reached us late, so M-Pesa was not asked. Nothing was taken. Do you still want to give?")
    return f"{note}\n\n{summary(_, draft)}"


def changed_meanwhile(_: Language, draft: Draft) -> str:
    note = _("You have changed this gift meanwhile, so M-Pesa was not asked yet.")
    return f"{note}\n\n{summary(_, draft)}"


def press_confirm(_: Language) -> str:
    return _("Almost done: press Confirm above to give, or Cancel to stop. /donate starts anew.")


def cancelled(_: Language) -> str:
    return _("Cancelled. M-Pesa was not asked and nothing was taken. /donate starts a new gift.")


def nothing_to_cancel(_: Language) -> str:
    return _(
        "There is nothing to cancel here. If your phone asks for your M-Pesa PIN and you do not want to pay, "
        "press cancel on the phone. /donate starts a new gift."
    )
