"""What M-Pesa says about an STK push: the callback, and the answer to a query."""

from dataclasses import dataclass
from datetime import datetime

from mpesa import bodies
from mpesa.amounts import cents
from mpesa.bodies import Fields, fields_of, named_values, text_of
from mpesa.codes import Heard, Verdict, look_up
from mpesa.kenyan_time import read_stamp
from mpesa.masking import remark
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown, not_succeeded

LONGEST_RECEIPT = 40


class NotACallback(ValueError):
    """JSON, but not this message."""


class NotJson(NotACallback):
    pass


@dataclass(frozen=True, slots=True)
class Payment:
    amount_minor: int | None  # cents
    receipt: str | None
    paid_at: datetime | None  # UTC


@dataclass(frozen=True, slots=True)
class StkResult:
    checkout_id: str
    merchant_request_id: str
    code: str
    outcome: Outcome[Payment]


@dataclass(frozen=True, slots=True)
class StkQueryResult:
    checkout_id: str
    code: str
    outcome: Outcome[None]


def parse_stk(body: bytes) -> StkResult:
    """Raises NotJson or NotACallback, and nothing else whatever the bytes. Nothing here proves who sent it."""
    callback = fields_of(fields_of(read(body).get("Body")).get("stkCallback"))
    checkout_id = text_of(callback.get("CheckoutRequestID"))
    if not checkout_id:
        raise NotACallback("no CheckoutRequestID")
    code = text_of(callback.get("ResultCode"))
    merchant_request_id = text_of(callback.get("MerchantRequestID"))
    return StkResult(checkout_id, merchant_request_id, code, outcome_of(callback, code))


def parse_stk_query(body: bytes) -> StkQueryResult:
    """Raises NotJson or NotACallback. M-Pesa tells neither amount nor receipt here."""
    answer = read(body)
    code = text_of(answer.get("ResultCode"))
    if text_of(answer.get("ResponseCode")) != "0" or not code:
        raise NotACallback("not the answer to an STK query")
    refused = refusal(code, Heard.QUERY, answer.get("ResultDesc"))
    return StkQueryResult(text_of(answer.get("CheckoutRequestID")), code, refused or Succeeded(None))


def read(body: bytes) -> Fields:
    try:
        return fields_of(bodies.decode(body))
    except bodies.NotJsonText as error:
        raise NotJson("not JSON") from error
    except bodies.TooStrange as error:
        raise NotACallback("JSON of no use") from error


def outcome_of(callback: Fields, code: str) -> Outcome[Payment]:
    refused = refusal(code, Heard.CALLBACK, callback.get("ResultDesc"))
    return refused or payment_of(named_values(callback.get("CallbackMetadata"), "Item", "Name"), code)


def refusal(code: str, heard: Heard, description: object) -> Failed | Unknown | None:
    """None when the code is a success."""
    meaning = look_up(code, heard)
    if meaning is not None and meaning.verdict is Verdict.SUCCEEDED:
        return None
    return not_succeeded(meaning, code, remark(description))


def payment_of(values: Fields, code: str) -> Succeeded[Payment] | Unknown:
    amount = values.get("Amount")
    if amount is None:
        return Unknown("succeeded without an amount", code)
    amount_minor = cents(amount)
    if amount_minor is None:
        return Unknown("succeeded with an unreadable amount", code)
    paid_at = read_stamp(text_of(values.get("TransactionDate")))
    return Succeeded(Payment(amount_minor, receipt_of(values.get("MpesaReceiptNumber")), paid_at))


def receipt_of(value: object) -> str | None:
    return text_of(value, LONGEST_RECEIPT) or None
