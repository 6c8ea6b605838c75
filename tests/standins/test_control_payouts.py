"""Results by hand, reset, and the driver's waits."""

import pytest

from standins.driver import DidNotHappen, NotPossible, Standins
from standins.shapes import PayoutBehaviour, PayoutCallback
from tests.standins.receiver import Receiver
from tests.standins.treasury import RECIPIENT, Treasury, told


async def test_a_result_is_repeated_by_hand(treasury: Treasury, standins: Standins, receiver: Receiver) -> None:
    originator_id = await treasury.accepted(receiver.url)
    await receiver.wait_for(1)
    assert (await standins.payout_callback(PayoutCallback(originator_id))).status == 200
    first, second = receiver.received
    assert (first.path, first.body) == (second.path, second.body)
    assert len(await standins.paid()) == 1


@pytest.mark.parametrize(
    ("token", "path"),
    [(None, "/hooks/daraja/7f3a"), ("guess", "/hooks/daraja/guess"), ("", "/hooks/daraja")],
)
async def test_a_success_is_forged_with_and_without_the_token(
    treasury: Treasury, standins: Standins, receiver: Receiver, token: str | None, path: str
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour("wallet_full", callback="none"))
    originator_id = await treasury.accepted(receiver.url)
    await standins.wait_for_event("result_lost")
    forged = PayoutCallback(originator_id, token=token, code=0, amount=5000, receipt="UKM0FORGED")
    await standins.payout_callback(forged)
    [received] = receiver.received
    parameters = told(received.body)
    assert received.path == path
    assert (parameters["TransactionAmount"], parameters["TransactionReceipt"]) == (5000, "UKM0FORGED")
    assert received.body["Result"]["OriginatorConversationID"] == originator_id
    assert await standins.paid() == []


async def test_a_failure_is_forged_after_a_success(treasury: Treasury, standins: Standins, receiver: Receiver) -> None:
    originator_id = await treasury.accepted(receiver.url)
    await receiver.wait_for(1)
    await standins.payout_callback(PayoutCallback(originator_id, code="SFC_IC0003"))
    assert receiver.codes == [0, "SFC_IC0003"]
    assert "ResultParameters" not in receiver.received[1].body["Result"]


async def test_a_timeout_notice_is_sent_by_hand(treasury: Treasury, standins: Standins, receiver: Receiver) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(callback="none"))
    late = f"{receiver.url}/late"
    originator_id = await treasury.accepted(receiver.url, QueueTimeOutURL=late)
    await standins.payout_callback(PayoutCallback(originator_id, to="timeout"))
    [received] = receiver.received
    assert (received.path, received.body["Remarks"]) == ("/hooks/daraja/7f3a/late", "School desks")


async def test_any_result_goes_to_any_address(standins: Standins, receiver: Receiver) -> None:
    delivered = await standins.payout_callback(PayoutCallback(url=receiver.url, body={"unknown": "shape"}))
    assert (delivered.status, receiver.received[0].body) == (200, {"unknown": "shape"})
    with pytest.raises(NotPossible, match="originator_id"):
        await standins.payout_callback(PayoutCallback("TVUNKNOWN"))


async def test_a_reset_empties_the_book_and_ends_what_is_under_way(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    wrong = await treasury.credential("wrong")
    for place in (1, 2, 3):
        await treasury.accepted(receiver.url, SecurityCredential=wrong)
        await receiver.wait_for(place)
    await standins.set_float(5)
    await standins.script_payout(RECIPIENT, always=PayoutBehaviour("wallet_full"))
    await standins.reset()
    book = await standins.book()
    assert (book.payout_requests, book.results, book.accounts.utility) == ([], [], 1_000_000)
    await treasury.accepted(receiver.url)
    await receiver.wait_for(4)
    assert receiver.codes[-1] == 0


async def test_waiting_for_money_tells_what_was_asked_instead(treasury: Treasury, standins: Standins) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour("wallet_full"))
    await treasury.accepted()
    with pytest.raises(DidNotHappen, match=f"not paid 1 times to {RECIPIENT}.*verdict='accepted'"):
        await standins.wait_for_paid(RECIPIENT, timeout_s=0.1)


async def test_every_payout_is_told_to_the_page(treasury: Treasury, standins: Standins) -> None:
    await treasury.accepted()
    accounts = await standins.wait_for_event("accounts")
    assert accounts.data["accounts"] == {"collection": 0, "utility": 998_500, "charges_paid": -5}
    kinds = [event.kind for event in await standins.events()]
    assert kinds[:4] == ["payout", "paid", "sms", "accounts"]
