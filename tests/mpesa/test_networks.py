import pytest
from phonenumbers import carrier, parse

from mpesa.msisdn import Msisdn
from mpesa.networks import AIRTEL, OTHER, SAFARICOM, TELKOM, is_foreign, network_of

EVERY_PREFIX = [f"{first}{rest:02}" for first in "17" for rest in range(100)]


@pytest.mark.parametrize("prefix", EVERY_PREFIX)
def test_the_table_is_libphonenumbers_as_far_as_that_goes(prefix: str) -> None:
    named = carrier.name_for_number(parse(f"+254{prefix}123456"), "en")
    theirs = {"": None, SAFARICOM: SAFARICOM, AIRTEL: AIRTEL, TELKOM: TELKOM}.get(named, OTHER)
    assert theirs in (None, network_of(Msisdn(f"254{prefix}123456")))


def test_only_a_number_known_to_be_anothers_is_asked_about() -> None:
    assert is_foreign(Msisdn("254733123456"))
    assert is_foreign(Msisdn("254101123456"))
    assert is_foreign(Msisdn("254747123456"))
    assert not is_foreign(Msisdn("254712345678"))
    assert not is_foreign(Msisdn("254112345678"))
    assert not is_foreign(Msisdn("254160123456"))
