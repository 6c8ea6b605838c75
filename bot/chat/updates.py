"""Hands one stored update to the handlers. The order within a chat is kept by the job table that calls this."""

import logging
from datetime import datetime, timedelta
from typing import Any

from telegram import Update
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.chat.context import PASSAGE, BotApplication, Passage
from bot.chat.sending import chat_is_gone, pause_of

log = logging.getLogger(__name__)
UNTIL_CONNECTED = timedelta(seconds=2)


class UpdateHandler:
    def __init__(self, app: BotApplication):
        self._app = app

    async def handle(self, body: dict[str, Any], received_at: datetime) -> datetime | None:
        """The job: None when it is done, else when to run again; raises what may go better the next time."""
        if not self._app.running:
            return self._app.bot_data.now() + UNTIL_CONNECTED
        update = Update.de_json(body, self._app.bot)
        passage = PASSAGE.set(Passage(received_at))
        try:
            await self._app.process_update(update)
        except RetryAfter as flood:
            return self._app.bot_data.now() + pause_of(flood)
        except Forbidden:
            await self._lost(update)
        except BadRequest as error:  # the same request would be refused again
            if chat_is_gone(error):
                await self._lost(update)
            else:
                log.exception("Telegram refused the answer to update %s", update.update_id)
        finally:
            PASSAGE.reset(passage)
        return None

    async def _lost(self, update: Update) -> None:
        if update.effective_chat:
            await self._app.bot_data.use_cases.donors.lost(update.effective_chat.id)
