"""Account Balance, and Reversal of pushes."""

import pytest

from standins.driver import Standins
from standins.shapes import Behaviour
from tests.standins.conftest import Caller, Start, with_daraja
from tests.standins.daraja_caller import PHONE, DarajaCaller
from tests.standins.receiver import Receiver
from tests.standins.shapes_recorded import BALANCE, REVERSAL, shape
from tests.standins.treasury import Treasury, told


async def donated(daraja: DarajaCaller, standins: Standins) -> str:
    """The receipt of a push of KES 500 that was paid."""
    await standins.script(PHONE, Behaviour(do="pay", callback="none"))
    await daraja.pushed("https://example.org/hooks/daraja/7f3a")
    await standins.wait_for_event("moved")
    return (await standins.moved())[-1].receipt


def balances(text: str) -> dict[str, str]:
    """Each account's name, and its current amount."""
    rows = [account.split("|") for account in text.split("&")]
    assert all(row[1] == "KES" and row[2] == row[3] and row[4:] == ["0.00", "0.00"] for row in rows)
    return {row[0]: row[2] for row in rows}


async def test_balances_are_those_of_the_book(
    treasury: Treasury, daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    await donated(daraja, standins)
    await treasury.accepted(Amount=2000)
    await standins.wait_for_paid()
    answer = (await treasury.balance(receiver.url)).json()
    [received] = await receiver.wait_for(1)
    assert answer["ConversationID"] == received.body["Result"]["ConversationID"]
    assert shape(received.body) == shape(BALANCE)
    assert balances(told(received.body)["AccountBalance"]) == {
        "Working Account": "500.00",
        "Float Account": "0.00",
        "Utility Account": "998000.00",
        "Charges Paid Account": "-9.00",
        "Organization Settlement Account": "0.00",
    }


async def test_each_shortcode_has_its_own_accounts(start: Start, caller_of: Caller, receiver: Receiver) -> None:
    options = with_daraja(b2c_shortcode="600978")
    standins = await start(options)
    daraja = caller_of(standins, options)
    treasury = Treasury(daraja, standins)
    await donated(daraja, standins)
    shown = []
    for place, shortcode in enumerate(("174379", "600978"), start=1):
        await treasury.balance(receiver.url, PartyA=shortcode)
        received = await receiver.wait_for(place)
        found = balances(told(received[-1].body)["AccountBalance"])
        shown.append((found["Working Account"], found["Utility Account"]))
    assert shown == [("500.00", "0.00"), ("0.00", "1000000.00")]


async def test_a_failed_balance_has_one_parameter_as_an_object(treasury: Treasury, receiver: Receiver) -> None:
    await treasury.balance(receiver.url, PartyA="600999")
    [received] = await receiver.wait_for(1)
    assert receiver.codes == [21]
    assert received.body["Result"]["ResultParameters"]["ResultParameter"]["Key"] == "BOCompletedTime"


async def test_a_push_is_given_back_once(
    treasury: Treasury, daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    receipt = await donated(daraja, standins)
    await treasury.reverse(receipt, receiver.url)
    [received] = await receiver.wait_for(1)
    assert shape(received.body) == shape(REVERSAL)
    parameters = told(received.body)
    assert (parameters["OriginalTransactionID"], parameters["Amount"]) == (receipt, 500.0)
    assert parameters["CreditPartyPublicName"].startswith(PHONE)
    [back] = (await standins.book()).reversed
    assert (back.original, back.shillings, back.phone) == (receipt, 500, PHONE)
    assert received.body["Result"]["TransactionID"] == back.receipt
    assert (await standins.balances()).collection == 0
    await treasury.reverse(receipt, receiver.url)
    await receiver.wait_for(2)
    assert receiver.codes == [0, "R000001"]
    assert len((await standins.book()).reversed) == 1


async def test_only_a_known_push_can_be_given_back_and_never_more_than_it_was(
    treasury: Treasury, daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    receipt = await donated(daraja, standins)
    await treasury.accepted()
    [paid] = await standins.wait_for_paid()
    for place, (original, amount) in enumerate((("UKM0000001", 500), (paid.receipt, 500), (receipt, 501)), start=1):
        await treasury.reverse(original, receiver.url, Amount=amount)
        await receiver.wait_for(place)
    assert receiver.codes == ["R000002"] * 3
    assert (await standins.balances()).collection == 500


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"RecieverIdentifierType": None, "ReceiverIdentifierType": "11"}, "RecieverIdentifierType"),
        ({"RecieverIdentifierType": "4"}, "RecieverIdentifierType"),
        ({"CommandID": "Reversal"}, "CommandID"),
        ({"TransactionID": None}, "TransactionID"),
        ({"Amount": 0}, "Amount"),
        ({"ReceiverParty": None}, "ReceiverParty"),
        ({"Remarks": "x"}, "Remarks"),
        ({"Occassion": "x"}, "Occasion"),
        ({"ResultURL": "nowhere"}, "ResultURL"),
    ],
)
async def test_a_bad_field_of_a_reversal_is_named(treasury: Treasury, changes: dict[str, object], field: str) -> None:
    answer = await treasury.reverse("UKM0000001", **changes)
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"CommandID": "Balance"}, "CommandID"),
        ({"IdentifierType": "1"}, "IdentifierType"),
        ({"Initiator": None}, "Initiator"),
        ({"Remarks": "x" * 101}, "Remarks"),
    ],
)
async def test_a_bad_field_of_a_balance_question_is_named(
    treasury: Treasury, changes: dict[str, object], field: str
) -> None:
    answer = await treasury.balance(**changes)
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
