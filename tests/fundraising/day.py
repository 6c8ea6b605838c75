"""A day of the books, and M-Pesa's word on what it holds, in a test's hand."""

import json
from datetime import UTC, date, datetime

from fundraising.audit.movements import Kind, Line
from fundraising.audit.reconciliation import Report
from fundraising.paying.tasks import AskBalance
from tests.fundraising.house import House

TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23)  # a FakeClock begins at noon in Nairobi
MIDNIGHT = datetime(2026, 11, 22, 21, tzinfo=UTC)


async def day_of(house: House, day: date = TODAY) -> Report:
    report = await house.use_cases.reconciliation.of(day)
    assert report.adds_up
    return report


def line(report: Report, account: str) -> Line:
    return next(line for line in report.lines if str(line.account) == account)


def shillings(report: Report, account: str, *kinds: Kind) -> list[int]:
    """Opening, those moves, closing."""
    found = line(report, account)
    moved = [found.move(kind).amount for kind in kinds]
    return [money.whole_shillings for money in (found.opening, *moved, found.closing)]


async def hear_balance(house: House, shillings: float, nth: int = -1, working: float = 0) -> None:
    accounts = f"Working Account|KES|{working}|{working}|0.00|0.00&Utility Account|KES|1.00|{shillings}|0.00|0.00"
    result = {"ResultType": 0, "ResultCode": 0, "ResultDesc": "said by the test"}
    result |= {"OriginatorConversationID": "q", "ConversationID": "AG_q", "TransactionID": "OAK0000000"}
    result["ResultParameters"] = {"ResultParameter": [{"Key": "AccountBalance", "Value": accounts}]}
    token = house.payouts.question_token(nth)
    await house.use_cases.paying.mailbox.balance_result(token, json.dumps({"Result": result}).encode())


async def ask(house: House) -> None:
    await house.use_cases.paying.float.ask(AskBalance(), 3)
