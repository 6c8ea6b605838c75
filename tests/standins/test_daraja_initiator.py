"""SecurityCredential is really checked, and guessing at it locks the initiator."""

import base64

import pytest
from cryptography import x509

from standins.driver import Standins
from tests.standins.conftest import QUICK, Caller, Start, with_daraja
from tests.standins.receiver import Receiver
from tests.standins.treasury import Treasury


async def test_the_certificate_is_the_options_own_and_past_its_dates_as_safaricoms_are(standins: Standins) -> None:
    pem = await standins.certificate()
    certificate = x509.load_pem_x509_certificate(pem.encode())
    assert pem == QUICK.daraja.certificate_pem
    assert certificate.not_valid_after_utc.year == 2018


async def test_a_credential_of_2048_bits_has_344_characters(treasury: Treasury) -> None:
    assert len(await treasury.credential()) == 344


@pytest.mark.parametrize("wrong", ["password", "plain text", "base64 of nothing", "other key", "name", "base64 first"])
async def test_a_wrong_credential_is_accepted_and_ends_with_2001(
    treasury: Treasury, standins: Standins, start: Start, caller_of: Caller, receiver: Receiver, wrong: str
) -> None:
    options = with_daraja(keys=type(QUICK.daraja.keys)())
    password = QUICK.daraja.initiator_password
    credentials = {
        "password": await treasury.credential("something else"),
        "plain text": password,
        "base64 of nothing": base64.b64encode(b"\x01" * 256).decode(),
        "other key": await Treasury(caller_of(other := await start(options), options), other).credential(),
        "base64 first": await treasury.credential(base64.b64encode(password.encode()).decode()),
    }
    changes = {"SecurityCredential": credentials[wrong]} if wrong in credentials else {"InitiatorName": "nobody"}
    answer = await treasury.b2c(receiver.url, **changes)
    assert (answer.status_code, answer.json()["ResponseCode"]) == (200, "0")
    await receiver.wait_for(1)
    assert receiver.codes == [2001]
    assert await standins.paid() == []


async def test_three_wrong_credentials_lock_the_initiator_until_it_is_unlocked(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    wrong = await treasury.credential("wrong")
    for place in (1, 2, 3):
        await treasury.accepted(receiver.url, SecurityCredential=wrong)
        await receiver.wait_for(place)
    await treasury.accepted(receiver.url)
    await receiver.wait_for(4)
    await treasury.balance(receiver.url)
    await receiver.wait_for(5)
    await standins.unlock_initiator()
    await treasury.accepted(receiver.url)
    await receiver.wait_for(6)
    assert receiver.codes == [2001, 2001, 2001, 8006, 8006, 0]
    assert len(await standins.paid()) == 1


async def test_questions_count_as_guesses_too(treasury: Treasury, receiver: Receiver) -> None:
    wrong = await treasury.credential("wrong")
    await treasury.status(receiver.url, TransactionID="UKM0000001", SecurityCredential=wrong)
    await receiver.wait_for(1)
    await treasury.balance(receiver.url, SecurityCredential=wrong)
    await receiver.wait_for(2)
    await treasury.reverse("UKM0000001", receiver.url, SecurityCredential=wrong)
    await receiver.wait_for(3)
    await treasury.accepted(receiver.url)
    await receiver.wait_for(4)
    assert receiver.codes == [2001, 2001, 2001, 8006]


async def test_a_right_credential_forgets_the_wrong_ones(treasury: Treasury, receiver: Receiver) -> None:
    wrong = await treasury.credential("wrong")
    for place, credential in enumerate((wrong, wrong, None, wrong, wrong, None), start=1):
        changes = {"SecurityCredential": credential} if credential else {}
        await treasury.accepted(receiver.url, **changes)
        await receiver.wait_for(place)
    assert receiver.codes == [2001, 2001, 0, 2001, 2001, 0]
