"""Asking Telegram again and again: that it is down never stops the rest of the house."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import TypeVar

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.sending import pause_of

log = logging.getLogger(__name__)
T = TypeVar("T")
PAUSES_S: tuple[float, ...] = (0.5, 1, 2, 5, 10, 30)  # the last one from then on
ANOTHER_POLLER = (
    "Telegram gives this bot's updates to somebody else (%s): stop the other program that runs with this "
    "TELEGRAM_BOT_TOKEN. Trying again in %s s"
)


class Patience:
    def __init__(self) -> None:
        self.conflicts = False  # somebody else gets the updates

    async def until_it_works(self, what: str, call: Callable[[], Awaitable[T]]) -> T:
        """Raises InvalidToken, which no patience helps against."""
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            try:
                answer = await call()
            except InvalidToken:
                raise
            except RetryAfter as flood:
                pause_s = max(pause_s, pause_of(flood).total_seconds())
                log.warning("%s: Telegram asks for %s s of patience", what, pause_s)
            except Conflict as error:
                self.conflicts = True
                log.error(ANOTHER_POLLER, error, pause_s)  # noqa: TRY400 a traceback would bury the advice
            except TelegramError as error:
                log.warning("%s did not work, trying again in %s s: %s", what, pause_s, error)
            except Exception:
                log.exception("%s did not work, trying again in %s s", what, pause_s)
            else:
                self.conflicts = False
                return answer
            await asyncio.sleep(pause_s)
        raise AssertionError("the pauses never end")
