"""M-Pesa's codes: Daraja's documentation, and what was observed in production where the two differ.

Only STK 0, 1, 1032 and 1037 and B2C 0, 1 and 2 have been proven in production (KEPAS); the rest is documentation.
Therefore a code that is not listed is unknown, never failed. One and the same code means one thing of a push and
another of a payout: 2001 is the payer's wrong PIN there and our own wrong password here.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Reason(StrEnum):
    INSUFFICIENT_FUNDS = "insufficient_funds"
    AMOUNT_TOO_SMALL = "amount_too_small"
    AMOUNT_TOO_LARGE = "amount_too_large"
    DAILY_LIMIT = "daily_limit"
    RECEIVER_FULL = "receiver_full"
    RECIPIENT_NOT_REGISTERED = "recipient_not_registered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NO_ANSWER = "no_answer"
    WRONG_PIN = "wrong_pin"
    PIN_LOCKED = "pin_locked"
    TOO_SOON = "too_soon"  # the same amount from the same payer within two minutes
    PHONE_BUSY = "phone_busy"  # another prompt is open on this phone
    NOT_DELIVERED = "not_delivered"
    REFUSED = "refused"
    ALREADY_RECEIVED = "already_received"
    ALREADY_REVERSED = "already_reversed"
    CONFIGURATION = "configuration"  # shortcode, product, role or credentials: the operator must act
    NOT_REACHED = "not_reached"  # refused connection, DNS, TLS, no token: nothing was sent
    BUSY = "busy"  # spike arrest, quota, maintenance: nothing was accepted
    FLOAT_EMPTY = "float_empty"  # our own Utility account is too low
    INITIATOR_REFUSED = "initiator_refused"  # name, password or certificate; repeating it locks the password
    INITIATOR_LOCKED = "initiator_locked"  # an administrator must unlock it on Safaricom's portal
    INITIATOR_WITHOUT_ROLE = "initiator_without_role"
    ACCOUNT_INACTIVE = "account_inactive"
    PRODUCT_MISSING = "product_missing"


NOTHING_HAPPENED = frozenset({Reason.NOT_REACHED, Reason.BUSY})
WRONG_INITIATOR = frozenset({Reason.INITIATOR_REFUSED, Reason.INITIATOR_LOCKED})
OPERATOR_FIRST = frozenset(
    {
        Reason.CONFIGURATION,
        Reason.INITIATOR_REFUSED,
        Reason.INITIATOR_LOCKED,
        Reason.INITIATOR_WITHOUT_ROLE,
        Reason.ACCOUNT_INACTIVE,
        Reason.PRODUCT_MISSING,
    }
)

RECEIVED_BEFORE = "M-Pesa had received this request before"  # by its id: an earlier attempt of ours arrived


class Verdict(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    PROCESSING = "processing"  # unknown, and worth asking again soon
    STOP = "stop"  # failed, and the next one will fail alike until the operator acts
    RENEW = "renew"  # nothing happened: the access token was refused, a new one may help


class Heard(StrEnum):
    """Where a code was heard: it means one thing here and another there. An answer is the synchronous one."""

    CALLBACK = "callback"  # the first three of an STK push
    QUERY = "query"
    ANSWER = "answer"
    B2C_ANSWER = "b2c answer"
    B2C_RESULT = "b2c result"
    QUESTION_ANSWER = "question answer"  # transaction status or account balance
    QUESTION_RESULT = "question result"


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    verdict: Verdict
    reason: Reason | None = None
    why: str = ""
    heard: Heard | None = None  # None: wherever its table is read
    says: str = ""  # lower-case text that the message must contain


def failed(code: str, reason: Reason, heard: Heard | None = None, says: str = "") -> Code:
    return Code(code, Verdict.FAILED, reason, heard=heard, says=says)


def unknown(code: str, why: str, says: str = "") -> Code:
    return Code(code, Verdict.UNKNOWN, why=why, says=says)


def processing(code: str, says: str = "") -> Code:
    return Code(code, Verdict.PROCESSING, why="still being processed", says=says)


def stop(code: str, reason: Reason = Reason.CONFIGURATION, says: str = "") -> Code:
    return Code(code, Verdict.STOP, reason, says=says)


def stale_token(code: str) -> Code:
    return Code(code, Verdict.RENEW, Reason.CONFIGURATION)


# Of several rows of one code the first that fits counts.
PUSHES = (
    Code("0", Verdict.SUCCEEDED, heard=Heard.CALLBACK),
    Code("0", Verdict.SUCCEEDED, heard=Heard.QUERY),
    failed("1", Reason.INSUFFICIENT_FUNDS),
    failed("2", Reason.AMOUNT_TOO_SMALL),
    failed("3", Reason.AMOUNT_TOO_LARGE),
    failed("4", Reason.DAILY_LIMIT),
    failed("8", Reason.RECEIVER_FULL),
    stop("11"),
    unknown("15", RECEIVED_BEFORE),
    failed("17", Reason.TOO_SOON),
    stop("21"),
    stop("22"),
    unknown("26", "M-Pesa's traffic is blocked"),
    unknown("1001", "another session of this phone is running"),  # debits minutes later were observed
    failed("1019", Reason.EXPIRED),
    failed("1025", Reason.NOT_DELIVERED),
    failed("1031", Reason.CANCELLED),
    failed("1032", Reason.CANCELLED),
    unknown("1036", "the phone's network did not confirm the prompt"),
    failed("1037", Reason.NO_ANSWER, heard=Heard.QUERY),
    unknown("1037", "the phone was not reached, or nobody answered"),  # debits minutes later were observed
    failed("1101", Reason.NOT_DELIVERED),
    failed("1102", Reason.NOT_DELIVERED),
    failed("2001", Reason.WRONG_PIN),
    stop("2006"),
    failed("2008", Reason.WRONG_PIN),
    failed("2026", Reason.EXPIRED),
    stop("2028"),
    processing("4999"),
    failed("8006", Reason.PIN_LOCKED),
    failed("9999", Reason.NOT_DELIVERED),
    unknown("100000000", "M-Pesa holds the request and will send it again"),
    failed("E3008", Reason.REFUSED),  # the sandbox, for any but its test number
    stop("SFC_IC0003"),
)

# Of a payment; R000001 and R000002 of its reversal.
B2C = (
    Code("0", Verdict.SUCCEEDED, heard=Heard.B2C_RESULT),
    failed("1", Reason.FLOAT_EMPTY),
    failed("2", Reason.AMOUNT_TOO_SMALL),
    failed("3", Reason.AMOUNT_TOO_LARGE),
    failed("4", Reason.DAILY_LIMIT),
    failed("8", Reason.RECEIVER_FULL),
    unknown("15", RECEIVED_BEFORE),
    failed("24", Reason.REFUSED),
    failed("25", Reason.REFUSED),
    failed("29", Reason.REFUSED),
    failed("2040", Reason.RECIPIENT_NOT_REGISTERED),
    failed("SFC_IC0003", Reason.RECIPIENT_NOT_REGISTERED),
    failed("R000001", Reason.ALREADY_REVERSED),
    failed("R000002", Reason.REFUSED),
)

# A question that fails proves nothing about the payment that it asks for.
QUESTIONS = (
    Code("0", Verdict.SUCCEEDED, heard=Heard.QUESTION_RESULT),
    unknown("24", "M-Pesa did not understand the question"),
    unknown("25", "M-Pesa did not understand the question"),  # observed in production (KEPAS)
    unknown("29", "M-Pesa did not understand the question"),
)

# Whatever is done in the initiator's name meets these: until the operator acts, everything sent fails alike.
INITIATOR = (
    stop("11", Reason.ACCOUNT_INACTIVE),
    stop("18", Reason.INITIATOR_REFUSED),
    stop("20", Reason.INITIATOR_REFUSED),
    stop("21", Reason.INITIATOR_WITHOUT_ROLE),
    stop("22", Reason.INITIATOR_WITHOUT_ROLE),
    stop("2001", Reason.INITIATOR_REFUSED),
    stop("2006", Reason.ACCOUNT_INACTIVE),
    stop("2028", Reason.PRODUCT_MISSING),
    stop("8006", Reason.INITIATOR_LOCKED),
    unknown("17", "M-Pesa's own fault"),
    unknown("26", "M-Pesa's traffic is blocked"),
    unknown("100000000", "M-Pesa holds the request and will send it again"),
)

# Said at once, nothing was accepted; said in a result, something had been accepted before.
THROTTLED = ("100000001", "100000002", "100000011")
BUSY_AT_ONCE = tuple(failed(code, Reason.BUSY) for code in THROTTLED)
BUSY_LATER = tuple(unknown(code, "M-Pesa was overloaded after it had taken the request") for code in THROTTLED)

PUSH_ERRORS = (
    processing("500.001.1001", says="being processed"),
    failed("500.001.1001", Reason.PHONE_BUSY, says="unable to lock subscriber"),
    stop("500.001.1001", says="merchant does not exist"),
    stop("500.001.1001", says="wrong credentials"),
    failed("500.003.1001", Reason.ALREADY_RECEIVED, says="already registered"),
    unknown("500.003.1001", "M-Pesa's own fault"),
)

ERRORS = (
    failed("00.002.1001", Reason.BUSY),
    failed("400.002.02", Reason.REFUSED),
    failed("400.002.05", Reason.REFUSED),
    stale_token("400.003.01"),
    failed("400.003.02", Reason.REFUSED),
    stop("400.008.01"),
    stop("400.008.02"),
    stale_token("401.002.01"),
    stop("401.003.01", says="no apiproduct match"),
    stale_token("401.003.01"),
    stop("403.002.1001"),
    stop("404.001.01"),
    stop("404.002.01"),
    stop("404.003.01"),
    stale_token("404.001.03"),
    stop("404.001.04"),
    stop("405.001"),
    unknown("500.002.1001", RECEIVED_BEFORE, says="duplicate"),
    unknown("500.002.1001", "M-Pesa's own fault"),
    failed("500.003.02", Reason.BUSY),
    failed("500.003.03", Reason.BUSY),
    failed("policies.ratelimit.SpikeArrestViolation", Reason.BUSY),  # the gateway's own: it has handed nothing on
    failed("policies.ratelimit.QuotaViolation", Reason.BUSY),
)

# What M-Pesa learns only when it asks the payer's phone, or moves the money: said at once, it means no more than no.
LEARNT_LATER = frozenset(
    {
        Reason.INSUFFICIENT_FUNDS,
        Reason.CANCELLED,
        Reason.EXPIRED,
        Reason.NO_ANSWER,
        Reason.WRONG_PIN,
        Reason.PIN_LOCKED,
        Reason.FLOAT_EMPTY,
    }
)


def at_once(table: tuple[Code, ...]) -> tuple[Code, ...]:
    return tuple(replace(row, reason=Reason.REFUSED) if row.reason in LEARNT_LATER else row for row in table)


TABLES = {
    Heard.CALLBACK: PUSHES,
    Heard.QUERY: PUSHES,
    Heard.ANSWER: at_once(PUSHES) + PUSH_ERRORS + ERRORS,
    Heard.B2C_ANSWER: at_once(B2C) + INITIATOR + BUSY_AT_ONCE + ERRORS,
    Heard.B2C_RESULT: B2C + INITIATOR + BUSY_LATER,
    Heard.QUESTION_ANSWER: QUESTIONS + INITIATOR + BUSY_AT_ONCE + ERRORS,
    Heard.QUESTION_RESULT: QUESTIONS + INITIATOR + BUSY_LATER,
}


def by_code(table: tuple[Code, ...]) -> dict[str, list[Code]]:
    rows: dict[str, list[Code]] = {}
    for row in table:
        rows.setdefault(row.code, []).append(row)
    return rows


BY_CODE = {heard: by_code(table) for heard, table in TABLES.items()}


def look_up(code: str, heard: Heard, message: str = "") -> Code | None:
    """None when the code is not listed, or not for this place and text: then the outcome is unknown."""
    for row in BY_CODE[heard].get(code, ()):
        if row.heard in (None, heard) and row.says in message.lower():
            return row
    return None
