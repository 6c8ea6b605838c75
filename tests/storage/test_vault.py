"""Sealed values open with the key that sealed them and with no other; equal texts are found by their index."""

import pytest

from storage.payout_tables import ngos, payouts
from storage.places import place
from storage.vault import KEY_ID_BYTES, NONCE_BYTES, Vault, WrongKey
from tests.fakes import sealed_before

PHONE = "254708374149"
HERE = place(payouts.c.phone_sealed, 7)
vault = Vault("a secret key that is only used in tests, never elsewhere")
other = Vault("another secret key that is only used in tests")


@pytest.mark.parametrize("text", ["", PHONE, "Wanjikũ 🌍", "x" * 100_000])
def test_what_is_sealed_opens_again(text: str) -> None:
    assert vault.open_text(vault.seal_text(text, HERE), HERE) == text


def test_a_sealed_value_shows_nothing_of_the_plain_one() -> None:
    assert PHONE.encode() not in vault.seal_text(PHONE, HERE)
    assert len(vault.seal(b"", HERE)) == KEY_ID_BYTES + NONCE_BYTES + 16


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({vault.seal_text(PHONE, HERE) for _ in range(100)}) == 100


def test_a_change_of_any_byte_is_noticed() -> None:
    sealed = vault.seal_text(PHONE, HERE)
    for nth in range(len(sealed)):
        changed = bytearray(sealed)
        changed[nth] ^= 1
        with pytest.raises(WrongKey):
            vault.open(bytes(changed), HERE)


def test_a_value_cut_short_at_any_place_is_noticed() -> None:
    sealed = vault.seal_text(PHONE, HERE)
    for length in range(len(sealed)):
        with pytest.raises(WrongKey):
            vault.open(sealed[:length], HERE)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(WrongKey, match="another SECRET_KEY"):
        other.open(vault.seal_text(PHONE, HERE), HERE)


def test_another_key_under_a_forged_key_id_opens_nothing() -> None:
    forged = vault.key_id + other.seal_text(PHONE, HERE)[KEY_ID_BYTES:]
    with pytest.raises(WrongKey, match="changed"):
        vault.open(forged, HERE)


@pytest.mark.parametrize(
    "there",
    [place(payouts.c.phone_sealed, 8), place(payouts.c.recipient_name_sealed, 7), place(ngos.c.phone_sealed, 7)],
)
def test_laid_in_another_row_column_or_table_it_does_not_open(there: bytes) -> None:
    with pytest.raises(WrongKey, match="another place"):
        vault.open(vault.seal_text(PHONE, HERE), there)


def test_what_was_sealed_for_no_place_opens_at_none() -> None:
    unbound = sealed_before(vault, PHONE.encode())
    assert vault.open_unbound(unbound) == PHONE.encode()
    with pytest.raises(WrongKey):
        vault.open(unbound, HERE)
    with pytest.raises(WrongKey):
        vault.open_unbound(vault.seal_text(PHONE, HERE))


def test_a_mac_is_of_all_its_parts_in_their_places() -> None:
    macs = [
        vault.mac("order", 1, "23"),
        vault.mac("order", 12, "3"),
        vault.mac("order", "1", "23"),
        vault.mac("order", 1),
    ]
    assert len({*macs, vault.mac("role", 1, "23"), other.mac("order", 1, "23")}) == 6
    assert vault.mac("order", 1, "23") == macs[0]


def test_equal_texts_have_equal_indexes_and_others_do_not() -> None:
    assert vault.index(PHONE) == Vault("a secret key that is only used in tests, never elsewhere").index(PHONE)
    assert vault.index(PHONE) != vault.index("254708374140")
    assert vault.index(PHONE) != other.index(PHONE)
