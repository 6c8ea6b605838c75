"""Results as Daraja posts them to ResultURL: the frame that all of them share."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from standins.daraja import clock, identifiers
from standins.daraja.payout_results import description
from standins.shapes import JsonObject, ResultCode

QUEUES = "https://internalapi.safaricom.co.ke/mpesa/{}/v1/submit"


@dataclass(frozen=True)
class Conversation:
    """A request's two numbers: the caller's, and M-Pesa's."""

    originator_id: str = field(default_factory=identifiers.merchant_request_id)
    conversation_id: str = field(default_factory=identifiers.conversation_id)

    def acknowledged(self) -> JsonObject:
        return {
            "OriginatorConversationID": self.originator_id,
            "ConversationID": self.conversation_id,
            "ResponseCode": "0",
            "ResponseDescription": "Accept the service request successfully.",
        }


def result(
    conversation: Conversation,
    code: ResultCode,
    transaction_id: str,
    reference: JsonObject,
    parameters: list[JsonObject] | JsonObject | None = None,
) -> JsonObject:
    """A failure has no ResultParameters at all, unless they are told."""
    said: JsonObject = {
        "ResultType": 0,
        "ResultCode": code,
        "ResultDesc": description(code),
        "OriginatorConversationID": conversation.originator_id,
        "ConversationID": conversation.conversation_id,
        "TransactionID": transaction_id,
    }
    if parameters is not None:
        said["ResultParameters"] = {"ResultParameter": parameters}
    said["ReferenceData"] = {"ReferenceItem": reference}
    return {"Result": said}


def item(key: str, value: object = None) -> JsonObject:
    """Without a value there is no Value key either."""
    return {"Key": key} if value is None else {"Key": key, "Value": value}


def shuffled(items: list[JsonObject]) -> list[JsonObject]:
    """Daraja promises no order, and keeps none."""
    secrets.SystemRandom().shuffle(items)
    return items


def queue(name: str) -> JsonObject:
    return item("QueueTimeoutURL", QUEUES.format(name))


def occasion(said: str) -> JsonObject:
    return item("Occasion", said or None)


def stamp(at: datetime) -> int:
    return int(at.strftime(clock.STAMP))


def moment(at: float) -> int:
    """Seconds of the epoch as a stamp of Kenya's time."""
    return stamp(datetime.fromtimestamp(at, clock.EAT))


def account(name: str, shillings: int) -> str:
    """Name, currency, current, available, reserved and uncleared."""
    return f"{name}|KES|{shillings}.00|{shillings}.00|0.00|0.00"
