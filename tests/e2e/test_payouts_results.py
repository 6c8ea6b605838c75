"""M-Pesa's word about a payout: every class of result, early, often, late, and forged."""

import json

import pytest

from standins.shapes import PayoutBehaviour, PayoutCallback
from tests.e2e.payout_house import Treasury

pytestmark = pytest.mark.asyncio(loop_scope="package")
FORGED_RECEIPT = "FORGED0001"
WRONG_TOKEN = "0" * 64
UNASKED = PayoutBehaviour(callback="none", status="never")  # nothing is told unless a test does it by hand

UNPAID = PayoutBehaviour(callback="none", status="never", moves=False)

FAILURES = {
    "wallet_full": ("cannot take this amount just now", ["Retry"]),
    "SFC_IC0003": ("not registered with M-Pesa", []),
    "daily_limit": ("daily limit", ["Retry"]),
}


async def test_a_failure_is_told_with_its_reason_and_the_money_is_free(treasury: Treasury) -> None:
    before = await treasury.promised_minor()
    for result, (why, offered) in FAILURES.items():
        phone = treasury.recipient()
        await treasury.standins.script_payout(phone, PayoutBehaviour(result=result))
        payout_id, _ = await treasury.sends(phone=phone)
        told = await treasury.maker.reads(f"Payout #{payout_id} failed")
        assert why in told.text
        assert "Nothing was paid" in told.text
        assert [button.text for row in told.buttons for button in row] == offered
        assert await treasury.promised_minor() == before
        assert await treasury.standins.paid(phone) == []


async def test_every_final_code_fails_and_every_other_decides_nothing(treasury: Treasury) -> None:
    """The codes that stop all sending are in test_payouts_frozen."""
    sent = {}
    for code in (2, 3, 4, 8, 24, 25, 29, 2040, "SFC_IC0003", 17, 26, 100000000, 4711):
        phone = treasury.recipient()
        await treasury.standins.script_payout(phone, UNPAID)
        payout_id, _ = await treasury.sends(phone=phone)
        sent[code] = (payout_id, (await treasury.accepted(phone)).originator_id)
    for code, (payout_id, originator_id) in sent.items():
        await treasury.standins.payout_callback(PayoutCallback(originator_id, code=code))
        undecided = code in (17, 26, 100000000, 4711)
        assert await treasury.status(payout_id) == ("processing" if undecided else "failed"), code
        if undecided:
            await treasury.standins.payout_callback(PayoutCallback(originator_id, code=1))
            assert await treasury.status(payout_id) == "failed"


async def test_an_empty_float_fails_and_once_filled_up_a_retry_pays_under_a_new_id(treasury: Treasury) -> None:
    accounts = await treasury.standins.balances()
    await treasury.standins.set_float(0)
    payout_id, phone = await treasury.sends()
    told = await treasury.maker.reads(f"Payout #{payout_id} failed")
    assert "account for payouts is empty" in told.text
    await treasury.standins.set_float(accounts.utility)
    await treasury.maker.presses("Retry", told)
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    first, second = await treasury.requests_to(phone)
    assert first.originator_id != second.originator_id
    assert await treasury.attempt_states(payout_id) == ["failed", "succeeded"]


async def test_retry_pressed_twice_and_typed_is_one_more_request(treasury: Treasury) -> None:
    phone = treasury.recipient()
    await treasury.standins.script_payout(phone, PayoutBehaviour(result="wallet_full"), UNASKED)
    payout_id, _ = await treasury.sends(phone=phone)
    await treasury.maker.presses("Retry", await treasury.maker.reads(f"Payout #{payout_id} failed"))
    await treasury.standins.tap_again(treasury.maker.user_id)
    await treasury.maker.says(f"/retry {payout_id}", "Only one that has surely failed")
    again = await treasury.accepted(phone, times=2)
    await treasury.standins.payout_callback(PayoutCallback(again.originator_id))
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    assert len(await treasury.requests_to(phone)) == 2


async def test_an_unknown_code_decides_nothing_and_the_status_does(treasury: Treasury) -> None:
    phone, before = treasury.recipient(), await treasury.promised_minor()
    paid_all_the_same = PayoutBehaviour(result="17", moves=True, status="not_found:1")
    await treasury.standins.script_payout(phone, paid_all_the_same)
    payout_id, _ = await treasury.sends(phone=phone)
    sent = await treasury.accepted(phone)
    [result] = await treasury.told(sent.originator_id)
    assert (result.code, result.status) == ("17", 200)
    [first] = await treasury.told(sent.originator_id, "status")
    assert first.code == 2032
    assert (await treasury.status(payout_id), await treasury.promised_minor()) == ("processing", before + 100_000)
    told = await treasury.maker.reads(f"Payout #{payout_id} is paid")
    assert await treasury.receipt(phone) in told.text
    assert len(await treasury.requests_to(phone)) == 1


