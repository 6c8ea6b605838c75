"""What stops all sending, and who opens it again. In a process of its own."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
import pytest_asyncio

from standins.shapes import PayoutBehaviour, PayoutCallback, PayoutStep
from tests.databases import ENOUGH
from tests.e2e.payout_house import Treasury, opened_treasury, stored_in

pytestmark = pytest.mark.asyncio(loop_scope="module")
AFTER_THE_RETRY_S = 3.0  # by then it was pressed
AFTER_THE_NEXT_REQUEST_S = 1.5


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENOUGH)
async def lasting_icebox(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Treasury]:
    async with opened_treasury(tmp_path_factory.mktemp("icebox"), await stored_in(request.param, request)) as treasury:
        yield treasury


@pytest_asyncio.fixture(loop_scope="module")
async def treasury(lasting_icebox: Treasury) -> AsyncIterator[Treasury]:
    yield lasting_icebox
    if await lasting_icebox.is_frozen():
        await lasting_icebox.unfreezes()
    await lasting_icebox.assert_books_agree()


async def test_frozen_by_a_checker_nothing_is_sent_until_two_owners_agree(treasury: Treasury) -> None:
    mark = await treasury.standins.mark()
    await treasury.checker.says("/freeze this looks odd", "Payouts are frozen")
    asked = await treasury.owner.reads("this looks odd", since=mark)
    payout_id, phone = await treasury.sends()
    await treasury.sees(lambda: treasury.sendings(), lambda waiting: waiting == 0)
    assert (await treasury.status(payout_id), await treasury.requests_to(phone)) == ("approved", [])
    first = await treasury.owner.presses("Unfreeze", asked)
    await treasury.owner.reads("Another owner must agree", since=first.mark)
    await treasury.owner.says("/unfreeze", "It takes two")
    assert await treasury.requests_to(phone) == []
    second = await treasury.other_owner.presses("Unfreeze", await treasury.other_owner.reads("Do you agree"))
    await treasury.other_owner.reads("no longer frozen", since=second.mark)
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    assert len(await treasury.requests_to(phone)) == 1


async def test_a_refused_initiator_freezes_and_owners_are_told(treasury: Treasury) -> None:
    mark, phone = await treasury.standins.mark(), treasury.recipient()
    await treasury.standins.script_payout(phone, PayoutBehaviour(result="2001"))
    payout_id, _ = await treasury.sends(phone=phone)
    for owner in (treasury.owner, treasury.other_owner):
        assert "2001" in (await owner.reads("Payouts are frozen", since=mark)).text
    told = await treasury.maker.reads(f"Payout #{payout_id} failed")
    assert "refuses our API user" in told.text
    held_back, its_phone = await treasury.sends()
    refused = await treasury.maker.presses("Retry", told)
    assert "Payouts are frozen" in await treasury.maker.reads_pop_up(refused)
    await treasury.unfreezes()
    await treasury.maker.reads(f"Payout #{held_back} is paid")
    await treasury.maker.presses("Retry", told)
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    assert [len(await treasury.requests_to(each)) for each in (phone, its_phone)] == [2, 1]


async def test_a_success_after_the_failure_is_booked_freezes_and_is_told(treasury: Treasury) -> None:
    mark, phone = await treasury.standins.mark(), treasury.recipient()
    found_out = PayoutStep(delay=0.3)
    await treasury.standins.script_payout(phone, PayoutBehaviour(result="insufficient_float", then=[found_out]))
    payout_id, _ = await treasury.sends(phone=phone)
    told = await treasury.maker.reads(f"Payout #{payout_id} is paid", since=mark)
    assert await treasury.receipt(phone) in told.text
    assert "said that it failed, and then that it was paid" in told.text
    await treasury.other_owner.reads("Payouts are frozen", since=mark)
    await treasury.maker.says(f"/retry {payout_id}", "could be paid twice")
    await treasury.owner.says(f"/resolve {payout_id} seen", "noted as seen to")
    assert len(await treasury.requests_to(phone)) == 1


async def test_a_success_while_the_retry_is_open_is_booked_in_full_and_freezes(treasury: Treasury) -> None:
    """M-Pesa pays after a definite failure: then, and only then, it may pay twice, and the books show both."""
    mark = await treasury.standins.mark()
    failed_at_first = PayoutBehaviour(
        result="insufficient_float", status="never", then=[PayoutStep(delay=AFTER_THE_RETRY_S)]
    )
    phones, payouts = {"wallet_full": treasury.recipient(), "pay": treasury.recipient()}, {}
    for second, phone in phones.items():
        retried = PayoutBehaviour(result=second, callback="none", status="never")
        await treasury.standins.script_payout(phone, failed_at_first, retried)
        payouts[second], _ = await treasury.sends(phone=phone)
        told = await treasury.maker.reads(f"Payout #{payouts[second]} failed", since=mark)
        await treasury.maker.presses("Retry", told)
    again = {second: await treasury.accepted(phone, times=2) for second, phone in phones.items()}
    frozen = await treasury.other_owner.reads("Payouts are frozen", since=mark)
    assert "it may have been paid twice" in frozen.text
    treasury.paid_twice[phones["pay"]] = 2
    for second, phone in phones.items():
        await treasury.sees(partial(treasury.attempt_states, payouts[second]), ["succeeded", "accepted"].__eq__)
        await treasury.standins.payout_callback(PayoutCallback(again[second].originator_id))
        told = await treasury.maker.reads(f"Payout #{payouts[second]} is paid", since=mark)
        assert "may have been paid twice" in told.text
        assert await treasury.needs_review(payouts[second]) == "paid_again"
        assert len(await treasury.standins.paid(phone)) == (2 if second == "pay" else 1)


async def test_more_was_paid_than_the_campaign_had_so_it_can_ask_for_nothing_more(treasury: Treasury) -> None:
    campaign_id, phone = await treasury.campaign(1000), treasury.recipient()
    found_out = PayoutStep(delay=AFTER_THE_NEXT_REQUEST_S)
    behaviour = PayoutBehaviour(result="wallet_full", status="never", then=[found_out])
    await treasury.standins.script_payout(phone, behaviour)
    payout_id = await treasury.maker.asks_for(campaign_id, 800, phone)
    await treasury.checker.approves(payout_id)
    await treasury.maker.reads(f"Payout #{payout_id} failed")
    other = await treasury.maker.asks_for(campaign_id, 900, treasury.recipient())
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    await treasury.checker.says(f"/reject {other} the money is gone", "Rejected by")
    summary = await treasury.maker.says(f"/payout {campaign_id} 10 {treasury.recipient()} Akinyi", "Please check")
    refused = await treasury.maker.presses("Confirm", summary)
    assert "paid out KES 700 more than it had" in await treasury.maker.reads_pop_up(refused)


async def test_every_code_that_stops_fails_its_payout_and_freezes_all_sending(treasury: Treasury) -> None:
    sent = {}
    for code in (2001, 8006, 11, 18, 20, 21, 22, 2006, 2028):
        phone = treasury.recipient()
        await treasury.standins.script_payout(phone, PayoutBehaviour(callback="none", status="never", moves=False))
        payout_id, _ = await treasury.sends(phone=phone)
        sent[code] = (payout_id, (await treasury.accepted(phone)).originator_id)
    for code, (payout_id, originator_id) in sent.items():
        assert not await treasury.is_frozen()
        await treasury.standins.payout_callback(PayoutCallback(originator_id, code=code))
        assert (await treasury.status(payout_id), await treasury.is_frozen()) == ("failed", True), code
        await treasury.unfreezes()
