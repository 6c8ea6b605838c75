"""What M-Pesa posts about payouts and questions, worded a little differently each time."""

import json
import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mpesa.kenyan_time import stamp

UNREADABLE = "one thousand"  # shillings


@dataclass(frozen=True)
class Named:
    """A transaction, as M-Pesa names it."""

    originator_id: str
    conversation_id: str


@dataclass(frozen=True)
class Fact:
    """A transaction, as a status question finds it."""

    status: str
    shillings: int | str
    receipt: str
    payer: str
    payee: str
    at: datetime
    fee: str | None = None
    originator_id: str | None = None  # where M-Pesa fills the field


def result_body(chance: random.Random, named: Named, code: str, values: dict[str, Any] | None = None) -> bytes:
    result: dict[str, Any] = {
        "ResultType": 0,
        "ResultCode": chance.choice([code, int(code)]) if code.isdecimal() else code,
        "ResultDesc": "said by M-Pesa",
        "OriginatorConversationID": named.originator_id,
        "ConversationID": named.conversation_id,
        "TransactionID": "TB00000000",
    }
    if values:
        listed: list[dict[str, Any]] = [{"Key": key, "Value": value} for key, value in values.items()]
        chance.shuffle(listed)
        result["ResultParameters"] = {"ResultParameter": listed}
    return json.dumps({"Result": result}).encode()


def paid_body(chance: random.Random, named: Named, shillings: int | str, receipt: str, left: int) -> bytes:
    values = {
        "TransactionAmount": worded(chance, shillings),
        "TransactionReceipt": receipt,
        "B2CUtilityAccountAvailableFunds": f"{left}.00",
        "ReceiverPartyPublicName": "254712345678 - Somebody",
    }
    return result_body(chance, named, "0", values)


def timeout_body(chance: random.Random, named: Named) -> bytes:
    ids = {"OriginatorConversationID": named.originator_id, "ConversationID": named.conversation_id}
    shapes = [{**ids, "SecurityCredential": "secret"}, {"Result": ids}, {}]
    return json.dumps(chance.choice(shapes)).encode()


def status_body(chance: random.Random, question: Named, fact: Fact | None) -> bytes:
    if fact is None:
        return result_body(chance, question, chance.choice(["25", "2032"]))
    values: dict[str, Any] = {
        "TransactionStatus": fact.status,
        "Amount": worded(chance, fact.shillings),
        "ReceiptNo": fact.receipt,
        "DebitPartyName": fact.payer,
        "CreditPartyName": fact.payee,
        "InitiatedTime": int(stamp(fact.at)),
    }
    if fact.originator_id:
        values["OriginatorConversationID"] = fact.originator_id
    if fact.fee:
        values["DebitPartyCharges"] = f"Fee For B2C Payment|KES|{fact.fee}"
    return result_body(chance, question, "0", values)


def balance_body(chance: random.Random, question: Named, shillings: int) -> bytes:
    accounts = f"Working Account|KES|0.00|0.00|0.00|0.00&Utility Account|KES|{shillings}.00|{shillings}.00|0.00|0.00"
    return result_body(chance, question, "0", {"AccountBalance": accounts})


def worded(chance: random.Random, shillings: int | str) -> int | str:
    words: list[int | str] = [shillings, f"{shillings}.00", str(shillings)]
    return chance.choice(words)
