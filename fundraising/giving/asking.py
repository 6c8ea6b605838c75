"""No word from M-Pesa: ask, on a growing schedule; and when asking is of no use, say so."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from fundraising import questions
from fundraising.evidence import prompts
from fundraising.evidence.intake import Intake
from fundraising.evidence.record import Source
from fundraising.evidence.schedule import HINT_PAUSE, HOURLY
from fundraising.giving import donation as rows
from fundraising.giving.donation import Donation
from fundraising.giving.donations import GivingSettings
from fundraising.giving.news import News, ShowWaiting, TellDonor, Waiting
from fundraising.giving.tasks import AskMpesa, AskOnceMore
from fundraising.news import Alarm, TellOwners
from fundraising.statuses import DonationStatus, Push, Review
from mpesa.client import Mpesa
from storage import jobs
from storage.database import Database
from storage.vault import Vault

A_DAY_AFTER = timedelta(hours=23)  # the first question, which comes an hour after the failure
CALLBACK_PATIENCE = timedelta(minutes=5)  # without a CheckoutRequestID M-Pesa cannot be asked, only waited for


class Asking:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        mpesa: Mpesa,
        intake: Intake,
        now: Callable[[], datetime],
        settings: GivingSettings,
    ):
        self._database, self._vault, self._mpesa = database, vault, mpesa
        self._intake, self._now, self._settings = intake, now, settings

    async def ask(self, job: AskMpesa, attempt: int) -> datetime | None:
        """The job. Returns when to ask again; None when it is decided, or a person must look."""
        donation, checkout_id = await self._database.read(lambda conn: self._load(conn, job.donation_id))
        if not worth_asking(donation, job.hinted):
            return None
        if wait := self._pause(donation, job.hinted):
            return wait
        if checkout_id:
            await self._ask(donation, checkout_id)
        if job.hinted:
            return None
        await self._database.write(lambda conn: self._show_or_review(conn, donation.id, attempt))
        return self._now() + self._gap(attempt)

    async def ask_once_more(self, job: AskOnceMore, attempt: int) -> datetime | None:
        """The job, of a gift that failed by our own questions alone."""
        donation, checkout_id = await self._database.read(lambda conn: self._load(conn, job.donation_id))
        if donation.status is not DonationStatus.FAILED or donation.spoken_for or checkout_id is None:
            return None
        await self._ask(donation, checkout_id)
        return self._now() + A_DAY_AFTER if attempt == 1 else None

    def _load(self, conn: Connection, donation_id: int) -> tuple[Donation, str | None]:
        return rows.find(conn, donation_id), rows.checkout_id_of(conn, self._vault, donation_id)

    def _pause(self, donation: Donation, hinted: bool) -> datetime | None:
        if not hinted or donation.asked_at is None:
            return None
        free_at = donation.asked_at + HINT_PAUSE
        return free_at if free_at > self._now() else None

    async def _ask(self, donation: Donation, checkout_id: str) -> None:
        await self._database.write(lambda conn: rows.set_columns(conn, donation.id, asked_at=self._now()))
        outcome = await self._mpesa.stk_query(checkout_id)
        await self._intake.take(prompts.answer(Source.QUERY, donation.id, outcome, self._now()))

    def _gap(self, attempt: int) -> timedelta:
        """The first gap lay before this attempt."""
        schedule = self._settings.query_schedule
        return schedule[attempt] if attempt < len(schedule) else HOURLY

    def _show_or_review(self, conn: Connection, donation_id: int, attempt: int) -> None:
        donation = rows.find(conn, donation_id, lock=True)
        if donation.status is not DonationStatus.PENDING or donation.needs_review:
            return
        if self._silent_too_long(donation):
            rows.set_columns(conn, donation.id, needs_review=Review.NO_WORD)
            questions.ask(conn, questions.Kind.DONATION, [(donation.id, Review.NO_WORD)], self._now())
            told = [TellDonor(donation.donor_id, donation.id, News.NO_WORD), TellOwners(Alarm.NO_WORD, donation.id)]
            jobs.add(conn, told, self._now())
        elif attempt == 1:
            jobs.add(conn, [ShowWaiting(donation.donor_id, donation.id, Waiting.ASKING)], self._now())

    def _silent_too_long(self, donation: Donation) -> bool:
        if donation.push is Push.WAITING:
            return False  # not even sent: PushAgain ends it
        askable = donation.checkout_index is not None
        return self._now() - donation.pushed_at >= (self._settings.review_after if askable else CALLBACK_PATIENCE)


def worth_asking(donation: Donation, hinted: bool) -> bool:
    """A hint may tell of a late success, so it is worth a question about a failed donation too."""
    if donation.status is DonationStatus.FAILED:
        return hinted
    return donation.status is DonationStatus.PENDING and (hinted or donation.needs_review is None)
