import pytest

from mpesa.msisdn import Msisdn, NotAMobileNumber

PLAIN = ["0708374149", "708374149", "254708374149", "+254708374149", "00254708374149", " 0708374149\n"]
GROUPED = ["0708 374 149", "0708-374-149", "(0708) 374149", "(+254) 708 374149", "+254 (0) 708 374 149"]
OTHER_DIGITS = ["٠٧٠٨٣٧٤١٤٩", "０７０８３７４１４９", "＋254708374149"]
PASTED = ["\u202a+254 708 374149\u202c", "0708\u00a0374\u2011149"]


@pytest.mark.parametrize("text", [*PLAIN, *GROUPED, *OTHER_DIGITS, *PASTED])
def test_a_kenyan_mobile_number_is_read_however_it_is_typed(text: str) -> None:
    assert Msisdn.parse(text).digits == "254708374149"


@pytest.mark.parametrize("text", ["0112345678", "112345678", "+254112345678"])
def test_the_newer_range_is_read_too(text: str) -> None:
    assert Msisdn.parse(text).digits == "254112345678"


LANDLINE_OR_FOREIGN = ["020 2222222", "0199123456", "0800723253", "+447911123456", "+255712345678", "+17083741490"]
TOO_SHORT_OR_LONG = ["", " ", "07083741", "07083741490", "7083741490", "000254708374149", "0" * 10_000]
NO_NUMBER = ["hello", "-----------", "++254708374149", "2.54708E+11", "254708374149.0", "0708374149a", "0700 FLOWER"]
MORE_THAN_A_NUMBER = ["0708374149 ext 5", "tel:+254708374149", "0708374149;ext=3"]
TWO = ["0708374149, 0711222333", "0708374149/0711222333", "0708374149 0711222333", "0708374149\n0711222333"]


@pytest.mark.parametrize("text", [*LANDLINE_OR_FOREIGN, *TOO_SHORT_OR_LONG, *NO_NUMBER, *MORE_THAN_A_NUMBER, *TWO])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotAMobileNumber):
        Msisdn.parse(text)


@pytest.mark.parametrize(
    "digits", ["0708374149", "+254708374149", "25470837414", "2547083741499", "254208374149", "٢٥٤708374149"]
)
def test_it_cannot_be_made_of_other_digits(digits: str) -> None:
    with pytest.raises(NotAMobileNumber):
        Msisdn(digits)


def test_it_prints_masked_everywhere() -> None:
    phone = Msisdn.parse("0708374149")
    for text in (str(phone), repr(phone), f"{phone}", repr([phone]), f"{phone!r:>30}"):
        assert "2547••••4149" in text
        assert "0837" not in text


def test_a_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(NotAMobileNumber) as raised:
        Msisdn.parse("07083741490")
    assert "0708" not in str(raised.value)


def test_its_owner_may_see_it_as_it_is_dialled() -> None:
    assert Msisdn.parse("+254708374149").local == "0708 374 149"


def test_the_same_number_is_equal_and_hashes_alike() -> None:
    assert len({Msisdn.parse("0708374149"), Msisdn.parse("+254 708 374149")}) == 1
