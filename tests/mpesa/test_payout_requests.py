from dataclasses import replace

import pytest

from mpesa.payouts import B2cPayment, BalanceQuestion, StatusQuestion
from tests.mpesa.daraja import BALANCE, CREDENTIAL, INITIATOR, PAYMENT, STATUS


@pytest.mark.parametrize("shillings", [9, 0, -10, 250_001, True, 10.0, "10"])
def test_only_ten_to_a_quarter_million_whole_shillings_can_be_paid_out(shillings: int) -> None:
    with pytest.raises(ValueError, match="whole shillings"):
        replace(PAYMENT, shillings=shillings)


@pytest.mark.parametrize("shillings", [10, 250_000])
def test_the_smallest_and_the_largest_amount_can_be_paid_out(shillings: int) -> None:
    assert replace(PAYMENT, shillings=shillings).shillings == shillings


@pytest.mark.parametrize("originator_id", ["", "A" * 101, "A B", "A/B", "Ä", "A\n"])
def test_an_originators_id_is_letters_digits_and_dashes(originator_id: str) -> None:
    with pytest.raises(ValueError, match="originator"):
        replace(PAYMENT, originator_id=originator_id)
    with pytest.raises(ValueError, match="originator"):
        replace(STATUS, originator_id=originator_id)


@pytest.mark.parametrize("originator_id", ["K", "K7QX2MPA5ZTB3RCDW4E", "10571-7910404-1", "a_b", "A" * 100])
def test_ids_of_ours_and_of_m_pesas_making_are_taken(originator_id: str) -> None:
    assert replace(PAYMENT, originator_id=originator_id).originator_id == originator_id


@pytest.mark.parametrize("remarks", ["", " ", "A", " A ", "A" * 101])
def test_remarks_are_two_to_a_hundred_characters(remarks: str) -> None:
    with pytest.raises(ValueError, match="remarks"):
        replace(PAYMENT, remarks=remarks)
    with pytest.raises(ValueError, match="remarks"):
        replace(STATUS, remarks=remarks)


def test_an_occasion_is_at_most_a_hundred_characters() -> None:
    with pytest.raises(ValueError, match="occasion"):
        replace(PAYMENT, occasion="A" * 101)


@pytest.mark.parametrize("request_of", [PAYMENT, STATUS, BALANCE], ids=["payment", "status", "balance"])
def test_both_urls_are_addresses(request_of: B2cPayment | StatusQuestion | BalanceQuestion) -> None:
    with pytest.raises(ValueError, match="addresses"):
        replace(request_of, result_url="ngo.example/results")
    with pytest.raises(ValueError, match="addresses"):
        replace(request_of, timeout_url="ftp://ngo.example/late")


@pytest.mark.parametrize(("originator_id", "receipt"), [(None, None), ("K7QX2MPA5ZTB3RCDW4E", "UCE4TRV9K2")])
def test_a_transaction_is_named_in_exactly_one_way(originator_id: str | None, receipt: str | None) -> None:
    with pytest.raises(ValueError, match="one of them"):
        replace(STATUS, originator_id=originator_id, receipt=receipt)


@pytest.mark.parametrize("receipt", ["", "UCE 4TRV", "UCE-4TRV", "A" * 41, "UCE4TRV9K2\n"])
def test_a_receipt_is_letters_and_digits(receipt: str) -> None:
    with pytest.raises(ValueError, match="receipt"):
        replace(STATUS, originator_id=None, receipt=receipt)


@pytest.mark.parametrize("shortcode", ["", "60020O", "٦٠٠٢٠٠", " 600200"])
def test_the_shortcode_that_pays_out_is_digits(shortcode: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        replace(INITIATOR, shortcode=shortcode)


def test_an_initiator_has_a_name() -> None:
    with pytest.raises(ValueError, match="name"):
        replace(INITIATOR, name=" ")


@pytest.mark.parametrize("credential", ["", " ", f"{CREDENTIAL}\n", "two lines\nof base64"])
def test_a_security_credential_is_one_line(credential: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        replace(INITIATOR, security_credential=credential)


def test_neither_the_number_nor_a_token_nor_the_credential_is_printed() -> None:
    printed = repr([PAYMENT, STATUS, BALANCE, INITIATOR])
    for canary in ("712000", "0f1e2d3c", CREDENTIAL):
        assert canary not in printed
