"""What Transaction Status tells about one payment."""

from dataclasses import dataclass

from standins.daraja.names import Names
from standins.daraja.options import DarajaOptions
from standins.daraja.payouts import Payout
from standins.daraja.result_bodies import Conversation, item, moment, shuffled
from standins.shapes import JsonObject, Moved

OPEN = "Authorized"


@dataclass(frozen=True)
class Told:
    status: str
    parameters: list[JsonObject]


class StatusBodies:
    def __init__(self, options: DarajaOptions, names: Names) -> None:
        self._options = options
        self._names = names

    def payout(self, payout: Payout) -> Told:
        status = status_of(payout)
        shillings = payout.paid.shillings if payout.paid else payout.request.shillings
        fee = f"Fee For B2C Payment|KES|{payout.paid.fee}.00" if payout.paid else None
        parameters = [
            item("DebitPartyName", f"{self._options.paying_shortcode} - {self._options.business}"),
            item("CreditPartyName", self._names.party(payout.request.phone)),
            item("OriginatorConversationID", payout.conversation.originator_id),
            item("InitiatedTime", moment(payout.asked.at)),
            item("DebitAccountType", "Utility Account"),
            item("DebitPartyCharges", fee),
            item("TransactionReason"),
            item("ReasonType", "Business Payment to Customer via API"),
            item("TransactionStatus", status),
            item("FinalisedTime", moment(payout.ended_at) if payout.ended_at else None),
            item("Amount", shillings),
            item("ConversationID", payout.conversation.conversation_id),
            item("ReceiptNo", payout.receipt),
        ]
        return Told(status, shuffled(parameters))

    def push(self, moved: Moved) -> Told:
        """No recorded answer carries the account reference: receipt, amount and payer are all that can be compared."""
        conversation = Conversation()
        parameters = [
            item("DebitPartyName", self._names.party(moved.phone)),
            item("CreditPartyName", f"{self._options.shortcode} - {self._options.business}"),
            item("OriginatorConversationID", conversation.originator_id),
            item("InitiatedTime", moment(moved.at)),
            item("CreditPartyCharges"),
            item("DebitAccountType", "MMF Account For Customer"),
            item("TransactionReason"),
            item("ReasonType", "Pay Bill Online"),
            item("TransactionStatus", "Completed"),
            item("FinalisedTime", moment(moved.at)),
            item("Amount", moved.shillings),
            item("ConversationID", conversation.conversation_id),
            item("ReceiptNo", moved.receipt),
        ]
        return Told("Completed", shuffled(parameters))


def status_of(payout: Payout) -> str:
    """Where the money is, whatever a result said."""
    if payout.paid:
        return "Completed"
    return OPEN if payout.ended_at is None else payout.behaviour.ends_as
