"""What the answer to a payment, or to a question in the initiator's name, means.

Stricter than with a push: money may already be on its way, so only Daraja's own words make it a no.
"""

from mpesa.answers import not_let_in
from mpesa.b2c import B2cAccepted
from mpesa.bodies import text_of
from mpesa.codes import RECEIVED_BEFORE, Code, Heard, Reason, look_up
from mpesa.masking import remark
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown, not_succeeded
from mpesa.wire import Answer

REQUEST_TIMEOUT = 408
OF_THE_REQUEST = 400
OF_THE_OPERATOR = (401, 403, 404, 405)
DUPLICATE = "duplicate"


def b2c_outcome(answer: Answer, sent_id: str) -> Outcome[B2cAccepted]:
    """`sent_id` is the originator's id that the request bore; empty when it bore none."""
    match taken(answer, Heard.B2C_ANSWER):
        case Succeeded(conversation_id):
            echo = text_of(answer.fields.get("OriginatorConversationID"))
            return Succeeded(B2cAccepted(conversation_id, echo or sent_id))
        case Failed() | Unknown() as other:
            return other


def question_outcome(answer: Answer) -> Outcome[str]:
    """The value is the ConversationID of the question itself."""
    return taken(answer, Heard.QUESTION_ANSWER)


def taken(answer: Answer, heard: Heard) -> Outcome[str]:
    if answer.status != 200:
        return turned_down(answer, heard)
    code = text_of(answer.fields.get("ResponseCode"))
    if code not in ("", "0"):
        return response_of(code, answer.fields.get("ResponseDescription"), heard)
    conversation_id = text_of(answer.fields.get("ConversationID"))
    if not (code and conversation_id):
        return Unknown("accepted without a ConversationID" if code else "HTTP 200 that says nothing", code)
    return Succeeded(conversation_id)


def response_of(code: str, description: object, heard: Heard) -> Failed | Unknown:
    text = description if isinstance(description, str) else ""
    if DUPLICATE in text.lower():
        return Unknown(RECEIVED_BEFORE, code)
    return not_succeeded(look_up(code, heard, text), code, remark(text))


def turned_down(answer: Answer, heard: Heard) -> Failed | Unknown:
    code, text = answer.error_code, answer.error_message
    if DUPLICATE in text.lower():
        return Unknown(RECEIVED_BEFORE, code)
    meaning = look_up(code, heard, text)
    if meaning is not None and believable(answer.status, meaning):
        return not_succeeded(meaning, code, remark(text))
    if not_let_in(answer.status, meaning):
        return Failed(Reason.BUSY, code, remark(text) or f"HTTP {answer.status}")
    if code.startswith("4") and answer.status in (OF_THE_REQUEST, *OF_THE_OPERATOR):
        reason = Reason.REFUSED if answer.status == OF_THE_REQUEST else Reason.CONFIGURATION
        return Failed(reason, code, remark(text) or f"HTTP {answer.status}")
    return Unknown(f"HTTP {answer.status}", code)


def believable(status: int, meaning: Code) -> bool:
    """Behind a 5xx or a timeout, only overload and maintenance prove that nothing happened."""
    if meaning.reason is None:
        return True
    if meaning.reason is Reason.BUSY:
        return status >= 400 and status != REQUEST_TIMEOUT
    return status == OF_THE_REQUEST or status in OF_THE_OPERATOR
