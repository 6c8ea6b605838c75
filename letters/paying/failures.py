"""Why a payout failed, and what to do next. The reasons are M-Pesa's; a payout's `status_message` names one."""

from fundraising.paying.payout import CANNOT_HELP
from letters.language import Language, noted

SETUP = noted("M-Pesa refuses how we are set up. Payouts stop until the operator has put that right.")
HAPPENED = {
    "amount_too_small": noted("M-Pesa finds this amount too small."),
    "amount_too_large": noted("This amount is above what M-Pesa sends at a time."),
    "daily_limit": noted("The daily limit for sending was reached."),
    "receiver_full": noted("The recipient's M-Pesa account cannot take this amount just now."),
    "recipient_not_registered": noted("This number is not registered with M-Pesa."),
    "refused": noted("M-Pesa refused it."),
    "already_reversed": noted("M-Pesa says that this payment was taken back."),
    "configuration": SETUP,
    "not_reached": noted("We could not reach M-Pesa."),
    "busy": noted("M-Pesa was too busy to take it."),
    "float_empty": noted("Our M-Pesa account for payouts is empty."),
    "initiator_refused": noted("M-Pesa refuses our API user: its name, password or certificate."),
    "initiator_locked": noted("Our API user is locked: it must be unlocked on Safaricom's portal."),
    "initiator_without_role": noted("Our API user lacks the role for payouts: see Safaricom's portal."),
    "account_inactive": noted("Our M-Pesa account is not active."),
    "product_missing": noted("M-Pesa has not enabled payouts for our shortcode."),
}
UNNAMED = noted("M-Pesa did not carry it out.")
FILL_UP = noted("Fill up the account, then press Retry.")
OPERATOR = noted("First the operator puts it right, and two owners unfreeze; then press Retry.")
ANEW = noted("Trying the same again cannot help. Ask for a new payout with /payout.")
LATER = noted("Press Retry to send it again; it needs no new approval.")
NEXT: dict[str, str] = {
    "float_empty": FILL_UP,
    **dict.fromkeys(
        (
            "configuration",
            "initiator_refused",
            "initiator_locked",
            "initiator_without_role",
            "account_inactive",
            "product_missing",
        ),
        OPERATOR,
    ),
    **dict.fromkeys(CANNOT_HELP, ANEW),
}


def happened(_: Language, reason: str) -> str:
    return _(HAPPENED.get(reason, UNNAMED))


def what_next(_: Language, reason: str) -> str:
    return _(NEXT.get(reason, LATER))


def can_be_retried(reason: str) -> bool:
    """Whether the same may go better another time."""
    return reason not in CANNOT_HELP
