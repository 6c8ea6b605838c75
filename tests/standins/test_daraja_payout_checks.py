"""What Daraja refuses of a payout, before any money moves."""

import pytest

from standins.driver import Standins
from standins.shapes import PayoutBehaviour
from tests.standins.conftest import Caller, Start, with_daraja
from tests.standins.receiver import Receiver
from tests.standins.shapes_recorded import DUPLICATE, REFUSED, shape
from tests.standins.treasury import RECIPIENT, Treasury


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"OriginatorConversationID": None}, "OriginatorConversationID"),
        ({"OriginatorConversationID": "two words"}, "OriginatorConversationID"),
        ({"InitiatorName": None}, "InitiatorName"),
        ({"InitiatorName": None, "Initiator": "testapi"}, "InitiatorName"),
        ({"SecurityCredential": None}, "SecurityCredential"),
        ({"CommandID": "BusinessPay"}, "CommandID"),
        ({"Amount": None}, "Amount"),
        ({"Amount": 9}, "Amount"),
        ({"Amount": 250_001}, "Amount"),
        ({"Amount": 10.5}, "Amount"),
        ({"Amount": "10.50"}, "Amount"),
        ({"Amount": -100}, "Amount"),
        ({"Amount": True}, "Amount"),
        ({"PartyA": "x"}, "PartyA"),
        ({"PartyB": "0722000111"}, "PartyB"),
        ({"PartyB": "+254722000111"}, "PartyB"),
        ({"PartyB": "2547220001111"}, "PartyB"),
        ({"Remarks": None}, "Remarks"),
        ({"Remarks": "x"}, "Remarks"),
        ({"Remarks": "x" * 101}, "Remarks"),
        ({"Occassion": None, "Occasion": "P42"}, "Occassion"),
        ({"Occassion": "x" * 101}, "Occassion"),
        ({"ResultURL": None}, "ResultURL"),
        ({"ResultURL": "http://example.org/result"}, "ResultURL"),
        ({"ResultURL": "https://example.org/webhooks/mpesa/b2c"}, "ResultURL"),
        ({"QueueTimeOutURL": None}, "QueueTimeOutURL"),
        ({"QueueTimeOutURL": None, "QueueTimeoutURL": "https://example.org/late"}, "QueueTimeOutURL"),
        ({"QueueTimeOutURL": "https://example.org/late?Query=1"}, "QueueTimeOutURL"),
    ],
)
async def test_a_bad_field_is_named_and_the_request_is_recorded(
    treasury: Treasury, standins: Standins, changes: dict[str, object], field: str
) -> None:
    answer = await treasury.b2c(**changes)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "400.002.02")
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
    assert shape(answer.json()) == shape(REFUSED)
    book = await standins.book()
    assert [asked.verdict for asked in book.payout_requests] == [f"400.002.02 Bad Request - Invalid {field}"]
    assert (book.paid, book.accounts.utility) == ([], 1_000_000)


@pytest.mark.parametrize(
    "changes",
    [
        {"Amount": 10},
        {"Amount": 250_000},
        {"Amount": "1500"},
        {"Occassion": None},
        {"Occassion": ""},
        {"Remarks": "ok"},
        {"CommandID": "SalaryPayment"},
        {"CommandID": "PromotionPayment"},
        {"OriginatorConversationID": "626f6ddf-ab37-4650-b882-b1de92ec9aa4"},
    ],
)
async def test_what_is_within_the_limits_is_taken(treasury: Treasury, changes: dict[str, object]) -> None:
    assert (await treasury.b2c(**changes)).status_code == 200


async def test_a_conversation_id_is_taken_once_for_ever(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    originator_id = await treasury.accepted(receiver.url)
    await receiver.wait_for(1)
    for amount in (1500, 20):
        again = await treasury.b2c(receiver.url, OriginatorConversationID=originator_id, Amount=amount)
        assert again.status_code == 500
        assert again.json() | {"requestId": ""} == DUPLICATE | {"requestId": ""}
    book = await standins.book()
    assert [asked.verdict for asked in book.payout_requests] == ["accepted", "duplicate", "duplicate"]
    assert book.times_paid == {originator_id: 1}
    await standins.reset()
    assert (await treasury.b2c(receiver.url, OriginatorConversationID=originator_id)).status_code == 500


async def test_a_refused_request_leaves_its_conversation_id_free(treasury: Treasury, standins: Standins) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(answer="spike_arrest"))
    given = {"OriginatorConversationID": "TVAAAAAAAAAAAAAAAA2"}
    assert (await treasury.b2c(**given, Amount=9)).status_code == 400
    assert (await treasury.b2c(**given)).status_code == 500
    assert (await treasury.b2c(**given)).status_code == 200
    await standins.wait_for_paid(RECIPIENT)
    assert (await standins.book()).times_paid == {"TVAAAAAAAAAAAAAAAA2": 1}


async def test_the_first_version_mints_its_own_id_and_guards_nothing(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    given = {"OriginatorConversationID": "TVAAAAAAAAAAAAAAAA2"}
    first = await treasury.accepted(receiver.url, "v1", **given)
    second = await treasury.accepted(receiver.url, "v1", **given)
    await receiver.wait_for(2)
    assert len({first, second, "TVAAAAAAAAAAAAAAAA2"}) == 3
    assert (await standins.book()).times_paid == {first: 1, second: 1}
    assert [asked.version for asked in (await standins.book()).payout_requests] == ["v1", "v1"]


async def test_a_shortcode_without_the_product_ends_with_2028(treasury: Treasury, receiver: Receiver) -> None:
    await treasury.accepted(receiver.url, PartyA="600999")
    await receiver.wait_for(1)
    assert receiver.codes == [2028]


async def test_payouts_may_leave_a_shortcode_of_their_own(start: Start, caller_of: Caller, receiver: Receiver) -> None:
    options = with_daraja(b2c_shortcode="600978")
    standins = await start(options)
    treasury = Treasury(caller_of(standins, options), standins)
    await treasury.accepted(receiver.url, PartyA="174379")
    await receiver.wait_for(1)
    await treasury.accepted(receiver.url, PartyA="600978")
    await receiver.wait_for(2)
    assert receiver.codes == [2028, 0]


async def test_a_number_that_is_not_on_mpesa_ends_so(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    await treasury.accepted(receiver.url, PartyB="255722000111")
    await receiver.wait_for(1)
    assert receiver.codes == ["SFC_IC0003"]
    assert await standins.paid() == []


async def test_a_payout_needs_a_token(treasury: Treasury, standins: Standins) -> None:
    await standins.expire_tokens()
    treasury.daraja.token = "unknown"
    answer = await treasury.b2c()
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "404.001.03")
    assert (await standins.book()).payout_requests == []
