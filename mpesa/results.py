"""What M-Pesa says later about a payment or a question: the result, or the notice that it was not dealt with in time.

The parsers raise NotJson or NotACallback, and nothing else whatever the bytes. Nothing here proves who sent them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mpesa.amounts import balance_cents, cents
from mpesa.bodies import Fields, fields_of, named_values, text_of
from mpesa.callbacks import NotACallback, NotJson, read, receipt_of, refusal
from mpesa.codes import Heard
from mpesa.kenyan_time import read_moment
from mpesa.masking import remark
from mpesa.outcome import Outcome, Succeeded, Unknown
from mpesa.redaction import without_secrets

__all__ = [
    "B2cPaid",
    "B2cResult",
    "BalanceResult",
    "NotACallback",
    "NotJson",
    "StatusResult",
    "TimeoutNotice",
    "TransactionFact",
    "TransactionStatus",
    "parse_b2c_result",
    "parse_balance_result",
    "parse_status_result",
    "parse_timeout_notice",
    "without_secrets",
]

LONGEST_NAME = 200
LONGEST_LIST = 4000  # of charges or accounts, all in one string


@dataclass(frozen=True, slots=True)
class B2cPaid:
    amount_minor: int | None  # cents
    receipt: str | None
    recipient: str | None = field(repr=False)  # number and name, as registered with M-Pesa
    completed_at: datetime | None  # UTC
    utility_funds_minor: int | None  # what is left in our own accounts, in cents
    working_funds_minor: int | None
    charges_funds_minor: int | None  # below zero until charges are settled
    recipient_is_registered: bool | None


@dataclass(frozen=True, slots=True)
class B2cResult:
    originator_id: str
    conversation_id: str
    transaction_id: str  # also given to failures: proves nothing by itself
    code: str
    message: str
    outcome: Outcome[B2cPaid]


class TransactionStatus(StrEnum):
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    OTHER = "other"  # under way: authorised, initiated, or a word that nobody documented


@dataclass(frozen=True, slots=True)
class TransactionFact:
    status: TransactionStatus
    amount_minor: int | None  # cents
    receipt: str | None
    originator_id: str | None  # of the transaction, not of the question
    initiated_at: datetime | None  # UTC
    finalised_at: datetime | None  # UTC
    fee_minor: int | None  # all charges together, in cents
    debit_party: str | None = field(repr=False)
    credit_party: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class StatusResult:
    originator_id: str  # of the question itself
    conversation_id: str
    code: str
    outcome: Outcome[TransactionFact]


@dataclass(frozen=True, slots=True)
class BalanceResult:
    code: str
    outcome: Outcome[dict[str, int]]  # what is available, in cents, by account: "Utility Account"
    completed_at: datetime | None  # UTC


@dataclass(frozen=True, slots=True)
class TimeoutNotice:
    """M-Pesa did not get to it in time. That is no failure: what became of it, only its status tells."""

    originator_id: str | None
    conversation_id: str | None


@dataclass(frozen=True, slots=True)
class Result:
    originator_id: str
    conversation_id: str
    transaction_id: str
    code: str
    description: object
    values: Fields = field(repr=False)


def parse_b2c_result(body: bytes) -> B2cResult:
    result = read_result(body)
    outcome = refusal(result.code, Heard.B2C_RESULT, result.description) or paid(result)
    message = remark(result.description)
    ids = (result.originator_id, result.conversation_id, result.transaction_id)
    return B2cResult(*ids, result.code, message, outcome)


def parse_status_result(body: bytes) -> StatusResult:
    result = read_result(body)
    outcome = refusal(result.code, Heard.QUESTION_RESULT, result.description) or fact(result)
    return StatusResult(result.originator_id, result.conversation_id, result.code, outcome)


def parse_balance_result(body: bytes) -> BalanceResult:
    result = read_result(body)
    outcome = refusal(result.code, Heard.QUESTION_RESULT, result.description) or available(result)
    return BalanceResult(result.code, outcome, moment(result.values.get("BOCompletedTime")))


def parse_timeout_notice(body: bytes) -> TimeoutNotice:
    """Nobody published one. Reported are a result without parameters, and the original request sent back."""
    notice = read(body)
    result = fields_of(notice.get("Result"))
    keys = ("OriginatorConversationID", "ConversationID")
    originator_id, conversation_id = (text_of(result.get(key)) or text_of(notice.get(key)) or None for key in keys)
    return TimeoutNotice(originator_id, conversation_id)


def read_result(body: bytes) -> Result:
    result = fields_of(read(body).get("Result"))
    keys = ("OriginatorConversationID", "ConversationID", "TransactionID", "ResultCode")
    originator_id, conversation_id, transaction_id, code = (text_of(result.get(key)) for key in keys)
    if not (originator_id or conversation_id):
        raise NotACallback("no conversation is named")
    values = named_values(result.get("ResultParameters"), "ResultParameter", "Key")
    return Result(originator_id, conversation_id, transaction_id, code, result.get("ResultDesc"), values)


def paid(result: Result) -> Succeeded[B2cPaid] | Unknown:
    values = result.values
    amount = values.get("TransactionAmount")
    if amount is None:
        return Unknown("paid without an amount", result.code)
    amount_minor = cents(amount)
    if amount_minor is None:
        return Unknown("paid with an unreadable amount", result.code)
    return Succeeded(
        B2cPaid(
            amount_minor,
            receipt_of(values.get("TransactionReceipt")) or receipt_of(result.transaction_id),
            party(values.get("ReceiverPartyPublicName")),
            moment(values.get("TransactionCompletedDateTime")),
            balance_cents(values.get("B2CUtilityAccountAvailableFunds")),
            balance_cents(values.get("B2CWorkingAccountAvailableFunds")),
            balance_cents(values.get("B2CChargesPaidAccountAvailableFunds")),
            {"Y": True, "N": False}.get(text_of(values.get("B2CRecipientIsRegisteredCustomer"))),
        )
    )


def fact(result: Result) -> Succeeded[TransactionFact] | Unknown:
    values = result.values
    word = text_of(values.get("TransactionStatus")).strip().lower()
    if not word:
        return Unknown("a status result without a status", result.code)
    return Succeeded(
        TransactionFact(
            TransactionStatus(word) if word in set(TransactionStatus) else TransactionStatus.OTHER,
            cents(values.get("Amount")),
            receipt_of(values.get("ReceiptNo")),
            text_of(values.get("OriginatorConversationID")) or None,
            moment(values.get("InitiatedTime")),
            moment(values.get("FinalisedTime")),
            charges(values.get("DebitPartyCharges")),
            party(values.get("DebitPartyName")),
            party(values.get("CreditPartyName")),
        )
    )


def available(result: Result) -> Succeeded[dict[str, int]] | Unknown:
    """Accounts joined by &, each Name|KES|current|available|reserved|uncleared; an unreadable one is left out."""
    funds: dict[str, int] = {}
    for account in text_of(result.values.get("AccountBalance"), LONGEST_LIST).split("&"):
        match account.split("|"):
            case [name, "KES", _, balance, _, _] if name and (minor := balance_cents(balance)) is not None:
                funds.setdefault(name, minor)
    return Succeeded(funds) if funds else Unknown("a balance result without a balance", result.code)


def charges(value: object) -> int | None:
    """The sum of `Fee For …|KES|22.40`, joined by &; None when there are none or one of them cannot be read."""
    parts = [part.split("|") for part in text_of(value, LONGEST_LIST).split("&")]
    fees = [balance_cents(part[2]) if len(part) == 3 and part[1] == "KES" else None for part in parts]
    known = [fee for fee in fees if fee is not None and fee >= 0]
    return sum(known) if len(known) == len(fees) else None


def moment(value: object) -> datetime | None:
    return read_moment(text_of(value))


def party(value: object) -> str | None:
    """`2547… - NAME`, in any script; a number alone is text too."""
    text = value if isinstance(value, str) else text_of(value)
    return "".join(char for char in text if char.isprintable()).strip()[:LONGEST_NAME] or None
