"""208 people paid with one file, one confirmation, one approval, and one file back."""

import csv
import io

import pytest

from standins.shapes import PayoutBehaviour, TranscriptMessage
from tests.e2e.payout_house import Treasury

pytestmark = pytest.mark.asyncio(loop_scope="package")
PEOPLE = 208  # as many as one real fund-raiser paid
WITHIN_S = 60.0


async def test_208_people_are_paid_once_each_and_the_result_is_a_file(treasury: Treasury) -> None:
    before, phones = await treasury.promised_minor(), [treasury.recipient() for _ in range(PEOPLE)]
    amounts = {phone: 100 + n for n, phone in enumerate(phones)}
    campaign_id, full = await treasury.campaign(sum(amounts.values())), phones[100]
    await treasury.standins.script_payout(full, PayoutBehaviour(result="wallet_full"))
    lines = [f"Recipient {n},0{phone[3:]},{amounts[phone]}" for n, phone in enumerate(phones)]
    summary = await sends_file(treasury, campaign_id, lines)
    assert f"{PEOPLE} payments, KES {sum(amounts.values()):,}" in summary.text
    assert "Available afterwards: KES 0" in summary.text
    await treasury.maker.presses("Confirm", summary)
    asked = await treasury.checker.reads(f"{PEOPLE} payments")
    approved = await treasury.checker.presses("Approve all", asked)
    again = await treasury.standins.tap_again(treasury.checker.user_id)
    assert await treasury.checker.reads_pop_up(approved) == ""
    assert "decided before" in await treasury.checker.reads_pop_up(again)
    await treasury.sees(treasury.promised_minor, lambda promised: promised == before, WITHIN_S)
    finished = await treasury.maker.reads("Finished", since=approved.mark)
    assert f"paid: {PEOPLE - 1}" in finished.text
    rows = await result_of(treasury, approved.mark)
    receipts = {paid.phone: (paid.shillings, paid.receipt) for paid in await treasury.standins.paid()}
    for row, phone in zip(rows, phones, strict=True):
        assert row["phone"].replace(" ", "") == f"0{phone[3:]}"
        assert (row["status"], row["reason"]) == (
            ("failed", "The recipient's M-Pesa account cannot take this amount just now.")
            if phone == full
            else ("completed", "")
        )
        assert phone == full or (int(row["amount"]), row["receipt"]) == receipts[phone]
    assert full not in receipts


async def test_one_wrong_line_and_nothing_of_the_file_is_asked_for(treasury: Treasury) -> None:
    before = await treasury.promised_minor()
    phone = treasury.recipient()
    told = await sends_file(treasury, 1, [f"Good,{phone},100", "Bad,2.54708E+11,100", "Bad,0712345678,9"], "2 faults")
    assert "Line 3: the spreadsheet has shortened the number" in told.text
    assert "Line 4: M-Pesa sends KES 10" in told.text
    assert not told.buttons
    assert await treasury.promised_minor() == before


async def test_confirm_pressed_twice_is_one_batch_and_a_rejection_frees_all_of_it(treasury: Treasury) -> None:
    before, phones = await treasury.promised_minor(), [treasury.recipient() for _ in range(3)]
    summary = await sends_file(treasury, 1, [f"Recipient,{phone},100" for phone in phones])
    await treasury.maker.presses("Confirm", summary)
    again = await treasury.standins.tap_again(treasury.maker.user_id)
    await treasury.maker.reads_pop_up(again)
    assert await treasury.promised_minor() == before + 30_000
    asked = await treasury.checker.reads("3 payments, KES 300")
    rejected = await treasury.checker.presses("Reject", asked)
    await treasury.checker.says("Not agreed with the board", "rejected or cancelled: 3")
    assert {row["status"] for row in await result_of(treasury, rejected.mark)} == {"rejected"}
    assert await treasury.promised_minor() == before


async def sends_file(
    treasury: Treasury, campaign_id: int, lines: list[str], expecting: str = "Press Confirm"
) -> TranscriptMessage:
    content = "\n".join(["name,phone,amount", *lines]).encode()
    sent = await treasury.standins.document(treasury.maker.user_id, "people.csv", content, f"/bulk {campaign_id}")
    return await treasury.maker.reads(expecting, since=sent.mark)


async def result_of(treasury: Treasury, since: int) -> list[dict[str, str]]:
    """The file that the maker got."""

    async def newest() -> TranscriptMessage | None:
        shown = await treasury.standins.transcript(treasury.maker.user_id)
        return next((m for m in reversed(shown) if m.sender == "bot" and m.document and m.changed > since), None)

    message = await treasury.sees(newest, bool)
    assert message
    assert message.document
    content = (await treasury.standins.download(message.document.url)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))
