"""How a donation or a payout stands, in one plain sentence for readers of the HTTP API."""

from html import unescape

from fundraising.giving.donation import Donation
from fundraising.paying.news import PayoutNews
from fundraising.paying.payout import Payout
from fundraising.statuses import DonationStatus, PayoutStatus, Push
from letters.giving import failures
from letters.language import Language, noted
from letters.paying import reviews
from letters.paying.failures import happened

PUSHED = {
    Push.SENDING: noted("M-Pesa is being asked to show its prompt on the phone."),
    Push.WAITING: noted("M-Pesa was busy or not reached; the prompt is sent again for two minutes."),
    Push.ACCEPTED: noted("M-Pesa asks on the phone for the PIN."),
    Push.REFUSED: noted("M-Pesa refused to ask on the phone."),
    Push.UNKNOWN: noted(
        "M-Pesa has not answered yet; it may be asking on the phone. It is being asked what became of it."
    ),
}
LOOKED_AT = noted("What M-Pesa said does not settle it, so a treasurer looks at it. Do not ask for it again.")
SPOKEN_FOR = noted(
    "Another amount arrived than was asked for. Two treasurers decided that it is not for this campaign."
)
PAYOUTS = {
    PayoutStatus.PENDING: noted("It waits for somebody else's approval."),
    PayoutStatus.APPROVED: noted("It is approved and is sent next."),
    PayoutStatus.PROCESSING: noted("It is with M-Pesa."),
    PayoutStatus.COMPLETED: noted("It is paid."),
    PayoutStatus.CANCELLED: noted("It was cancelled. Nothing was paid."),
}
EXPIRED = noted("Nobody decided on it in time, so it was cancelled. Nothing was paid.")


def donation(_: Language, each: Donation) -> str:
    match each.status:
        case DonationStatus.COMPLETED:
            said = _("It was received. Thank you!")
        case DonationStatus.REFUNDED:
            said = _("It was paid back.")
        case DonationStatus.FAILED if each.spoken_for:
            said = _(SPOKEN_FOR)
        case DonationStatus.FAILED:
            said = _(failures.HAPPENED.get(each.failure.value if each.failure else "", failures.UNNAMED))
        case DonationStatus.PENDING:
            said = _(LOOKED_AT if each.needs_review else PUSHED[each.push])
    return unescape(said)


def payout(_: Language, each: Payout) -> str:
    said = _(reviews.WHY[each.needs_review]) if each.needs_review else stands(_, each)
    return unescape(said)


def stands(_: Language, each: Payout) -> str:
    if each.status is PayoutStatus.REJECTED:
        return _("It was rejected: {reason}", reason=each.note)
    if each.status is PayoutStatus.FAILED:
        return happened(_, each.status_message)
    if each.status is PayoutStatus.CANCELLED and each.status_message == PayoutNews.EXPIRED:
        return _(EXPIRED)
    return _(PAYOUTS[each.status])
