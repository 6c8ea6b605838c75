"""Job handlers of the books: the daily report with its file, and the second word about money in suspense."""

import logging
from datetime import date, datetime

from telegram import InputFile
from telegram.error import Forbidden

from bot.books.suspense import written
from bot.chat.delivery import Notifier
from fundraising.audit.news import SendReport
from fundraising.giving.news import AskSecondPerson
from letters.books import reconciliation, reconciliation_file
from letters.language import Language

log = logging.getLogger(__name__)


class BooksNotifier(Notifier):
    async def send_report(self, job: SendReport, _attempt: int) -> datetime | None:
        day = date.fromisoformat(job.day)
        report = await self._use_cases.reconciliation.of(day)
        made = await self._use_cases.daily_report.made(day)
        file = InputFile(reconciliation_file.file(report), reconciliation_file.name(report))

        async def send(_: Language) -> None:
            try:
                await self._bot.send_document(job.chat_id, file, caption=reconciliation.daily(_, report, made))
            except Forbidden:
                log.warning("the owner in chat %s has blocked the bot, and reads no report of %s", job.chat_id, day)
                raise

        return await self._delivery.in_language(job.chat_id, send)

    async def ask_second_person(self, job: AskSecondPerson, _attempt: int) -> datetime | None:
        """Unless it is decided by now, or the first word no longer counts."""
        waiting = await self._use_cases.suspense.waiting_for_second(job.key)
        if waiting is None:
            return None

        async def send(_: Language) -> None:
            text, keyboard = await written(self._use_cases, _, waiting)
            await self._bot.send_message(job.chat_id, text, reply_markup=keyboard)

        return await self._delivery.in_language(job.chat_id, send)
