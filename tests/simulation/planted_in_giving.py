"""Mistakes with donations that a programmer could make, planted into the real code."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete

from fundraising.evidence import tokens
from fundraising.evidence.intake import Intake, Judge
from fundraising.evidence.record import Evidence, Says, Verdict
from fundraising.evidence.tokens import Purpose
from fundraising.giving import donation as rows
from fundraising.giving import effects, naming, weighing
from fundraising.giving.asking import Asking
from fundraising.giving.donation import Donation
from fundraising.giving.donations import Donations
from fundraising.giving.effects import Effects
from fundraising.giving.naming import Named
from fundraising.giving.news import TellDonor
from fundraising.giving.tasks import PushAgain
from fundraising.inbox import Mailbox
from fundraising.ledger import suspense
from fundraising.statuses import Push
from mpesa.codes import Reason
from mpesa.outcome import Failed, Outcome, Unknown
from storage import jobs
from storage.tables import tokens as minted
from trustvoice.running import worker

Plant = Callable[[pytest.MonkeyPatch], None]
Weather = dict[str, float]  # what is put in place of a seed's own options, so that the mistake does harm


def one_negative_answer_is_final(patch: pytest.MonkeyPatch) -> None:
    right = weighing.weigh_failure

    def weigh(donation: Donation, item: Evidence, _gap: timedelta) -> tuple[Verdict, Donation]:
        asked_before = donation._replace(negative_code=item.code, negative_at=item.received_at)
        return right(asked_before, item, timedelta())

    patch.setattr(weighing, "weigh_failure", weigh)


def a_hint_credits(patch: pytest.MonkeyPatch) -> None:
    right = Named.proven
    patch.setattr(Named, "proven", lambda self, item: right(self, item) or self.hinted(item))


def a_prompt_that_may_have_rung_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    right, find, pushing = Donations.push_again, rows.find, ContextVar("pushing", default=False)

    async def push_again(self: Donations, job: PushAgain, attempt: int) -> datetime | None:
        pushing.set(True)
        return await right(self, job, attempt)

    def find_waiting(conn: Connection, donation_id: int, lock: bool = False) -> Donation:
        donation = find(conn, donation_id, lock)
        begins = lock and pushing.get() and donation.push is Push.SENDING
        return donation._replace(push=Push.WAITING) if begins else donation

    patch.setattr(Donations, "push_again", push_again)
    patch.setattr(rows, "find", find_waiting)


def unknown_counts_as_not_accepted(patch: pytest.MonkeyPatch) -> None:
    right = Donations._record_push

    def record(self: Donations, conn: Connection, donation_id: int, outcome: Outcome[Any]) -> None:
        unknown = isinstance(outcome, Unknown)
        right(self, conn, donation_id, Failed(Reason.NOT_REACHED, "") if unknown else outcome)

    patch.setattr(Donations, "_record_push", record)


def donors_are_told_outside_the_winning_move(patch: pytest.MonkeyPatch) -> None:
    right, to_tell = Intake._take_all, list[TellDonor]()

    async def take_all(self: Intake, judge: Judge, items: list[Evidence]) -> list[None]:
        to_tell.clear()  # what a process that died had in mind
        answers = await right(self, judge, items)
        news, to_tell[:] = list(to_tell), []
        await self._database.write(lambda conn: jobs.add(conn, news, self._now()))
        return answers

    patch.setattr(Effects, "_tell", lambda _self, d, news: to_tell.append(TellDonor(d.donor_id, d.id, news)))
    patch.setattr(Intake, "_take_all", take_all)


def suspense_takes_the_same_receipt_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(suspense, "donations_of", lambda _conn, _receipts: {})


def any_amount_is_the_right_one(patch: pytest.MonkeyPatch) -> None:
    right = weighing.weigh_success
    patch.setattr(weighing, "weigh_success", lambda d, item: right(d, replace(item, amount=item.amount and d.amount)))


def a_callback_is_accepted_before_it_is_durable(patch: pytest.MonkeyPatch) -> None:
    right, later = Mailbox.prompt_result, set()

    async def prompt_result(self: Mailbox, token: str | None, body: bytes) -> None:
        task = asyncio.create_task(right(self, token, body))
        later.add(task)
        task.add_done_callback(later.discard)

    patch.setattr(Mailbox, "prompt_result", prompt_result)


def only_the_last_token_counts(patch: pytest.MonkeyPatch) -> None:
    right = tokens.add

    def add(conn: Connection, token_hash: bytes, purpose: Purpose, about: int | None) -> None:
        if purpose is Purpose.PUSH:
            conn.execute(delete(minted).where(minted.c.purpose == purpose, minted.c.about_id == about))
        right(conn, token_hash, purpose, about)

    patch.setattr(tokens, "add", add)


def success_does_not_beat_failure(patch: pytest.MonkeyPatch) -> None:
    right = weighing.weigh

    def weigh(donation: Donation, item: Evidence, gap: timedelta) -> tuple[Verdict, Donation]:
        late = donation.status == "failed" and item.says is Says.SUCCEEDED
        return (Verdict.NOTHING_NEW, donation) if late else right(donation, item, gap)

    patch.setattr(effects, "weigh", weigh)


def asking_ends_at_the_first_failure_after_many_questions(patch: pytest.MonkeyPatch) -> None:
    def later(self: worker.Worker, claim: jobs.Claim) -> datetime | None:
        return None if claim.attempt >= 12 else self._now() + timedelta(seconds=2**claim.attempt)

    patch.setattr(worker.Worker, "_later", later)


def a_push_is_repeated_after_a_failure_of_the_disk(patch: pytest.MonkeyPatch) -> None:
    right = Donations._push

    async def push(self: Donations, *what: Any) -> Donation:
        try:
            return await right(self, *what)
        except OSError:
            return await right(self, *what)

    patch.setattr(Donations, "_push", push)


def silence_is_failure(patch: pytest.MonkeyPatch) -> None:
    def show_or_fail(self: Asking, conn: Connection, donation_id: int, _attempt: int) -> None:
        donation = rows.find(conn, donation_id, lock=True)
        if donation.status == "pending" and self._silent_too_long(donation):
            rows.set_columns(conn, donation_id, status="failed")

    patch.setattr(Asking, "_show_or_review", show_or_fail)


def a_token_is_enough_whatever_is_named(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(naming, "name_another", lambda *_: (set(), {}))


IN_GIVING: dict[Plant, Weather] = {
    a_token_is_enough_whatever_is_named: {"answers_cross": 0.5, "callback_lost": 0.0, "gives_up": 0.0},
    one_negative_answer_is_final: {"callback_lost": 0.6, "gives_up": 0.5, "pays_late": 0.5},
    a_hint_credits: {"forgeries_an_hour": 20.0, "gives_up": 0.8},
    a_prompt_that_may_have_rung_is_sent_again: {"busy": 0.6, "dies_at_a_point": 0.02},
    unknown_counts_as_not_accepted: {"push_lost_after": 0.3},
    donors_are_told_outside_the_winning_move: {"dies_at_a_point": 0.05, "commit_is_slow": 0.3, "gifts": 4},
    suspense_takes_the_same_receipt_twice: {"other_amount": 0.5, "callback_repeated": 0.8},
    any_amount_is_the_right_one: {"other_amount": 0.3},
    a_callback_is_accepted_before_it_is_durable: {"gifts": 6, "dies_at_a_point": 0.05, "push_lost_after": 0.5},
    only_the_last_token_counts: {"busy_but_acted": 0.3},
    success_does_not_beat_failure: {"fails_then_pays": 0.3},
    asking_ends_at_the_first_failure_after_many_questions: {
        "hours": 30.0,
        "callback_lost": 1.0,
        "query_unknown": 1.0,
        "disk_fails": 0.05,
    },
    a_push_is_repeated_after_a_failure_of_the_disk: {"disk_fails": 0.1},
    silence_is_failure: {"push_lost_before": 0.3},
}
