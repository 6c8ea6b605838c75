"""Job handlers that tell people. Each loads the donation anew and tells only what is still true."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.chat import sending
from bot.chat.buttons import button
from bot.chat.delivery import Notifier
from bot.giving import keyboards
from fundraising.giving.donation import Donation
from fundraising.giving.news import News, OfferTryAgain, ShowWaiting, TellDecided, TellDonor, Waiting, is_true
from fundraising.giving.undecided import Undecided
from fundraising.ledger.progress import Progress
from fundraising.messages import DECIDED, TRY_AGAIN, Audience, Kind, Telling
from fundraising.missed import Unreachable
from fundraising.news import ABOUT_A_DONATION, Alarm, TellOwner, TellOwners
from fundraising.statuses import DonationStatus
from letters.alarms import DECIDE, alarm, arrived_alarm
from letters.giving import failures, prompt, results
from letters.language import Language, translate

log = logging.getLogger(__name__)
LETTERS: dict[News, Callable[[Language, Donation, Progress], str]] = {
    News.COMPLETED: results.completed,
    News.COMPLETED_LATE: results.completed_late,
    News.RECEIPT: results.receipt,
    News.FAILED: failures.failed,
    News.SUSPENDED: results.suspended,
    News.NO_WORD: results.no_word,
}
Work = Callable[[int, Language], Awaitable[int | None]]  # in this chat, in this language; the message's id


class GiftNotifier(Notifier):
    """A message whose answer got lost is sent again: the letters read right a second time."""

    async def tell_donor(self, job: TellDonor, _attempt: int) -> datetime | None:
        donation, news = await self._use_cases.donations.find(job.donation_id), News(job.news)
        if not is_true(news, donation):
            return None
        return await self._to_donor(donation, news, lambda chat_id, _: self._tell(chat_id, _, donation, news))

    async def tell_decided(self, job: TellDecided, _attempt: int) -> datetime | None:
        donation = await self._use_cases.donations.find(job.donation_id)
        decision = await self._use_cases.suspense.decision(job.cause)
        own = await self._title(donation.campaign_id)
        given_to = await self._title(decision.campaign_id) if decision.campaign_id else None

        async def tell(chat_id: int, _: Language) -> int:
            message = await self._bot.send_message(chat_id, results.decided(_, decision, given_to))
            await self._close_prompt(chat_id, donation, prompt.state(_, donation, own, await self._phone(donation)))
            return message.message_id

        return await self._to_donor(donation, DECIDED, tell)

    async def show_waiting(self, job: ShowWaiting, _attempt: int) -> datetime | None:
        donation, waiting = await self._use_cases.donations.find(job.donation_id), Waiting(job.waiting)
        if donation.status is not DonationStatus.PENDING or donation.needs_review:
            return None
        return await self._to_donor(donation, waiting, lambda chat_id, _: self._show(chat_id, _, donation, waiting))

    async def offer_try_again(self, job: OfferTryAgain, _attempt: int) -> datetime | None:
        donation = await self._use_cases.donations.find(job.donation_id)
        if donation.status is not DonationStatus.FAILED:
            return None
        if (wait := await self._use_cases.donations.wait_to_try_again(donation.id)) > timedelta():
            return self._now() + wait
        progress = await self._use_cases.campaigns.find(donation.campaign_id)

        async def offer(chat_id: int, _: Language) -> int:
            text = f"{failures.failed(_, donation, progress)}\n\n{failures.what_next(_, timedelta())}"
            keyboard = keyboards.try_again(_, donation.id)
            await sending.edit(self._bot, chat_id, job.message_id, text, keyboard)
            return job.message_id

        return await self._to_donor(donation, TRY_AGAIN, offer)

    async def tell_owners(self, job: TellOwners, _attempt: int) -> datetime | None:
        """When one must be told later, the others may read it twice. Of money that fits nothing all hear who may decide
        about it."""
        staff = self._use_cases.staff
        strays = await self._strays(job.alarm, job.subject_id)
        later, broken = [], []
        for chat_id in await (staff.checker_chats() if strays else staff.owner_chats()):
            one = TellOwner(chat_id, job.alarm, job.subject_id)
            try:
                later.append(await self.tell_owner(one, 1))
            except Unreachable:
                await self._use_cases.missed.keep(chat_id, one)
            except TelegramError as error:
                broken.append(error)
        if broken:
            raise broken[0]
        return max((moment for moment in later if moment), default=None)

    async def _strays(self, alarm: str, donation_id: int) -> list[Undecided]:
        return await self._use_cases.suspense.of_donation(donation_id) if alarm == Alarm.SUSPENSE else []

    async def _tell_checker(self, job: TellOwner, strays: list[Undecided]) -> datetime | None:
        """How much it is, and a button."""
        donation = await self._use_cases.donations.find(job.subject_id)
        title = await self._title(donation.campaign_id)

        async def send(_: Language) -> int:
            rows = [[button(_(DECIDE, amount=each.amount), f"stray:{each.key}")] for each in strays]
            text = arrived_alarm(_, donation, title, strays)
            message = await self._bot.send_message(job.chat_id, text, reply_markup=InlineKeyboardMarkup(rows))
            return message.message_id

        telling = Telling(Kind.DONATION, donation.id, Audience.CHECKER, job.alarm)
        return await self._delivery.in_language(job.chat_id, send, telling)

    async def tell_owner(self, job: TellOwner, _attempt: int) -> datetime | None:
        if strays := await self._strays(job.alarm, job.subject_id):
            return await self._tell_checker(job, strays)
        is_code = job.alarm == Alarm.UNKNOWN_CODE
        code = await self._use_cases.claims.unknown(job.subject_id) if is_code else ""
        text = alarm(translate(None), Alarm(job.alarm), job.subject_id, code)
        telling = None
        if job.alarm in ABOUT_A_DONATION:
            telling = Telling(Kind.DONATION, job.subject_id, Audience.OWNERS, job.alarm)
        return await self._delivery.to(job.chat_id, self._bot.send_message(job.chat_id, text), telling)

    async def _tell(self, chat_id: int, _: Language, donation: Donation, news: News) -> int:
        progress = await self._use_cases.campaigns.find(donation.campaign_id)
        text, keyboard = LETTERS[news](_, donation, progress), None
        wait = await self._use_cases.donations.wait_to_try_again(donation.id)
        if news is News.SUSPENDED:
            strays = await self._use_cases.suspense.of_donation(donation.id)
            text = "\n".join([text, *(results.arrived(_, each) for each in strays)])
        if news is News.FAILED:
            text = f"{text}\n\n{failures.what_next(_, wait)}"
            keyboard = None if wait > timedelta() else keyboards.try_again(_, donation.id)
        message = await self._bot.send_message(chat_id, text, reply_markup=keyboard)
        if news is News.FAILED and keyboard is None:
            await self._use_cases.donations.offer_later(donation.id, message.message_id)
        phone = await self._phone(donation)
        await self._close_prompt(chat_id, donation, prompt.state(_, donation, progress.campaign.title, phone))
        return message.message_id

    async def _close_prompt(self, chat_id: int, donation: Donation, last_line: str) -> None:
        if donation.message_id is None:
            return
        try:
            await sending.edit(self._bot, chat_id, donation.message_id, last_line)
        except TelegramError as error:  # what matters was said in the new message
            log.info("the waiting message of donation %s keeps its text: %s", donation.id, error)

    async def _show(self, chat_id: int, _: Language, donation: Donation, waiting: Waiting) -> int | None:
        title = await self._title(donation.campaign_id)
        text = prompt.meanwhile(_, donation, title, await self._phone(donation), waiting)
        message_id = donation.message_id
        is_shown = message_id and await sending.edit(self._bot, chat_id, message_id, text)
        return message_id if is_shown else None

    async def _title(self, campaign_id: int) -> str:
        return await self._use_cases.campaigns.title(campaign_id)

    async def _phone(self, donation: Donation) -> str:
        return (await self._use_cases.donations.phone_of(donation.id, donation.donor_id)).local

    async def _to_donor(self, donation: Donation, what: str, work: Work) -> datetime | None:
        """Nothing for donors who came without Telegram. Raises Unreachable for those who blocked us."""
        donor = await self._use_cases.donors.find(donation.donor_id)
        if donor is None or donor.chat_id is None:
            return None
        if not donor.reachable:
            raise Unreachable(donor.chat_id)
        telling = Telling(Kind.DONATION, donation.id, Audience.DONOR, what)
        return await self._delivery.to(donor.chat_id, work(donor.chat_id, translate(donor.language)), telling)
