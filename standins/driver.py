"""The control API from Python, for tests that drive a real bot against the stand-ins."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
import msgspec

from standins.shapes import (
    Act,
    Behaviour,
    Book,
    CallbackByHand,
    Decision,
    Delivered,
    Event,
    Fault,
    Moved,
    PhoneScript,
    Prompt,
    QueryAnswer,
    Sent,
    TranscriptMessage,
    encoded,
)

T = TypeVar("T")


class NotPossible(Exception):
    """The stand-in refused, and says why: no such button, no such prompt."""


class DidNotHappen(AssertionError):
    """What was waited for did not come; the message tells what was there instead."""


class EventPage(msgspec.Struct):
    last: int
    events: list[Event]


class Standins:
    """`async with Standins("http://127.0.0.1:8100") as standins: …`; waits end by `timeout_s` or DidNotHappen."""

    def __init__(self, url: str, timeout_s: float = 10.0) -> None:
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def reset(self) -> None:
        await self._post("reset", {})

    async def fault(self, fault: Fault) -> None:
        await self._post("fault", fault)

    async def heal(self) -> None:
        await self._post("heal", {})

    async def mark(self) -> int:
        """The number of the last event, to wait for something newer."""
        return (await self._events(0, 0)).last

    async def events(self, after: int = 0) -> list[Event]:
        return (await self._events(after, 0)).events

    async def wait_for_event(self, kind: str, since: int = 0, timeout_s: float | None = None) -> Event:
        async def look() -> Event | None:
            return next((event for event in await self.events(since) if event.kind == kind), None)

        return await self._wait(look, timeout_s, f"no event {kind!r}", self._last_events)

    async def say(self, user_id: int, text: str) -> Sent:
        return await self._act("say", user_id=user_id, text=text)

    async def tap(self, user_id: int, label: str, message_id: int | None = None) -> Sent:
        """By label, its beginning, or data."""
        return await self._act("tap", user_id=user_id, label=label, message_id=message_id)

    async def tap_again(self, user_id: int) -> Sent:
        return await self._act("tap", user_id=user_id, resend=True)

    async def contact(self, user_id: int, own: bool = True, phone: str | None = None) -> Sent:
        return await self._act("contact", user_id=user_id, own=own, phone=phone)

    async def repeat(self, update_id: int | None = None) -> Sent:
        return await self._act("repeat", update_id=update_id)

    async def block(self, user_id: int) -> Sent:
        return await self._act("block", user_id=user_id)

    async def unblock(self, user_id: int) -> Sent:
        return await self._act("unblock", user_id=user_id)

    async def introduce(
        self, user_id: int, first_name: str | None = None, language_code: str | None = None, phone: str | None = None
    ) -> None:
        given = {"first_name": first_name, "language_code": language_code, "phone": phone}
        await self._post("telegram/user", {"user_id": user_id, **given})

    async def transcript(self, user_id: int) -> list[TranscriptMessage]:
        return await self._get(f"telegram/chat/{user_id}", list[TranscriptMessage])

    async def answers(self, user_id: int) -> list[QueryAnswer]:
        return await self._get(f"telegram/answers/{user_id}", list[QueryAnswer])

    async def download(self, path: str) -> bytes:
        """The bytes of a photo or document, by the `url` in its message."""
        async with self._open().get(f"{self.url}{path}") as response:
            response.raise_for_status()
            return await response.read()

    async def wait_for_text(
        self, user_id: int, text: str, timeout_s: float | None = None, since: int = 0
    ) -> TranscriptMessage:
        """The bot's newest message that says `text` (in any case of letters) and was sent or edited after `since`."""

        async def look() -> TranscriptMessage | None:
            wanted = (m for m in reversed(await self.transcript(user_id)) if m.sender == "bot" and m.changed > since)
            return next((message for message in wanted if text.lower() in message.text.lower()), None)

        async def seen() -> str:
            return repr([message.text for message in (await self.transcript(user_id))[-5:]])

        return await self._wait(look, timeout_s, f"no message with {text!r}", seen)

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

    async def book(self) -> Book:
        return await self._get("daraja/book", Book)

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

    async def _wait(
        self,
        look: Callable[[], Awaitable[T | None]],
        timeout_s: float | None,
        complaint: str,
        seen: Callable[[], Awaitable[str]],
    ) -> T:
        """Looks again whenever something happens."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + (self.timeout_s if timeout_s is None else timeout_s)
        n = await self.mark()
        while (found := await look()) is None:
            left = deadline - loop.time()
            if left <= 0:
                raise DidNotHappen(f"{complaint}; there is {await seen()}")
            n = (await self._events(n, min(left, 5.0))).last
        return found

    async def _last_events(self) -> str:
        return repr([(event.kind, event.data) for event in (await self.events())[-5:]])

    async def _events(self, after: int, timeout_s: float) -> EventPage:
        return await self._get(f"events?after={after}&timeout={timeout_s}", EventPage)

    async def _act(self, what: str, **given: object) -> Sent:
        told = {name: value for name, value in given.items() if value is not None}
        return msgspec.json.decode(await self._post(f"telegram/{what}", told), type=Sent)

    async def _get(self, path: str, shape: type[T]) -> T:
        async with self._open().get(f"{self.url}/control/{path}") as response:
            return msgspec.json.decode(await self._checked(response), type=shape)

    async def _post(self, path: str, body: object) -> bytes:
        async with self._open().post(f"{self.url}/control/{path}", data=encoded(body)) as response:
            return await self._checked(response)

    async def _checked(self, response: aiohttp.ClientResponse) -> bytes:
        if response.status != 200:
            raise NotPossible(await response.text())
        return await response.read()

    def _open(self) -> aiohttp.ClientSession:
        assert self._session, "use `async with`"
        return self._session
