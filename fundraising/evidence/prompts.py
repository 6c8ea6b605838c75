"""What M-Pesa says about a prompt on a donor's phone, read into evidence."""

import hashlib
from datetime import datetime
from typing import Any

from fundraising.evidence.record import Evidence, Says, Source, donation
from fundraising.money import Money
from fundraising.refusals import NotJson
from mpesa import callbacks
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown

DATED = len("ws_CO_DDMMYYYYhhmmss")  # how a CheckoutRequestID begins: keys of one day lie together in their index


def callback(token_hash: bytes | None, body: bytes, now: datetime) -> Evidence:
    """Raises NotJson. JSON of any other shape is kept as evidence that says nothing."""
    digest = hashlib.sha256((token_hash or b"") + body).digest()
    try:
        result = callbacks.parse_stk(body)
    except callbacks.NotJson as error:
        raise NotJson from error
    except callbacks.NotACallback:
        return Evidence(digest, Source.CALLBACK, Says.UNKNOWN, now, token_hash=token_hash, body=body)
    says, reason = reading(result.outcome)
    amount = receipt = None
    match result.outcome:
        case Succeeded(payment) if payment.amount_minor and payment.receipt:
            amount, receipt = Money(payment.amount_minor), payment.receipt
        case Succeeded():
            says = Says.UNREADABLE
    return Evidence(
        result.checkout_id[:DATED].encode() + digest,
        Source.CALLBACK,
        says,
        now,
        None,
        token_hash,
        (result.checkout_id,) if result.checkout_id else (),
        result.code,
        reason,
        amount,
        receipt,
        body,
    )


def answer(source: Source, donation_id: int, outcome: Outcome[Any], now: datetime) -> Evidence:
    """The answer to our own call. It bears neither receipt nor amount: a yes means the amount that we asked for."""
    key = hashlib.sha256(f"{source}:{donation_id}:{now.isoformat()}".encode()).digest()
    says, reason = reading(outcome)
    code = "" if isinstance(outcome, Succeeded) else outcome.code
    return Evidence(key, source, says, now, donation(donation_id), code=code, reason=reason)


def reading(outcome: Outcome[Any]) -> tuple[Says, Reason | None]:
    match outcome:
        case Succeeded():
            return Says.SUCCEEDED, None
        case Failed(reason):
            return Says.FAILED, reason
        case Unknown():
            return Says.UNKNOWN, None
