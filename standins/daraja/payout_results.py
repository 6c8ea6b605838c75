"""Result codes of payouts, questions and reversals, with their descriptions."""

from standins.shapes import ResultCode

DONE = 0
FLOAT_EMPTY = 1
NOT_ALLOWED = 21
WRONG_INITIATOR = 2001
WRONG_PRODUCT = 2028
NO_SUCH_TRANSACTION = 2032  # observed in the sandbox for an unknown receipt
LOCKED = 8006
QUEUED_AGAIN = 100000000
NOT_ON_MPESA = "SFC_IC0003"
REVERSED_BEFORE = "R000001"
BAD_ORIGINAL = "R000002"

DESCRIPTIONS: dict[str, str] = {
    "0": "The service request is processed successfully.",
    "1": "The balance is insufficient for the transaction.",
    "2": "Declined due to limit rule: less than the minimum transaction amount.",
    "3": "Declined due to limit rule: greater than the maximum transaction amount.",
    "4": "Declined due to limit rule: would exceed daily transfer limit.",
    "8": "Declined due to limit rule: would exceed the maximum balance.",
    "11": "The DebitParty is in an invalid state.",
    "17": "System internal error.",
    "18": "Initiator credential check failure.",
    "20": "Unresolved initiator.",
    "21": "The initiator is not allowed to initiate this request.",
    "22": "The initiator is not allowed to initiate this request.",
    "25": "Invalid parameter format.",
    "26": "Traffic blocking condition in place.",
    "2001": "The initiator information is invalid.",
    "2006": "Declined due to account rule: The account status does not allow this transaction.",
    "2028": "The request is not permitted according to product assignment.",
    "2032": "The transaction receipt number does not exist.",
    "2040": "Credit Party customer type (Unregistered or Registered Customer) can't be supported by the service.",
    "8006": "The security credential is locked.",
    "100000000": "Request was cached, waiting for resending.",
    "SFC_IC0003": "The operator does not exist.",
    "R000001": "The transaction has already been reversed.",
    "R000002": "The OriginalTransactionID is invalid.",
}


def description(code: ResultCode) -> str:
    return DESCRIPTIONS.get(str(code), "The request failed.")
