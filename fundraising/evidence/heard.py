"""M-Pesa's callbacks about payouts, read into words."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from fundraising.evidence.tokens import hash_of
from fundraising.evidence.words import Says, Source, Word, key_of
from fundraising.money import Money
from fundraising.refusals import NotJson
from mpesa import callbacks, redaction, results
from mpesa.b2c import B2cAccepted
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from mpesa.results import TransactionFact, TransactionStatus
from storage.places import body_of_evidence
from storage.vault import Vault

ENDED_UNPAID = (TransactionStatus.DECLINED, TransactionStatus.CANCELLED, TransactionStatus.EXPIRED)


def payment_result(token: str | None, body: bytes, now: datetime) -> Word:
    """Raises NotJson."""
    word = blank(Source.RESULT, token, body, now)
    try:
        result = results.parse_b2c_result(body)
    except callbacks.NotACallback:
        return word
    common: dict[str, Any] = {"names": names(result.originator_id, result.conversation_id), "code": result.code}
    match result.outcome:
        case Succeeded(paid):
            amount = Money(paid.amount_minor) if paid.amount_minor else None
            told: dict[str, Any] = {
                "amount": amount,
                "receipt": paid.receipt,
                "payee": paid.recipient,
                "utility_minor": paid.utility_funds_minor,
            }
            return replace(word, says=Says.PAID, **told, **common)
        case Failed(reason) as failed:
            return replace(word, says=Says.FAILED, reason=reason, stops_sending=failed.stops_sending, **common)
        case Unknown():
            return replace(word, **common)


def timeout_notice(token: str | None, body: bytes, now: datetime) -> Word:
    """Not processed in time means unknown. Secrets in its body are not kept. Raises NotJson."""
    word = blank(Source.TIMEOUT, token, body, now)
    try:
        notice = results.parse_timeout_notice(body)
    except callbacks.NotACallback:
        return word
    return replace(word, names=names(notice.originator_id, notice.conversation_id))


def status_result(token: str | None, body: bytes, now: datetime) -> Word:
    """Only Completed proves a payment; only Declined, Cancelled and Expired a failure. Raises NotJson."""
    word = blank(Source.STATUS, token, body, now)
    try:
        result = results.parse_status_result(body)
    except callbacks.NotACallback:
        return word
    match result.outcome:
        case Succeeded(fact):
            return fact_word(word, fact, result.code)
        case Failed(reason) as failed:  # the question failed, not the payment
            return replace(word, code=result.code, reason=reason, stops_sending=failed.stops_sending)
        case Unknown():
            return replace(word, code=result.code)


def fact_word(word: Word, fact: TransactionFact, code: str) -> Word:
    common: dict[str, Any] = {
        "names": names(fact.originator_id),
        "code": code,
        "amount": Money(fact.amount_minor) if fact.amount_minor else None,
        "receipt": fact.receipt,
        "payee": fact.credit_party,
    }
    if fact.status is TransactionStatus.COMPLETED:
        return replace(word, says=Says.PAID, fee=Money(fact.fee_minor) if fact.fee_minor else None, **common)
    return replace(word, says=Says.FAILED if fact.status in ENDED_UNPAID else Says.UNKNOWN, **common)


def own_answer(attempt_id: int, outcome: Outcome[B2cAccepted], now: datetime) -> Word:
    """What our own request was answered; accepted says nothing about paid."""
    key = key_of(Source.ANSWER, attempt_id, now.isoformat())
    word = Word(key, Source.ANSWER, Says.UNKNOWN, now, attempt_id=attempt_id)
    match outcome:
        case Failed(reason, code) as failed:
            return replace(word, says=Says.FAILED, code=code, reason=reason, stops_sending=failed.stops_sending)
        case Unknown(_, code):
            return replace(word, code=code)
        case Succeeded():
            return word


def again(row: Any, vault: Vault) -> Word:
    """A word as it was heard, from where it was stored."""
    source = Source(row.source)
    if source in READ_FROM_BODY and row.body_sealed:
        body = vault.open(row.body_sealed, body_of_evidence(row.key))
        word = READ_FROM_BODY[source](None, body, row.received_at)
        return replace(word, key=row.key, token_hash=row.token_hash, body=body)
    reason = Reason(row.reason) if row.reason else None
    stops = reason is not None and Failed(reason, row.code).stops_sending
    return Word(
        row.key,
        source,
        Says(row.says),
        row.received_at,
        attempt_id=row.attempt_id,
        person_id=row.person_id,
        code=row.code,
        reason=reason,
        stops_sending=stops,
        amount=Money(row.amount_minor) if row.amount_minor else None,
        receipt=row.receipt,
    )


READ_FROM_BODY = {Source.RESULT: payment_result, Source.TIMEOUT: timeout_notice, Source.STATUS: status_result}


def blank(source: Source, token: str | None, body: bytes, now: datetime) -> Word:
    try:
        kept = redaction.without_secrets(body)
    except callbacks.NotJson as error:
        raise NotJson from error
    token_hash = hash_of(token) if token else None
    return Word(key_of(source, token_hash, body), source, Says.UNKNOWN, now, token_hash=token_hash, body=kept)


def names(*found: str | None) -> tuple[str, ...]:
    return tuple(name for name in found if name)
