"""How a donation ended. Sent at least once, so each reads right when it comes a second time."""

from fundraising.giving.donation import Donation
from fundraising.giving.strays import Decision
from fundraising.giving.undecided import Undecided
from fundraising.ledger.progress import Progress
from fundraising.statuses import Review
from letters.giving import campaigns
from letters.language import Language


def completed(_: Language, donation: Donation, progress: Progress) -> str:
    thanks = _(
        "✅ Asante! We received your {amount} for <b>{title}</b>.",
        amount=donation.amount,
        title=progress.campaign.title,
    )
    return f"{thanks}\n{receipt_line(_, donation)}\n\n{campaigns.standing(_, progress)}"


def completed_late(_: Language, donation: Donation, progress: Progress) -> str:
    correction = _(
        "✅ Good news: your {amount} for <b>{title}</b> did arrive after all. An earlier message here that it did not "
        "go through no longer holds. Please do not pay it again. Asante!",
        amount=donation.amount,
        title=progress.campaign.title,
    )
    return f"{correction}\n{receipt_line(_, donation)}\n\n{campaigns.standing(_, progress)}"


def receipt(_: Language, donation: Donation, progress: Progress) -> str:
    return _(
        "🧾 The M-Pesa receipt of your {amount} for <b>{title}</b> is <code>{receipt}</code>.",
        amount=donation.amount,
        title=progress.campaign.title,
        receipt=donation.receipt,
    )


def receipt_line(_: Language, donation: Donation) -> str:
    if donation.receipt:
        return _("M-Pesa receipt: <code>{receipt}</code>", receipt=donation.receipt)
    return _("The receipt is in M-Pesa's own message to you. Send us the code from it, and it stands here as well.")


def suspended(_: Language, donation: Donation, progress: Progress) -> str:
    gift = {"amount": donation.amount, "title": progress.campaign.title}
    if donation.needs_review is Review.SECOND_PAYMENT:
        return _(
            "We received your {amount} for <b>{title}</b>, and then a second payment for it. The second one is kept "
            "safe and apart; a treasurer looks at it. You need not do anything.",
            **gift,
        )
    if donation.needs_review is Review.CLAIMED:
        return _(
            "M-Pesa confirms the code that you sent. It is not sure that it was for your {amount} for <b>{title}</b>, "
            "so the money is kept safe and apart; two treasurers decide. Please do not pay again.",
            **gift,
        )
    return _(
        "A payment for your gift of {amount} for <b>{title}</b> arrived, but with another amount. It is kept safe and "
        "apart; a treasurer looks at it. Please do not pay again.",
        **gift,
    )


def arrived(_: Language, stray: Undecided) -> str:
    return _(
        "What arrived: {amount}, M-Pesa code <code>{receipt}</code>.", amount=stray.amount, receipt=stray.receipt or "–"
    )


def decided(_: Language, decision: Decision, title: str | None) -> str:
    """`title`: of the campaign that got it, if one did."""
    payment = {"amount": decision.amount, "receipt": decision.receipt}
    if title is None:
        return _(
            "↩️ Two treasurers have looked at your payment of {amount} (M-Pesa code <code>{receipt}</code>). It was "
            "sent back to you through M-Pesa and counts for no campaign.",
            **payment,
        )
    return _(
        "✅ Two treasurers have looked at your payment of {amount} (M-Pesa code <code>{receipt}</code>): it counts for "
        "<b>{title}</b>. Asante!",
        title=title,
        **payment,
    )


def no_word(_: Language, donation: Donation, progress: Progress) -> str:
    return _(
        "M-Pesa has not told us whether your {amount} for <b>{title}</b> was paid, so we do not know. Your money is "
        "not lost: if it was taken, it will be found. Did M-Pesa send you a message about it? Then send us the code "
        "from it, like TKM1AB2CD3. Please do not pay again yet.",
        amount=donation.amount,
        title=progress.campaign.title,
    )
