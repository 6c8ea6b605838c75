"""Telephone numbers as people in Kenya write them."""

import pytest

from fundraising.people import typed_phones
from fundraising.refusals import NotAPhoneNumber, SeveralPhoneNumbers

UNDERSTOOD = [
    "0708374149", " 0708374149\n", "708374149", "254708374149", "+254708374149", "00254708374149", "0708 374 149",
    "0708 374149", "0708-374-149", "0708-374149", "0708.374.149", "0708/374/149", "0708_374_149", "07 08 37 41 49",
    "070 837 4149", "0 7 0 8 3 7 4 1 4 9", "(0708) 374149", "(0708)374-149", "+254 708 374 149", "+254-708-374-149",
    "+254 (0) 708 374 149", "(+254) 708 374149", "+254 0708 374149", "+2540708374149", "2540708374149",
    "254 0708374149",
    "254-708-374-149", "+ 254 708 374149", "＋254708374149", "0708–374–149", "0708\u2011374\u2011149",
    "0708\u00a0374\u00a0149",
    "\u202a+254 708 374149\u202c", "\u200e0708374149", "٠٧٠٨٣٧٤١٤٩", "０７０８３７４１４９", "tel:+254708374149",
    "Tel: 0708374149", "Tel. 0708 374 149", "Phone: 0708374149", "Cell 0708374149", "No. 0708374149",
    "Simu: 0708374149",
    "0708374149.", "0708374149 (Safaricom)", "Safaricom 0708374149", "my number is 0708374149",
    "My no is 0708 374 149 thanks",
    "nambari yangu ni 0708374149", "use 0708374149 please", "ni 0708374149 tu", "0708374149 Wanjiku",
    "Wanjiku: 0708374149",
    "https://wa.me/254708374149", "0708374149, 500 bob", "0708374149 na 0708 374 149", "M-Pesa 0708374149",
    "'0708374149", "call +254708374149!", "0708374149?",
]  # fmt: skip


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_a_number_is_understood_however_it_is_written(text: str) -> None:
    assert typed_phones.read(text).digits == "254708374149"


@pytest.mark.parametrize(
    "text", ["0112345678", "112345678", "+254 112 345 678", "0112-345-678", "my line: 0112 345678"]
)
def test_the_newer_range_is_understood_too(text: str) -> None:
    assert typed_phones.read(text).digits == "254112345678"


@pytest.mark.parametrize(
    "text",
    [
        "0708374149, 0711222333",
        "0708374149/0711222333",
        "0708374149 0711222333",
        "0708374149\n0711222333",
        "0708374149 or 0711222333",
        "0708374149 au 0711 222 333",
        "0708 374 149 & 0711 222 333",
        "0708374149 or 071122233",
        "mine 0708374149, my sister's +254 711 222 333",
    ],
)
def test_of_two_numbers_none_is_guessed(text: str) -> None:
    with pytest.raises(SeveralPhoneNumbers):
        typed_phones.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "hello", "500", "2,500", "07083741", "07083741490", "7083741490", "0254708374149",
        "000254708374149", "O708374149",
        "07O8374149", "0708374l49", "0708374149a", "a0708374149", "2.54708E+11", "0199123456", "020 2222222",
        "0800723253",
        "+447911123456", "+255712345678", "+17083741490", "++254708374149", "0700 FLOWER", "TKM1AB2CD3", "-----------",
        "0" * 10_000, "0708374149" * 100, "UKS0708374149", "254708374149.0",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotAPhoneNumber):
        typed_phones.read(text)
