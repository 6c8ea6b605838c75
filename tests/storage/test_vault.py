"""Sealed values open with the key that sealed them and with no other; equal texts are found by their index."""

import pytest

from storage.vault import KEY_ID_BYTES, NONCE_BYTES, Vault, WrongKey

PHONE = "254708374149"
vault = Vault("a secret key that is only used in tests, never elsewhere")
other = Vault("another secret key that is only used in tests")


@pytest.mark.parametrize("text", ["", PHONE, "Wanjikũ 🌍", "x" * 100_000])
def test_what_is_sealed_opens_again(text: str) -> None:
    assert vault.open_text(vault.seal_text(text)) == text


def test_a_sealed_value_shows_nothing_of_the_plain_one() -> None:
    assert PHONE.encode() not in vault.seal_text(PHONE)
    assert len(vault.seal(b"")) == KEY_ID_BYTES + NONCE_BYTES + 16


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({vault.seal_text(PHONE) for _ in range(100)}) == 100


def test_a_change_of_any_byte_is_noticed() -> None:
    sealed = vault.seal_text(PHONE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(WrongKey):
            vault.open(bytes(changed))


def test_a_value_cut_short_at_any_place_is_noticed() -> None:
    sealed = vault.seal_text(PHONE)
    for length in range(len(sealed)):
        with pytest.raises(WrongKey):
            vault.open(sealed[:length])


def test_another_key_opens_nothing() -> None:
    with pytest.raises(WrongKey, match="another SECRET_KEY"):
        other.open(vault.seal_text(PHONE))


def test_another_key_under_a_forged_key_id_opens_nothing() -> None:
    forged = vault.key_id + other.seal_text(PHONE)[KEY_ID_BYTES:]
    with pytest.raises(WrongKey, match="changed"):
        vault.open(forged)


def test_equal_texts_have_equal_indexes_and_others_do_not() -> None:
    assert vault.index(PHONE) == Vault("a secret key that is only used in tests, never elsewhere").index(PHONE)
    assert vault.index(PHONE) != vault.index("254708374140")
    assert vault.index(PHONE) != other.index(PHONE)
