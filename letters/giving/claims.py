"""What became of an M-Pesa code that a donor sent. It says only what is so: kept is kept, and asked is asked."""

from fundraising.giving.claims import Claimed, Found
from fundraising.statuses import DonationStatus
from letters.giving.history import entry
from letters.language import Language, noted

ASKED = noted(
    "Thank you. <code>{code}</code> belongs to your {amount} for <b>{title}</b>, and we are asking M-Pesa. It counts "
    "as soon as M-Pesa confirms it, and you read it here. Please do not pay again meanwhile."
)
KEPT = noted(
    "Thank you. We have kept <code>{code}</code> with your {amount} for <b>{title}</b>, and a treasurer compares it "
    "with M-Pesa's statement. Please do not pay again meanwhile."
)
ASKED_FOR_RECEIPT = noted(
    "Thank you. Your {amount} for <b>{title}</b> is counted already. We are asking M-Pesa about <code>{code}</code>; "
    "once it is confirmed, it stands in /history as the receipt."
)
KEPT_FOR_RECEIPT = noted(
    "Thank you. Your {amount} for <b>{title}</b> is counted already. We have kept <code>{code}</code> with it, and a "
    "treasurer compares it with M-Pesa's statement."
)
UNKNOWN = noted(
    "We do not know the code <code>{code}</code>: it fits none of your gifts here. It is kept, and a treasurer looks "
    "at it. Please do not pay again meanwhile."
)
TOO_MANY = noted(
    "You have sent us several codes, and a treasurer looks at those. <code>{code}</code> is not kept beside them."
)


def told(_: Language, claimed: Claimed, title: str) -> str:
    """`title`: of the gift's campaign, where the code belongs to a gift."""
    code, donation = claimed.code, claimed.donation
    if donation is None or claimed.found is Found.TOO_MANY:
        return _(TOO_MANY if claimed.found is Found.TOO_MANY else UNKNOWN, code=code)
    if claimed.found in (Found.ASKED, Found.KEPT):
        is_counted = donation.status is DonationStatus.COMPLETED
        asked, kept = (ASKED_FOR_RECEIPT, KEPT_FOR_RECEIPT) if is_counted else (ASKED, KEPT)
        text = asked if claimed.found is Found.ASKED else kept
        return _(text, code=code, amount=donation.amount, title=title)
    return f"{known(_, claimed)}\n\n{entry(_, donation, title)}"


def known(_: Language, claimed: Claimed) -> str:
    if claimed.found is Found.REFERENCE:
        return _(
            "<code>{code}</code> is the account number of this gift. M-Pesa's code is the first word of its message.",
            code=claimed.code,
        )
    if claimed.found is Found.COUNTED and claimed.donation and claimed.donation.status is DonationStatus.COMPLETED:
        return _("✅ That payment is counted already. Here is your receipt.")
    return _("We have that payment. It did not fit your gift as it was, so two treasurers decide, or have decided.")
