"""Whose name M-Pesa gives for a number, and where it speaks of somebody else."""

import pytest

from mpesa.msisdn import Msisdn
from mpesa.parties import name_of

AKINYI = Msisdn.parse("0712345678")


@pytest.mark.parametrize(
    "party",
    [
        "254712345678 - AKINYI OTIENO",
        "0712345678 - AKINYI OTIENO",
        "+254712345678 -  AKINYI OTIENO ",
        "254712***678-AKINYI OTIENO",
        "2547••••5678 - AKINYI OTIENO",
        "AKINYI OTIENO",
    ],
)
def test_the_name_of_the_number_that_was_paid(party: str) -> None:
    assert name_of(party, AKINYI) == "AKINYI OTIENO"


@pytest.mark.parametrize(
    "party",
    [
        None,
        "",
        "254712345678",
        "254712345678 - ",
        "254711111111 - IRENE ABDI",
        "254711***111 - IRENE ABDI",
        "600999 - Our own paybill",
        "- ",
    ],
)
def test_no_name_and_nobody_elses(party: str | None) -> None:
    assert name_of(party, AKINYI) is None


def test_a_name_with_a_dash_in_it() -> None:
    assert name_of("254712345678 - MARY-ANN WAMBUI", AKINYI) == "MARY-ANN WAMBUI"
