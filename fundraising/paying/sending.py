"""Sending: commit the intent, call, commit what came of it. An unknown outcome is never sent again."""

from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from fundraising import stops
from fundraising.evidence import payments, tokens
from fundraising.evidence.intake import Intake
from fundraising.evidence.tokens import Purpose
from fundraising.journal import IntentLog, PaymentIntent
from fundraising.paying import agreement, batch_progress, intents, notices
from fundraising.paying import payout as rows
from fundraising.paying.asking import CALL_IS_OVER
from fundraising.paying.news import PayoutNews
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.requests import PayingSettings, call_off
from fundraising.paying.tasks import AskAboutPayout, SendPayout
from fundraising.people import roles
from fundraising.people.roles import OWNERS_NEEDED
from fundraising.randomness import RandomBytes
from fundraising.refusals import PayoutAltered, SendingFrozen
from fundraising.statuses import AttemptState, PayoutReview, PayoutStatus, StopCause
from mpesa.b2c import B2cAccepted, B2cPayment
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from mpesa.payouts import MpesaPayouts
from storage import jobs
from storage.database import Database
from storage.vault import Vault

LOOK_FOR_OWNERS = timedelta(minutes=1)
NEVER_LATER_THAN = timedelta(seconds=10)  # after the commit that says "sending": then the call is made, or not at all
SEND_AGAIN_AFTER = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Begun:
    payout: Payout
    attempt: Attempt
    payment: B2cPayment
    token: str


