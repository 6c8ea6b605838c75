"""Why people must look at a payout, and what they can do."""

from fundraising.statuses import PayoutReview
from letters.language import Language, noted

WHY = {
    PayoutReview.NO_WORD: noted("🔎 M-Pesa has not said how it ended: it may be paid or not."),
    PayoutReview.OTHER_AMOUNT: noted("🔎 M-Pesa names another amount than was asked for."),
    PayoutReview.UNREADABLE: noted(
        "🔎 M-Pesa says that it is paid, but not readably how much. It is asked again; please compare its statement "
        "before anything is paid again."
    ),
    PayoutReview.PAID_AFTER_FAILURE: noted("🔎 M-Pesa said that it failed, and then that it was paid. It is paid."),
    PayoutReview.PAID_AGAIN: noted("🔎 It may have been paid twice. Sending is frozen."),
    PayoutReview.RESTORED: noted("🔎 A backup was restored. It may have been sent again, and paid, after the backup."),
}


def how_to_decide(_: Language, payout_id: int) -> str:
    return _(
        "Please look for it in M-Pesa's statement. Two people who say the same decide: press a button, or "
        "/resolve {id} paid &lt;M-Pesa code&gt;, or /resolve {id} unpaid. Until then the money stays promised and "
        "nothing is sent again.",
        id=payout_id,
    )


def how_to_close(_: Language, payout_id: int) -> str:
    return _(
        "Its outcome is in the books. When an owner has looked into it: /resolve {id} seen.",
        id=payout_id,
    )


def noted_first(_: Language, payout_id: int) -> str:
    return _("Noted for payout #{id}. A second person must say the same.", id=payout_id)


def closed(_: Language, payout_id: int) -> str:
    return _("Payout #{id}: noted as seen to.", id=payout_id)


def usage(_: Language) -> str:
    return _("Please type it like /resolve 12 paid TKM1AB2CD3, /resolve 12 unpaid, or /resolve 12 seen.")


def settled(_: Language, payout_id: int) -> str:
    return _("Two people agree, so payout #{id} is decided:", id=payout_id)
