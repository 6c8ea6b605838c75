"""The job handler of the daily report: one message for each owner, with the day's file."""

import logging
from collections.abc import Callable
from datetime import date, datetime

from telegram import Bot, InputFile
from telegram.error import Forbidden

from bot.chat.delivery import Delivery
from fundraising.audit.news import SendReport
from fundraising.use_cases import UseCases
from letters.books import reconciliation, reconciliation_file
from letters.language import Language

log = logging.getLogger(__name__)


class ReportNotifier:
    def __init__(self, bot: Bot, use_cases: UseCases, now: Callable[[], datetime]):
        self._bot, self._use_cases = bot, use_cases
        self._delivery = Delivery(use_cases.donors, use_cases.told, now)

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
