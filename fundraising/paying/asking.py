"""No word about a payout: Transaction Status is asked, on a growing schedule; then two people decide."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from fundraising import stops
from fundraising.evidence import tokens
from fundraising.evidence.schedule import HINT_PAUSE, HOURLY
from fundraising.evidence.tokens import Purpose
from fundraising.log_context import follow, name_of
from fundraising.paying import notices
from fundraising.paying import payout as rows
from fundraising.paying.news import PayoutNews
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.requests import PayingSettings
from fundraising.paying.tasks import AskAboutPayout
from fundraising.randomness import RandomBytes
from fundraising.statuses import AttemptState, PayoutReview
from mpesa.outcome import Failed
from mpesa.payouts import MpesaPayouts, StatusQuestion
from storage.database import Database
from storage.vault import Vault

CALL_IS_OVER = timedelta(seconds=60)  # a call that was begun longer ago was answered, or its process died


class PayoutAsking:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        mpesa: MpesaPayouts,
        now: Callable[[], datetime],
        random_bytes: RandomBytes,
        settings: PayingSettings,
    ):
        self._database, self._vault, self._mpesa = database, vault, mpesa
        self._now, self._random_bytes, self._settings = now, random_bytes, settings

    async def ask(self, job: AskAboutPayout, number: int) -> datetime | None:
        """The job. The answer comes as a callback; a question that fails proves nothing about the payment."""
        attempt = await self._database.read(lambda conn: rows.find_attempt(conn, job.attempt_id))
        follow(name_of("payout", attempt.payout_id))
        if job.hinted and attempt.asked_at and attempt.asked_at + HINT_PAUSE > self._now():
            return attempt.asked_at + HINT_PAUSE
        token = await self._database.write(lambda conn: self._begin(conn, attempt, job.hinted))
        if token is not None:
            await self._put(attempt, token)
        undecided = attempt.is_open and not job.hinted
        if undecided and await self._database.write(lambda conn: self._review(conn, job.attempt_id)):
            return None
        return self._now() + self._gap(number) if undecided else None

    def _begin(self, conn: Connection, seen: Attempt, hinted: bool) -> str | None:
        """The token of the question; None when there is nothing to ask."""
        payout = rows.find(conn, self._vault, seen.payout_id, lock=True)
        attempt = rows.find_attempt(conn, seen.id)
        if attempt.state is AttemptState.SENDING and self._now() - attempt.started_at > CALL_IS_OVER:
            rows.move_attempt(conn, attempt, AttemptState.UNKNOWN)
        worth_it = attempt.is_open or (hinted and attempt.state is AttemptState.FAILED)
        if not worth_it or attempt.state is AttemptState.WAITING or (waits_for_people(payout) and not hinted):
            return None
        if stops.initiator_is_refused(conn):
            return None
        rows.set_attempt_columns(conn, attempt.id, asked_at=self._now())
        return tokens.mint(conn, self._random_bytes, Purpose.STATUS, attempt.id)

    async def _put(self, attempt: Attempt, token: str) -> None:
        url = f"{self._settings.status_url}/{token}"
        question = StatusQuestion(attempt.originator_id, None, url, url)
        outcome = await self._mpesa.transaction_status(question)
        # that it may not ask, or got no token to ask with, says nothing about payouts
        if isinstance(outcome, Failed) and outcome.refuses_initiator:
            code, reason = outcome.code, outcome.reason
            await self._database.write(lambda conn: stops.refuse_initiator(conn, code, reason, self._now()))

    def _gap(self, number: int) -> timedelta:
        schedule = self._settings.query_schedule
        return schedule[number] if number < len(schedule) else HOURLY

    def _review(self, conn: Connection, attempt_id: int) -> bool:
        """Whether people must decide now, because M-Pesa has been silent for too long."""
        attempt = rows.find_attempt(conn, attempt_id)
        payout = rows.find(conn, self._vault, attempt.payout_id, lock=True)
        not_even_sent = attempt.state is AttemptState.WAITING
        silent_for = self._now() - attempt.started_at
        if not attempt.is_open or not_even_sent or silent_for < self._settings.review_after:
            return waits_for_people(payout)
        if not waits_for_people(payout) and rows.ask_people(conn, payout.id, PayoutReview.NO_WORD, self._now()):
            notices.tell_outcome(conn, payout, PayoutNews.NEEDS_REVIEW, self._now())
        return True


def waits_for_people(payout: Payout) -> bool:
    """After a restore M-Pesa is asked, and only then, if it failed, people look whether it was retried since."""
    return payout.needs_review not in (None, PayoutReview.RESTORED)
