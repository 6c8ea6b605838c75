"""Job handlers of bulk payouts: asking for approval, the one message of progress, the result as a file."""

from datetime import datetime

from telegram import InputFile
from telegram.constants import MessageLimit

from bot.chat import sending
from bot.chat.delivery import Notifier
from bot.paying.batches import batch_keyboard, present, shown
from fundraising.messages import DECISION, REQUEST, RESULT, Audience, Kind, Telling
from fundraising.missed import Unreachable
from fundraising.paying.batches import Batch
from fundraising.paying.news import AskBatchChecker, SendBatchResult, ShowBatch, ShowBatchDecision, TellBatchAgreed
from fundraising.statuses import PayoutStatus
from letters.language import Language
from letters.paying import bulk, bulk_result

AGREED = "agreed"


class BatchNotifier(Notifier):
    async def ask_checker(self, job: AskBatchChecker, _attempt: int) -> datetime | None:
        batch = await self._find(job.batch_id)
        if not batch.count(PayoutStatus.PENDING):
            return None
        telling = Telling(Kind.BATCH, batch.id, Audience.CHECKER, REQUEST)
        try:
            return await self._delivery.in_language(job.chat_id, lambda _: self._ask(job.chat_id, _, batch), telling)
        except Unreachable:  # one message stands for all of them
            await self._use_cases.paying.notices.not_reached(batch.payouts[0].id)
            raise

    async def show_decision(self, job: ShowBatchDecision, _attempt: int) -> datetime | None:
        """While more people have to agree, all keep their buttons, and see who did."""
        batch = await self._find(job.batch_id)
        telling = Telling(Kind.BATCH, batch.id, Audience.CHECKER, DECISION)
        return await self._delivery.in_language(
            job.chat_id, lambda _: self._show(job.chat_id, job.message_id, _, batch), telling
        )

    async def tell_agreed(self, job: TellBatchAgreed, _attempt: int) -> datetime | None:
        batch = await self._find(job.batch_id)
        if not batch.pending or len(batch.approvers) != job.agreed:
            return None
        telling = Telling(Kind.BATCH, batch.id, Audience.STAFF, AGREED)
        return await self._delivery.in_language(
            job.chat_id, lambda _: self._bot.send_message(job.chat_id, bulk.agreed(_, batch)), telling
        )

    async def show_progress(self, job: ShowBatch, _attempt: int) -> datetime | None:
        """A newer state has a job of its own."""
        batch = await self._find(job.batch_id)
        message_id = job.message_id or batch.message_id
        if message_id is None or batch.done != job.done:
            return None
        if message_id == batch.message_id and job.chat_id == batch.chat_id:
            return await self._delivery.in_language(job.chat_id, lambda _: self._show_requester(message_id, _, batch))
        return await self._delivery.in_language(job.chat_id, lambda _: self._show(job.chat_id, message_id, _, batch))

    async def send_result(self, job: SendBatchResult, _attempt: int) -> datetime | None:
        batch = await self._find(job.batch_id)
        telling = Telling(Kind.BATCH, batch.id, Audience.STAFF, RESULT)
        return await self._delivery.in_language(job.chat_id, lambda _: self._send_file(job.chat_id, _, batch), telling)

    async def _ask(self, chat_id: int, _: Language, batch: Batch) -> int:
        message_id = await present(self._bot, self._use_cases, chat_id, _, batch)
        latest = await self._find(batch.id)
        if not latest.pending:  # decided before the message was remembered
            await self._show(chat_id, message_id, _, latest)
        return message_id

    async def _show(self, chat_id: int, message_id: int, _: Language, batch: Batch) -> int:
        text, keyboard = await shown(self._use_cases, _, batch)
        await sending.edit(self._bot, chat_id, message_id, text, keyboard)
        return message_id

    async def _show_requester(self, message_id: int, _: Language, batch: Batch) -> int:
        assert batch.chat_id
        text = bulk.progress(_, batch, await self._title(batch))
        await sending.edit(self._bot, batch.chat_id, message_id, text, batch_keyboard(_, batch))
        return message_id

    async def _send_file(self, chat_id: int, _: Language, batch: Batch) -> int:
        file = InputFile(bulk_result.result(_, batch), f"payouts-{batch.id}.csv")
        caption = fitting(bulk.result(_, batch, await self._title(batch)))
        return (await self._bot.send_document(chat_id, file, caption=caption)).message_id

    async def _title(self, batch: Batch) -> str:
        return await self._use_cases.campaigns.title(batch.campaign_id)

    async def _find(self, batch_id: int) -> Batch:
        return await self._use_cases.paying.batches.find(batch_id)


def fitting(caption: str) -> str:
    """Whole lines, as many as Telegram takes below a file."""
    lines = caption.splitlines()
    while len("\n".join(lines)) > MessageLimit.CAPTION_LENGTH:
        lines.pop()
    return "\n".join(lines)
