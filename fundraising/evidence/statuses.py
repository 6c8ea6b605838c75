"""What Transaction Status answers, read into evidence. The readers raise NotJson."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from fundraising.evidence.payments import blank, names
from fundraising.evidence.record import Evidence, Says, Source
from fundraising.money import Money
from mpesa import callbacks, results
from mpesa.outcome import Failed, Succeeded, Unknown
from mpesa.results import TransactionFact, TransactionStatus

ENDED_UNPAID = (TransactionStatus.DECLINED, TransactionStatus.CANCELLED, TransactionStatus.EXPIRED)


def about_payment(token_hash: bytes | None, body: bytes, now: datetime) -> Evidence:
    """Only Completed proves a payment; only Declined, Cancelled and Expired a failure.

    That the question failed says nothing about the payment, and only a refused initiator about the next one.
    """
    item = blank(Source.STATUS, token_hash, body, now)
    try:
        result = results.parse_status_result(body)
    except callbacks.NotACallback:
        return item
    match result.outcome:
        case Succeeded(fact):
            return told(item, fact, result.code)
        case Failed(reason) as failed:
            return replace(item, code=result.code, reason=reason, stops_sending=failed.refuses_initiator)
        case Unknown():
            return replace(item, code=result.code)


def about_claim(token_hash: bytes | None, body: bytes, now: datetime) -> Evidence:
    """A donor's code proves that money came, not what for: whoever weighs it reads the rest with `fact_in`."""
    return replace(about_payment(token_hash, body, now), source=Source.CLAIM, says=Says.UNKNOWN)


def told(item: Evidence, fact: TransactionFact, code: str) -> Evidence:
    common: dict[str, Any] = {
        "names": names(fact.originator_id),
        "code": code,
        "amount": Money(fact.amount_minor) if fact.amount_minor else None,
        "receipt": fact.receipt,
        "payee": fact.credit_party,
    }
    if fact.status is TransactionStatus.COMPLETED:
        says = Says.SUCCEEDED if fact.amount_minor else Says.UNREADABLE
        return replace(item, says=says, fee=Money(fact.fee_minor) if fact.fee_minor else None, **common)
    return replace(item, says=Says.FAILED if fact.status in ENDED_UNPAID else Says.UNKNOWN, **common)


def fact_in(body: bytes) -> TransactionFact | None:
    try:
        outcome = results.parse_status_result(body).outcome
    except callbacks.NotACallback:
        return None
    return outcome.value if isinstance(outcome, Succeeded) else None
