"""The job handler that asks for the second word about money in suspense."""

from collections.abc import Callable
from datetime import datetime

from telegram import Bot

from bot.books.suspense import written
from bot.chat.delivery import Delivery
from fundraising.giving.news import AskSecondPerson
from fundraising.use_cases import UseCases
from letters.language import Language


class SuspenseNotifier:
    def __init__(self, bot: Bot, use_cases: UseCases, now: Callable[[], datetime]):
        self._bot, self._use_cases = bot, use_cases
        self._delivery = Delivery(use_cases.donors, use_cases.told, now)

    async def ask_second_person(self, job: AskSecondPerson, _attempt: int) -> datetime | None:
        """Unless it is decided by now, or the first word no longer counts."""
        waiting = await self._use_cases.suspense.waiting_for_second(job.key)
        if waiting is None:
            return None

        async def send(_: Language) -> None:
            text, keyboard = await written(self._use_cases, _, waiting)
            await self._bot.send_message(job.chat_id, text, reply_markup=keyboard)

        return await self._delivery.in_language(job.chat_id, send)
