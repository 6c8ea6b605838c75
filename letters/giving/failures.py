"""Why a donation failed: what happened, what it means for the money, what to do next.

The reasons are M-Pesa's, named by the values that `Donation.failure` can have.
"""

from datetime import timedelta

from fundraising.giving.donation import Donation
from fundraising.ledger.progress import Progress
from letters.language import Language, noted
from letters.times import in_words

OUR_FAULT = noted("Our connection to M-Pesa has a fault. It is not your fault, and we have been told.")
HAPPENED = {
    "insufficient_funds": noted("There was not enough money on the M-Pesa account."),
    "amount_too_small": noted("M-Pesa finds this amount too small."),
    "amount_too_large": noted("This amount is above what M-Pesa allows in one payment."),
    "daily_limit": noted("This payment would go above the phone's daily M-Pesa limit."),
    "receiver_full": noted("Our own M-Pesa account cannot take this amount just now."),
    "cancelled": noted("The payment was cancelled on the phone."),
    "expired": noted("The PIN was not entered in time."),
    "no_answer": noted("M-Pesa did not get an answer from the phone. It may have been off or out of reach."),
    "wrong_pin": noted("The PIN was wrong."),
    "pin_locked": noted("The M-Pesa PIN is locked. Safaricom (call 100) can unlock it."),
    "too_soon": noted("M-Pesa does not take the same amount from the same phone twice within two minutes."),
    "phone_busy": noted("The phone was busy with another M-Pesa request. Finish or cancel that one first."),
    "not_delivered": noted("M-Pesa could not bring the request to the phone."),
    "refused": noted("M-Pesa refused the payment. Please check that the number is on M-Pesa."),
    "already_received": noted("M-Pesa says that it had this request already."),
    "configuration": OUR_FAULT,
    "not_reached": noted("We could not reach M-Pesa."),
    "busy": noted("M-Pesa was too busy to take the request."),
}
UNNAMED = noted("M-Pesa did not carry the payment out.")

# M-Pesa refused before anything moved. After the others a debit minutes later has been observed.
SURELY_NOTHING_TAKEN = frozenset(
    {
        "insufficient_funds",
        "amount_too_small",
        "amount_too_large",
        "daily_limit",
        "receiver_full",
        "cancelled",
        "wrong_pin",
        "pin_locked",
        "too_soon",
        "phone_busy",
        "refused",
        "configuration",
        "not_reached",
        "busy",
    }
)


def failed(_: Language, donation: Donation, progress: Progress) -> str:
    reason = donation.failure.value if donation.failure else ""
    title = progress.campaign.title
    opening = _("❌ Your {amount} for <b>{title}</b> did not go through.", amount=donation.amount, title=title)
    sentences = [opening, _(HAPPENED.get(reason, UNNAMED))]
    if reason in SURELY_NOTHING_TAKEN:
        sentences.append(_("No money left your account."))
    else:
        sentences.append(_("As far as M-Pesa tells, no money left your account."))
    return " ".join(sentences)


def what_next(_: Language, wait: timedelta) -> str:
    """`wait`: until M-Pesa takes the same amount again; zero or less when it does now."""
    if wait <= timedelta():
        return _("Press Try again to be asked for the same once more, or /donate to start anew.")
    return _("You can try it again in {wait}: a button appears here.", wait=in_words(_, wait))
