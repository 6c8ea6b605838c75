"""Mistakes with payouts that a programmer could make, planted into the real code."""

from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import pytest
from sqlalchemy import Connection, update

from fundraising import questions, stops
from fundraising.evidence.intake import Intake
from fundraising.evidence.reading import READERS, Read
from fundraising.evidence.record import Evidence, Says, Source
from fundraising.giving import news as gift_news
from fundraising.ledger import reservations
from fundraising.money import Money
from fundraising.paying import naming, notices, settlement, weighing
from fundraising.paying import news as payout_news
from fundraising.paying import payout as rows
from fundraising.paying.agreement import Checkers
from fundraising.paying.approvals import Approvals
from fundraising.paying.orders import Order
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.requests import Requests
from fundraising.paying.sending import Sending
from fundraising.paying.settlement import PayoutSettlement
from fundraising.paying.tasks import AskAboutPayout
from fundraising.paying.weighing import NOTHING
from fundraising.questions import Kind
from fundraising.statuses import AttemptState, PayoutReview, PayoutStatus
from mpesa.codes import Reason
from mpesa.outcome import Failed, Unknown
from mpesa.payouts import B2cPayment
from storage import jobs
from storage.payout_tables import attempts
from storage.tables import balances
from tests.simulation.planted_in_giving import Plant, Weather


def a_payout_of_unknown_outcome_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    right = Sending._record

    def record(self: Sending, conn: Connection, begun: Any, outcome: Any) -> bool:
        return right(self, conn, begun, Failed(Reason.BUSY, "") if isinstance(outcome, Unknown) else outcome)

    patch.setattr(Sending, "_record", record)


def a_payout_of_unknown_outcome_is_failed(patch: pytest.MonkeyPatch) -> None:
    class Hasty:
        def __init__(self, mpesa: Any):
            self._mpesa = mpesa

        async def b2c(self, payment: B2cPayment) -> Any:
            outcome = await self._mpesa.b2c(payment)
            return Failed(Reason.REFUSED, "no answer") if isinstance(outcome, Unknown) else outcome

    right = Sending.__init__

    def init(self: Sending, *parts: Any) -> None:
        right(self, *parts)
        patch.setattr(self, "_mpesa", Hasty(self._mpesa))

    patch.setattr(Sending, "__init__", init)


def who_finds_a_call_under_way_calls_again(patch: pytest.MonkeyPatch) -> None:
    def hope(_self: Sending, conn: Connection, tries: list[Attempt]) -> None:
        for n, attempt in enumerate(tries):
            if attempt.state is AttemptState.SENDING:
                rows.move_attempt(conn, attempt, AttemptState.WAITING)
                tries[n] = rows.find_attempt(conn, attempt.id)

    patch.setattr(Sending, "_doubt_a_call_that_died", hope)


def a_retry_is_sent_under_the_old_id(patch: pytest.MonkeyPatch) -> None:
    right = Sending._new_attempt

    def new_attempt(self: Sending, conn: Connection, payout: Payout, number: int) -> Any:
        if number == 1:
            return right(self, conn, payout, number)
        last = rows.attempts_of(conn, payout.id)[-1]
        again = {"state": AttemptState.SENDING, "started_at": self._now()}
        conn.execute(update(attempts).where(attempts.c.id == last.id).values(**again))
        rows.change_status(conn, payout, PayoutStatus.PROCESSING)
        jobs.add(conn, [AskAboutPayout(last.id)], self._now())
        return self._begun(conn, payout, rows.find_attempt(conn, last.id))

    patch.setattr(Sending, "_new_attempt", new_attempt)


def a_failure_releases_twice(patch: pytest.MonkeyPatch) -> None:
    right = PayoutSettlement._fail

    def fail(self: PayoutSettlement, conn: Connection, payout: Payout, *more: Any) -> None:
        right(self, conn, payout, *more)
        account = balances.c.account == f"campaign:{payout.campaign_id}"
        again = balances.c.reserved_minor - payout.amount.minor
        conn.execute(update(balances).where(account, again >= 0).values(reserved_minor=again))

    patch.setattr(PayoutSettlement, "_fail", fail)


