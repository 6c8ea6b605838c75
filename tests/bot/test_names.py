"""Whom M-Pesa says that it paid, held against the name that was asked for."""

import csv
import io

from tests.bot.office import CHECKER, MAKER, OTHER_OWNER, SECOND_CHECKER, Office
from tests.bot.world import OWNER
from tests.fakes import b2c_result, status_result

DIFFERS = "⚠️ M-Pesa's name for this number is <b>IRENE ABDI</b>, not Akinyi Otieno."


async def test_the_name_asked_for_is_confirmed_by_mpesas(office: Office) -> None:
    await office.sent()
    await office.result(name="OTIENO AKINYI MARY")
    for chat in (MAKER, CHECKER):
        assert "M-Pesa's name for this number: OTIENO AKINYI MARY" in office.last(chat).text
        assert "⚠️" not in office.last(chat).text


async def test_another_name_is_told_at_once_to_the_maker_and_to_all_who_approve(office: Office) -> None:
    await office.sent()
    await office.result(name="IRENE ABDI")
    for chat in (MAKER, CHECKER, SECOND_CHECKER, OWNER, OTHER_OWNER):
        assert DIFFERS in office.last(chat).text
        assert "call Safaricom at once" in office.last(chat).text
    await office.say(CHECKER, "/payouts")
    await office.tap(CHECKER, "#1")
    assert DIFFERS in office.last(CHECKER).text
    await office.say(CHECKER, "/trace payout 1")
    assert "⚠️ M-Pesa's name: IRENE ABDI. Asked for: Akinyi Otieno." in office.last(CHECKER).text


async def test_the_next_payout_to_that_number_warns_before_confirm_and_before_approve(office: Office) -> None:
    await office.sent()
    await office.result(name="IRENE ABDI")
    await office.say(MAKER, "/payout 1 700 0712345678 Akinyi Otieno")
    warned = "⚠️ When this number was paid before, M-Pesa had it in the name of <b>IRENE ABDI</b>, not Akinyi Otieno."
    assert warned in office.last(MAKER).text
    await office.tap(MAKER, "Confirm")
    assert warned in office.last(CHECKER).text
    await office.say(MAKER, "/payout 1 800 0712345678 Irene Abdi")
    assert "M-Pesa's name for this number: IRENE ABDI" in office.last(MAKER).text
    assert "⚠️" not in office.last(MAKER).text


async def test_a_name_that_comes_after_the_payment_was_known_is_news_of_its_own(office: Office) -> None:
    await office.sent()
    await office.world.wait(seconds=61)
    token = office.world.payouts.question_token()
    await office.world.use_cases.paying.mailbox.status_result(token, status_result(shillings=5000))
    await office.world.work()
    assert "Payout #1 is paid" in office.last(MAKER).text
    assert "M-Pesa's name" not in office.last(MAKER).text
    await office.result(name="IRENE ABDI")
    for chat in (MAKER, SECOND_CHECKER):
        assert "Now we know to whom payout #1 of KES 5,000 went" in office.last(chat).text
        assert DIFFERS in office.last(chat).text
    await office.result(name="IRENE ABDI")
    assert len([text for text in office.texts(MAKER) if "Now we know" in text]) == 1


async def test_the_name_of_a_status_answer_counts_too(office: Office) -> None:
    await office.sent()
    await office.world.wait(seconds=61)
    body = status_result(shillings=5000, payee="254712345678 - IRENE ABDI")
    await office.world.use_cases.paying.mailbox.status_result(office.world.payouts.question_token(), body)
    await office.world.work()
    assert DIFFERS in office.last(MAKER).text


async def test_a_forged_result_names_nobody(office: Office) -> None:
    await office.sent()
    forged = b2c_result(office.world.payouts.sent[0].originator_id, 0, 5000, name="254712345678 - IRENE ABDI")
    await office.world.use_cases.paying.mailbox.payment_result(None, forged)
    await office.world.work()
    assert (await office.payout()).mpesa_name is None


async def test_in_a_file_the_names_that_differ_are_told_with_the_result(office: Office) -> None:
    rows = b"name,phone,amount\nAkinyi Otieno,0712345678,100\nPeter Mwangi,0711000111,200\n"
    await office.send_file(MAKER, rows)
    await office.tap(MAKER, "Confirm")
    await office.tap(CHECKER, "Approve all")
    await office.result(nth=0, receipt="TKB1AAAAAA", name="IRENE ABDI")
    await office.result(nth=1, receipt="TKB2AAAAAA", name="MWANGI PETER")
    for chat in (MAKER, CHECKER):
        assert "⚠️ Akinyi Otieno, KES 100: went to IRENE ABDI" in office.last(chat).text
        assert "Peter" not in office.last(chat).text
    table = list(csv.reader(io.StringIO(office.world.telegram.documents[-1].decode("utf-8-sig"))))
    assert [row[6:] for row in table[1:]] == [["IRENE ABDI", "yes"], ["MWANGI PETER", ""]]
    await office.send_file(MAKER, rows.replace(b"100", b"300"))
    assert "⚠️ M-Pesa knows 1 number by another name" in office.last(MAKER).text
