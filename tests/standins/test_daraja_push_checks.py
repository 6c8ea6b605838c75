"""What Daraja refuses in a push, before any phone rings."""

from datetime import datetime, timedelta

import pytest

from standins.driver import Standins
from tests.standins.conftest import Caller, Start, with_daraja
from tests.standins.daraja_caller import EAT, DarajaCaller
from tests.standins.receiver import Receiver
from tests.standins.shapes_recorded import REFUSED, shape

CALLBACK = "https://example.org/hooks/daraja/7f3a"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"BusinessShortCode": None}, "BusinessShortCode"),
        ({"BusinessShortCode": "17x379"}, "BusinessShortCode"),
        ({"Password": None}, "Password"),
        ({"Timestamp": "2026-11-22"}, "Timestamp"),
        ({"Timestamp": "20261399000000"}, "Timestamp"),
        ({"TransactionType": "CustomerPaybillOnline"}, "TransactionType"),
        ({"Amount": None}, "Amount"),
        ({"Amount": 0}, "Amount"),
        ({"Amount": 250_001}, "Amount"),
        ({"Amount": 10.5}, "Amount"),
        ({"Amount": "10.50"}, "Amount"),
        ({"Amount": "ten"}, "Amount"),
        ({"Amount": True}, "Amount"),
        ({"Amount": -5}, "Amount"),
        ({"PartyA": "0708374149"}, "PartyA"),
        ({"PartyB": "x"}, "PartyB"),
        ({"PhoneNumber": "+254708374149"}, "PhoneNumber"),
        ({"PhoneNumber": "254608374149"}, "PhoneNumber"),
        ({"AccountReference": "THIRTEENCHARS"}, "AccountReference"),
        ({"AccountReference": ""}, "AccountReference"),
        ({"AccountReference": "a-b"}, "AccountReference"),
        ({"TransactionDesc": None}, "Remarks"),
        ({"TransactionDesc": "fourteen chars"}, "Remarks"),
    ],
)
async def test_a_bad_field_is_named(daraja: DarajaCaller, standins: Standins, changes: object, field: str) -> None:
    assert isinstance(changes, dict)
    answer = await daraja.push(CALLBACK, **changes)
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "400.002.02"
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
    assert shape(answer.json()) == shape(REFUSED)
    assert (await standins.book()).pushes == []


@pytest.mark.parametrize("amount", [1, 250_000, "500"])
async def test_whole_amounts_within_the_limits_are_taken(daraja: DarajaCaller, amount: object) -> None:
    assert (await daraja.push(CALLBACK, Amount=amount)).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        None,
        "not an address",
        "http://example.org/hook",
        "https://example.org/webhooks/mpesa/x",
        "https://Safaricom.example.org/x",
        "https://example.org/execute",
        "https://example.org/?Query=1",
        "https://example.org/mySQL",
        "https://example.org/cmd/x",
    ],
)
async def test_a_callback_address_it_does_not_like_is_refused(daraja: DarajaCaller, url: str) -> None:
    answer = await daraja.push(url)
    assert answer.json()["errorMessage"] == "Bad Request - Invalid CallBackURL"


async def test_words_in_addresses_can_be_allowed(start: Start, caller_of: Caller) -> None:
    options = with_daraja(refuse_words_in_urls=False)
    daraja = caller_of(await start(options), options)
    assert (await daraja.push("https://example.org/webhooks/mpesa/7f3a")).status_code == 200


async def test_a_password_of_another_passkey_is_wrong(daraja: DarajaCaller) -> None:
    answer = await daraja.push(CALLBACK, Password="c29tZXRoaW5nIGVsc2U=")
    assert answer.status_code == 500
    assert answer.json()["errorCode"] == "500.001.1001"
    assert answer.json()["errorMessage"] == "Wrong credentials"


async def test_a_password_must_be_made_of_the_very_timestamp_sent(daraja: DarajaCaller) -> None:
    earlier = daraja.signed(datetime.now(EAT) - timedelta(seconds=5))
    answer = await daraja.push(CALLBACK, Timestamp=earlier["Timestamp"])
    assert answer.json()["errorMessage"] == "Wrong credentials"


async def test_another_shortcode_does_not_exist(daraja: DarajaCaller) -> None:
    answer = await daraja.push(CALLBACK, BusinessShortCode="600999")
    assert (answer.status_code, answer.json()["errorMessage"]) == (500, "Merchant does not exist")


@pytest.mark.parametrize(("hours", "status"), [(-3, 400), (2, 400), (-0.5, 200)])
async def test_the_timestamp_must_be_kenyas_time(daraja: DarajaCaller, hours: float, status: int) -> None:
    answer = await daraja.push(CALLBACK, **daraja.signed(datetime.now(EAT) + timedelta(hours=hours)))
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errorMessage"] == "Bad Request - Invalid Timestamp"


async def test_a_second_push_to_a_ringing_phone_is_refused(daraja: DarajaCaller) -> None:
    await daraja.pushed(CALLBACK)
    answer = await daraja.push(CALLBACK, Amount=300)
    assert (answer.status_code, answer.json()["errorCode"]) == (500, "500.001.1001")
    assert "Unable to lock subscriber" in answer.json()["errorMessage"]


async def test_the_lock_ends_with_its_window(start: Start, caller_of: Caller) -> None:
    options = with_daraja(lock_s=0.0)
    daraja = caller_of(await start(options), options)
    await daraja.pushed(CALLBACK)
    assert (await daraja.push(CALLBACK, Amount=300)).status_code == 200


async def test_the_same_amount_again_too_soon_ends_with_17(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    first = await daraja.pushed(receiver.url)
    await standins.decide(first, "cancel")
    await daraja.pushed(receiver.url)
    await receiver.wait_for(2)
    assert receiver.results == [1032, 17]
    assert await standins.prompts() == []


async def test_the_same_amount_is_fine_after_its_window(start: Start, caller_of: Caller, receiver: Receiver) -> None:
    options = with_daraja(repeat_s=0.0)
    standins = await start(options)
    daraja = caller_of(standins, options)
    await standins.decide(await daraja.pushed(receiver.url), "cancel")
    await daraja.pushed(receiver.url)
    assert len(await standins.prompts()) == 1


async def test_a_paybill_push_to_another_party_ends_with_2028(daraja: DarajaCaller, receiver: Receiver) -> None:
    await daraja.pushed(receiver.url, PartyB="600999")
    await receiver.wait_for(1)
    assert receiver.results == [2028]
