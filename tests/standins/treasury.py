"""What a client sends in the initiator's name."""

import base64
import itertools
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from standins.driver import Standins
from tests.standins.daraja_caller import DarajaCaller

RECIPIENT = "254722000111"
HOOK = "https://example.org/hooks/daraja/result/7f3a"
LATE_HOOK = "https://example.org/hooks/daraja/late/7f3a"


class Treasury:
    def __init__(self, daraja: DarajaCaller, standins: Standins) -> None:
        self.daraja = daraja
        self.standins = standins
        self.options = daraja.options
        self._numbers = itertools.count(1)

    async def credential(self, password: str | None = None) -> str:
        certificate = x509.load_pem_x509_certificate((await self.standins.certificate()).encode())
        key = certificate.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        given = self.options.initiator_password if password is None else password
        return base64.b64encode(key.encrypt(given.encode(), padding.PKCS1v15())).decode()

    async def b2c_body(self, result_url: str = HOOK, /, **changes: object) -> dict[str, object]:
        body = {
            "OriginatorConversationID": f"TV{next(self._numbers):017d}",
            "InitiatorName": self.options.initiator_name,
            "SecurityCredential": await self.credential(),
            "CommandID": "BusinessPayment",
            "Amount": 1500,
            "PartyA": self.options.paying_shortcode,
            "PartyB": RECIPIENT,
            "Remarks": "School desks",
            "QueueTimeOutURL": LATE_HOOK,
            "ResultURL": result_url,
            "Occassion": "P42",
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    async def b2c(self, result_url: str = HOOK, version: str = "v3", /, **changes: object) -> httpx.Response:
        return await self.daraja.post(f"b2c/{version}/paymentrequest", await self.b2c_body(result_url, **changes))

    async def accepted(self, result_url: str = HOOK, version: str = "v3", /, **changes: object) -> str:
        """The OriginatorConversationID of a payout that was accepted."""
        answer = await self.b2c(result_url, version, **changes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["OriginatorConversationID"])

    async def asked(self, command: str, result_url: str, /, **changes: object) -> dict[str, object]:
        body = {
            "Initiator": self.options.initiator_name,
            "SecurityCredential": await self.credential(),
            "CommandID": command,
            "PartyA": self.options.paying_shortcode,
            "IdentifierType": "4",
            "Remarks": "Asking",
            "QueueTimeOutURL": LATE_HOOK,
            "ResultURL": result_url,
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    async def status(self, result_url: str = HOOK, /, **changes: object) -> httpx.Response:
        body = await self.asked("TransactionStatusQuery", result_url, **changes)
        return await self.daraja.post("transactionstatus/v1/query", body)

    async def balance(self, result_url: str = HOOK, /, **changes: object) -> httpx.Response:
        body = await self.asked("AccountBalance", result_url, **changes)
        return await self.daraja.post("accountbalance/v1/query", body)

    async def reverse(self, receipt: str, result_url: str = HOOK, /, **changes: object) -> httpx.Response:
        changed: dict[str, object] = {"PartyA": None, "IdentifierType": None, "TransactionID": receipt, "Amount": 500}
        changed |= {"ReceiverParty": self.options.shortcode, "RecieverIdentifierType": "11", **changes}
        body = await self.asked("TransactionReversal", result_url, **changed)
        return await self.daraja.post("reversal/v1/request", body)


def told(body: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a result, by their keys."""
    return {each["Key"]: each.get("Value") for each in body["Result"]["ResultParameters"]["ResultParameter"]}
