"""Somebody who gives: a chat with the bot, and a phone."""

from dataclasses import dataclass

from standins.driver import Standins
from standins.shapes import Behaviour, Moved, Prompt, Push, TranscriptMessage


@dataclass(frozen=True)
class Donor:
    standins: Standins
    user_id: int
    name: str
    phone: str

    @property
    def typed_phone(self) -> str:
        return f"0{self.phone[3:6]} {self.phone[6:9]} {self.phone[9:]}"

    async def reads(self, text: str, since: int = 0) -> TranscriptMessage:
        return await self.standins.wait_for_text(self.user_id, text, since=since)

    async def says(self, words: str, expecting: str) -> TranscriptMessage:
        sent = await self.standins.say(self.user_id, words)
        return await self.reads(expecting, sent.mark)

    async def taps(self, label: str, expecting: str) -> TranscriptMessage:
        sent = await self.standins.tap(self.user_id, label)
        return await self.reads(expecting, sent.mark)

    async def prepares(self, slug: str, shillings: int = 500) -> None:
        """Up to the question whether to confirm."""
        await self.chooses_amount(slug, shillings)
        await self.says(self.typed_phone, "Press Confirm")

    async def chooses_amount(self, slug: str, shillings: int = 500) -> None:
        await self.says(f"/start c_{slug}", "How much")
        await self.taps(f"KES {shillings}", "Which M-Pesa number")

    async def confirms(self) -> Prompt:
        """The prompt on the phone, which waits for a decision."""
        await self.standins.tap(self.user_id, "Confirm")
        return await self.standins.wait_for_prompt(self.phone)

    async def is_asked(self, slug: str, shillings: int = 500) -> Prompt:
        await self.prepares(slug, shillings)
        return await self.confirms()

    async def gives(self, slug: str, behaviour: Behaviour, shillings: int = 500) -> None:
        """The phone does by itself what `behaviour` says."""
        await self.standins.script(self.phone, behaviour)
        await self.prepares(slug, shillings)
        await self.standins.tap(self.user_id, "Confirm")

    async def was_pushed(self) -> Push:
        book = await self.standins.wait_for_book(lambda book: any(p.phone == self.phone for p in book.pushes))
        return next(push for push in book.pushes if push.phone == self.phone)

    async def pushes(self) -> int:
        """How often M-Pesa was asked to prompt this phone."""
        return sum(push.phone == self.phone for push in (await self.standins.book()).pushes)

    async def paid(self) -> Moved:
        """What M-Pesa took from this phone."""
        book = await self.standins.wait_for_book(lambda book: any(m.phone == self.phone for m in book.moved))
        [moved] = [moved for moved in book.moved if moved.phone == self.phone]
        return moved

    async def paid_nothing(self) -> bool:
        return all(moved.phone != self.phone for moved in await self.standins.moved())

    async def chat(self) -> str:
        """All that the bot's messages say now."""
        return "\n".join(
            message.text for message in await self.standins.transcript(self.user_id) if message.sender == "bot"
        )

    async def was_once_told(self, text: str) -> bool:
        """Also in a message that was edited since."""
        shown = [event.data for event in await self.standins.events() if event.kind in ("message", "edited")]
        return any(text in repr(each["message"]) for each in shown if each["chat"] == self.user_id)
