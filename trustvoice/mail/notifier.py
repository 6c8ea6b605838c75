"""Job handlers that write e-mail. Each loads anew and tells only what is still true."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fundraising.giving.donation import Donation
from fundraising.mailing import Addressee, MailAboutPayout, MailBatchResult, MailReceipt, MailRecipient
from fundraising.messages import BY_MAIL, Audience, Kind, Telling
from fundraising.paying.cards import Card
from fundraising.paying.news import PayoutNews, is_true
from fundraising.statuses import DonationStatus, PayoutReview, PayoutStatus, Review
from fundraising.use_cases import UseCases
from letters.language import translate
from letters.mail import payouts, receipts
from letters.mail.letter import Letter
from letters.mail.message import message
from trustvoice.mail.mailer import MailDeferred, Mailer, MailRefused

log = logging.getLogger(__name__)
LATER = timedelta(hours=1)  # at most, between two tries
PATIENCE = timedelta(days=5)  # with a mailbox that says "later" (RFC 5321, 4.5.4.1)


@dataclass(frozen=True, slots=True)
class Outgoing:
    name: str  # the same for the same mail, so that a second copy is known as one
    to: Addressee
    letter: Letter
    since: datetime  # when it became true
    telling: Telling


class MailNotifier:
    """A handler returns None when the job is done, or when to run again; it raises MailDown while nothing can be sent.

    A mail whose acceptance got lost is sent again, with the same Message-ID.
    """

    def __init__(self, mailer: Mailer, use_cases: UseCases, now: Callable[[], datetime]):
        self._mailer, self._use_cases, self._now = mailer, use_cases, now

    async def mail_receipt(self, job: MailReceipt, attempt: int) -> datetime | None:
        donation = await self._use_cases.donations.find(job.donation_id)
        to = await self._use_cases.mailing.donor(donation.donor_id)
        if to is None or not is_receipted(donation):
            return None
        title = await self._use_cases.campaigns.title(donation.campaign_id)
        letter = receipts.receipt(translate(to.language), donation, title, job.late)
        # The receipt code may follow the money: then the second mail is another one.
        name = f"receipt of donation {donation.id} {donation.receipt or 'without a code'}{' late' * job.late}"
        since = donation.settled_at or donation.created_at
        told = Telling(Kind.DONATION, donation.id, Audience.DONOR, f"receipt{BY_MAIL}")
        return await self._send(Outgoing(name, to, letter, since, told), attempt)

    async def mail_about_payout(self, job: MailAboutPayout, attempt: int) -> datetime | None:
        card, news = await self._use_cases.paying.cards.of(job.payout_id), PayoutNews(job.news)
        to = await self._use_cases.mailing.person(job.person_id)
        is_old = news is PayoutNews.FAILED and card.payout.version != job.version  # of several only the last is told
        if to is None or is_old or not is_true(news, card.payout):
            return None
        letter = payouts.ABOUT[news](translate(to.language), card)
        name = f"payout {job.payout_id} {news} {job.version} to person {job.person_id}"
        told = Telling(Kind.PAYOUT, job.payout_id, Audience.STAFF, f"{news}{BY_MAIL}")
        return await self._send(Outgoing(name, to, letter, latest_moment(card), told), attempt)

    async def mail_batch_result(self, job: MailBatchResult, attempt: int) -> datetime | None:
        batch = await self._use_cases.paying.batches.find(job.batch_id)
        to = await self._use_cases.mailing.person(job.person_id)
        if to is None or batch.done < len(batch.payouts):
            return None
        title = await self._use_cases.campaigns.title(batch.campaign_id)
        letter = payouts.batch_result(translate(to.language), batch, title)
        paid = batch.count(PayoutStatus.COMPLETED)  # one that turns out paid later makes another mail
        name = f"bulk payout {batch.id} {paid} paid to person {job.person_id}"
        since = max(each.completed_at or each.created_at for each in batch.payouts)
        told = Telling(Kind.BATCH, batch.id, Audience.STAFF, f"result{BY_MAIL}")
        return await self._send(Outgoing(name, to, letter, since, told), attempt)

    async def mail_recipient(self, job: MailRecipient, attempt: int) -> datetime | None:
        card = await self._use_cases.paying.cards.of(job.payout_id)
        to = await self._use_cases.mailing.recipient(job.payout_id)
        payout = card.payout
        if to is None or payout.status is not PayoutStatus.COMPLETED or is_of_another_amount(card):
            return None
        letter = payouts.to_recipient(translate(to.language), payout, card.campaign.title)
        told = Telling(Kind.PAYOUT, payout.id, Audience.RECIPIENT, f"{PayoutNews.COMPLETED}{BY_MAIL}")
        name = f"payout {payout.id} to its recipient"
        return await self._send(Outgoing(name, to, letter, latest_moment(card), told), attempt)

    async def _send(self, mail: Outgoing, attempt: int) -> datetime | None:
        """Raises MailDown."""
        told, now, address = f"{mail.telling.payment} {mail.telling.what}", self._now(), mail.to.address.text
        message_id = self._use_cases.mailing.message_id(mail.name)
        try:
            await self._mailer.send(message(mail.letter, self._mailer.sender, address, message_id, now), address)
        except MailRefused as refused:
            log.warning("%s is refused for good: %s", told, refused)
        except MailDeferred as deferred:
            if now - mail.since < PATIENCE:
                log.info("%s waits, attempt %s: %s", told, attempt, deferred)
                return now + min(timedelta(minutes=2 ** min(attempt, 10)), LATER)
            log.warning("%s is given up after %s days: %s", told, PATIENCE.days, deferred)
        else:
            log.info("%s is sent", told)
            await self._note(mail.telling)
        return None

    async def _note(self, telling: Telling) -> None:
        """The mail is sent: that it could not be noted is no reason to send it again."""
        try:
            await self._use_cases.told.note(telling)
        except Exception:
            log.exception("what was told of %s was not noted", telling.payment)


def is_receipted(donation: Donation) -> bool:
    """What M-Pesa then named another amount of is for people to explain."""
    return donation.status is DonationStatus.COMPLETED and donation.needs_review is not Review.CORRECTED


def is_of_another_amount(card: Card) -> bool:
    return PayoutReview.OTHER_AMOUNT in card.findings


def latest_moment(card: Card) -> datetime:
    ended = [attempt.ended_at for attempt in card.attempts if attempt.ended_at]
    return max([card.payout.created_at, *ended])
