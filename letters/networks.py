"""M-Pesa is Safaricom's: a number that looks like another network's is asked about, and never refused."""

from fundraising.people import phones
from fundraising.people.phones import Phone
from letters.language import Language


def other_network(_: Language, phone: Phone) -> str:
    """A warning and a question above the buttons; nothing for a number that may well be Safaricom's."""
    network = phones.other_network(phone)
    if network is None:
        return ""
    looks = named(_, phone, network)
    return _("⚠️ {looks} M-Pesa needs a Safaricom line. Use it all the same?", looks=looks)


def named(_: Language, phone: Phone, network: str) -> str:
    if network:
        return _("{phone} looks like a number of {network}.", phone=phone.local, network=network)
    return _("{phone} looks like a number of another network.", phone=phone.local)
