"""Phone numbers between people, rules and storage."""

from fundraising.refusals import NotAPhoneNumber
from mpesa.msisdn import Msisdn, NotAMobileNumber
from storage.vault import Vault


def parse(text: str) -> Msisdn:
    """Raises NotAPhoneNumber."""
    try:
        return Msisdn.parse(text)
    except NotAMobileNumber as error:
        raise NotAPhoneNumber from error


def seal(vault: Vault, phone: Msisdn, place: bytes) -> bytes:
    return vault.seal_text(phone.digits, place)


def unseal(vault: Vault, sealed: bytes, place: bytes) -> Msisdn:
    """Raises WrongKey."""
    return Msisdn(vault.open_text(sealed, place))


def index(vault: Vault, phone: Msisdn) -> bytes:
    return vault.index(phone.digits)