async def test_a_result_before_the_acknowledgement_settles(treasury: Treasury) -> None:
    phone = treasury.recipient()
    await treasury.standins.script_payout(phone, PayoutBehaviour(callback="before_ack", answer="slow:0.3"))
    payout_id, _ = await treasury.sends(phone=phone)
    told = await treasury.maker.reads(f"Payout #{payout_id} is paid")
    assert await treasury.receipt(phone) in told.text
    sent = await treasury.accepted(phone)
    await treasury.sees(lambda: treasury.conversation(payout_id), lambda found: found == sent.conversation_id)


async def test_the_same_result_twenty_times_is_one_payment(treasury: Treasury) -> None:
    phone = treasury.recipient()
    await treasury.standins.script_payout(phone, PayoutBehaviour(callback="twenty_at_once"))
    payout_id, _ = await treasury.sends(phone=phone)
    sent = await treasury.accepted(phone)
    results = await treasury.told(sent.originator_id, times=20)
    assert {result.status for result in results} == {200}
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    await treasury.maker.says("/payouts", "Payouts")
    assert (await treasury.maker.chat()).count(f"Payout #{payout_id} is paid") == 1


async def test_a_timeout_notice_is_no_failure_and_the_success_counts(treasury: Treasury) -> None:
    for notice in ("request", "result"):
        phone = treasury.recipient()
        noticed = PayoutBehaviour(timeout_notice=notice, callback="none", status="never")
        await treasury.standins.script_payout(phone, noticed)
        payout_id, _ = await treasury.sends(phone=phone)
        sent = await treasury.accepted(phone)
        [told] = await treasury.told(sent.originator_id, "timeout")
        assert told.status == 200
        assert await treasury.status(payout_id) == "processing"
        await treasury.standins.wait_for_paid(phone)
        await treasury.standins.payout_callback(PayoutCallback(sent.originator_id))
        await treasury.maker.reads(f"Payout #{payout_id} is paid")
        assert "failed" not in await treasury.attempt_states(payout_id)


async def test_a_forged_success_is_no_payment_and_is_never_shown(treasury: Treasury) -> None:
    phone, before = treasury.recipient(), await treasury.promised_minor()
    undecided = PayoutBehaviour(result="wallet_full", callback="none", status="not_found")
    await treasury.standins.script_payout(phone, undecided)
    payout_id, _ = await treasury.sends(phone=phone)
    sent = await treasury.accepted(phone)
    for token in ("", WRONG_TOKEN):
        forged = PayoutCallback(sent.originator_id, token=token, code=0, receipt=FORGED_RECEIPT)
        assert (await treasury.standins.payout_callback(forged)).status == 200
    asked = await treasury.told(sent.originator_id, "status")
    assert asked[0].code == 2032
    assert (await treasury.status(payout_id), await treasury.promised_minor()) == ("processing", before + 100_000)
    await treasury.standins.payout_callback(PayoutCallback(sent.originator_id, code=8))
    told = await treasury.maker.reads(f"Payout #{payout_id} failed")
    assert "cannot take this amount" in told.text
    assert FORGED_RECEIPT not in await treasury.maker.chat()


async def test_a_forged_failure_of_what_was_paid_frees_nothing_and_stops_nothing(treasury: Treasury) -> None:
    phone, before = treasury.recipient(), await treasury.promised_minor()
    await treasury.standins.script_payout(phone, UNASKED)
    payout_id, _ = await treasury.sends(phone=phone)
    sent = await treasury.accepted(phone)
    await treasury.standins.wait_for_paid(phone)
    forged = [PayoutCallback(sent.originator_id, token=t, code=code) for t in ("", WRONG_TOKEN) for code in (1, 2001)]
    for callback in forged:
        assert (await treasury.standins.payout_callback(callback)).status == 200
    assert (await treasury.status(payout_id), await treasury.promised_minor()) == ("processing", before + 100_000)
    await treasury.maker.says(f"/retry {payout_id}", "could be paid twice")
    await treasury.standins.payout_callback(PayoutCallback(sent.originator_id))
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    for callback in forged:
        await treasury.standins.payout_callback(callback)
    assert await treasury.status(payout_id) == "completed"
    assert len(await treasury.requests_to(phone)) == 1
    assert "Payouts are frozen" not in (await treasury.owner.says("/balance", "accounts at M-Pesa")).text


async def test_a_result_for_nothing_known_is_taken_and_moves_nothing(treasury: Treasury) -> None:
    body = {
        "Result": {"ResultType": 0, "ResultCode": 0, "OriginatorConversationID": "x" * 19, "ConversationID": "AG_1"}
    }
    for path in ("b2c/result", "b2c/timeout", "status/result", "balance/result"):
        for alias in ("mpesa", "daraja"):
            for end in ("", f"/{WRONG_TOKEN}"):
                taken = await treasury.house.post(f"/webhooks/{alias}/{path}{end}", json.dumps(body).encode())
                assert (taken.status, json.loads(taken.body)) == (200, {"ResultCode": 0, "ResultDesc": "Accepted"})
        assert (await treasury.house.post(f"/webhooks/daraja/{path}", b"not JSON")).status == 400
