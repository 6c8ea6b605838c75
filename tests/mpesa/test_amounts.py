import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpesa.amounts import balance_cents


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("0", 0),
        ("0.00", 0),
        ("-0.0", 0),
        ("-1980.0", -198_000),
        ("8959269.6", 895_926_960),
        ("90071992547409.93", 9_007_199_254_740_993),  # the first integer that a float cannot hold
        ("1.0E7", 1_000_000_000),
        ("1.19937112E7", 1_199_371_120),
        ("-1.234567891E7", -1_234_567_891),
        ("0.5000", 50),
    ],
)
def test_a_balance_is_exact_whatever_its_sign_and_way_of_writing(text: str, minor: int) -> None:
    assert balance_cents(text) == minor


@pytest.mark.parametrize("number", [0, -5, 10**14])
def test_a_whole_number_is_a_balance_too(number: int) -> None:
    assert balance_cents(number) == number * 100


@pytest.mark.parametrize(
    "value", ["", " 5", "+5", "1,000.00", "5.", ".5", "1.005", "1.5E-1", "1E99", "9" * 16, "NaN", "٥", None, True, [1]]
)
def test_what_is_no_exact_balance_is_none(value: object) -> None:
    assert balance_cents(value) is None


@given(st.integers(min_value=-(10**17) + 1, max_value=10**17 - 1))
def test_every_balance_comes_back_as_it_was_written(minor: int) -> None:
    sign, rest = ("-" if minor < 0 else ""), abs(minor)
    assert balance_cents(f"{sign}{rest // 100}.{rest % 100:02}") == minor
