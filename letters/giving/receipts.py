"""`/receipt` in the chat: the latest one, and whether they also come by e-mail."""

from fundraising.giving.donation import Donation
from fundraising.people.emails import EmailAddress
from letters.giving.history import entry
from letters.language import Language


def latest(_: Language, donation: Donation | None, title: str) -> str:
    """`title`: of its campaign."""
    if donation is None:
        return _("None of your gifts has arrived yet. /donate starts one, /history shows how they stand.")
    return f"{_('<b>Your latest gift</b>')}\n{entry(_, donation, title)}"


def by_mail(_: Language, address: EmailAddress | None) -> str:
    if address is None:
        return _("Receipts by e-mail, too? Type your address like this: /receipt wanjiku@example.org")
    return _("Receipts also go to {address}. /receipt off stops that.", address=address.text)


def asked(_: Language, address: EmailAddress) -> str:
    return _("✅ From now on, receipts also go to {address}. /receipt off stops that.", address=address.text)


def stopped(_: Language) -> str:
    return _("No receipts by e-mail any more; your address is forgotten.")
