"""Somebody who asks for payouts or decides on them, in a chat with the bot."""

import re

import msgspec

from standins.shapes import QueryAnswer, Sent, TranscriptMessage
from tests.e2e.donor import Donor

NAME = "Akinyi Otieno"


class Treasurer(Donor):
    async def asks_for(self, campaign_id: int, shillings: int, phone: str, name: str = NAME) -> int:
        """In one line; the payout's number."""
        summary = await self.says(f"/payout {campaign_id} {shillings} {phone} {name}", "Please check")
        return await self.confirms_payout(summary)

    async def confirms_payout(self, summary: TranscriptMessage) -> int:
        sent = await self.presses("Confirm", summary)
        told = await self.reads("is asked for", sent.mark)
        found = re.search(r"Payout #(\d+)", told.text)
        assert found, told
        return int(found[1])

    async def presses(self, label: str, on: TranscriptMessage) -> Sent:
        return await self.standins.tap(self.user_id, label, on.message_id)

    async def is_asked_about(self, payout_id: int) -> TranscriptMessage:
        """The message of that payout, with its buttons until it is decided."""
        return await self.reads(f"Payout #{payout_id}\n")

    async def approves(self, payout_id: int) -> None:
        sent = await self.presses("Approve", await self.is_asked_about(payout_id))
        await self.reads("Approved by", sent.mark)

    async def reads_pop_up(self, sent: Sent) -> str:
        """What the tap was answered with."""
        since = sent.mark
        while True:
            event = await self.standins.wait_for_event("answer", since)
            answer = msgspec.convert(event.data["answer"], QueryAnswer)
            if answer.query_id == sent.query_id:
                return answer.text or ""
            since = event.n
