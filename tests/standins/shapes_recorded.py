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


def shape(value: object) -> object:
    """Keys and types, without the values; the names of metadata items count as keys."""
    if isinstance(value, dict):
        return {key: value["Name"] if key == "Name" else shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__