def a_retry_promises_nothing(patch: pytest.MonkeyPatch) -> None:
    right, reserve, retrying = Approvals.retry, reservations.reserve, ContextVar("retrying", default=False)

    async def retry(self: Approvals, *what: Any, **more: Any) -> Payout:
        retrying.set(True)
        return await right(self, *what, **more)

    def forget(conn: Connection, campaign_id: int, amount: Money) -> None:
        if not retrying.get():
            reserve(conn, campaign_id, amount)

    patch.setattr(Approvals, "retry", retry)
    patch.setattr(reservations, "reserve", forget)


def who_asks_counts_as_one_who_agreed(patch: pytest.MonkeyPatch) -> None:
    right = Checkers.count
    patch.setattr(Checkers, "count", lambda *which: right(*which) + 1)


def each_row_of_many_is_agreed_to_by_its_own_amount(patch: pytest.MonkeyPatch) -> None:
    right = Requests.add

    def add(self: Requests, conn: Connection, order: Order, by: int, _together: int, *more: Any, **rest: Any) -> Payout:
        alone = self._settings.rules.of_sum(order.amount)
        return right(self, conn, order, by, alone, *more, **rest)

    patch.setattr(Requests, "add", add)


def a_forged_result_pays(patch: pytest.MonkeyPatch) -> None:
    right = naming.proven
    patch.setattr(naming, "proven", lambda conn, item: right(conn, item) or naming.hinted(conn, item))


def a_leaked_token_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(naming, "names_another", lambda _attempt, _item, _remembers_ids: False)


def not_processed_in_time_is_failed(patch: pytest.MonkeyPatch) -> None:
    right = READERS[Source.TIMEOUT]
    readers = cast(dict[Source, Read], READERS)
    patch.setitem(readers, Source.TIMEOUT, lambda *notice: replace(right(*notice), says=Says.FAILED))


def a_question_that_finds_nothing_proves_failure(patch: pytest.MonkeyPatch) -> None:
    right = READERS[Source.STATUS]

    def read(*result: Any) -> Evidence:
        item = right(*result)
        return replace(item, says=Says.FAILED) if item.code in ("25", "2032") else item

    patch.setitem(cast(dict[Source, Read], READERS), Source.STATUS, read)


def sending_does_not_look_at_the_switch(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stops, "demand_open", lambda _conn: None)


def a_payment_after_a_failure_is_not_booked(patch: pytest.MonkeyPatch) -> None:
    right = weighing.weigh

    def weigh(payout: Payout, attempt: Attempt, others: bool, booked: Money | None, item: Evidence) -> Any:
        late = attempt.state is AttemptState.FAILED and item.says is Says.SUCCEEDED
        return NOTHING if late else right(payout, attempt, others, booked, item)

    patch.setattr(settlement, "weigh", weigh)


def a_payment_after_a_failure_alarms_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PayoutSettlement, "_alarm", lambda *_: None)


def what_was_asked_for_is_booked_whatever_was_paid(patch: pytest.MonkeyPatch) -> None:
    right = PayoutSettlement._book_payment

    def book(
        self: PayoutSettlement, conn: Connection, payout: Payout, attempt: Attempt, found: Any, item: Evidence
    ) -> None:
        right(self, conn, payout, attempt, found, replace(item, amount=payout.amount))

    patch.setattr(PayoutSettlement, "_book_payment", book)


class TakenBack(Exception):
    pass


def people_are_told_before_the_outcome_is_stored(patch: pytest.MonkeyPatch) -> None:
    """It learns the news from a transaction that it takes back, stages them, and then settles."""
    take, tell, news = Intake.take, notices.tell_outcome, list[tuple[Any, ...]]()

    async def take_early(self: Intake, item: Evidence) -> None:
        def rehearse(conn: Connection) -> None:
            self.settle(conn, item)
            raise TakenBack

        news.clear()
        with suppress(TakenBack):
            await self._database.write(rehearse)
        staged = list(news)
        await self._database.write(lambda conn: [tell(conn, *each) for each in staged])
        await take(self, item)

    patch.setattr(notices, "tell_outcome", lambda _conn, *what: news.append(what))
    patch.setattr(Intake, "take", take_early)


