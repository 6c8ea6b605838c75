"""Many payouts with one file: all or none, approved as one, told in one message and one file."""

import csv
import io
from dataclasses import replace

import pytest

from fundraising.money import Money
from mpesa.codes import Reason
from mpesa.outcome import Failed
from tests.bot.office import CHECKER, MAKER, SECOND_CHECKER, Office
from tests.bot.world import OWNER
from tests.fakes import PAYING
from tests.fundraising.xlsx import sheet, workbook


def file(count: int, amount: int = 100) -> bytes:
    rows = [f"Person {number},0712{number:06},{amount}" for number in range(count)]
    return "\n".join(["name,phone,amount", *rows]).encode()


async def approved(office: Office, count: int = 3) -> None:
    await office.send_file(MAKER, file(count))
    await office.tap(MAKER, "Confirm")
    await office.tap(CHECKER, "Approve all")


async def results(office: Office, start: int = 0) -> None:
    for nth in range(start, len(office.world.payouts.sent)):
        await office.result(nth=nth, receipt=f"TKB{nth:07}")


def result_of(office: Office) -> list[list[str]]:
    return list(csv.reader(io.StringIO(office.world.telegram.documents[-1].decode("utf-8-sig"))))


async def test_all_people_of_a_file_are_paid_with_one_approval(office: Office) -> None:
    await office.send_file(MAKER, file(40))
    summary = office.last(MAKER)
    assert "<b>40 payments, KES 4,000</b>" in summary.text
    assert "Available afterwards: KES 96,000" in summary.text
    assert "and 10 more" in summary.text
    assert len(summary.text) < 4096
    await office.tap(MAKER, "Confirm")
    assert await office.promised() == 4_000
    asked = office.last(CHECKER)
    assert "40 payments, KES 4,000" in asked.text
    assert "Asked for by: Mumbi" in asked.text
    other = office.last(SECOND_CHECKER)
    await office.tap(CHECKER, "Approve all")
    assert other.buttons == {}
    assert len(office.world.payouts.sent) == 40
    await results(office)
    assert "Done: 40 of 40" in summary.text
    assert "Finished" in summary.text
    edits = [each for each in office.world.telegram.called("editMessageText") if each["message_id"] == summary.id]
    assert len(edits) < 30
    table = result_of(office)
    assert table[0] == ["name", "phone", "amount", "status", "receipt", "reason", "mpesa_name", "other_name"]
    assert table[1] == ["Person 0", "0712 000 000", "100", "completed", "TKB0000000", "", "", ""]
    assert len(table) == 41
    assert len([text for text in office.texts(MAKER) if "is paid:" in text]) == 0


async def test_a_workbook_is_as_good_as_a_file_of_commas(office: Office) -> None:
    rows: list[list[str | float | None]] = [
        ["Payments for November"],
        ["Jina", "Simu", "Kiasi"],
        ["Akinyi", 712345678.0, 100.0],
    ]
    await office.send_file(MAKER, workbook(sheet(rows)))
    assert "<b>1 payment, KES 100</b>" in office.last(MAKER).text
    await office.send_file(MAKER, b"name,phone,amount\nAkinyi,0712345678,25,000\n")
    assert "Line 2: the comma has torn the amount apart" in office.last(MAKER).text


async def test_the_same_payment_twice_is_asked_about_once(office: Office) -> None:
    await office.send_file(MAKER, b"name,phone,amount\nA,0712345678,100\nA,0712345678,100\n")
    assert "Line 3 pays the same number as line 2" in office.last(MAKER).text
    await office.tap(MAKER, "Yes, pay them twice")
    await office.tap(MAKER, "Confirm")
    assert await office.promised() == 200


async def test_whoever_approves_sees_every_row_first_then_the_progress_and_the_result(office: Office) -> None:
    await office.send_file(MAKER, file(40))
    await office.tap(MAKER, "Confirm")
    listed, asked = office.texts(CHECKER)[-2:]
    assert "all 40 rows, to look through before you decide" in listed
    assert "All rows are in the file above" in asked
    assert len(result_of(office)) == 41
    await office.tap(CHECKER, "Approve all")
    card = next(shown for shown in office.world.telegram.messages.values() if shown.text.startswith("<b>Bulk payout 1"))
    await results(office)
    for chat in (MAKER, CHECKER):
        shown = [text for text in office.texts(chat) if "Done: 40 of 40" in text]
        assert len(shown) == 2
        assert "Finished" in shown[0]
    assert card.buttons == {}


async def test_the_largest_rows_doubles_and_new_numbers_stand_first(office: Office) -> None:
    await office.sent()
    await office.result()
    rows = [f"Person {n},07120000{n:02},{100 + n}" for n in range(40)]
    rows += ["Rich,0712345678,30000", "Twice,0711000111,50", "Again,0711000111,60"]
    await office.send_file(MAKER, "\n".join(["name,phone,amount", *rows]).encode())
    await office.tap(MAKER, "Yes, pay them twice")
    await office.tap(MAKER, "Confirm")
    asked = office.last(CHECKER).text
    assert "🆕 42 of 43 numbers were never paid before" in asked
    assert "‼️ 2 rows pay a number that stands there more than once" in asked
    first = [line for line in asked.splitlines() if " · 0" in line][:4]
    assert [line.split(" · ")[1] for line in first] == ["Again", "Twice", "Rich", "Person 39"]
    assert "and 28 more, in the file" in asked


