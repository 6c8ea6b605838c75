"""Store, weigh, act: every word about an attempt goes through here, in one transaction."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, or_, select

from fundraising import stops
from fundraising.evidence import heard, tokens, words
from fundraising.evidence.allowance import Allowance
from fundraising.evidence.tokens import Purpose
from fundraising.evidence.words import Source, Verdict, Word
from fundraising.ledger import accounts as chart
from fundraising.ledger import posting, reservations
from fundraising.ledger.causes import Fee
from fundraising.log_context import about, name_of
from fundraising.money import Money
from fundraising.outages import is_outage
from fundraising.paying import batch_progress, notices, payees
from fundraising.paying import float as accounts
from fundraising.paying import payout as rows
from fundraising.paying.news import PayoutNews
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.requests import PayingSettings
from fundraising.paying.tasks import AskAboutPayout
from fundraising.paying.weighing import Judgement, Meaning, holds_promise, weigh
from fundraising.statuses import AttemptState, PayoutReview, PayoutStatus, StopCause
from mpesa.codes import Reason
from storage import jobs
from storage.database import Database
from storage.payout_tables import attempts, payout_evidence
from storage.vault import Vault

log = logging.getLogger(__name__)
PURPOSES = {
    Source.ANSWER: Purpose.PAYMENT,
    Source.RESULT: Purpose.PAYMENT,
    Source.TIMEOUT: Purpose.PAYMENT,
    Source.STATUS: Purpose.STATUS,
    Source.PEOPLE: Purpose.PAYMENT,
}


class PayoutSettlement:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime], settings: PayingSettings):
        self._database, self._vault, self._now = database, vault, now
        self._low_float, self._remembers_ids = settings.low_float, settings.remembers_ids
        self._unproven = Allowance(now)

    async def take(self, word: Word) -> None:
        """Returns when it is durable and has had its effects, both in one commit.

        A proven word that cannot be settled, through a fault of ours, is stored alone and stops all sending. What
        passes, such as a lock that took too long, is raised: who brought the word brings it again.
        """
        keep = self._unproven.left().less(size_of(word)) is not None
        try:
            verdict = await self._database.write(lambda conn: self.settle(conn, word, keep))
        except Exception as error:
            if is_outage(error) or not await self._database.read(lambda conn: self._attempt_of(conn, word)):
                raise
            log.exception("M-Pesa's word about a payout did not settle; storing it, and freezing")
            await self._database.write(lambda conn: self._set_aside(conn, word))
        else:
            self._count_unproven(word, verdict, keep)

    async def settle_stuck(self) -> tuple[int, int]:
        """Weighs anew what was set aside, once its cause is mended: how much is settled, how much is stuck still."""
        settled = [await self._settle_again(row_id) for row_id in await self._database.read(words.stuck)]
        return settled.count(True), settled.count(False)

    async def _settle_again(self, row_id: int) -> bool:
        query = select(payout_evidence).where(payout_evidence.c.id == row_id)
        row = await self._database.read(lambda conn: conn.execute(query).one())
        try:
            await self._database.write(lambda conn: self.settle(conn, heard.again(row, self._vault)))
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("payout evidence %s is stuck still", row_id)
            return False
        return True

    def _count_unproven(self, word: Word, verdict: Verdict, kept: bool) -> None:
        if verdict in (Verdict.HINT, Verdict.UNMATCHED):
            if kept:
                self._unproven.use([size_of(word)])
            else:
                log.warning("a callback about payouts without a known token is not kept: too many")

    def _attempt_of(self, conn: Connection, word: Word) -> int | None:
        """The attempt that the word is proven to be about."""
        return word.attempt_id or tokens.attempt_of(conn, word.token_hash, PURPOSES[word.source])

    def _set_aside(self, conn: Connection, word: Word) -> None:
        words.record(conn, self._vault, word, self._attempt_of(conn, word), Verdict.STUCK)
        stops.freeze(conn, StopCause.EVIDENCE, self._now())

    def settle(self, conn: Connection, word: Word, keep_unproven: bool = True) -> Verdict:
        attempt_id = self._attempt_of(conn, word)
        if attempt_id is None:
            return self._take_hint(conn, word, keep_unproven)
        payout = rows.find(conn, self._vault, rows.find_attempt(conn, attempt_id).payout_id, lock=True)
        if words.is_known(conn, word):  # asked under the lock, so that two deliveries at once are one
            return Verdict.NOTHING_NEW
        tries = rows.attempts_of(conn, payout.id)
        attempt = next(each for each in tries if each.id == attempt_id)
        if word.source is Source.RESULT and not self._names(attempt, word):
            # A token alone is not enough, a proxy's log may have leaked it; but something was said: M-Pesa is asked.
            return self._take_hint(conn, word, of_token=attempt_id)
        others = any(each.is_open or each.state is AttemptState.SUCCEEDED for each in tries if each.id != attempt_id)
        judgement = weigh(payout, attempt, others, self._booked(conn, attempt), word)
        told = (word.source, payout.id, word.code or word.says, judgement.verdict)
        log.info("M-Pesa %s about payout %s: %s, %s", *told, extra=about(name_of("payout", payout.id)))
        words.record(conn, self._vault, word, attempt_id, judgement.verdict)
        payout = payees.learn(conn, self._vault, payout, word, self._now())
        self._act(conn, payout, attempt, judgement, word)
        if word.utility_minor is not None:
            accounts.note(conn, accounts.UTILITY, word.utility_minor, word.received_at, self._low_float)
        if payout.batch_id and judgement.meaning in (Meaning.PAID, Meaning.FAILED):
            self._go_on_with_batch(conn, payout.batch_id, word)
        if word.stops_sending:
            stops.refuse_initiator(conn, word.code, word.reason, self._now())
        return judgement.verdict

    def _names(self, attempt: Attempt, word: Word) -> bool:
        """By our own id, or by M-Pesa's; v1 knows no id of ours, and a result may come before the acknowledgement."""
        if attempt.originator_id in word.names or attempt.conversation_id in word.names:
            return True
        return not self._remembers_ids and attempt.conversation_id is None

    def _go_on_with_batch(self, conn: Connection, batch_id: int, word: Word) -> None:
        if word.reason is Reason.FLOAT_EMPTY:
            batch_progress.pause(conn, batch_id)
        batch_progress.show(conn, batch_id, self._now())

    def _take_hint(self, conn: Connection, word: Word, keep: bool = True, of_token: int | None = None) -> Verdict:
        """Not proven to come from M-Pesa: worth a question, never worth money, and never a freeze.

        `of_token`: the attempt whose token came with it.
        """
        named = select(attempts.c.id).where(
            or_(attempts.c.originator_id.in_(word.names), attempts.c.conversation_id.in_(word.names))
        )
        attempt_id = conn.scalar(named.limit(1)) if word.names else None
        asked = {each for each in (attempt_id, of_token) if each}
        verdict = Verdict.HINT if asked else Verdict.UNMATCHED
        if keep:
            words.record(conn, self._vault, word, attempt_id or of_token, verdict)
        jobs.add(conn, [AskAboutPayout(each, hinted=True) for each in sorted(asked)], self._now())
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
            case Meaning.OTHER_AMOUNT:
                self._attach_receipt(conn, payout, attempt, word)
                self._alarm(conn, payout, PayoutReview.OTHER_AMOUNT)
            case Meaning.NOTHING_NEW:
                pass
        paid = judgement.meaning is Meaning.PAID or attempt.state is AttemptState.SUCCEEDED
        if paid and word.fee and not self._fee_is_booked(conn, attempt):
            fee = posting.Transfer(Fee(attempt.id), chart.FEES, chart.OUTSIDE, word.fee)
            posting.post(conn, [fee], self._now())

    def _book_payment(
        self, conn: Connection, payout: Payout, attempt: Attempt, judgement: Judgement, word: Word
    ) -> None:
        """Money that M-Pesa has moved is always booked, in full, whatever we thought before."""
        if holds_promise(payout, attempt):
            reservations.release(conn, payout.campaign_id, payout.amount)
        cause = attempt.cause
        moved = word.amount or payout.amount
        posting.post(conn, reservations.take_out(conn, payout.campaign_id, moved, cause), self._now())
        paid = {"receipt": word.receipt, "ended_at": self._now()}
        rows.move_attempt(conn, attempt, AttemptState.SUCCEEDED, **paid)
        if judgement.review:
            self._alarm(conn, payout, judgement.review)
            payout = replace(payout, needs_review=judgement.review)
        still_open = any(each.is_open for each in rows.attempts_of(conn, payout.id))
        if payout.status is not PayoutStatus.COMPLETED and not still_open:
            self._complete(conn, payout, word.receipt)

    def _complete(self, conn: Connection, payout: Payout, receipt: str | None) -> None:
        now = self._now()
        if payout.status is PayoutStatus.APPROVED:  # a retry was agreed to, and then the first one turns out paid
            rows.change_status(conn, payout, PayoutStatus.PROCESSING)
            payout = rows.find(conn, self._vault, payout.id)
        paid = {
            "receipt": receipt,
            "completed_at": now,
            "status_message": "paid",
            "needs_review": still_to_see(payout, paid=True),
        }
        rows.change_status(conn, payout, PayoutStatus.COMPLETED, **paid)
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
        failed = {"status_message": word.reason or word.code, "needs_review": still_to_see(payout)}
        rows.change_status(conn, payout, PayoutStatus.FAILED, **failed)
        notices.tell_outcome(conn, rows.find(conn, self._vault, payout.id), PayoutNews.FAILED, now)

    def _doubt(self, conn: Connection, payout: Payout, attempt: Attempt, judgement: Judgement) -> None:
        if attempt.state in (AttemptState.SENDING, AttemptState.WAITING, AttemptState.ACCEPTED):
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
        named = about(name_of("payout", payout.id))
        log.error("payout %s needs review: %s; sending is frozen", payout.id, review, extra=named)
        rows.set_columns(conn, payout.id, needs_review=review)
        stops.freeze(conn, StopCause.PAYOUT, self._now(), review, payout.id)

    def _booked(self, conn: Connection, attempt: Attempt) -> Money | None:
        return posting.moved_outside(conn, attempt.cause) if attempt.state is AttemptState.SUCCEEDED else None

    def _fee_is_booked(self, conn: Connection, attempt: Attempt) -> bool:
        return posting.is_posted(conn, Fee(attempt.id))


def size_of(word: Word) -> int:
    return len(word.body or b"")


def still_to_see(payout: Payout, paid: bool = False) -> PayoutReview | None:
    """Decisive evidence ends the doubt for want of a word, no other; paid, it was not retried either."""
    ended = (PayoutReview.NO_WORD, PayoutReview.RESTORED) if paid else (PayoutReview.NO_WORD,)
    return None if payout.needs_review in ended else payout.needs_review
