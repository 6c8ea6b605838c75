"""What people do in their chats, and the updates that come of it."""

import time
from itertools import count

from standins.shapes import JsonObject, Sent
from standins.telegram.entities import found_in
from standins.telegram.keyboards import InlineButton, ReplyButton
from standins.telegram.messages import Message
from standins.telegram.people import User
from standins.telegram.refusals import Impossible
from standins.telegram.sending import keyboard_now
from standins.telegram.state import Query, Telegram

FOREIGN_USER_ID = 9_999_999_999


class Acts:
    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._query_ids = count(4_000_000_000_000_001)

    def say(self, user_id: int, text: str) -> Sent:
        message = self._begun(user_id)
        message.text = text.strip()
        message.entities = found_in(message.text)
        return self._sent(message)

    def contact(self, user_id: int, own: bool = True, phone: str | None = None) -> Sent:
        user = self._telegram.user(user_id)
        message = self._begun(user_id)
        message.contact = {
            "phone_number": phone or user.phone,
            "first_name": user.first_name if own else "Somebody else",
            "user_id": user.id if own else FOREIGN_USER_ID,
        }
        return self._sent(message)

    def document(self, user_id: int, file_name: str, content: bytes, caption: str = "") -> Sent:
        message = self._begun(user_id)
        message.document = self._telegram.files.attached(file_name, content)
        message.text = caption.strip()
        message.entities = found_in(message.text)
        return self._sent(message)

    def tap(self, user_id: int, wanted: str, message_id: int | None = None) -> Sent:
        """Presses the newest button with that label or data; failing that, the newest that begins so."""
        self._usable(user_id)
        buttons = self._buttons(user_id, message_id)
        for message, button in buttons:
            if wanted in (button.text, button.callback_data):
                return self._press(user_id, message, button)
        typed = self._reply_button(user_id, wanted)
        if typed:
            return self.contact(user_id) if typed.request_contact else self.say(user_id, typed.text)
        for message, button in buttons:
            if button.text.startswith(wanted):
                return self._press(user_id, message, button)
        raise Impossible(f"no button {wanted!r}; there are: {self._labels(user_id, buttons)}")

    def tap_again(self, user_id: int) -> Sent:
        """The last tap once more as a new update, as a phone does that lost its connection meanwhile."""
        last = next((query for query in reversed(self._telegram.queries.values()) if query.user_id == user_id), None)
        message = last and self._telegram.message(user_id, last.message_id)
        if not last or not message:
            raise Impossible("there was no tap to send again")
        return self._query(user_id, message, last.data)

    def repeat(self, update_id: int | None = None) -> Sent:
        """The last update once more, under the same number."""
        update = self._telegram.updates.last
        if update is None or (update_id and update.id != update_id):
            raise Impossible("there is no such update to repeat")
        mark = self._telegram.events.last
        self._telegram.updates.repeat(update)
        return Sent(mark, update.id)

    def block(self, user_id: int, blocked: bool) -> Sent:
        user = self._telegram.user(user_id)
        mark = self._telegram.events.last
        if user.blocked == blocked:
            return Sent(mark, None)
        user.blocked = blocked
        self._telegram.events.emit("blocked" if blocked else "unblocked", chat=user_id)
        return Sent(mark, self._telegram.updates.add("my_chat_member", user_id, self._membership(user)))

    def _begun(self, user_id: int) -> Message:
        user = self._usable(user_id)
        user.started = True
        return self._telegram.new_message(user_id, False)

    def _usable(self, user_id: int) -> User:
        user = self._telegram.user(user_id)
        if user.blocked:
            raise Impossible("this person has blocked the bot; unblock it first")
        return user

    def _sent(self, message: Message) -> Sent:
        mark = self._telegram.events.last
        self._telegram.post(message)
        update = self._telegram.updates.add("message", message.chat_id, self._telegram.as_json(message))
        return Sent(mark, update)

    def _buttons(self, user_id: int, message_id: int | None) -> list[tuple[Message, InlineButton]]:
        messages = [m for m in reversed(self._telegram.messages(user_id)) if message_id in (None, m.message_id)]
        return [(m, button) for m in messages if m.inline for row in m.inline.inline_keyboard for button in row]

    def _reply_button(self, user_id: int, label: str) -> ReplyButton | None:
        keyboard = keyboard_now(self._telegram, user_id)
        return next((b for row in keyboard.keyboard for b in row if b.text == label), None) if keyboard else None

    def _labels(self, user_id: int, buttons: list[tuple[Message, InlineButton]]) -> list[str]:
        keyboard = keyboard_now(self._telegram, user_id)
        typed = [button.text for row in keyboard.keyboard for button in row] if keyboard else []
        return [button.text for _, button in buttons] + typed

    def _press(self, user_id: int, message: Message, button: InlineButton) -> Sent:
        if button.callback_data is None:
            return Sent(self._telegram.events.last, None, url=button.url)
        return self._query(user_id, message, button.callback_data)

    def _query(self, user_id: int, message: Message, tapped: str) -> Sent:
        mark = self._telegram.events.last
        query = Query(str(next(self._query_ids)), user_id, tapped, message.message_id, time.time())
        self._telegram.queries[query.id] = query
        content: JsonObject = {
            "id": query.id,
            "from": self._telegram.user(user_id).as_user(),
            "message": self._telegram.as_json(message),
            "chat_instance": str(user_id),
            "data": tapped,
        }
        return Sent(mark, self._telegram.updates.add("callback_query", user_id, content), query.id)

    def _membership(self, user: User) -> JsonObject:
        before, after = ("member", "kicked") if user.blocked else ("kicked", "member")
        return {
            "chat": user.as_chat(),
            "from": user.as_user(),
            "date": int(time.time()),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }

    def _member(self, status: str) -> JsonObject:
        until: JsonObject = {"until_date": 0} if status == "kicked" else {}
        return {"user": self._telegram.bot(), "status": status, **until}
