"""Results about a payout: the one that tells its end, and what a Transaction Status question is told."""

from datetime import datetime

from standins.daraja import clock
from standins.daraja.names import Names
from standins.daraja.payout_results import DONE, QUEUED_AGAIN
from standins.daraja.result_bodies import Conversation, item, queue, result, shuffled
from standins.shapes import Accounts, JsonObject, ResultCode

DATE = "%d.%m.%Y %H:%M:%S"  # unlike every other date of Daraja's
QUEUE = queue("b2cresults")


def success(
    conversation: Conversation,
    receipt: str,
    shillings: int | float,
    phone: str,
    at: float,
    names: Names,
    accounts: Accounts,
    code: ResultCode = DONE,
) -> JsonObject:
    parameters = [
        item("TransactionAmount", shillings),
        item("TransactionReceipt", receipt),
        item("ReceiverPartyPublicName", names.party(phone)),
        item("TransactionCompletedDateTime", datetime.fromtimestamp(at, clock.EAT).strftime(DATE)),
        item("B2CUtilityAccountAvailableFunds", float(accounts.utility)),
        item("B2CWorkingAccountAvailableFunds", float(accounts.collection)),
        item("B2CRecipientIsRegisteredCustomer", "Y"),
        item("B2CChargesPaidAccountAvailableFunds", float(accounts.charges_paid)),
    ]
    return result(conversation, code, receipt, QUEUE, shuffled(parameters))


def failure(conversation: Conversation, transaction_id: str, code: ResultCode) -> JsonObject:
    return result(conversation, code, transaction_id, QUEUE)


def timed_out(conversation: Conversation, transaction_id: str) -> JsonObject:
    """No notice was ever recorded in this form: its code is the one that says that M-Pesa goes on trying."""
    return failure(conversation, transaction_id, QUEUED_AGAIN)
