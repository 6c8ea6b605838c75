"""What the answer to our own call means. A push that may have rung is unknown; a query proves nothing by failing."""

from mpesa.bodies import text_of
from mpesa.callbacks import NotACallback, parse_stk_query
from mpesa.codes import Code, Heard, Reason, Verdict, look_up
from mpesa.masking import remark
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown, not_succeeded
from mpesa.stk import PushAccepted
from mpesa.wire import Answer, Lost, NotSent

REQUEST_TIMEOUT, TOO_MANY_REQUESTS = 408, 429
OPERATOR_MUST_ACT = (401, 403, 404, 405)


def token_refused(answer: Answer) -> bool:
    """Said in so many words, so nothing happened."""
    meaning = look_up(answer.error_code, Heard.ANSWER, answer.error_message)
    return 400 <= answer.status < 500 and meaning is not None and meaning.verdict is Verdict.RENEW


def unanswered(reply: NotSent | Lost | Failed) -> Failed | Unknown:
    match reply:
        case NotSent(why):
            return Failed(Reason.NOT_REACHED, "", why)
        case Lost(why):
            return Unknown(f"no answer: {why}")
        case Failed() as no_token:
            return no_token


def push_outcome(answer: Answer) -> Outcome[PushAccepted]:
    if answer.status >= 400:
        return push_refused(answer)
    if answer.status != 200:
        return Unknown(f"HTTP {answer.status}")
    code = text_of(answer.fields.get("ResponseCode"))
    if code not in ("", "0"):
        description = answer.fields.get("ResponseDescription")
        message = description if isinstance(description, str) else ""
        return not_succeeded(look_up(code, Heard.ANSWER, message), code, remark(message))
    checkout_id = text_of(answer.fields.get("CheckoutRequestID"))
    if not (code and checkout_id):
        return Unknown("accepted without a CheckoutRequestID" if code else "HTTP 200 that says nothing", code)
    return Succeeded(PushAccepted(checkout_id, text_of(answer.fields.get("MerchantRequestID"))))


def push_refused(answer: Answer) -> Failed | Unknown:
    code, message = answer.error_code, remark(answer.error_message)
    meaning = look_up(code, Heard.ANSWER, answer.error_message)
    if meaning is not None and believable(answer.status, meaning):
        return not_succeeded(meaning, code, message)
    if not_let_in(answer.status, meaning):
        return Failed(Reason.BUSY, code, message or f"HTTP {answer.status}")
    if answer.status >= 500 or answer.status in (REQUEST_TIMEOUT, TOO_MANY_REQUESTS):
        return Unknown(f"HTTP {answer.status}", code)
    reason = Reason.CONFIGURATION if answer.status in OPERATOR_MUST_ACT else Reason.REFUSED
    return Failed(reason, code, message or f"HTTP {answer.status}")


def not_let_in(status: int, meaning: Code | None) -> bool:
    """Too many requests: the gateway has handed nothing on. Not where a code beside it says something else."""
    return status == TOO_MANY_REQUESTS and meaning is None


def believable(status: int, meaning: Code) -> bool:
    """A code that contradicts its own HTTP status is no proof that nothing happened."""
    if status in (REQUEST_TIMEOUT, TOO_MANY_REQUESTS):
        return status == TOO_MANY_REQUESTS and meaning.reason is Reason.BUSY
    return status < 500 or not meaning.code.startswith("4")


def query_outcome(answer: Answer, checkout_id: str) -> Outcome[None]:
    if answer.status != 200:
        meaning = look_up(answer.error_code, Heard.ANSWER, answer.error_message)
        processing = meaning is not None and meaning.verdict is Verdict.PROCESSING
        return Unknown(meaning.why if meaning and processing else f"HTTP {answer.status}", answer.error_code)
    try:
        result = parse_stk_query(answer.body)
    except NotACallback:
        return Unknown("an answer that says nothing")
    if result.checkout_id not in ("", checkout_id):
        return Unknown("an answer about another payment", result.code)
    return result.outcome
