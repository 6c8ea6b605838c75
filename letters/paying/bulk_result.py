"""The result of a bulk payout as a file for a spreadsheet."""

import csv
import io

from fundraising.paying.batches import Batch
from fundraising.paying.news import PayoutNews
from fundraising.paying.payout import Payout
from fundraising.statuses import PayoutStatus
from letters.language import Language, noted
from letters.paying.failures import happened
from letters.spreadsheets import plain

ENDED: dict[str, str] = {
    PayoutNews.EXPIRED: noted("Nobody decided in time."),
    PayoutNews.CANCELLED: noted("It was called off."),
}
COLUMNS = ("name", "phone", "amount", "status", "receipt", "reason")


def result(_: Language, batch: Batch) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    rows.writerows(row(_, payout) for payout in batch.payouts)
    return written.getvalue().encode("utf-8-sig")


def row(_: Language, payout: Payout) -> list[str]:
    return [
        plain(payout.recipient_name),
        payout.phone.local,
        str(payout.amount.major),
        payout.status,
        payout.receipt or "",
        plain(reason(_, payout)),
    ]


def reason(_: Language, payout: Payout) -> str:
    match payout.status:
        case PayoutStatus.FAILED:
            return happened(_, payout.status_message)
        case PayoutStatus.REJECTED:
            return payout.status_message
        case PayoutStatus.CANCELLED:
            return _(ENDED.get(payout.status_message, payout.status_message))
        case _other:
            return ""
