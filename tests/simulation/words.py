"""Callbacks as M-Pesa words them: the same payment is told in other words each time."""

import json
import random
from typing import Any, Protocol


class Paid(Protocol):
    receipt: str
    shillings: int


def callback_body(chance: random.Random, checkout_id: str, code: str, paid: Paid | None) -> bytes:
    result: dict[str, Any] = {
        "MerchantRequestID": f"m-{checkout_id}",
        "CheckoutRequestID": checkout_id,
        "ResultCode": chance.choice([code, int(code)]),
        "ResultDesc": "said by M-Pesa",
    }
    if paid:
        result["CallbackMetadata"] = {"Item": items(chance, paid)}
    return json.dumps({"Body": {"stkCallback": result}}).encode()


def items(chance: random.Random, paid: Paid) -> list[dict[str, Any]]:
    amount = chance.choice([paid.shillings, f"{paid.shillings}.00", str(paid.shillings)])
    named: list[dict[str, Any]] = [
        {"Name": "Amount", "Value": amount},
        {"Name": "MpesaReceiptNumber", "Value": paid.receipt},
        {"Name": "Balance"},
    ]
    chance.shuffle(named)
    return named
