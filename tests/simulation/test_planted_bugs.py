"""Every planted mistake is found: peace in the worlds does not mean that nobody looks."""

from collections.abc import Iterator

import pytest

from tests.simulation.mutants import PLANTED, infected
from tests.simulation.planted_in_giving import Plant
from tests.simulation.running import Universe, universe

SEARCHED = range(30)
SHOWN_BY = {  # tried first, because a change of the program changes every world
    "one_negative_answer_is_final": 9,
    "a_hint_credits": 3,
    "unknown_counts_as_not_accepted": 3,
    "a_prompt_that_may_have_rung_is_sent_again": 27,
    "donors_are_told_outside_the_winning_move": 1,
    "suspense_takes_the_same_receipt_twice": 13,
    "any_amount_is_the_right_one": 13,
    "only_the_last_token_counts": 9,
    "success_does_not_beat_failure": 3,
    "a_callback_is_accepted_before_it_is_durable": 20,
    "a_push_is_repeated_after_a_failure_of_the_disk": 15,
    "asking_ends_at_the_first_failure_after_many_questions": 2,
    "silence_is_failure": 3,
    "a_payout_of_unknown_outcome_is_sent_again": 4,
    "a_payout_of_unknown_outcome_is_failed": 7,
    "a_retry_is_sent_under_the_old_id": 7,
    "who_finds_a_call_under_way_calls_again": 7,
    "a_failure_releases_twice": 18,
    "a_retry_promises_nothing": 7,
    "who_asks_counts_as_one_who_agreed": 17,
    "each_row_of_many_is_agreed_to_by_its_own_amount": 1,
    "a_forged_result_pays": 4,
    "not_processed_in_time_is_failed": 0,
    "a_question_that_finds_nothing_proves_failure": 1,
    "a_leaked_token_is_enough": 14,
    "a_payment_after_a_failure_is_not_booked": 7,
    "sending_does_not_look_at_the_switch": 16,
    "what_was_asked_for_is_booked_whatever_was_paid": 4,
    "a_payment_after_a_failure_alarms_nobody": 7,
    "people_are_told_before_the_outcome_is_stored": 15,
    "news_are_told_whether_they_still_hold_or_not": 14,
    "a_token_is_enough_whatever_is_named": 1,
    "an_answer_about_another_payout_is_taken": 14,
    "a_late_success_that_cannot_be_read_is_dropped": 2,
    "what_mpesa_says_after_a_silence_is_kept_from_people": 3,
}


@pytest.fixture(scope="module")
def here() -> Iterator[Universe]:
    with universe() as universe_:
        yield universe_


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_mistake_is_found(here: Universe, plant: Plant) -> None:
    seeds = [SHOWN_BY[plant.__name__], *SEARCHED]
    assert any(infected(here, plant, seed).problems for seed in seeds)
