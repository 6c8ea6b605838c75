"""How the reply to a payout may go, and what happened behind it."""

import asyncio

import httpx
import pytest

from standins.driver import Standins
from standins.shapes import Fault, PayoutBehaviour
from tests.standins.receiver import Receiver
from tests.standins.treasury import HOOK, RECIPIENT, Treasury


@pytest.mark.parametrize(
    ("answer", "status", "content"),
    [
        ("http500", 500, b"500.002.1001"),
        ("spike_arrest", 500, b"500.003.02"),
        ("quota", 500, b"500.003.03"),
        ("maintenance", 503, b"00.002.1001"),
        ("html", 200, b"<html>"),
        ("empty400", 400, b""),
        ("forbidden_v3", 403, b"403.002.1001"),
    ],
)
async def test_a_payout_answered_wrongly_is_not_taken(
    treasury: Treasury, standins: Standins, answer: str, status: int, content: bytes
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(answer=answer))
    said = await treasury.b2c(OriginatorConversationID="TVAAAAAAAAAAAAAAAA2")
    assert (said.status_code, content in said.content) == (status, True)
    [asked] = (await standins.book()).payout_requests
    assert asked.verdict.startswith("not taken")
    assert asked.answer == answer
    await treasury.accepted(OriginatorConversationID="TVAAAAAAAAAAAAAAAA2")
    assert len(await standins.wait_for_paid()) == 1


async def test_a_500_may_hide_a_payout_that_was_paid(
    treasury: Treasury, standins: Standins, receiver: Receiver
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(answer="http500_paid"))
    answer = await treasury.b2c(receiver.url)
    assert (answer.status_code, answer.json()["errorMessage"]) == (500, "System internal error.")
    await receiver.wait_for(1)
    assert receiver.codes == [0]
    assert len(await standins.paid()) == 1
    assert (await standins.book()).payout_requests[0].verdict == "accepted"


@pytest.mark.parametrize(("answer", "paid"), [("lost", 1), ("lost_not_paid", 0), ("refuse_connection", 0)])
async def test_a_reply_may_be_cut_off_with_and_without_effect(
    treasury: Treasury, standins: Standins, answer: str, paid: int
) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(answer=answer))
    with pytest.raises(httpx.TransportError):
        await treasury.b2c(OriginatorConversationID="TVAAAAAAAAAAAAAAAA2")
    again = await treasury.b2c(OriginatorConversationID="TVAAAAAAAAAAAAAAAA2")
    assert again.status_code == (500 if paid else 200)
    await standins.wait_for_paid()
    assert (await standins.book()).times_paid == {"TVAAAAAAAAAAAAAAAA2": 1}


async def test_a_reply_may_be_slow(treasury: Treasury, standins: Standins, receiver: Receiver) -> None:
    await standins.script_payout(RECIPIENT, PayoutBehaviour(delay=0, answer="slow:0.3"))
    asking = asyncio.create_task(treasury.b2c(receiver.url))
    await receiver.wait_for(1)
    assert not asking.done()
    assert (await asking).status_code == 200


async def test_a_number_closed_to_the_third_version_is_open_to_the_first(
    treasury: Treasury, standins: Standins
) -> None:
    await standins.script_payout(RECIPIENT, always=PayoutBehaviour(answer="forbidden_v3"))
    assert (await treasury.b2c()).status_code == 403
    originator_id = await treasury.accepted(HOOK, "v1")
    await standins.wait_for_paid()
    assert (await standins.book()).times_paid == {originator_id: 1}


async def test_faults_reach_the_new_apis_by_their_names(treasury: Treasury, standins: Standins) -> None:
    for method in ("b2c", "transactionstatus", "accountbalance", "reversal"):
        await standins.fault(Fault("daraja", "status", method=method, value=503, times=1))
    answers = [
        await treasury.b2c(),
        await treasury.status(TransactionID="UKM0000001"),
        await treasury.balance(),
        await treasury.reverse("UKM0000001"),
    ]
    assert [answer.status_code for answer in answers] == [503, 503, 503, 503]
    assert (await treasury.b2c()).status_code == 200


async def test_a_fault_may_lose_the_reply_after_the_effect(treasury: Treasury, standins: Standins) -> None:
    await standins.fault(Fault("daraja", "lost_reply", method="b2c", times=1))
    with pytest.raises(httpx.TransportError):
        await treasury.b2c()
    assert len(await standins.wait_for_paid()) == 1


async def test_a_misspelt_payout_behaviour_is_refused(treasury: Treasury, standins: Standins) -> None:
    url = f"{standins.url}/control/daraja/recipient/{RECIPIENT}"
    for wrong in ({"result": "walet_full"}, {"answer": "list"}, {"stauts": "never"}, {"then": [{"answer": "lost"}]}):
        answer = await treasury.daraja.http.post(url, json={"next": [wrong]})
        assert answer.status_code == 400
