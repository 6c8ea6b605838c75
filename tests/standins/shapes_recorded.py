"""Keys and types of Daraja's messages as recorded in production and on Safaricom's portal; the values are ours."""

from typing import Any

PAID: dict[str, Any] = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "10000-20000000-1",
            "CheckoutRequestID": "ws_CO_01012025101010123700000001",
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "CallbackMetadata": {
                "Item": [
                    {"Name": "Amount", "Value": 1.0},
                    {"Name": "MpesaReceiptNumber", "Value": "TA10000001"},
                    {"Name": "Balance"},
                    {"Name": "TransactionDate", "Value": 20250101101030},
                    {"Name": "PhoneNumber", "Value": 254700000001},
                ]
            },
        }
    }
}
FAILED: dict[str, Any] = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "aaaa-4bbb-8ccc-dddddddddddd1000001",
            "CheckoutRequestID": "ws_CO_01012025101010124700000001",
            "ResultCode": 1032,
            "ResultDesc": "Request cancelled by user",
        }
    }
}
QUERIED: dict[str, Any] = {
    "ResponseCode": "0",
    "ResponseDescription": "The service request has been accepted successsfully",
    "MerchantRequestID": "10000-20000000-2",
    "CheckoutRequestID": "ws_CO_01012025101010125700000001",
    "ResultCode": "1032",
    "ResultDesc": "Request cancelled by user",
}
REFUSED: dict[str, Any] = {
    "requestId": "10000-20000000-3",
    "errorCode": "400.002.02",
    "errorMessage": "Bad Request - Invalid CallBackURL",
}


def recorded_result(code: int, reference: dict[str, Any], *parameters: tuple[str, Any] | str) -> dict[str, Any]:
    """A parameter without a value has no Value key."""
    items = [{"Key": p} if isinstance(p, str) else {"Key": p[0], "Value": p[1]} for p in parameters]
    result = {
        "ResultType": 0,
        "ResultCode": code,
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": "10000-20000000-4",
        "ConversationID": "AG_20250101_00000000000000000000",
        "TransactionID": "TA10000002",
        **({"ResultParameters": {"ResultParameter": items}} if items else {}),
        "ReferenceData": {"ReferenceItem": reference},
    }
    return {"Result": result}


QUEUE = {"Key": "QueueTimeoutURL", "Value": "https://example.org/submit"}
PAYOUT_PAID = recorded_result(
    0,
    QUEUE,
    ("TransactionAmount", 10),
    ("TransactionReceipt", "TA10000002"),
    ("ReceiverPartyPublicName", "254700000001 - A B"),
    ("TransactionCompletedDateTime", "01.01.2025 10:10:30"),
    ("B2CUtilityAccountAvailableFunds", 1.5),
    ("B2CWorkingAccountAvailableFunds", 1.0),
    ("B2CRecipientIsRegisteredCustomer", "Y"),
    ("B2CChargesPaidAccountAvailableFunds", -1.0),
)
PAYOUT_FAILED = recorded_result(2001, QUEUE)
STATUS_OF_PUSH = recorded_result(
    0,
    {"Key": "Occasion", "Value": "OK"},
    ("DebitPartyName", "254700000001 - A B"),
    ("CreditPartyName", "100000 - C"),
    ("OriginatorConversationID", "10000-20000000-5"),
    ("InitiatedTime", 20250101101030),
    "CreditPartyCharges",
    ("DebitAccountType", "MMF Account For Customer"),
    "TransactionReason",
    ("ReasonType", "Pay Bill Online"),
    ("TransactionStatus", "Completed"),
    ("FinalisedTime", 20250101101030),
    ("Amount", 1),
    ("ConversationID", "AG_20250101_00000000000000000001"),
    ("ReceiptNo", "TA10000003"),
)
STATUS_OF_PAYOUT = recorded_result(
    0,
    {"Key": "Occasion"},
    ("DebitPartyName", "100000 - C"),
    ("CreditPartyName", "254700000001 - A B"),
    ("OriginatorConversationID", "10000-20000000-5"),
    ("InitiatedTime", 20250101101030),
    ("DebitAccountType", "Utility Account"),
    ("DebitPartyCharges", "Fee For B2C Payment|KES|1.00"),
    "TransactionReason",
    ("ReasonType", "Business Payment to Customer via API"),
    ("TransactionStatus", "Completed"),
    ("FinalisedTime", 20250101101030),
    ("Amount", 300),
    ("ConversationID", "AG_20250101_00000000000000000001"),
    ("ReceiptNo", "TA10000003"),
)
STATUS_FAILED = recorded_result(2001, {"Key": "Occasion", "Value": "xf"})
BALANCE = recorded_result(
    0,
    QUEUE,
    ("ActionType", "AccountBalance"),
    ("AccountBalance", "Working Account|KES|1.00|1.00|0.00|0.00"),
    ("BOCompletedTime", 20250101101030),
)
REVERSAL = recorded_result(
    0,
    QUEUE,
    ("DebitAccountBalance", "Utility Account|KES|1.00|1.00|0.00|0.00"),
    ("Amount", 1.0),
    ("TransCompletedTime", 20250101101030),
    ("OriginalTransactionID", "TA10000003"),
    ("Charge", 0.0),
    ("CreditPartyPublicName", "254700000001 - A B"),
    ("DebitPartyPublicName", "100000 - C"),
)
DUPLICATE: dict[str, Any] = {
    "requestId": "10000-20000000-6",
    "errorCode": "500.002.1001",
    "errorMessage": "Duplicate OriginatorConversationID.",
}


def shape(value: object) -> object:
    """Keys and types, without the values; names of items count as keys, and their order as nothing in results."""
    if isinstance(value, dict):
        return {key: value[key] if key in ("Name", "Key") else shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        shapes = [shape(inner) for inner in value]
        return sorted(shapes, key=str) if value and isinstance(value[0], dict) and "Key" in value[0] else shapes
    return type(value).__name__
