"""Names are shown beside amounts and buttons: nobody may write one that changes what stands around it."""

import unicodedata

import pytest

from fundraising.names import says_something, tidy

RIGHT_TO_LEFT, ZERO_WIDTH, BYTE_ORDER, SOFT_HYPHEN, ISOLATE = "\u202e", "\u200b", "\ufeff", "\u00ad", "\u2067"


@pytest.mark.parametrize(
    "written",
    [
        " Akinyi  Otieno ",
        "Akinyi\tOtieno\n",
        "Akinyi\u00a0Otieno",
        "Akinyi\u2028Otieno",
        f"{RIGHT_TO_LEFT}Akinyi{ZERO_WIDTH} Otieno",
        f"{BYTE_ORDER}Aki{SOFT_HYPHEN}nyi {ISOLATE}Otieno\u2069",
        "Akinyi\x00 \x1b\x07Otieno\x85",
        "Akinyi \u3164\u2800Otieno",
        "\u061cAkinyi\u180e Otieno\U000e0041",
        "Akinyi \ud800\ue000Otieno",
    ],
)
def test_what_is_not_seen_is_taken_out(written: str) -> None:
    assert tidy(written) == "Akinyi Otieno"


@pytest.mark.parametrize("name", ["Ng'ang'a", "Wanjikũ wa Mũthoni", "O’Brien-Kamau", "محمد علي", "አበበ", "Žižek 2nd"])
def test_names_of_any_script_stay_as_they_are(name: str) -> None:
    assert tidy(name) == unicodedata.normalize("NFC", name)


def test_marks_are_not_piled_up_over_other_lines() -> None:
    assert len(tidy("A" + "\u0338\u0489" * 20 + "kinyi")) <= len("Akinyi") + 2


def test_two_spellings_of_one_name_are_the_same() -> None:
    assert tidy("Mu\u0303thoni") == tidy("Mũthoni")


def test_a_name_says_something() -> None:
    assert says_something("2nd Chance")
    assert not says_something(tidy(f"-- {ZERO_WIDTH} ."))