def news_are_told_whether_they_still_hold_or_not(patch: pytest.MonkeyPatch) -> None:
    for truths in (gift_news.TRUTHS, payout_news.TRUTHS):
        for news in list(cast(dict[Any, Any], truths)):
            patch.setitem(cast(dict[Any, Any], truths), news, always)


def always(_subject: object) -> bool:
    return True


def an_answer_about_another_payout_is_taken(patch: pytest.MonkeyPatch) -> None:
    right = naming.names_another
    patch.setattr(
        naming, "names_another", lambda a, item, remembers: item.source is Source.RESULT and right(a, item, remembers)
    )


def a_late_success_that_cannot_be_read_is_dropped(patch: pytest.MonkeyPatch) -> None:
    right = weighing.weigh_unreadable
    patch.setattr(weighing, "weigh_unreadable", lambda a, item: right(a, item) if a.is_open else NOTHING)


def what_mpesa_says_after_a_silence_is_kept_from_people(patch: pytest.MonkeyPatch) -> None:
    asks = rows.ask_people

    def first_alone(conn: Connection, payout_id: int, why: PayoutReview, now: datetime) -> bool:
        return not questions.standing(conn, Kind.PAYOUT, payout_id) and asks(conn, payout_id, why, now)

    patch.setattr(rows, "ask_people", first_alone)


IN_PAYING: dict[Plant, Weather] = {
    an_answer_about_another_payout_is_taken: {
        "answers_cross": 0.6,
        "payout_lost_after": 0.6,
        "queue_is_slow": 0.6,
        "question_unanswered": 0.0,
    },
    a_late_success_that_cannot_be_read_is_dropped: {
        "amount_is_odd": 0.9,
        "pays_after_failure": 0.6,
        "payout_fails": 0.6,
    },
    what_mpesa_says_after_a_silence_is_kept_from_people: {
        "amount_is_odd": 0.95,
        "callback_late": 0.9,
        "callback_lost": 0.2,
        "question_unanswered": 0.0,
        "question_not_taken": 0.0,
        "payout_fails": 0.0,
        "review_after": 3.0,
        "hours": 24.0,
        "people_decide": 0.0,
    },
    a_payout_of_unknown_outcome_is_sent_again: {"payout_lost_after": 0.3},
    a_payout_of_unknown_outcome_is_failed: {"payout_lost_after": 0.3},
    who_finds_a_call_under_way_calls_again: {"dies_at_a_point": 0.03, "killed_an_hour": 0.0},
    a_retry_is_sent_under_the_old_id: {"payout_fails": 0.5, "gives_no_second_chance": 0.0},
    a_failure_releases_twice: {"payout_fails": 0.5},
    a_retry_promises_nothing: {"payout_fails": 0.5, "gives_no_second_chance": 0.0},
    who_asks_counts_as_one_who_agreed: {"rejects": 0.0},
    each_row_of_many_is_agreed_to_by_its_own_amount: {"asks_for_many": 0.8},
    a_forged_result_pays: {"forgeries_an_hour": 20.0, "queue_is_slow": 0.5},
    a_leaked_token_is_enough: {"forgeries_an_hour": 20.0, "queue_is_slow": 0.5, "callback_lost": 0.5},
    not_processed_in_time_is_failed: {"queue_times_out": 0.3},
    a_question_that_finds_nothing_proves_failure: {"question_finds_nothing": 0.5, "queue_is_slow": 0.5},
    sending_does_not_look_at_the_switch: {"freezes": 0.1},
    a_payment_after_a_failure_is_not_booked: {"pays_after_failure": 0.4},
    a_payment_after_a_failure_alarms_nobody: {"pays_after_failure": 0.4},
    what_was_asked_for_is_booked_whatever_was_paid: {"pays_other_amount": 0.4},
    people_are_told_before_the_outcome_is_stored: {"payout_fails": 0.3},
    news_are_told_whether_they_still_hold_or_not: {"pays_after_failure": 0.3, "telegram_floods": 0.3},
}
