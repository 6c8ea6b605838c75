"""The control API from Python, for tests that drive a real bot against the stand-ins."""

from collections.abc import Callable

import msgspec

from standins.chat_driver import ChatDriver
from standins.control_client import DidNotHappen, NotPossible
from standins.payout_driver import PayoutDriver
from standins.shapes import (
    Act,
    Behaviour,
    Book,
    CallbackByHand,
    Decision,
    Delivered,
    Fault,
    Moved,
    PhoneScript,
    Prompt,
)

__all__ = ["DidNotHappen", "NotPossible", "Standins"]


class Standins(ChatDriver, PayoutDriver):
    """`async with Standins("http://127.0.0.1:8100") as standins: …`; waits end by `timeout_s` or DidNotHappen."""

    async def reset(self) -> None:
        await self._post("reset", {})

    async def fault(self, fault: Fault) -> None:
        await self._post("fault", fault)

    async def heal(self) -> None:
        await self._post("heal", {})

    async def script(self, phone: str, *behaviours: Behaviour, always: Behaviour | None = None) -> None:
        """What the phone does with its next pushes, and with all that follow."""
        script = PhoneScript(next=list(behaviours), always=msgspec.UNSET if always is None else always)
        await self._post(f"daraja/phone/{phone}", script)

    async def prompts(self, phone: str | None = None) -> list[Prompt]:
        found = await self._get("daraja/prompts", list[Prompt])
        return [prompt for prompt in found if phone in (None, prompt.phone)]

    async def wait_for_prompt(self, phone: str | None = None, timeout_s: float | None = None) -> Prompt:
        async def look() -> Prompt | None:
            return next(iter(await self.prompts(phone)), None)

        return await self._wait(look, timeout_s, f"no prompt on {phone or 'any phone'}", self._last_events)

    async def decide(self, checkout_id: str, do: Act, pin: str | None = None, callback: str = "once") -> None:
        await self._post(f"daraja/prompt/{checkout_id}", Decision(do=do, pin=pin, callback=callback))

    async def wait_for_book(self, condition: Callable[[Book], bool], timeout_s: float | None = None) -> Book:
        async def look() -> Book | None:
            book = await self.book()
            return book if condition(book) else None

        async def seen() -> str:
            return repr(await self.book())

        return await self._wait(look, timeout_s, "the book is not as expected", seen)

    async def moved(self) -> list[Moved]:
        return (await self.book()).moved

    async def callback(self, wanted: CallbackByHand) -> Delivered:
        return msgspec.json.decode(await self._post("daraja/callback", wanted), type=Delivered)

    async def expire_tokens(self) -> None:
        await self._post("daraja/expire-tokens", {})
