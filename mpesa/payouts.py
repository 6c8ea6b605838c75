"""Paying out, and asking about it. `MpesaPayouts` is what the rules need of it; `DarajaPayouts` is the real one."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from mpesa.answers import unanswered
from mpesa.b2c import B2cAccepted, B2cPayment
from mpesa.caller import Body, Caller
from mpesa.initiator_answers import b2c_outcome, question_outcome
from mpesa.outcome import Outcome
from mpesa.plain import plain
from mpesa.questions import BalanceQuestion, StatusQuestion
from mpesa.wire import Answer

__all__ = [
    "B2cAccepted",
    "B2cPayment",
    "BalanceQuestion",
    "Command",
    "DarajaPayouts",
    "InitiatorSettings",
    "MpesaPayouts",
    "StatusQuestion",
    "Version",
]

B2C_PATH = "/mpesa/b2c/{version}/paymentrequest"
STATUS_PATH = "/mpesa/transactionstatus/v1/query"
BALANCE_PATH = "/mpesa/accountbalance/v1/query"
A_SHORTCODE = "4"  # what kind of number PartyA is

Command = Literal["BusinessPayment", "SalaryPayment", "PromotionPayment"]
Version = Literal["v3", "v1"]


class MpesaPayouts(Protocol):
    async def b2c(self, payment: B2cPayment) -> Outcome[B2cAccepted]:
        """Sends the payment, once. Succeeded: queued, not paid. Unknown when it may have been taken."""

    async def transaction_status(self, question: StatusQuestion) -> Outcome[str]:
        """The question's ConversationID. A question that fails proves nothing about the transaction."""

    async def account_balance(self, question: BalanceQuestion) -> Outcome[str]:
        """The question's ConversationID."""


@dataclass(frozen=True, slots=True)
class InitiatorSettings:
    shortcode: str  # the one that pays out, from its Utility account
    name: str
    security_credential: str = field(repr=False)
    command: Command = "BusinessPayment"
    version: Version = "v3"  # v1 knows no id of ours: M-Pesa then recognises no payment that comes twice

    def __post_init__(self) -> None:
        if not (self.shortcode.isascii() and self.shortcode.isdecimal()):
            raise ValueError("the shortcode that pays out must be digits")
        if not self.name.strip():
            raise ValueError("the initiator needs a name")
        if not self.security_credential or self.security_credential.split() != [self.security_credential]:
            raise ValueError("the initiator's security credential must be base64 on one line")


class DarajaPayouts:
    def __init__(self, caller: Caller, initiator: InitiatorSettings):
        self._caller, self._initiator = caller, initiator

    async def b2c(self, payment: B2cPayment) -> Outcome[B2cAccepted]:
        id_field = {"OriginatorConversationID": payment.originator_id} if self._initiator.version == "v3" else {}
        path = B2C_PATH.format(version=self._initiator.version)
        reply = await self._caller.call("b2c", path, {**id_field, **self._payment_body(payment)})
        if isinstance(reply, Answer):
            return b2c_outcome(reply, id_field.get("OriginatorConversationID", ""))
        return unanswered(reply)

    async def transaction_status(self, question: StatusQuestion) -> Outcome[str]:
        body = self._question_body("TransactionStatusQuery", question.remarks, question)
        if question.receipt is not None:
            body["TransactionID"] = question.receipt
        if question.originator_id is not None:
            body["OriginalConversationID"] = question.originator_id
        return await self._ask("transaction_status", STATUS_PATH, body)

    async def account_balance(self, question: BalanceQuestion) -> Outcome[str]:
        body = self._question_body("AccountBalance", "Balance", question)
        return await self._ask(
            "account_balance", BALANCE_PATH, {**body, "PartyA": question.shortcode or body["PartyA"]}
        )

    async def _ask(self, name: str, path: str, body: Body) -> Outcome[str]:
        reply = await self._caller.call(name, path, body)
        return question_outcome(reply) if isinstance(reply, Answer) else unanswered(reply)

    def _payment_body(self, payment: B2cPayment) -> Body:
        """InitiatorName and Occassion are spelt so here, and Initiator and Occasion in the questions."""
        said = plain(payment.occasion)
        occasion = {"Occassion": said} if said else {}
        return {
            "InitiatorName": self._initiator.name,
            "SecurityCredential": self._initiator.security_credential,
            "CommandID": self._initiator.command,
            "Amount": payment.shillings,
            "PartyA": self._initiator.shortcode,
            "PartyB": payment.phone.digits,
            "Remarks": plain(payment.remarks, instead="Payout"),
            "QueueTimeOutURL": payment.timeout_url,
            "ResultURL": payment.result_url,
            **occasion,
        }

    def _question_body(self, command: str, remarks: str, question: StatusQuestion | BalanceQuestion) -> Body:
        return {
            "Initiator": self._initiator.name,
            "SecurityCredential": self._initiator.security_credential,
            "CommandID": command,
            "PartyA": self._initiator.shortcode,
            "IdentifierType": A_SHORTCODE,
            "Remarks": remarks,
            "QueueTimeOutURL": question.timeout_url,
            "ResultURL": question.result_url,
        }
