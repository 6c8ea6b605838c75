"""POST /mpesa/b2c/v1/paymentrequest and /mpesa/b2c/v3/paymentrequest."""

import time
from collections.abc import Mapping

from aiohttp import web

from standins.background import Background
from standins.daraja.answers import answer
from standins.daraja.books import Books
from standins.daraja.options import DarajaOptions
from standins.daraja.payout_checks import read_payout
from standins.daraja.payouts import Payouts
from standins.daraja.phones import Phones
from standins.daraja.refusals import Refused, duplicate
from standins.shapes import PayoutAsked, PayoutBehaviour


class B2c:
    def __init__(
        self,
        options: DarajaOptions,
        recipients: Phones[PayoutBehaviour],
        payouts: Payouts,
        books: Books,
        background: Background,
    ) -> None:
        self._options = options
        self._recipients = recipients
        self._payouts = payouts
        self._books = books
        self._background = background

    async def v1(self, request: web.Request, body: Mapping[str, object]) -> web.Response:
        """Without OriginatorConversationID, and so without any guard against paying twice."""
        return await self._recorded(request, body, "v1")

    async def v3(self, request: web.Request, body: Mapping[str, object]) -> web.Response:
        return await self._recorded(request, body, "v3")

    async def _recorded(self, request: web.Request, body: Mapping[str, object], version: str) -> web.Response:
        asked = row(body, version)
        self._books.book.payout_requests.append(asked)
        try:
            return await self._take(request, body, asked)
        except Refused as no:
            asked.verdict = asked.verdict or f"{no.code} {no.message}"
            raise

    async def _take(self, request: web.Request, body: Mapping[str, object], asked: PayoutAsked) -> web.Response:
        wanted = read_payout(body, self._options, asked.version)
        behaviour = self._recipients.peek(wanted.phone)
        is_taken = behaviour.is_taken(asked.version)
        if is_taken and self._payouts.is_used(wanted.originator_id):
            asked.verdict = "duplicate"
            raise duplicate()
        asked.answer = self._recipients.take(wanted.phone).answer
        if not is_taken:
            asked.verdict = "not taken"
            return await answer(request, asked.answer, None)
        payout = self._payouts.accept(wanted, asked, dict(body), behaviour)
        self._background.start(self._payouts.run(payout))
        if behaviour.callback == "before_ack":
            await payout.told.wait()
        return await answer(request, asked.answer, web.json_response(payout.conversation.acknowledged()))


def row(body: Mapping[str, object], version: str) -> PayoutAsked:
    """All but the credential."""
    told = {name: "" if body.get(name) is None else str(body[name]) for name in FIELDS}
    return PayoutAsked(
        version=version,
        originator_id=told["OriginatorConversationID"],
        phone=told["PartyB"],
        amount=told["Amount"],
        command=told["CommandID"],
        remarks=told["Remarks"],
        occasion=told["Occassion"],
        result_url=told["ResultURL"],
        timeout_url=told["QueueTimeOutURL"],
        at=time.time(),
    )


FIELDS = (
    "OriginatorConversationID",
    "PartyB",
    "Amount",
    "CommandID",
    "Remarks",
    "Occassion",
    "ResultURL",
    "QueueTimeOutURL",
)
