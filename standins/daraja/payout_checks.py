"""What requests in the initiator's name must look like before Daraja takes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from standins.daraja import callback_urls
from standins.daraja.checks import matching, read_shillings
from standins.daraja.options import DarajaOptions
from standins.daraja.refusals import invalid

LEAST_PAYOUT = 10
COMMANDS = ("SalaryPayment", "BusinessPayment", "PromotionPayment")
B2C_NAMES = {"Initiator": "InitiatorName", "Occasion": "Occassion", "QueueTimeoutURL": "QueueTimeOutURL"}
OTHER_NAMES = {"InitiatorName": "Initiator", "Occassion": "Occasion", "QueueTimeoutURL": "QueueTimeOutURL"}


@dataclass(frozen=True)
class Signed:
    """What every request in the initiator's name has."""

    initiator: str
    credential: str
    shortcode: str
    remarks: str
    occasion: str
    result_url: str
    timeout_url: str


@dataclass(frozen=True)
class PayoutRequest:
    signed: Signed
    originator_id: str | None
    phone: str
    shillings: int


@dataclass(frozen=True)
class StatusRequest:
    signed: Signed
    transaction_id: str
    original_conversation_id: str


@dataclass(frozen=True)
class ReversalRequest:
    signed: Signed
    transaction_id: str
    shillings: int


def read_payout(body: Mapping[str, object], options: DarajaOptions, version: str) -> PayoutRequest:
    """The third version has the caller's own OriginatorConversationID, the first has none."""
    spelled(body, B2C_NAMES)
    originator_id = matching(body, "OriginatorConversationID", r"[\w-]{1,100}") if version == "v3" else None
    matching(body, "CommandID", "|".join(COMMANDS))
    shillings = read_shillings(body.get("Amount"), LEAST_PAYOUT)
    phone = matching(body, "PartyB", r"\d{12}")
    signed = read_signed(body, options, "InitiatorName", "PartyA", "Occassion")
    return PayoutRequest(signed, originator_id, phone, shillings)


def read_status(body: Mapping[str, object], options: DarajaOptions) -> StatusRequest:
    spelled(body, OTHER_NAMES)
    matching(body, "CommandID", "TransactionStatusQuery")
    matching(body, "IdentifierType", "[124]")
    receipt = optional(body, "TransactionID", r"[A-Z0-9]{10,12}")
    conversation = optional(body, "OriginalConversationID", r"[\w-]{1,100}")
    if not receipt and not conversation:
        raise invalid("TransactionID")
    return StatusRequest(read_signed(body, options, "Initiator", "PartyA", "Occasion"), receipt, conversation)


def read_balance(body: Mapping[str, object], options: DarajaOptions) -> Signed:
    spelled(body, OTHER_NAMES)
    matching(body, "CommandID", "AccountBalance")
    matching(body, "IdentifierType", "4")
    return read_signed(body, options, "Initiator", "PartyA", "Occasion")


def read_reversal(body: Mapping[str, object], options: DarajaOptions) -> ReversalRequest:
    spelled(body, OTHER_NAMES | {"ReceiverIdentifierType": "RecieverIdentifierType"})
    matching(body, "CommandID", "TransactionReversal")
    receipt = matching(body, "TransactionID", r"[A-Z0-9]{10,12}")
    shillings = read_shillings(body.get("Amount"))
    matching(body, "RecieverIdentifierType", "11")
    return ReversalRequest(read_signed(body, options, "Initiator", "ReceiverParty", "Occasion"), receipt, shillings)


def read_signed(
    body: Mapping[str, object], options: DarajaOptions, initiator: str, party: str, occasion: str
) -> Signed:
    """The same fields, as each API spells them."""
    return Signed(
        initiator=matching(body, initiator, r"\S{1,64}"),
        credential=matching(body, "SecurityCredential", r"\S+"),
        shortcode=matching(body, party, r"\d{5,12}"),
        remarks=matching(body, "Remarks", r".{2,100}"),
        occasion=optional(body, occasion, r".{1,100}"),
        result_url=callback_urls.check(body.get("ResultURL"), options.refuse_words_in_urls, "ResultURL"),
        timeout_url=callback_urls.check(body.get("QueueTimeOutURL"), options.refuse_words_in_urls, "QueueTimeOutURL"),
    )


def spelled(body: Mapping[str, object], wrong: Mapping[str, str]) -> None:
    """Production ignores what it does not know, and the caller's words are lost; here the right name is told."""
    for name, right in wrong.items():
        if name in body:
            raise invalid(right)


def optional(body: Mapping[str, object], field: str, pattern: str) -> str:
    return matching(body, field, pattern) if body.get(field) not in (None, "") else ""
