"""The receipt of a gift, for donors who asked for one by e-mail."""

from fundraising.giving.donation import Donation
from letters.language import Language
from letters.mail.letter import Letter, code, letter, shown
from letters.times import day


def receipt(_: Language, donation: Donation, title: str, late: bool) -> Letter:
    """`title`: the campaign's. `late`: the donor may have read that it failed."""
    gift = {"amount": donation.amount, "title": title}
    paragraphs = [_("Asante! We received your {amount} for <b>{title}</b>.", **gift)]
    if late:
        paragraphs.append(
            _("An earlier message that it did not go through no longer holds. Please do not pay it again.")
        )
    if not donation.receipt:
        paragraphs.append(_("M-Pesa's receipt code is not known yet; it follows in another e-mail."))
    facts = [
        (_("Amount"), shown(donation.amount)),
        (_("Campaign"), shown(title)),
        *([(_("M-Pesa receipt"), code(donation.receipt))] if donation.receipt else []),
        (_("Date"), day(_, donation.settled_at or donation.created_at)),
        (_("Our reference"), shown(donation.reference)),
    ]
    why = _("You get this because receipts to this address were asked for. In Telegram, /receipt off stops them.")
    return letter(_, _("Receipt: {amount} for {title}", **gift), paragraphs, facts, why)
