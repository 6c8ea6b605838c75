"""One payment can be followed: from the database by `trace`, at the server and in the chat, and through the log."""

import json

import pytest
from sqlalchemy import select

from fundraising.people.roles import Role
from storage.story_tables import told
from tests.e2e.books import looked_up
from tests.e2e.house import PATIENCE_S, House, on_sqlite
from tests.e2e.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="package"), on_sqlite]
VIEWER = 870_001


async def test_a_gift_is_followed_from_the_tap_to_the_receipt(house: House) -> None:
    donor = await house.donor()
    prompt = await donor.is_asked(house.slug)
    await house.pay(prompt)
    receipt = (await donor.paid()).receipt
    await donor.reads(receipt)
    await told_is_noted(house, donor.user_id)
    traced = await house.command("trace", prompt.reference, "--json")
    assert traced.code == 0, traced
    story = json.loads(traced.out)
    events = [event["what"] for event in story["events"]]
    assert (story["status"], story["receipt"], story["amount"]) == ("completed", receipt, 500)
    assert events[:2] == ["created", "prompted"]
    assert {"evidence", "settled", "posted", "told"} <= set(events)
    assert all(event["at"].endswith("Z") for event in story["events"])
    assert [event["audience"] for event in story["events"] if event["what"] == "told"] == ["donor"]
    assert donor.phone not in traced.out
    read = await house.command("trace", *story["payment"].split(":"))
    assert "Told the donor: it is paid" in read.out
    by_receipt = await house.command("trace", receipt)
    assert by_receipt.out.splitlines()[0] == read.out.splitlines()[0]  # how it stands
    await it_is_followed_in_the_log(house, story["payment"], receipt, donor.phone)
    await it_is_told_in_the_chat(house, story["payment"], receipt, donor.phone)


async def told_is_noted(house: House, chat_id: int) -> None:
    """It is after Telegram has taken the message, which the donor may read before."""
    query = select(told.c.id).where(told.c.chat_id == chat_id)
    await until(lambda: looked_up(house, lambda conn: conn.scalar(query.limit(1))), PATIENCE_S)


async def it_is_followed_in_the_log(house: House, payment: str, receipt: str, phone: str) -> None:
    """As `grep -w` finds it: the tap, the push, the callback, and what the donor was told."""
    log = (house.rehearsal.folder / "logs" / "trustvoice.log").read_text().splitlines()
    lines = [line for line in log if f"payment={payment}" in line.split()]
    for part in ("M-Pesa is asked to prompt the phone", "mpesa_call=stk_push", "callback about donation", "told donor"):
        assert any(part in line for line in lines), (part, lines)
    assert all(line.count("mpesa_call=stk_push") <= 1 for line in lines)
    assert not any(phone[3:] in line for line in lines)


async def it_is_told_in_the_chat(house: House, payment: str, receipt: str, phone: str) -> None:
    added = await house.command("admin", "add", "--telegram", str(VIEWER), "--name", "Njeri", "--role", Role.VIEWER)
    assert added.code == 0, added
    viewer = await house.donor("Njeri")
    njeri = type(viewer)(viewer.standins, VIEWER, "Njeri", viewer.phone)
    await njeri.says("/start", "Karibu")
    shown = await njeri.says(f"/trace {receipt}", "Decided: received")
    assert payment.replace("d", "D", 1).replace(":", " ") in shown.text
    assert phone[3:] not in shown.text
    await njeri.says("/trace nothing", "Nothing is known by that name")
