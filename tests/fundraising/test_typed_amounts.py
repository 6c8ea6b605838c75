"""Amounts as people in Kenya write and say them."""

import pytest

from fundraising import typed_amounts
from fundraising.money import Money
from fundraising.refusals import AmbiguousAmount, NoCents, NotAnAmount

UNDERSTOOD = {
    500: [
        "500", " 500 ", "500/=", "500/-", "500=", "500=/", "500 /=", "500.00", "500.0", "KES 500", "kes500", "KES. 500",
        "Ksh500", "Ksh 500", "KSh. 500/=", "Kshs 500", "Kshs.500/-", "K.Sh 500", "KSHS:500", "Sh 500", "sh500",
        "Shs 500",
        "Shs. 500", "500 KES", "500kes", "500ksh", "500 Kshs", "500 bob", "500bob", "500 shillings", "500 shilingi",
        "Shilingi 500", "500 only", "500 bob only", "500/= only", "500.", "500!", "500 please", "Kenya shillings 500",
        "mia tano", "Mia Tano", "MIA TANO", "mia 5", "mia tano tu", "soo tano", "five hundred", "5 hundred", "0.5k",
        "shilingi mia tano", "ksh mia tano", "٥٠٠", "５００", "\u200e500\u200f",
    ],
    2_500: [
        "2500", "2,500", "2, 500", "2 500", "2'500", "2.500", "2,500.00", "2.500,00", "KSh 2,500/=", "2500 bob", "2.5k",
        "2.5K", "2.5 k", "2.5k bob", "Ksh 2.5k", "elfu mbili mia tano", "elfu mbili na mia tano", "elfu mbili na nusu",
        "elfu 2 na 500", "elfu 2.5", "two thousand five hundred", "2 thousand 500", "twenty five hundred",
        "thao mbili soo tano", "Elfu mbili, mia tano",
    ],
    1_000: [
        "1k", "1K/=", "1.000", "1,000", "1 000", "elfu", "elfu moja", "alfu moja", "elfu 1", "1 elfu", "thao",
        "thao moja",
        "ngiri", "ngiri moja", "a thousand", "one thousand", "1 thousand",
    ],
    150: ["mia moja hamsini", "mia moja na hamsini", "mia hamsini", "one hundred and fifty"],
    25: ["ishirini na tano", "ishirini tano", "twenty five", "twenty-five"],
    1_500: ["1.5k", "elfu moja mia tano", "elfu na mia tano", "elfu moja na nusu", "1.500"],
    15_000: ["15k", "15,000", "elfu 15", "15 elfu", "fifteen thousand"],
    20_500: ["elfu ishirini na mia tano", "elfu ishirini mia tano"],
    100_000: ["100 000", "100k", "laki", "laki moja", "elfu mia moja", "1 laki", "one hundred thousand"],
    150_000: ["laki moja na nusu", "laki moja elfu hamsini", "laki moja na elfu hamsini"],
    250_000: ["250,000", "laki mbili na nusu", "250 000"],
}  # fmt: skip


@pytest.mark.parametrize(("shillings", "text"), [(sum_, text) for sum_, texts in UNDERSTOOD.items() for text in texts])
def test_an_amount_is_understood_however_it_is_written(shillings: int, text: str) -> None:
    assert typed_amounts.read(text) == Money.shillings(shillings)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("500\n600", [500, 600]),
        ("500\r\n600\n700", [500, 600, 700]),
        ("elfu kumi na tano", [10_005, 15_000]),
        ("elfu ishirini na moja", [20_001, 21_000]),
        ("elfu mia moja na hamsini", [100_050, 150_000]),
        ("100 200", [100, 200, 100_200]),
    ],
)
def test_what_may_mean_two_amounts_is_asked(text: str, readings: list[int]) -> None:
    with pytest.raises(AmbiguousAmount) as asked:
        typed_amounts.read(text)
    assert [money.whole_shillings for money in asked.value.readings] == readings


@pytest.mark.parametrize("text", ["500.50", "99.99", "KES 1,000.01", "0.0005k"])
def test_cents_are_not_dropped(text: str) -> None:
    with pytest.raises(NotAnAmount):
        typed_amounts.read(text)
    if "k" not in text:
        with pytest.raises(NoCents):
            typed_amounts.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "lots", "-500", "+500", "5,00", "2,50", "25,00", "1,5k", "1,2345", "12,34,567", "0500", "007",
        "0712345678",
        "1e3", "500-1000", "500 or 600", "500 600 700 8", "500USD", "$500", "USD 500", "KES", "bob", "/=", "k", "5kk",
        "five hundred hundred", "mia mia", "elfu elfu", "tano elfu moja", "na", "nusu", "hamsini mia", "mia tano mbili",
        "500\nhello", "hello\n500", "5OO", "½", "1.5", "9" * 13, "9" * 10_000, "elfu " * 500, "moja " * 13,
        "500 2024-01-01",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        typed_amounts.read(text)