async def test_a_button_made_for_other_rows_approves_nothing_and_shows_them_as_they_are(office: Office) -> None:
    await office.send_file(MAKER, file(3))
    await office.tap(MAKER, "Confirm")
    old = office.last(CHECKER)
    data = old.buttons["Approve all"]
    await office.say(MAKER, "/cancel_payout 2")
    await office.tap_data(CHECKER, data, old.id)
    assert office.world.payouts.sent == []
    assert "has changed meanwhile, so nothing was approved" in " ".join(office.texts(CHECKER))
    await office.tap(CHECKER, "Approve all")
    assert len(office.world.payouts.sent) == 2


async def test_a_button_of_an_older_release_approves_nothing(office: Office) -> None:
    await office.send_file(MAKER, file(3))
    await office.tap(MAKER, "Confirm")
    await office.tap_data(CHECKER, "batch:1:ok", office.last(CHECKER).id)
    assert office.world.payouts.sent == []


@pytest.mark.parametrize("paying", [replace(PAYING, quorum=((Money(0), 2),))])
async def test_when_two_have_to_agree_to_a_file_all_see_who_did(office: Office) -> None:
    await office.send_file(MAKER, file(3))
    await office.tap(MAKER, "Confirm")
    first, second = office.last(CHECKER), office.last(SECOND_CHECKER)
    await office.tap(CHECKER, "Approve all")
    for shown in (first, second):
        assert "Approvals: 1 of 2 (Chebet)" in shown.text
    assert "Chebet agreed to your bulk payout 1 of KES 300. One more is needed." in office.last(MAKER).text
    await office.tap(SECOND_CHECKER, "Approve all")
    assert len(office.world.payouts.sent) == 3


async def test_what_failed_of_a_file_is_one_message_with_a_list(office: Office) -> None:
    await approved(office)
    before = {chat: len(office.texts(chat)) for chat in (MAKER, CHECKER, SECOND_CHECKER)}
    for nth in range(3):
        await office.result(8, nth=nth)
    for chat, more in ((MAKER, 1), (CHECKER, 1), (SECOND_CHECKER, 0)):
        assert len(office.texts(chat)) == before[chat] + more
    told = office.last(MAKER).text
    assert "❌ Person 0, KES 100: The recipient's M-Pesa account cannot take this amount just now." in told
    assert "/retry lists what can be sent again." in told
    await office.say(MAKER, "/retry")
    assert list(office.last(MAKER).buttons) == ["#3 · KES 100", "#2 · KES 100", "#1 · KES 100"]


async def test_a_file_out_of_excel(office: Office) -> None:
    content = "\ufeffName;Phone;Amount;Purpose\r\nAkinyi Otieno;712345678;1,500;school fees\r\n;;;\r\n".encode()
    await office.send_file(MAKER, content)
    assert "0712345678" in office.last(MAKER).text
    await office.tap(MAKER, "Confirm")
    payout = await office.payout()
    assert (payout.phone.local, payout.amount.whole_shillings, payout.purpose) == ("0712 345 678", 1500, "school fees")


async def test_every_fault_is_named_with_its_line(office: Office) -> None:
    await office.send_file(MAKER, b"name,phone,amount\nA,2.54712E+11,50\n,0712345678,50\nB,0712345679,5\nC,12,x\n")
    text = office.last(MAKER).text
    for part in ("4 faults", "Line 2: the spreadsheet", "Line 3: the recipient's name", "Line 4: M-Pesa sends KES 10"):
        assert part in text
    assert office.last(MAKER).buttons == {}
    await office.send_file(MAKER, b"name,phone,amount,ngo_id\nD,0712345677,50,7\n")
    assert "Line 2: there is no such saved recipient" in office.last(MAKER).text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"who,phone\n", "a line above the payments must name the columns"),
        (b"name,phone,amount\n", "no payments in the file"),
        (b"x" * 1_000_001, "the file is too large"),
    ],
)
async def test_a_file_that_is_none(office: Office, content: bytes, told: str) -> None:
    await office.send_file(MAKER, content)
    assert told in office.last(MAKER).text


async def test_the_same_phone_twice_needs_a_yes_of_its_own(office: Office) -> None:
    await office.send_file(MAKER, b"name,phone,amount\nA,0712345678,50\nB,0712345679,50\nC,712345678,70\n")
    assert "Line 4 pays the same number as line 2." in office.last(MAKER).text
    assert "Confirm" not in office.last(MAKER).buttons
    await office.tap(MAKER, "Yes, pay them twice")
    assert "3 payments, KES 170" in office.last(MAKER).text
    await office.tap(MAKER, "Confirm")
    assert await office.promised() == 170


