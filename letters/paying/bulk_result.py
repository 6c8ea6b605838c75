"""The result of a bulk payout as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

from fundraising.paying.batch_facts import Facts
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
COLUMNS = ("name", "phone", "amount", "status", "receipt", "reason", "mpesa_name", "other_name")
TO_DECIDE = ("name", "phone", "amount", "purpose", "new_number", "number_twice", "other_mpesa_name")


def result(_: Language, batch: Batch) -> bytes:
    return table(COLUMNS, [row(_, payout) for payout in batch.payouts])


def to_decide(batch: Batch, facts: Facts) -> bytes:
    """Every row, for whoever is to agree to all of them."""
    return table(TO_DECIDE, [undecided(payout, at, facts) for at, payout in enumerate(batch.payouts)])


def table(columns: Sequence[str], rows: Iterable[list[str]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def undecided(payout: Payout, at: int, facts: Facts) -> list[str]:
    return [
        plain(payout.recipient_name),
        payout.phone.local,
        str(payout.amount.major),
        plain(payout.purpose),
        yes(at in facts.new),
        yes(at in facts.twice),
        plain(facts.other_names.get(at, "")),
    ]


def yes(holds: bool) -> str:
    return "yes" if holds else ""


def row(_: Language, payout: Payout) -> list[str]:
    return [
        plain(payout.recipient_name),
        payout.phone.local,
        str(payout.amount.major),
        payout.status,
        payout.receipt or "",
        plain(reason(_, payout)),
        plain(payout.mpesa_name or ""),
        yes(payout.went_to_another_name),
    ]


def reason(_: Language, payout: Payout) -> str:
    match payout.status:
        case PayoutStatus.FAILED:
            return happened(_, payout.status_message)
        case PayoutStatus.REJECTED:
            return payout.note
        case PayoutStatus.CANCELLED:
            return _(ENDED.get(payout.status_message, payout.status_message))
        case _other:
            return ""
