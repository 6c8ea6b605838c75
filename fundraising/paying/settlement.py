"""Store, weigh, act: every word about an attempt goes through here, in one transaction."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, or_, select

from fundraising.books import ledger, reservations
from fundraising.money import Money
from fundraising.paying import batches, notices, switch, tokens, words
from fundraising.paying import float as accounts
from fundraising.paying import payout as rows
from fundraising.paying.news import PayoutNews
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.statuses import AttemptState, PayoutReview, PayoutStatus
from fundraising.paying.tasks import AskAboutPayout
from fundraising.paying.tokens import Purpose
from fundraising.paying.weighing import Judgement, Meaning, holds_promise, weigh
from fundraising.paying.words import Source, Verdict, Word
from mpesa.codes import Reason
from storage import jobs
from storage.database import Database
from storage.payout_tables import attempts
from storage.vault import Vault

log = logging.getLogger(__name__)
PURPOSES = {
    Source.ANSWER: Purpose.PAYMENT,
    Source.RESULT: Purpose.PAYMENT,
    Source.TIMEOUT: Purpose.PAYMENT,
    Source.STATUS: Purpose.STATUS,
    Source.PEOPLE: Purpose.PAYMENT,
}
FEES = "fees"  # what M-Pesa kept for sending: below zero by what it cost


class PayoutSettlement:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime], low_float: Money):
        self._database, self._vault, self._now, self._low_float = database, vault, now, low_float

    async def take(self, word: Word) -> None:
        """Returns when it is durable and has had its effects, both in one commit.

        A word that cannot be settled, through a fault of ours, is stored alone and stops all sending.
        """
        try:
            await self._database.write(lambda conn: self.settle(conn, word))
        except Exception:
            log.exception("M-Pesa's word about a payout did not settle; storing it, and freezing")
            await self._database.write(lambda conn: self._set_aside(conn, word))

    def _set_aside(self, conn: Connection, word: Word) -> None:
        words.record(conn, self._vault, word, word.attempt_id, Verdict.STUCK)
        switch.freeze(conn, "a word from M-Pesa about a payout could not be settled: see the log", self._now())

    def settle(self, conn: Connection, word: Word) -> Verdict:
        attempt_id = word.attempt_id or tokens.attempt_of(conn, word.token_hash, PURPOSES[word.source])
        if attempt_id is None:
            return self._take_hint(conn, word)
        payout = rows.find(conn, self._vault, rows.find_attempt(conn, attempt_id).payout_id, lock=True)
        if words.is_known(conn, word):  # asked under the lock, so that two deliveries at once are one
            return Verdict.NOTHING_NEW
        tries = rows.attempts_of(conn, payout.id)
        attempt = next(each for each in tries if each.id == attempt_id)
        others = any(each.is_open or each.state is AttemptState.SUCCEEDED for each in tries if each.id != attempt_id)
        judgement = weigh(payout, attempt, others, word)
        log.info("M-Pesa %s about payout %s: %s, %s", word.source, payout.id, word.code or word.says, judgement.verdict)
        words.record(conn, self._vault, word, attempt_id, judgement.verdict)
        self._act(conn, payout, attempt, judgement, word)
        if word.utility_minor is not None:
            accounts.note(conn, accounts.UTILITY, word.utility_minor, self._now(), self._low_float)
        if payout.batch_id and judgement.meaning in (Meaning.PAID, Meaning.FAILED):
            self._go_on_with_batch(conn, payout.batch_id, word)
        if word.stops_sending:
            switch.freeze(conn, f"M-Pesa said {word.code}: {word.reason}", self._now())
        return judgement.verdict

    def _go_on_with_batch(self, conn: Connection, batch_id: int, word: Word) -> None:
        if word.reason is Reason.FLOAT_EMPTY:
            batches.pause(conn, batch_id)
        batches.show_progress(conn, batch_id, self._now())

    def _take_hint(self, conn: Connection, word: Word) -> Verdict:
        """Not proven to come from M-Pesa: worth a question, never worth money, and never a freeze."""
        named = select(attempts.c.id).where(
            or_(attempts.c.originator_id.in_(word.names), attempts.c.conversation_id.in_(word.names))
        )
        attempt_id = conn.scalar(named.limit(1)) if word.names else None
        verdict = Verdict.HINT if attempt_id else Verdict.UNMATCHED
        words.record(conn, self._vault, word, attempt_id, verdict)
        if attempt_id:
            jobs.add(conn, [AskAboutPayout(attempt_id, hinted=True)], self._now())
        return verdict

    def _act(self, conn: Connection, payout: Payout, attempt: Attempt, judgement: Judgement, word: Word) -> None:
        match judgement.meaning:
            case Meaning.PAID:
                self._book_payment(conn, payout, attempt, judgement, word)
            case Meaning.FAILED:
                self._fail(conn, payout, attempt, word)
            case Meaning.UNKNOWN:
                self._doubt(conn, payout, attempt, judgement)
            case Meaning.RECEIPT:
                self._attach_receipt(conn, payout, attempt, word)
            case Meaning.NOTHING_NEW:
                pass
        if word.fee and word.fee.minor and not self._fee_is_booked(conn, attempt):
            fee = ledger.Transfer(f"fee:{attempt.id}", FEES, ledger.OUTSIDE, word.fee)
            ledger.post(conn, [fee], self._now())

    def _book_payment(
        self, conn: Connection, payout: Payout, attempt: Attempt, judgement: Judgement, word: Word
    ) -> None:
        """Money that M-Pesa has moved is always booked, in full, whatever we thought before."""
        if holds_promise(payout, attempt):
            reservations.release(conn, payout.campaign_id, payout.amount)
        cause = f"payout:{payout.id}:{attempt.number}"
        moved = word.amount or payout.amount
        ledger.post(conn, reservations.take_out(conn, payout.campaign_id, moved, cause), self._now())
        paid = {"receipt": word.receipt, "ended_at": self._now()}
        rows.move_attempt(conn, attempt, AttemptState.SUCCEEDED, **paid)
        if judgement.review:
            self._alarm(conn, payout, judgement.review)
        still_open = any(each.is_open for each in rows.attempts_of(conn, payout.id))
        if payout.status is not PayoutStatus.COMPLETED and not still_open:
            self._complete(conn, payout, word.receipt)

    def _complete(self, conn: Connection, payout: Payout, receipt: str | None) -> None:
        now = self._now()
        if payout.status is PayoutStatus.APPROVED:  # a retry was agreed to, and then the first one turns out paid
            rows.change_status(conn, payout, PayoutStatus.PROCESSING)
            payout = rows.find(conn, self._vault, payout.id)
        rows.change_status(
            conn, payout, PayoutStatus.COMPLETED, receipt=receipt, completed_at=now, status_message="paid"
        )
        notices.tell_outcome(conn, rows.find(conn, self._vault, payout.id), PayoutNews.COMPLETED, now)

    def _fail(self, conn: Connection, payout: Payout, attempt: Attempt, word: Word) -> None:
        now = self._now()
        failed = {"reason": word.reason, "code": word.code, "ended_at": now}
        rows.move_attempt(conn, attempt, AttemptState.FAILED, **failed)
        if payout.status is not PayoutStatus.PROCESSING:
            return
        reservations.release(conn, payout.campaign_id, payout.amount)
        paid = [each for each in rows.attempts_of(conn, payout.id) if each.state is AttemptState.SUCCEEDED]
        if paid:  # an earlier attempt turned out paid while this one was open
            self._complete(conn, payout, paid[0].receipt)
            return
        rows.change_status(conn, payout, PayoutStatus.FAILED, status_message=word.reason or word.code)
        notices.tell_outcome(conn, rows.find(conn, self._vault, payout.id), PayoutNews.FAILED, now)

    def _doubt(self, conn: Connection, payout: Payout, attempt: Attempt, judgement: Judgement) -> None:
        if attempt.state in (AttemptState.SENDING, AttemptState.ACCEPTED):
            rows.move_attempt(conn, attempt, AttemptState.UNKNOWN)
        if judgement.review and not payout.needs_review:
            rows.set_columns(conn, payout.id, needs_review=judgement.review)
            notices.tell_outcome(conn, payout, PayoutNews.NEEDS_REVIEW, self._now())
        jobs.add(conn, [AskAboutPayout(attempt.id, hinted=True)], self._now())

    def _attach_receipt(self, conn: Connection, payout: Payout, attempt: Attempt, word: Word) -> None:
        rows.set_attempt_columns(conn, attempt.id, receipt=word.receipt)
        if payout.receipt is None:
            rows.set_columns(conn, payout.id, receipt=word.receipt)

    def _alarm(self, conn: Connection, payout: Payout, review: PayoutReview) -> None:
        log.error("payout %s needs review: %s; sending is frozen", payout.id, review)
        rows.set_columns(conn, payout.id, needs_review=review)
        switch.freeze(conn, f"payout {payout.id}: {review}", self._now())

    def _fee_is_booked(self, conn: Connection, attempt: Attempt) -> bool:
        return ledger.is_posted(conn, f"fee:{attempt.id}")