class Sending:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        mpesa: MpesaPayouts,
        intake: Intake,
        now: Callable[[], datetime],
        random_bytes: RandomBytes,
        settings: PayingSettings,
        intents: IntentLog,
    ):
        self._database, self._vault, self._mpesa, self._intake = database, vault, mpesa, intake
        self._now, self._random_bytes, self._settings, self._intents = now, random_bytes, settings, intents

    async def send(self, job: SendPayout, attempt_number: int) -> datetime | None:
        """The job. Frozen or paused: nothing happens, and what lifts that stages it anew."""
        begun = await self._database.write(lambda conn: self._begin(conn, job))
        if not isinstance(begun, Begun):
            return begun
        outcome: Outcome[B2cAccepted] = Failed(Reason.NOT_REACHED, "", "not written down in time: not sent")
        written = await self._intents.write(lambda conn: self._written(conn, begun))
        if written and self._now() - begun.attempt.started_at < NEVER_LATER_THAN:
            outcome = await self._mpesa.b2c(begun.payment)
        if isinstance(outcome, Failed) and not outcome.not_accepted:
            await self._intake.take(payments.answer(begun.attempt.id, outcome, self._now()))
            return None
        waits = await self._database.write(lambda conn: self._record(conn, begun, outcome))
        return self._now() + SEND_AGAIN_AFTER[min(attempt_number, len(SEND_AGAIN_AFTER)) - 1] if waits else None

    def _written(self, conn: Connection, begun: Begun) -> PaymentIntent:
        return intents.of_payment(conn, self._vault, begun.payout, begun.attempt, tokens.hash_of(begun.token))

    def _begin(self, conn: Connection, job: SendPayout) -> Begun | datetime | None:
        """Checks everything in the transaction that commits the attempt.

        None when nothing may be sent; a moment when a call may be under way, to look again.
        """
        try:
            agreement.demand_unaltered(conn, self._vault, job.payout_id)
        except PayoutAltered as altered:
            stops.freeze(conn, StopCause.ALTERED, self._now(), payout_id=altered.payout_id)
            return None
        payout = rows.find(conn, self._vault, job.payout_id, lock=True)
        tries = rows.attempts_of(conn, payout.id)
        for attempt in tries:
            if attempt.state is AttemptState.SENDING and attempt.started_at + CALL_IS_OVER > self._now():
                return attempt.started_at + CALL_IS_OVER
        self._doubt_a_call_that_died(conn, tries)
        try:
            stops.demand_open(conn)
        except SendingFrozen:
            return None
        if roles.count_of_owners(conn) < OWNERS_NEEDED:
            return self._now() + LOOK_FOR_OWNERS
        if payout.needs_review or batch_progress.is_paused(conn, payout.batch_id):
            return None
        is_new = payout.status is PayoutStatus.APPROVED and payout.version == job.version
        waits = payout.status is PayoutStatus.PROCESSING and tries and tries[-1].state is AttemptState.WAITING
        if not (is_new or waits):
            return None
        if agreement.count(conn, self._vault, payout.id, self._now()) < payout.approvals_needed:
            self._take_back(conn, payout, tries)
            return None
        if waits:
            return self._same_attempt(conn, payout, tries[-1])
        return self._new_attempt(conn, payout, len(tries) + 1)

    def _take_back(self, conn: Connection, payout: Payout, tries: list[Attempt]) -> None:
        """Somebody who agreed may not approve any more. M-Pesa has accepted nothing, so the money is free again."""
        if payout.status is PayoutStatus.APPROVED:
            call_off(conn, self._vault, payout, PayoutNews.CANCELLED, self._now())
        else:
            not_sent = Failed(Reason.NOT_REACHED, "", "not agreed to any more")
            self._intake.settle(conn, payments.answer(tries[-1].id, not_sent, self._now()))

    def _doubt_a_call_that_died(self, conn: Connection, tries: list[Attempt]) -> None:
        """Whoever finds `sending` never calls: the process that wrote it may have."""
        for attempt in tries:
            if attempt.state is AttemptState.SENDING:
                rows.move_attempt(conn, attempt, AttemptState.UNKNOWN)
                jobs.add(conn, [AskAboutPayout(attempt.id)], self._now())

    def _new_attempt(self, conn: Connection, payout: Payout, number: int) -> Begun:
        attempt = rows.add_attempt(conn, payout.id, number, originator_id(self._random_bytes), self._now())
        rows.change_status(conn, payout, PayoutStatus.PROCESSING)
        jobs.add(conn, [AskAboutPayout(attempt.id)], self._now() + self._settings.query_schedule[0])
        return self._begun(conn, payout, attempt)

    def _same_attempt(self, conn: Connection, payout: Payout, attempt: Attempt) -> Begun:
        rows.move_attempt(conn, attempt, AttemptState.SENDING, started_at=self._now())
        return self._begun(conn, payout, rows.find_attempt(conn, attempt.id))

    def _begun(self, conn: Connection, payout: Payout, attempt: Attempt) -> Begun:
        token = tokens.mint(conn, self._random_bytes, Purpose.PAYMENT, attempt.id)
        payment = B2cPayment(
            originator_id=attempt.originator_id,
            phone=payout.phone,
            shillings=payout.amount.whole_shillings,
            remarks=payout.remarks,
            occasion=payout.purpose,
            result_url=f"{self._settings.result_url}/{token}",
            timeout_url=f"{self._settings.timeout_url}/{token}",
        )
        return Begun(payout, attempt, payment, token)

    def _record(self, conn: Connection, begun: Begun, outcome: Outcome[B2cAccepted]) -> bool:
        """Whether the same attempt waits to be sent again. A result may have been faster than the answer."""
        rows.find(conn, self._vault, begun.payout.id, lock=True)
        attempt = rows.find_attempt(conn, begun.attempt.id)
        match outcome:
            case Succeeded(accepted):
                rows.set_attempt_columns(conn, attempt.id, conversation_id=accepted.conversation_id)
                self._end_sending(conn, attempt, AttemptState.ACCEPTED)
            case Failed():
                return self._end_sending(conn, attempt, AttemptState.WAITING)
            case Unknown():
                doubted = self._end_sending(conn, attempt, AttemptState.UNKNOWN)
                if doubted and not self._settings.remembers_ids:  # v1: it cannot even be asked about
                    rows.ask_people(conn, begun.payout.id, PayoutReview.NO_WORD, self._now())
                    notices.tell_outcome(conn, begun.payout, PayoutNews.NEEDS_REVIEW, self._now())
        return False

    def _end_sending(self, conn: Connection, attempt: Attempt, to: AttemptState) -> bool:
        if attempt.state is not AttemptState.SENDING:
            return False
        rows.move_attempt(conn, attempt, to)
        return True


def originator_id(random_bytes: RandomBytes) -> str:
    """95 bits as 19 letters and digits A–Z, 2–7: random, because a restored sequence would issue ids again."""
    return b32encode(random_bytes(12)).decode()[:19]
