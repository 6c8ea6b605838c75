"""The donor's own gifts, the newest first."""

from collections.abc import Mapping

from fundraising.giving.donation import Donation
from fundraising.statuses import DonationStatus
from letters import states
from letters.language import Language
from letters.times import day


def history(_: Language, page: list[Donation], titles: Mapping[int, str]) -> str:
    """`titles`: of campaigns, by id."""
    if not page:
        return _("You have not given yet. /donate starts your first gift.")
    entries = [entry(_, donation, titles[donation.campaign_id]) for donation in page]
    return "\n\n".join([_("<b>Your gifts</b>"), *entries])


def entry(_: Language, donation: Donation, title: str) -> str:
    head = _("{day}: {amount} for {title}", day=day(_, donation.created_at), amount=donation.amount, title=title)
    return f"{head}\n{outcome(_, donation)}"


def outcome(_: Language, donation: Donation) -> str:
    if donation.status is DonationStatus.COMPLETED and donation.receipt:
        return _("✅ received, receipt <code>{receipt}</code>", receipt=donation.receipt)
    if donation.status is DonationStatus.PENDING and donation.needs_review:
        return _("🔎 a treasurer is looking at it")
    if donation.spoken_for:
        return _("↪️ another amount arrived, and two treasurers decided about it")
    if donation.status is DonationStatus.COMPLETED:
        return _("✅ received; send us the code from M-Pesa's message, as its receipt")
    return states.donation(_, donation.status)
