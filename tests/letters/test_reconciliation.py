"""The day's message is as short as Telegram wants it below a file, and says what is wrong first."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

from fundraising.audit.agreement import Agreement, Comparison
from fundraising.audit.daily import Made
from fundraising.audit.movements import Kind, Line, Move
from fundraising.audit.reconciliation import Report
from fundraising.audit.unresolved import MOST, Unresolved
from fundraising.audit.unresolved import Kind as Waiting
from fundraising.ledger.accounts import FEES, OUTSIDE, SUSPENSE, receivable
from fundraising.money import Money
from fundraising.paying.balance_rounds import Round, Statement
from letters.books import reconciliation, reconciliation_file
from letters.language import translate

_ = translate("en")
DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
MUCH = Money(-999_999_999_999_99)


def compared(theirs: int, ours: int, at: datetime = NOW) -> Comparison:
    return Comparison(Round(at, (Statement("", at, {"Working Account": Money(theirs)}),)), Money(ours))


def report(mpesa: Agreement | None, *lines: Line, unresolved: list[Unresolved] | None = None) -> Report:
    return Report(DAY, NOW, list(lines), {"KES": 1000}, {1: "Water"}, unresolved or [], mpesa)


def at_length() -> Report:
    moves = {kind: Move(999_999, MUCH) for kind in Kind}
    lines = [Line(account, MUCH, moves, MUCH) for account in (OUTSIDE, receivable(1), SUSPENSE, FEES)]
    before = compared(0, 1, NOW - timedelta(days=1))
    waiting = [Unresolved(kind, "1", "pending", MUCH, 1, NOW - timedelta(days=2)) for kind in Waiting]
    mpesa = Agreement(compared(MUCH.minor, -MUCH.minor), before)
    return report(mpesa, *lines, unresolved=waiting * 500)


def test_the_longest_message_fits_below_a_file() -> None:
    made = Made(["<&" * 200] * 5000, date(2026, 10, 1))
    text = reconciliation.daily(_, at_length(), made)
    assert text.startswith("⛔ <b>The books do not hold.</b>")
    assert "… and 4998 more." in text
    assert text.endswith("The file has the rest.")
    assert len(unescape(re.sub(r"</?b>", "", text))) <= 1024
    assert "M-Pesa holds" in text


def test_a_picture_is_two_of_the_letters_that_telegram_counts() -> None:
    assert reconciliation.length("📒 <b>ab</b>") == 5
    pictures = ["📒" * 300, "📒" * 300]
    assert reconciliation.fitting(_, pictures) == f"{pictures[0]}\n\nThe file has the rest."


def test_more_than_are_listed_is_not_told_as_an_exact_number() -> None:
    many = [Unresolved(Waiting.DONATION, str(n), "pending", MUCH, 1, NOW) for n in range(MOST)]
    assert reconciliation.unresolved(_, report(None, unresolved=many)).endswith("gifts without an outcome: 500+")
    assert reconciliation.unresolved(_, report(None, unresolved=many[1:])).endswith("outcome: 499")


def test_a_difference_that_stays_the_same_is_said_to() -> None:
    same = Agreement(compared(600, 500), compared(300, 200, NOW - timedelta(days=1)))
    text = reconciliation.at_mpesa(_, same)
    assert "a difference of KES 1, the same as before (22 Nov 2026, 07:00)." in text
    changed = Agreement(compared(600, 500), compared(300, 300, NOW - timedelta(days=1)))
    assert "changed by KES 1 since 22 Nov 2026, 07:00." in reconciliation.at_mpesa(_, changed)
    assert "before TrustVoice" in reconciliation.at_mpesa(_, Agreement(compared(600, 500), None))


def test_when_both_sides_agree_that_is_all() -> None:
    assert reconciliation.at_mpesa(_, Agreement(compared(500, 500), None)).startswith("✅ M-Pesa holds KES 5 ")


def test_the_file_has_every_account_both_sides_and_what_waits() -> None:
    rows = list(reconciliation_file.rows(at_length()))
    heads = next(row for row in rows if row and row[0] == "account")
    assert {len(row) for row in rows if row and row[0] in ("outside", "receivable:1", "fees")} == {len(heads)}
    assert ["", "difference", "KES", "-1999999999999.98", "2026-11-23 07:00:00"] in rows
    assert rows[-1][:4] == ["claim", "1", "pending", "-999999999999.99"]
    assert rows[-1][-1] == "48"
