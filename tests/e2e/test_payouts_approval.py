"""Asking for a payout and deciding on it: two people, one payment, never more than there is."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from standins.shapes import TranscriptMessage
from storage.payout_tables import accounts, approvals
from tests.e2e.books import looked_up
from tests.e2e.donor import Donor
from tests.e2e.payout_house import SECRET_KEY, Treasury
from tests.e2e.treasurer import NAME
from trustvoice.bootstrap import telegram_secret
from webhooks.telegram import SECRET_HEADER

pytestmark = pytest.mark.asyncio(loop_scope="package")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
FORGED = 1_900_000_000  # numbers of updates that the stand-in never comes to
QUIET = ("/balance", "/freeze", "/unfreeze", "/report", "/campaign", "/admins", "/ngos", "/resolve 1 paid")


async def test_one_line_a_second_persons_yes_and_the_receipt(treasury: Treasury) -> None:
    phone, mark = treasury.recipient(), await treasury.standins.mark()
    payout_id = await treasury.maker.asks_for(treasury.campaign_id, 1500, phone)
    asked = await treasury.checker.is_asked_about(payout_id)
    assert "KES 1,500" in asked.text
    assert NAME in asked.text
    assert await treasury.requests_to(phone) == []
    await treasury.checker.approves(payout_id)
    receipt = await treasury.receipt(phone)
    for person in (treasury.maker, treasury.checker):
        told = await person.reads(f"Payout #{payout_id} is paid", since=mark)
        assert receipt in told.text
    [sent] = await treasury.requests_to(phone)
    assert (sent.version, sent.amount, len(sent.originator_id)) == ("v3", "1500", 19)
    await treasury.other_checker.reads("✅ paid", since=mark)  # where the buttons were


async def test_step_by_step_it_is_the_same_payout(treasury: Treasury) -> None:
    maker, phone = treasury.maker, treasury.recipient()
    await maker.says("/payout", "Which campaign pays")
    await maker.taps("Clean water", "How much is paid")
    await maker.says("KES 2,000", "To which M-Pesa number")
    await maker.says(f"0{phone[3:]}", "Whose number is it")
    summary = await maker.says("Baraka School", "Please check")
    assert "KES 2,000" in summary.text
    payout_id = await maker.confirms_payout(summary)
    await treasury.checker.says(f"/approve {payout_id}", "Approved by")
    assert await treasury.receipt(phone) in (await maker.reads(f"Payout #{payout_id} is paid")).text


async def test_the_campaign_that_was_named_pays(treasury: Treasury) -> None:
    phone, campaign_id = treasury.recipient(), await treasury.campaign(1000)
    payout_id = await treasury.maker.asks_for(campaign_id, 400, phone)
    await treasury.checker.approves(payout_id)
    told = await treasury.maker.reads(f"Payout #{payout_id} is paid")
    assert "Available in the campaign: KES 600" in told.text
    order = f"/payout {campaign_id} 601 {treasury.recipient()} {NAME}"
    short = await treasury.maker.says(order, "has KES 600 available, so KES 601 cannot be paid")
    assert short.buttons == []


async def test_confirm_and_approve_sent_again_pay_once(treasury: Treasury) -> None:
    payout_id, phone = await treasury.sends()
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    again = [await treasury.standins.tap_again(each.user_id) for each in (treasury.maker, treasury.checker)]
    assert await treasury.maker.reads_pop_up(again[0]) == ""
    assert "decided before" in await treasury.checker.reads_pop_up(again[1])
    assert len(await treasury.requests_to(phone)) == 1
    assert (await treasury.maker.chat()).count(f"Payout #{payout_id} is asked for") == 1


async def test_nobody_approves_their_own_request(treasury: Treasury) -> None:
    """An owner is maker and checker, and so could do both."""
    owner, phone = treasury.owner, treasury.recipient()
    payout_id = await owner.asks_for(treasury.campaign_id, 1000, phone)
    await owner.says(f"/approve {payout_id}", "somebody else must approve it")
    await owner.says(f"/reject {payout_id} I was wrong", "somebody else must approve it")
    approve = button_of(await treasury.checker.is_asked_about(payout_id), "Approve")
    offered = [message for message in await treasury.standins.transcript(owner.user_id) if message.buttons]
    assert approve not in repr(offered)
    mark = await treasury.standins.mark()
    await forge_tap(treasury, owner, approve)
    await owner.reads("somebody else must approve it", since=mark)
    assert (await treasury.status(payout_id), await treasury.requests_to(phone)) == ("pending", [])
    await treasury.checker.approves(payout_id)
    assert await treasury.receipt(phone)


async def test_the_database_itself_takes_no_approval_by_the_requester(treasury: Treasury) -> None:
    payout_id = await treasury.maker.asks_for(treasury.campaign_id, 1000, treasury.recipient())
    maker, owner = [await person_id(treasury, each) for each in (treasury.maker, treasury.owner)]
    for requester, approver in ((maker, maker), (owner, maker)):  # as it is, and with another requester made up
        row = {"payout_id": payout_id, "requester_id": requester, "approver_id": approver, "created_at": NOW}
        with pytest.raises(IntegrityError):
            await treasury.executes(insert(approvals).values(**row))
    await treasury.checker.says(f"/reject {payout_id} only a test", "Rejected by")


async def test_a_maker_approves_nothing_and_a_checker_asks_for_nothing(treasury: Treasury) -> None:
    payout_id = await treasury.owner.asks_for(treasury.campaign_id, 1000, treasury.recipient())
    await treasury.maker.says(f"/approve {payout_id}", "takes the role checker")
    await treasury.checker.says(f"/payout 1 1000 {treasury.recipient()} {NAME}", "takes the role maker")
    await treasury.checker.says(f"/reject {payout_id} only a test", "Rejected by")


async def test_two_checkers_at_the_same_instant_are_one_payment(treasury: Treasury) -> None:
    phone, checkers = treasury.recipient(), (treasury.checker, treasury.other_checker)
    payout_id = await treasury.maker.asks_for(treasury.campaign_id, 1000, phone)
    asked = [await checker.is_asked_about(payout_id) for checker in checkers]
    taps = await asyncio.gather(*(c.presses("Approve", message) for c, message in zip(checkers, asked, strict=True)))
    answers = [await c.reads_pop_up(tap) for c, tap in zip(checkers, taps, strict=True)]
    assert sorted("decided before" in answer for answer in answers) == [False, True]
    await treasury.maker.reads(f"Payout #{payout_id} is paid")
    assert len(await treasury.requests_to(phone)) == 1


async def test_two_payouts_racing_for_one_balance_are_one(treasury: Treasury) -> None:
    campaign_id, makers = await treasury.campaign(1000), (treasury.maker, treasury.owner)
    summaries = [
        await maker.says(f"/payout {campaign_id} 600 {treasury.recipient()} {NAME}", "Please check") for maker in makers
    ]
    taps = await asyncio.gather(*(m.presses("Confirm", each) for m, each in zip(makers, summaries, strict=True)))
    answers = [await maker.reads_pop_up(tap) for maker, tap in zip(makers, taps, strict=True)]
    assert sorted("does not have that much" in answer for answer in answers) == [False, True]
    winner, tap = next((m, t) for m, t, answer in zip(makers, taps, answers, strict=True) if not answer)
    told = await winner.reads("is asked for", since=tap.mark)
    await treasury.checker.says(f"/approve {number_in(told.text)}", "Approved by")
    await winner.reads("Available in the campaign: KES 400")


async def test_a_rejection_says_why_and_frees_the_money(treasury: Treasury) -> None:
    before = await treasury.promised_minor()
    payout_id = await treasury.maker.asks_for(treasury.campaign_id, 1000, treasury.recipient())
    assert await treasury.promised_minor() == before + 100_000
    sent = await treasury.checker.presses("Reject", await treasury.checker.is_asked_about(payout_id))
    await treasury.checker.reads("Why do you reject it", since=sent.mark)
    await treasury.checker.says("He moved away", "Rejected by Checker")
    told = await treasury.maker.reads(f"rejected your payout #{payout_id}")
    assert "He moved away" in told.text
    assert await treasury.promised_minor() == before
    await treasury.other_checker.says(f"/approve {payout_id}", "decided before")


async def test_to_a_stranger_every_admin_command_is_unknown(treasury: Treasury) -> None:
    donor = await treasury.house.donor()
    unknown = (await donor.says("/nonsense", "do not know that command")).text
    before = await treasury.promised_minor()
    words = f"1 1000 {treasury.recipient()} {NAME}"
    for command in (f"/payout {words}", "/payouts", "/approve 1", "/reject 1 no", "/retry 1", "/bulk", *QUIET):
        assert (await donor.says(command, "")).text == unknown, command
    payout_id = await treasury.maker.asks_for(treasury.campaign_id, 1000, treasury.recipient())
    await forge_tap(treasury, donor, button_of(await treasury.checker.is_asked_about(payout_id), "Approve"))
    await donor.says("/nonsense", unknown)
    assert await treasury.status(payout_id) == "pending"
    await treasury.checker.says(f"/reject {payout_id} only a test", "Rejected by")
    assert await treasury.promised_minor() == before


def button_of(message: TranscriptMessage, label: str) -> str:
    """What a tap on it would send."""
    [data] = [button.data for row in message.buttons for button in row if button.text == label]
    assert data
    return data


def number_in(text: str) -> int:
    return int(text.partition("#")[2].partition(" ")[0])


async def person_id(treasury: Treasury, person: Donor) -> int:
    query = select(accounts.c.person_id).where(accounts.c.chat_id == person.user_id)
    return await looked_up(treasury.house, lambda conn: conn.scalars(query).one())


async def forge_tap(treasury: Treasury, person: Donor, data: str) -> None:
    """Telegram passes on whatever a changed client sends in place of a button's data."""
    own = (await treasury.standins.transcript(person.user_id))[-1]
    chat = {"id": person.user_id, "type": "private", "first_name": person.name}
    somebody = {"id": person.user_id, "is_bot": False, "first_name": person.name}
    message = {"message_id": own.message_id, "date": own.date, "chat": chat, "text": own.text}
    tap = {"id": "1", "from": somebody, "message": message, "chat_instance": "1", "data": data}
    update = {"update_id": FORGED + own.message_id, "callback_query": tap}
    async with httpx.AsyncClient(trust_env=False, headers={SECRET_HEADER: telegram_secret(SECRET_KEY)}) as http:
        taken = await http.post(f"{treasury.house.rehearsal.server}/webhooks/telegram", json=update)
    assert taken.status_code == 200, taken