async def test_the_same_file_sent_twice_needs_a_yes_of_its_own(office: Office) -> None:
    for _ in range(2):
        await office.send_file(MAKER, file(2))
        await office.tap(MAKER, "Confirm")
    assert "Is that meant?" in office.last(MAKER).text
    assert await office.promised() == 200
    await office.tap(MAKER, "Yes, it is meant")
    assert await office.promised() == 400


async def test_a_confirm_sent_again_asks_once(office: Office) -> None:
    await office.send_file(MAKER, file(3))
    shown = office.last(MAKER)
    data = shown.buttons["Confirm"]
    for _ in range(3):
        await office.tap_data(MAKER, data, shown.id)
    assert await office.count() == 3
    assert await office.promised() == 300


async def test_a_confirm_of_a_file_that_came_in_another_chat_is_refused(office: Office) -> None:
    await office.send_file(MAKER, file(3))
    await office.tap_data(OWNER, office.last(MAKER).buttons["Confirm"])
    assert "That is over" in office.pop_up
    await office.tap_data(MAKER, "bulk:999999:confirm")
    assert "That is over" in office.pop_up
    assert await office.count() == 0


async def test_more_than_there_is_cannot_be_confirmed(office: Office) -> None:
    await office.send_file(MAKER, file(3, amount=50_000))
    assert "has only KES 100,000 available" in office.last(MAKER).text
    assert list(office.last(MAKER).buttons) == ["Cancel"]
    await office.tap(MAKER, "Cancel")
    assert "nothing was paid" in office.last(MAKER).text


async def test_without_a_file_or_campaign_it_is_explained(office: Office) -> None:
    await office.say(MAKER, "/bulk 1")
    assert "name,phone,amount" in office.last(MAKER).text
    await office.send_file(MAKER, file(1), "/bulk")
    assert "do not know this campaign" in office.last(MAKER).text


async def test_who_asked_approves_nothing(office: Office) -> None:
    await office.send_file(OWNER, file(2))
    await office.tap(OWNER, "Confirm")
    data = office.last(CHECKER).buttons["Approve all"]
    await office.tap_data(OWNER, data)
    assert "You asked for this payout" in office.pop_up
    assert office.world.payouts.sent == []


@pytest.mark.parametrize("pressed", [True, False])
async def test_a_rejected_file_is_told_once_with_the_reason(office: Office, pressed: bool) -> None:
    await office.send_file(MAKER, file(3))
    await office.tap(MAKER, "Confirm")
    before = len(office.texts(MAKER))
    await office.tap(CHECKER, "Reject")
    if pressed:
        await office.tap(CHECKER, "Not agreed")
    else:
        await office.say(CHECKER, "Not agreed")
    assert {row[5] for row in result_of(office)[1:]} == {"Not agreed"}
    assert len(office.texts(MAKER)) == before + 1
    assert await office.promised() == 0
    await office.tap_data(SECOND_CHECKER, "batch:1:ok")
    assert "decided before: rejected, by Chebet" in office.pop_up


async def test_an_empty_float_pauses_and_resume_goes_on(office: Office) -> None:
    office.world.payouts.sends.append(Failed(Reason.FLOAT_EMPTY, "1"))
    await approved(office)
    progress = next(shown for shown in office.world.telegram.messages.values() if "Resume" in shown.buttons)
    assert progress.chat_id == MAKER
    assert "Paused" in progress.text
    assert len(office.world.payouts.sent) == 1
    await office.tap(MAKER, "Resume")
    assert len(office.world.payouts.sent) == 3
    await results(office, start=1)
    assert [row[3] for row in result_of(office)[1:]] == ["failed", "completed", "completed"]
    assert "account for payouts is empty" in result_of(office)[1][5]


async def test_a_file_that_nobody_decided_expires_with_one_message(office: Office) -> None:
    await office.send_file(MAKER, file(3))
    await office.tap(MAKER, "Confirm")
    before = len(office.texts(MAKER))
    await office.world.wait(days=3, seconds=2)
    assert "Nobody decided on bulk payout 1" in office.last(MAKER).text
    assert len(office.texts(MAKER)) == before + 1


async def test_names_that_a_spreadsheet_would_calculate_are_disarmed(office: Office) -> None:
    await office.send_file(MAKER, b"name,phone,amount\n=1+1 <b>,0712345678,50\n")
    await office.tap(MAKER, "Confirm")
    assert "=1+1 &lt;b&gt;" in office.last(CHECKER).text
    await office.tap(CHECKER, "Approve all")
    await results(office)
    assert result_of(office)[1][0] == "'=1+1 <b>"


async def test_numbers_of_other_networks_are_named_with_their_lines(office: Office) -> None:
    rows = b"name,phone,amount\nAkinyi,0712345678,500\nOtieno,0733123456,600\nMoraa,0101234567,700\n"
    await office.send_file(MAKER, rows)
    assert "2 numbers look like other networks' (lines 3, 4)" in office.last(MAKER).text
    await office.tap(MAKER, "Confirm")
    assert await office.count() == 3
