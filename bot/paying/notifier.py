"""Job handlers that tell people with a role about payouts. Each loads anew and tells only what is still true."""

from datetime import datetime

from telegram import InlineKeyboardMarkup

from bot.chat import sending
from bot.chat.delivery import Notifier
from bot.paying import keyboards
from bot.paying.stories import STORIES
from fundraising.messages import REQUEST, Audience, Kind, Telling
from fundraising.missed import Unreachable
from fundraising.paying.cards import Card
from fundraising.paying.news import AskChecker, PayoutNews, ShowDecision, TellAboutPayout, TellRecipient, is_true
from fundraising.statuses import PayoutStatus
from letters.language import Language
from letters.paying import news as letters
from letters.paying import payouts


class PayoutNotifier(Notifier):
    async def ask_checker(self, job: AskChecker, _attempt: int) -> datetime | None:
        card = await self._use_cases.paying.cards.of(job.payout_id)
        if card.payout.status is not PayoutStatus.PENDING:
            return None
        telling = Telling(Kind.PAYOUT, job.payout_id, Audience.CHECKER, REQUEST)
        try:
            return await self._delivery.in_language(job.chat_id, lambda _: self._ask(job.chat_id, _, card), telling)
        except Unreachable:
            await self._use_cases.paying.notices.not_reached(job.payout_id)
            raise

    async def show_decision(self, job: ShowDecision, _attempt: int) -> datetime | None:
        """While more people have to agree, the buttons stay."""
        card = await self._use_cases.paying.cards.of(job.payout_id)

        async def show(_: Language) -> int | None:
            text, keyboard = payouts.shown(_, card), keyboards.while_pending(_, card)
            is_shown = await sending.edit(self._bot, job.chat_id, job.message_id, text, keyboard)
            return job.message_id if is_shown else None

        telling = Telling(Kind.PAYOUT, job.payout_id, Audience.CHECKER, card.payout.status)
        return await self._delivery.in_language(job.chat_id, show, telling)

    async def tell_about_payout(self, job: TellAboutPayout, _attempt: int) -> datetime | None:
        card, news = await self._use_cases.paying.cards.of(job.payout_id), PayoutNews(job.news)
        story = STORIES[news]
        if not is_true(news, card.payout):
            return None
        if news is PayoutNews.EXPIRED and card.payout.batch_id:
            return await self._tell_batch_expired(job.chat_id, card, card.payout.batch_id)
        return await self._delivery.in_language(
            job.chat_id,
            lambda _: self._send(job.chat_id, story.write(_, card), story.buttons(_, card)),
            Telling(Kind.PAYOUT, job.payout_id, Audience.STAFF, news),
        )

    async def tell_recipient(self, job: TellRecipient, _attempt: int) -> datetime | None:
        card = await self._use_cases.paying.cards.of(job.payout_id)
        title = card.campaign.title
        return await self._delivery.in_language(
            job.chat_id,
            lambda _: self._send(job.chat_id, letters.to_recipient(_, card.payout, title)),
            Telling(Kind.PAYOUT, job.payout_id, Audience.RECIPIENT, PayoutNews.COMPLETED),
        )

    async def _ask(self, chat_id: int, _: Language, card: Card) -> int:
        """It may be decided before the message is remembered, so that is looked at once more."""
        message = await self._send(chat_id, payouts.please_decide(_, card), keyboards.decide(_, card))
        await self._use_cases.paying.notices.remember(chat_id, message, payout_id=card.payout.id)
        latest = await self._use_cases.paying.cards.of(card.payout.id)
        if latest.payout.status is not PayoutStatus.PENDING:
            await sending.edit(self._bot, chat_id, message, payouts.decided(_, latest))
        return message

    async def _tell_batch_expired(self, chat_id: int, card: Card, batch_id: int) -> datetime | None:
        """Once for all of the batch."""
        batch = await self._use_cases.paying.batches.find(batch_id)
        expired = [each.id for each in batch.payouts if each.status is PayoutStatus.CANCELLED]
        if card.payout.id != expired[0]:
            return None
        telling = Telling(Kind.BATCH, batch_id, Audience.STAFF, PayoutNews.EXPIRED)
        return await self._delivery.in_language(
            chat_id, lambda _: self._send(chat_id, letters.batch_expired(_, card)), telling
        )

    async def _send(self, chat_id: int, text: str, keyboard: InlineKeyboardMarkup | None = None) -> int:
        return (await self._bot.send_message(chat_id, text, reply_markup=keyboard)).message_id
