"""The typed context that every handler gets. Nothing is kept in memory between two updates."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from fundraising.people.donors import Donor
from fundraising.people.roles import Person, Role
from fundraising.use_cases import UseCases
from letters.language import Language, translate

LoadUpdate = Callable[[int], Awaitable[dict[str, Any] | None]]
Handler = Callable[[Update, "Context"], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    handle: Handler
    text: str  # what it is for; empty: in no menu
    role: Role | None = None  # whose menu it is in; None: everybody's. To who has no role any other is unknown


@dataclass(frozen=True)
class House:
    use_cases: UseCases
    load_update: LoadUpdate  # one that came some days ago at most, by its id
    now: Callable[[], datetime]
    commands: Sequence[Command] = ()


@dataclass
class Passage:
    """One update on its way through the handlers."""

    received_at: datetime
    tap_answered: bool = False


PASSAGE: ContextVar[Passage] = ContextVar("passage")


class Context(CallbackContext[ExtBot[int], dict[Any, Any], dict[Any, Any], House]):
    donor: Donor  # these two are set before any other handler runs
    person: Person  # set where only people with a role come
    key: str  # names this message or tap to the rules, so that it counts once however often it is handled

    @property
    def use_cases(self) -> UseCases:
        return self.bot_data.use_cases

    @property
    def language(self) -> Language:
        return translate(self.donor.language)

    @property
    def received_at(self) -> datetime:
        """When Telegram brought the update; it may be handled much later."""
        return PASSAGE.get().received_at

    @property
    def now(self) -> datetime:
        return self.bot_data.now()

    @property
    def chat_id(self) -> int:
        assert self.donor.chat_id is not None
        return self.donor.chat_id

    def number(self, group: int = 1) -> int:
        """A number out of the tapped button's data."""
        assert self.matches
        return int(self.matches[0][group])


BotApplication = Application[ExtBot[int], Context, dict[Any, Any], dict[Any, Any], House, None]
