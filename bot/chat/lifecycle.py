"""Starting and stopping our side of Telegram."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from telegram.error import InvalidToken, TelegramError

from bot.chat.context import BotApplication
from bot.chat.menu import set_commands
from bot.chat.patience import Patience
from bot.chat.polling import ALLOWED_UPDATES, Store, poll
from fundraising.addresses import Address

log = logging.getLogger(__name__)
MAX_CONNECTIONS = 40  # at once to our webhook, which only stores
NO_BOT = (
    "No bot, though everything else goes on. Telegram refuses TELEGRAM_BOT_TOKEN, or TELEGRAM_API_URL is not "
    "Telegram's (%s). Copy the token from @BotFather into .env and start again."
)


async def forgotten(_username: str) -> None:
    """Nobody wants to know what the bot is called."""


class TelegramSide:
    """Start it last: in webhook mode Telegram calls at once."""

    def __init__(
        self,
        app: BotApplication,
        mode: Literal["polling", "webhook"],
        webhook_url: Address,
        secret_token: str,
        store: Store,
        may_poll: Callable[[], bool] = lambda: True,
        named: Callable[[str], Awaitable[None]] = forgotten,
    ):
        self._app, self._mode, self._webhook_url, self._secret_token = app, mode, webhook_url, secret_token
        self._store, self._may_poll, self._patience = store, may_poll, Patience()
        self._moved, self._named = asyncio.Event(), named
        self._task: asyncio.Task[None] | None = None
        self.is_refused = False  # the token is none of a bot: nothing that is sent there can arrive

    @property
    def takes_part(self) -> bool:
        """Whether we are up, and nobody else takes our updates. That Telegram answers is told by every call to it."""
        return self._app.running and not self.is_refused and not self._patience.conflicts

    def start(self) -> None:
        """Returns at once, and goes on trying as long as Telegram cannot be reached."""
        self._task = asyncio.create_task(self._run(), name="telegram")

    def moved(self) -> None:
        """The webhook's address is another one now: in webhook mode Telegram is told it."""
        self._moved.set()

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._app.running:
            await self._app.stop()
        await self._app.shutdown()
        await self._app.bot.shutdown()  # also when the application never got as far as that

    async def _run(self) -> None:
        try:
            await self._patience.until_it_works("reaching Telegram", self._app.initialize)
            await self._app.start()
            await self._named(self._app.bot.username)
            await self._offer_commands()
            if self._mode == "webhook":
                await self._listen()
            else:
                await poll(self._app.bot, self._store, self._patience, self._may_poll)
        except InvalidToken as error:
            self.is_refused = True
            log.error(NO_BOT, error)  # noqa: TRY400 a traceback would bury the advice

    async def _offer_commands(self) -> None:
        try:
            await set_commands(self._app.bot, self._app.bot_data.commands)
        except TelegramError as error:  # the commands work all the same
            log.warning("the menu of commands was not set: %s", error)

    async def _listen(self) -> None:
        while True:
            self._moved.clear()
            await self._patience.until_it_works("setting the webhook", self._set_webhook)
            await self._moved.wait()

    async def _set_webhook(self) -> None:
        await self._app.bot.set_webhook(
            str(self._webhook_url),
            secret_token=self._secret_token,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=MAX_CONNECTIONS,
        )
