"""What M-Pesa says about a payment of ours, read into evidence. The readers raise NotJson."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from fundraising.evidence.record import Evidence, Says, Source, attempt, key_of
from fundraising.money import Money
from fundraising.refusals import NotJson
from mpesa import callbacks, redaction, results
from mpesa.b2c import B2cAccepted
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown

PAID = "0"  # the ResultCode of what went through


def result(token_hash: bytes | None, body: bytes, now: datetime) -> Evidence:
    item = blank(Source.RESULT, token_hash, body, now)
    try:
        found = results.parse_b2c_result(body)
    except callbacks.NotACallback:
        return item
    common: dict[str, Any] = {"names": names(found.originator_id, found.conversation_id), "code": found.code}
    match found.outcome:
        case Succeeded(paid):
            amount = Money(paid.amount_minor) if paid.amount_minor else None
            told: dict[str, Any] = {"amount": amount, "receipt": paid.receipt, "payee": paid.recipient}
            return replace(item, says=Says.SUCCEEDED, utility_minor=paid.utility_funds_minor, **told, **common)
        case Failed(reason) as failed:
            return replace(item, says=Says.FAILED, reason=reason, stops_sending=failed.stops_sending, **common)
        case Unknown():
            return replace(item, says=Says.UNREADABLE if found.code == PAID else Says.UNKNOWN, **common)


def timeout(token_hash: bytes | None, body: bytes, now: datetime) -> Evidence:
    """Not processed in time means unknown. Secrets in its body are not kept."""
    item = blank(Source.TIMEOUT, token_hash, body, now)
    try:
        notice = results.parse_timeout_notice(body)
    except callbacks.NotACallback:
        return item
    return replace(item, names=names(notice.originator_id, notice.conversation_id))


def answer(attempt_id: int, outcome: Outcome[B2cAccepted], now: datetime) -> Evidence:
    """What our own request was answered; accepted says nothing about paid."""
    key = key_of(Source.ANSWER, attempt_id, now.isoformat())
    item = Evidence(key, Source.ANSWER, Says.UNKNOWN, now, attempt(attempt_id))
    match outcome:
        case Failed(reason, code) as failed:
            return replace(item, says=Says.FAILED, code=code, reason=reason, stops_sending=failed.stops_sending)
        case Unknown(_, code):
            return replace(item, code=code)
        case Succeeded():
            return item


def blank(source: Source, token_hash: bytes | None, body: bytes, now: datetime) -> Evidence:
    try:
        kept = redaction.without_secrets(body)
    except callbacks.NotJson as error:
        raise NotJson from error
    return Evidence(key_of(source, token_hash, body), source, Says.UNKNOWN, now, token_hash=token_hash, body=kept)


def names(*found: str | None) -> tuple[str, ...]:
    return tuple(name for name in found if name)
