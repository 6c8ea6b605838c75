"""All that this Telegram remembers."""

import itertools
import time
from dataclasses import dataclass

from standins.events import EventLog
from standins.shapes import JsonObject, Person, QueryAnswer
from standins.telegram.files import Files
from standins.telegram.keyboards import Markup
from standins.telegram.messages import Message
from standins.telegram.options import TelegramOptions
from standins.telegram.people import User, stranger
from standins.telegram.profile import Profile
from standins.telegram.refusals import BadRequest, Forbidden
from standins.telegram.updates import Updates


@dataclass
class Query:
    """A tap that waits for the bot's answer."""

    id: str
    user_id: int
    data: str
    message_id: int
    at: float
    answered: bool = False


class Telegram:
    def __init__(
        self, options: TelegramOptions, events: EventLog, updates: Updates, people: tuple[Person, ...] = ()
    ) -> None:
        self.options = options
        self.events = events
        self.updates = updates
        self.files = Files()
        self.profile = Profile()
        self._message_ids = itertools.count(1)
        self._people = people
        self.reset()

    def reset(self) -> None:
        """Empties the chats. The webhook, the bot's commands and the running numbers stay: the bot still runs."""
        self.users = {person.user_id: User.of(person) for person in self._people}
        self.chats: dict[int, list[Message]] = {}
        self.queries: dict[str, Query] = {}
        self.answers: dict[int, list[QueryAnswer]] = {}
        self.updates.forget()

    def user(self, user_id: int) -> User:
        return self.users.setdefault(user_id, stranger(user_id))

    def reachable(self, chat_id: int) -> User:
        user = self.users.get(chat_id)
        if user is None or not user.started:
            raise BadRequest("chat not found")
        if user.blocked:
            raise Forbidden("bot was blocked by the user")
        return user

    def messages(self, user_id: int) -> list[Message]:
        return self.chats.setdefault(user_id, [])

    def message(self, chat_id: int, message_id: int) -> Message | None:
        return next((kept for kept in self.messages(chat_id) if kept.message_id == message_id), None)

    def new_message(self, chat_id: int, from_bot: bool, markup: Markup | None = None) -> Message:
        return Message(next(self._message_ids), chat_id, from_bot, int(time.time()), markup=markup)

    def post(self, message: Message) -> Message:
        self.messages(message.chat_id).append(message)
        self.show("message", message)
        return message

    def show(self, kind: str, message: Message) -> None:
        message.changed = self.events.last + 1
        self.events.emit(kind, chat=message.chat_id, message=message.as_transcript())

    def bot(self) -> JsonObject:
        return {
            "id": self.options.bot_id,
            "is_bot": True,
            "first_name": self.options.name,
            "username": self.options.username,
        }

    def as_json(self, message: Message) -> JsonObject:
        user = self.user(message.chat_id)
        return {
            "message_id": message.message_id,
            "from": self.bot() if message.from_bot else user.as_user(),
            "chat": user.as_chat(),
            "date": message.date,
            **message.content(),
        }
