"""Being a person in a chat."""

import base64

import msgspec

from standins.control_client import ControlClient
from standins.shapes import QueryAnswer, Sent, TranscriptMessage


class ChatDriver(ControlClient):
    async def say(self, user_id: int, text: str) -> Sent:
        return await self._act("say", user_id=user_id, text=text)

    async def tap(self, user_id: int, label: str, message_id: int | None = None) -> Sent:
        """By label, its beginning, or data."""
        return await self._act("tap", user_id=user_id, label=label, message_id=message_id)

    async def tap_again(self, user_id: int) -> Sent:
        return await self._act("tap", user_id=user_id, resend=True)

    async def contact(self, user_id: int, own: bool = True, phone: str | None = None) -> Sent:
        return await self._act("contact", user_id=user_id, own=own, phone=phone)

    async def document(self, user_id: int, file_name: str, content: bytes, caption: str = "") -> Sent:
        sent = {"file_name": file_name, "base64": base64.b64encode(content).decode(), "caption": caption}
        return await self._act("document", user_id=user_id, **sent)

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

    async def _act(self, what: str, **given: object) -> Sent:
        told = {name: value for name, value in given.items() if value is not None}
        return msgspec.json.decode(await self._post(f"telegram/{what}", told), type=Sent)
