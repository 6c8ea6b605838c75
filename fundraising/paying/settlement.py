"""What evidence means for payouts: weighed piece by piece, and acted on in the same transaction."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from fundraising import stops
from fundraising.evidence import record
from fundraising.evidence.record import Evidence, Payment, Source, Verdict, Weighed
from fundraising.ledger import accounts as chart
from fundraising.ledger import posting, reservations
from fundraising.ledger.causes import Fee
from fundraising.log_context import about, name_of
from fundraising.money import Money
from fundraising.paying import batch_progress, naming, notices, payees
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
from storage.vault import Vault

log = logging.getLogger(__name__)
ENDED_BY_PAYMENT = (PayoutReview.NO_WORD, PayoutReview.RESTORED, PayoutReview.UNREADABLE)


class PayoutSettlement:
    sources = frozenset({Source.ANSWER, Source.RESULT, Source.TIMEOUT, Source.STATUS, Source.PEOPLE})
    at_once = 1

    def __init__(self, vault: Vault, now: Callable[[], datetime], settings: PayingSettings):
        self._vault, self._now = vault, now
        self._low_float, self._remembers_ids = settings.low_float, settings.remembers_ids

    def settle(self, conn: Connection, items: Sequence[Evidence]) -> list[Weighed]:
        return [weighed for item in items if (weighed := self._settle(conn, item))]

    def prove(self, conn: Connection, item: Evidence) -> Payment | None:
        attempt_id = naming.proven(conn, item)
        return record.attempt(attempt_id) if attempt_id else None

    def set_aside(self, conn: Connection, _evidence_id: int) -> None:
        stops.freeze(conn, StopCause.EVIDENCE, self._now())

    def _settle(self, conn: Connection, item: Evidence) -> Weighed | None:
        attempt_id = naming.proven(conn, item)
        if attempt_id is None:
            return self._take_hint(conn, item)
        payout = rows.find(conn, self._vault, rows.find_attempt(conn, attempt_id).payout_id, lock=True)
        if not record.without_known(conn, [item]):
            return None
        tries = rows.attempts_of(conn, payout.id)
        attempt = next(each for each in tries if each.id == attempt_id)
        if naming.names_another(attempt, item, self._remembers_ids):
            return self._take_hint(conn, item, attempt_id)
        others = any(each.is_open or each.state is AttemptState.SUCCEEDED for each in tries if each.id != attempt_id)
        judgement = weigh(payout, attempt, others, self._booked(conn, attempt), item)
        payout = payees.learn(conn, self._vault, payout, item, self._now())
        self._act(conn, payout, attempt, judgement, item)
        if item.utility_minor is not None:
            accounts.note(conn, accounts.UTILITY, item.utility_minor, item.received_at, self._low_float)
        if payout.batch_id and judgement.meaning in (Meaning.PAID, Meaning.FAILED):
            self._go_on_with_batch(conn, payout.batch_id, item)
        if item.stops_sending:
            stops.refuse_initiator(conn, item.code, item.reason, self._now())
        return Weighed(item, record.attempt(attempt_id), judgement.verdict, name_of("payout", payout.id))

    def _go_on_with_batch(self, conn: Connection, batch_id: int, item: Evidence) -> None:
        if item.reason is Reason.FLOAT_EMPTY:
            batch_progress.pause(conn, batch_id)
        batch_progress.show(conn, batch_id, self._now())

    def _take_hint(self, conn: Connection, item: Evidence, of_token: int | None = None) -> Weighed:
        """Not proven to come from M-Pesa: worth a question, never worth money, and never a freeze.

        What names two attempts at once, one by its token and one by its id, has each asked about.
        """
        about = [attempt_id for attempt_id in (of_token, naming.hinted(conn, item)) if attempt_id]
        jobs.add(conn, [AskAboutPayout(attempt_id, hinted=True) for attempt_id in about], self._now())
        payment = record.attempt(about[0]) if about else None
        return Weighed(item, payment, Verdict.HINT if about else Verdict.UNMATCHED)

    def _act(self, conn: Connection, payout: Payout, attempt: Attempt, judgement: Judgement, item: Evidence) -> None:
        match judgement.meaning:
            case Meaning.PAID:
                self._book_payment(conn, payout, attempt, judgement, item)
            case Meaning.FAILED:
                self._fail(conn, payout, attempt, item)
            case Meaning.UNKNOWN:
                self._doubt(conn, payout, attempt, judgement, item)
            case Meaning.RECEIPT:
                self._attach_receipt(conn, payout, attempt, item)
            case Meaning.OTHER_AMOUNT:
                self._attach_receipt(conn, payout, attempt, item)
                self._alarm(conn, payout, PayoutReview.OTHER_AMOUNT)
            case Meaning.NOTHING_NEW:
                pass
        paid = judgement.meaning is Meaning.PAID or attempt.state is AttemptState.SUCCEEDED
        if paid and item.fee and not self._fee_is_booked(conn, attempt):
            fee = posting.Transfer(Fee(attempt.id), chart.FEES, chart.OUTSIDE, item.fee)
            posting.post(conn, [fee], self._now())

    def _book_payment(
        self, conn: Connection, payout: Payout, attempt: Attempt, judgement: Judgement, item: Evidence
    ) -> None:
        """Money that M-Pesa has moved is always booked, in full, whatever we thought before."""
        if holds_promise(payout, attempt):
            reservations.release(conn, payout.campaign_id, payout.amount)
        cause = attempt.cause
        moved = item.amount or payout.amount
        posting.post(conn, reservations.take_out(conn, payout.campaign_id, moved, cause), self._now())
        paid = {"receipt": item.receipt, "ended_at": self._now()}
        rows.move_attempt(conn, attempt, AttemptState.SUCCEEDED, **paid)
        if judgement.review:
            self._alarm(conn, payout, judgement.review)
        still_open = any(each.is_open for each in rows.attempts_of(conn, payout.id))
        if payout.status is not PayoutStatus.COMPLETED and not still_open:
            self._complete(conn, payout, item.receipt)

    def _complete(self, conn: Connection, payout: Payout, receipt: str | None) -> None:
        now = self._now()
        if payout.status is PayoutStatus.APPROVED:  # a retry was agreed to, and then the first one turns out paid
            rows.change_status(conn, payout, PayoutStatus.PROCESSING)
            payout = rows.find(conn, self._vault, payout.id)
        paid = {
            "receipt": receipt,
            "completed_at": now,
            "status_message": "paid",
        }
        rows.change_status(conn, payout, PayoutStatus.COMPLETED, **paid)
        rows.answered(conn, payout.id, now, *ENDED_BY_PAYMENT)
        notices.tell_outcome(conn, rows.find(conn, self._vault, payout.id), PayoutNews.COMPLETED, now)

    def _fail(self, conn: Connection, payout: Payout, attempt: Attempt, item: Evidence) -> None:
        now = self._now()
        failed = {"reason": item.reason, "code": item.code, "ended_at": now}
        rows.move_attempt(conn, attempt, AttemptState.FAILED, **failed)
        if payout.status is not PayoutStatus.PROCESSING:
            return
        reservations.release(conn, payout.campaign_id, payout.amount)
        paid = [each for each in rows.attempts_of(conn, payout.id) if each.state is AttemptState.SUCCEEDED]
        if paid:  # an earlier attempt turned out paid while this one was open
            self._complete(conn, payout, paid[0].receipt)
            return
        rows.change_status(conn, payout, PayoutStatus.FAILED, status_message=item.reason or item.code)
        rows.answered(conn, payout.id, now, PayoutReview.NO_WORD)
        notices.tell_outcome(conn, rows.find(conn, self._vault, payout.id), PayoutNews.FAILED, now)

    def _doubt(self, conn: Connection, payout: Payout, attempt: Attempt, judgement: Judgement, item: Evidence) -> None:
        if attempt.state in (AttemptState.SENDING, AttemptState.WAITING, AttemptState.ACCEPTED):
            rows.move_attempt(conn, attempt, AttemptState.UNKNOWN)
        if judgement.review and rows.ask_people(conn, payout.id, judgement.review, self._now()):
            notices.tell_outcome(conn, payout, PayoutNews.NEEDS_REVIEW, self._now())
        if item.source is not Source.STATUS:  # that was the answer to a question
            jobs.add(conn, [AskAboutPayout(attempt.id, hinted=True)], self._now())

    def _attach_receipt(self, conn: Connection, payout: Payout, attempt: Attempt, item: Evidence) -> None:
        rows.set_attempt_columns(conn, attempt.id, receipt=item.receipt)
        if payout.receipt is None:
            rows.set_columns(conn, payout.id, receipt=item.receipt)

    def _alarm(self, conn: Connection, payout: Payout, review: PayoutReview) -> None:
        named = about(name_of("payout", payout.id))
        log.error("payout %s needs review: %s; sending is frozen", payout.id, review, extra=named)
        rows.ask_people(conn, payout.id, review, self._now())
        stops.freeze(conn, StopCause.PAYOUT, self._now(), review, payout.id)

    def _booked(self, conn: Connection, attempt: Attempt) -> Money | None:
        return posting.moved_outside(conn, attempt.cause) if attempt.state is AttemptState.SUCCEEDED else None

    def _fee_is_booked(self, conn: Connection, attempt: Attempt) -> bool:
        return posting.is_posted(conn, Fee(attempt.id))
