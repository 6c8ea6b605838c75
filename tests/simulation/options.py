"""What one seed's world is like. Each draws its own mix: many faults are off, so that none hides another."""

import random
from dataclasses import dataclass, field, fields, replace
from typing import Any

from fundraising.money import Money
from fundraising.paying.quorum import Quorum

OFF = 0.4  # how often a fault is off altogether
ONE: Quorum = ((Money(0), 1),)
TWO_FROM_1000: Quorum = ((Money(0), 1), (Money.shillings(1_000), 2))
THREE_FROM_3000: Quorum = ((Money(0), 1), (Money.shillings(1_000), 2), (Money.shillings(3_000), 3))


def fault(most: float) -> float:
    """A probability, drawn from nothing to `most`."""
    value: float = field(default=0.0, metadata={"most": most})
    return value


@dataclass(frozen=True)
class Options:
    donors: int = 3
    gifts: int = 2  # by each donor
    payouts: int = 3  # asked for by each of the two who ask
    hurry: float = 60.0  # seconds between what a person does, on average
    hours: float = 6.0  # of faults, before all heals
    quorum: Quorum = ONE
    remembers_ids: bool = True  # B2C v3; v1 knows no id of ours
    review_after: float = 24.0  # hours
    approval_expires: float = 24.0  # hours
    float_shillings: int = 1_000_000  # what M-Pesa can pay out from
    people_decide: bool = True  # what M-Pesa never told
    # The process and its disk
    dies_at_a_point: float = fault(0.02)
    killed_an_hour: float = fault(3.0)
    stays_down: float = fault(0.3)  # for minutes instead of seconds
    disk_fails: float = fault(0.03)
    commit_runs_twice: float = fault(0.15)
    commit_is_slow: float = fault(0.05)  # so slow that the call must not follow
    # What M-Pesa answers to a push
    busy: float = fault(0.4)
    busy_but_acted: float = fault(0.1)
    not_reached: float = fault(0.2)
    refused: float = fault(0.1)
    push_lost_before: float = fault(0.2)
    push_lost_after: float = fault(0.3)
    slow_answer: float = fault(0.5)  # the callback overtakes it
    # Callbacks
    callback_lost: float = fault(0.6)
    callback_late: float = fault(0.4)
    callback_repeated: float = fault(0.5)
    caller_impatient: float = fault(0.2)  # hangs up before it is answered
    # Questions about donations
    query_unknown: float = fault(1.3)  # above 1: no question is ever answered
    query_lies: float = fault(0.3)  # says failed although it is paid
    # What happens at the phone
    gives_up: float = fault(0.6)
    pays_late: float = fault(0.3)  # minutes after M-Pesa said that nobody answered
    fails_then_pays: float = fault(0.2)
    other_amount: float = fault(0.2)
    pays_twice: float = fault(0.2)
    # What M-Pesa answers to a payout
    payout_busy: float = fault(0.4)
    payout_busy_but_acted: float = fault(0.1)
    payout_not_reached: float = fault(0.2)
    payout_refused: float = fault(0.1)
    payout_lost_before: float = fault(0.2)
    payout_lost_after: float = fault(0.3)
    payout_arrives_late: float = fault(0.2)  # after its sender has given up waiting
    payout_answers_500: float = fault(0.2)
    initiator_refused: float = fault(0.06)
    # What becomes of a payout
    payout_fails: float = fault(0.5)
    pays_after_failure: float = fault(0.2)
    queue_is_slow: float = fault(0.3)
    queue_times_out: float = fault(0.2)
    result_is_odd: float = fault(0.2)  # a code that decides nothing
    pays_other_amount: float = fault(0.05)
    # Questions about payouts and codes
    question_not_taken: float = fault(0.5)
    question_unanswered: float = fault(0.9)
    question_finds_nothing: float = fault(0.3)
    status_lies: float = fault(0.1)  # says cancelled although it is paid
    answers_cross: float = fault(0.1)  # what is said of one payment comes with the token of another
    amount_is_odd: float = fault(0.1)  # paid, it says, in words that nobody can read
    # Telegram
    telegram_fails: float = fault(0.3)  # before it acts
    telegram_times_out: float = fault(0.3)  # after it acted
    telegram_floods: float = fault(0.1)
    telegram_is_slow: float = fault(0.3)
    blocks_the_bot: float = fault(0.3)
    # People
    forgeries_an_hour: float = fault(2.0)
    double_taps: float = fault(0.6)
    cancels: float = fault(0.3)
    uses_the_api: float = fault(0.4)
    asks_for_many: float = fault(0.5)
    pays_himself: float = fault(0.3)  # an owner tries to agree to what he asked for
    rejects: float = fault(0.3)
    ignores: float = fault(0.5)
    old_buttons: float = fault(0.3)
    gives_no_second_chance: float = fault(0.8)  # does not retry what failed
    freezes: float = fault(0.01)
    changes_roles: float = fault(0.02)
    errs_in_review: float = fault(0.1)  # two people say unpaid though it is paid
    asks_the_balance: float = fault(0.3)
    closes_a_campaign: float = fault(0.02)


def drawn_from(seed: int) -> Options:
    chance = random.Random(f"{seed} options")
    faults = {
        option.name: round(chance.uniform(0, option.metadata["most"]), 3)
        for option in fields(Options)
        if "most" in option.metadata and chance.random() > OFF
    }
    return replace(
        Options(),
        donors=chance.randint(1, 4),
        gifts=chance.randint(1, 2),
        payouts=chance.randint(0, 4),
        hurry=chance.choice([5.0, 60.0, 600.0]),
        hours=chance.choices([0.5, 2.0, 6.0, 24.0], [4, 4, 2, 1])[0],
        quorum=chance.choice([ONE, ONE, TWO_FROM_1000, THREE_FROM_3000]),
        remembers_ids=chance.random() < 0.8,
        review_after=chance.choice([3.0, 3.0, 24.0]),
        approval_expires=chance.choice([1.0, 6.0, 6.0, 24.0]),
        float_shillings=chance.choice([3_000, 1_000_000, 1_000_000]),
        people_decide=chance.random() < 0.7,
        **faults,
    )


def calm(options: Options) -> Options:
    """The same house without a fault; people do what they should, without haste."""
    off: dict[str, Any] = {option.name: 0.0 for option in fields(Options) if "most" in option.metadata}
    return replace(options, hurry=1800.0, **off)
