"""Phone numbers between people, rules and storage."""

from fundraising.refusals import NotAPhoneNumber
from mpesa.msisdn import Msisdn, NotAMobileNumber
from mpesa.networks import is_foreign, network_of
from storage.vault import Vault

Phone = Msisdn  # for who hands one on and knows nothing of M-Pesa


def parse(text: str) -> Msisdn:
    """Raises NotAPhoneNumber."""
    try:
        return Msisdn.parse(text)
    except NotAMobileNumber as error:
        raise NotAPhoneNumber from error


def other_network(phone: Msisdn) -> str | None:
    """What it looks like, if not like Safaricom's: the name, or nothing for a small network."""
    return network_of(phone) if is_foreign(phone) else None


def seal(vault: Vault, phone: Msisdn, place: bytes) -> bytes:
    return vault.seal_text(phone.digits, place)


def unseal(vault: Vault, sealed: bytes, place: bytes) -> Msisdn:
    """Raises WrongKey."""
    return Msisdn(vault.open_text(sealed, place))


def index(vault: Vault, phone: Msisdn) -> bytes:
    return vault.index(phone.digits)
