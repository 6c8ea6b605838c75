"""The process is killed around the call that moves money. Nobody is paid twice, and nothing is forgotten."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from standins.shapes import Fault, PayoutBehaviour, PayoutCallback
from storage.tables import jobs
from tests.databases import ENOUGH
from tests.e2e.payout_house import Treasury, opened_treasury, stored_in

pytestmark = pytest.mark.asyncio(loop_scope="package")
NOT_FOUND = 2032
j = jobs.c


async def test_killed_around_the_approval_it_pays_once(treasury: Treasury) -> None:
    """Where the kill falls is chance: before the approval is stored, before the call, or after it."""
    phones = [treasury.recipient() for _ in range(3)]
    payouts = [await treasury.maker.asks_for(treasury.campaign_id, 1000, phone) for phone in phones]
    asked = [await treasury.checker.is_asked_about(payout_id) for payout_id in payouts]
    for message in asked:
        await treasury.checker.presses("Approve", message)
    await treasury.sees(lambda: treasury.status(payouts[0]), lambda status: status != "pending")
    await dies_and_comes_back(treasury)
    for payout_id, phone in zip(payouts, phones, strict=True):
        if await treasury.sees(partial(paid_or_doubted, treasury, payout_id, phone), bool) == "paid":
            await treasury.maker.reads(f"Payout #{payout_id} is paid")
        else:  # it died between the intent and the call: it may not call any more
            assert await treasury.status(payout_id) == "processing"
        assert len(await treasury.requests_to(phone)) <= 1


async def test_killed_at_every_stage_after_the_call_it_asks_and_sends_nothing_again(treasury: Treasury) -> None:
    stages = {
        "paid, not acknowledged": PayoutBehaviour(answer="slow:5", callback="late:1.5"),
        "not paid, not acknowledged": PayoutBehaviour(result="wallet_full", answer="slow:5", callback="late:1.5"),
        "acknowledged, result under way": PayoutBehaviour(callback="late:1.5"),
    }
    phones, payouts = {stage: treasury.recipient() for stage in stages}, {}
    for stage, behaviour in stages.items():
        await treasury.standins.script_payout(phones[stage], behaviour)
        payouts[stage] = await treasury.maker.asks_for(treasury.campaign_id, 1000, phones[stage])
    for payout_id in payouts.values():
        await treasury.checker.approves(payout_id)
    originators = [(await treasury.accepted(phone)).originator_id for phone in phones.values()]
    await treasury.house.kill()
    for originator_id in originators:
        [unheard] = await treasury.told(originator_id)
        assert unheard.status is None
    await dies_and_comes_back(treasury)
    for stage, payout_id in payouts.items():
        await treasury.maker.reads(f"Payout #{payout_id} {'failed' if 'not paid' in stage else 'is paid'}")
        assert len(await treasury.requests_to(phones[stage])) == 1
    for originator_id in originators:  # M-Pesa does not do so; if it did, nothing would be booked again
        assert (await treasury.standins.payout_callback(PayoutCallback(originator_id))).status == 200


async def test_killed_after_the_result_is_stored_it_tells_when_it_is_back(treasury: Treasury) -> None:
    phone = treasury.recipient()
    await treasury.standins.script_payout(phone, PayoutBehaviour(callback="none", status="never"))
    payout_id, _ = await treasury.sends(phone=phone)
    sent = await treasury.accepted(phone)
    await treasury.standins.wait_for_paid(phone)
    await treasury.standins.fault(Fault(service="telegram", kind="down"))
    assert (await treasury.standins.payout_callback(PayoutCallback(sent.originator_id))).status == 200
    await treasury.house.kill()
    assert f"Payout #{payout_id} is paid" not in await treasury.maker.chat()
    await treasury.standins.heal()
    await dies_and_comes_back(treasury)
    await treasury.maker.reads(f"Payout #{payout_id} is paid")


@pytest.mark.parametrize("kind", ENOUGH)
async def test_what_nobody_knows_is_never_sent_again_and_two_people_end_it(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    extra = {**await stored_in(kind, request), "REVIEW_AFTER": "1"}
    async with opened_treasury(tmp_path, extra) as treasury:
        lost_phone, uncalled_phone = treasury.recipient(), treasury.recipient()
        await treasury.standins.script_payout(lost_phone, PayoutBehaviour(answer="lost_not_paid"))
        lost, _ = await treasury.sends(phone=lost_phone)
        await treasury.sees(lambda: treasury.attempt_states(lost), lambda states: states == ["unknown"])
        await treasury.standins.fault(Fault(service="daraja", kind="delay", method="oauth", value=5))
        await treasury.standins.expire_tokens()
        uncalled, _ = await treasury.sends(phone=uncalled_phone)
        await treasury.sees(lambda: treasury.attempt_states(uncalled), lambda states: states == ["sending"])
        await treasury.house.kill()
        await treasury.standins.heal()
        await dies_and_comes_back(treasury)
        for payout_id, phone in ((lost, lost_phone), (uncalled, uncalled_phone)):
            await two_people_say_unpaid(treasury, payout_id)
            assert await treasury.standins.paid(phone) == []
            await treasury.maker.presses("Retry", await treasury.maker.reads(f"Payout #{payout_id} failed"))
            await treasury.maker.reads(f"Payout #{payout_id} is paid")
        assert [len(await treasury.requests_to(phone)) for phone in (lost_phone, uncalled_phone)] == [2, 1]
        await treasury.assert_books_agree()


async def two_people_say_unpaid(treasury: Treasury, payout_id: int) -> None:
    asked = await treasury.owner.reads(f"Payout #{payout_id} of KES 1,000 needs people")
    assert "may be paid or not" in asked.text
    await treasury.maker.says(f"/retry {payout_id}", "could be paid twice")
    sent = await treasury.owner.presses("It was not paid", asked)
    await treasury.owner.reads("A second person must say the same", since=sent.mark)
    await treasury.owner.says(f"/resolve {payout_id} unpaid", "It takes two")
    assert await treasury.status(payout_id) == "processing"
    await treasury.other_owner.says(f"/resolve {payout_id} unpaid", "Two people agree")


async def paid_or_doubted(treasury: Treasury, payout_id: int, phone: str) -> str:
    if await treasury.standins.paid(phone):
        return "paid"
    questions = [each for name in await treasury.originators(payout_id) for each in await treasury.questions(name)]
    return "doubted" if any(question.result == NOT_FOUND for question in questions) else ""


async def dies_and_comes_back(treasury: Treasury) -> None:
    """Two minutes later: what the dead process had taken in hand is free again."""
    if treasury.house.is_running:
        await treasury.house.kill()
    now = datetime.now(UTC)
    await treasury.executes(update(jobs).where(j.attempt > 0, j.run_at > now).values(run_at=now))
    await treasury.house.start()
