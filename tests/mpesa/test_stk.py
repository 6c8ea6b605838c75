from dataclasses import replace

import pytest

from mpesa.msisdn import Msisdn
from mpesa.stk import StkPush

PUSH = StkPush(Msisdn("254712000111"), 500, "D1A2B3C4", "Donation", "https://ngo.example/hooks/0f1e2d3c4b5a")


@pytest.mark.parametrize("shillings", [0, -1, True, 1.0, "5"])
def test_only_whole_shillings_can_be_asked_for(shillings: int) -> None:
    with pytest.raises(ValueError, match="whole shillings"):
        replace(PUSH, shillings=shillings)


@pytest.mark.parametrize("reference", ["", "A" * 13, "A B", "A-1", "Ä1", "A1\n"])
def test_a_reference_is_one_to_twelve_letters_and_digits(reference: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        replace(PUSH, reference=reference)


@pytest.mark.parametrize("description", ["", "  ", "D" * 14])
def test_a_description_is_one_to_thirteen_characters(description: str) -> None:
    with pytest.raises(ValueError, match="description"):
        replace(PUSH, description=description)


def test_a_callback_url_is_an_address() -> None:
    with pytest.raises(ValueError, match="callback"):
        replace(PUSH, callback_url="ngo.example/hooks")


def test_neither_the_number_nor_the_urls_token_is_printed() -> None:
    assert "712000" not in repr(PUSH)
    assert "0f1e2d3c" not in repr(PUSH)
