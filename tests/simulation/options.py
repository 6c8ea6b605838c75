"""What one seed's world is like. Each draws its own mix: many faults are off, so that none hides another."""

import random
from dataclasses import dataclass, field, fields, replace

OFF = 0.4  # how often a fault is off altogether


def fault(most: float) -> float:
    """A probability, drawn from nothing to `most`."""
    value: float = field(default=0.0, metadata={"most": most})
    return value


@dataclass(frozen=True)
class Options:
    donors: int = 4
    gifts: int = 3  # by each donor
    hurry: float = 60.0  # seconds between what a donor does, on average
    hours: float = 6.0  # of faults, before all heals
    # The process and its disk
    dies_at_a_point: float = fault(0.02)
    killed_an_hour: float = fault(3.0)
    stays_down: float = fault(0.3)  # for minutes instead of seconds
    disk_fails: float = fault(0.03)
    commit_runs_twice: float = fault(0.3)
    commit_is_slow: float = fault(0.05)  # so slow that the push must not follow
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
    # Questions
    query_unknown: float = fault(1.3)  # above 1: no question is ever answered
    query_lies: float = fault(0.3)  # says failed although it is paid
    # What happens at the phone
    gives_up: float = fault(0.6)
    pays_late: float = fault(0.3)  # minutes after M-Pesa said that nobody answered
    fails_then_pays: float = fault(0.2)
    other_amount: float = fault(0.2)
    pays_twice: float = fault(0.2)
    # Others
    forgeries_an_hour: float = fault(6.0)
    double_taps: float = fault(0.6)
    cancels: float = fault(0.3)
    uses_the_api: float = fault(0.4)


def drawn_from(seed: int) -> Options:
    chance = random.Random(f"{seed} options")
    faults = {
        option.name: round(chance.uniform(0, option.metadata["most"]), 3)
        for option in fields(Options)
        if "most" in option.metadata and chance.random() > OFF
    }
    return replace(
        Options(),
        donors=chance.randint(1, 5),
        gifts=chance.randint(1, 4),
        hurry=chance.choice([5.0, 60.0, 600.0]),
        hours=chance.choice([0.5, 2.0, 2.0, 6.0, 30.0]),
        **faults,
    )
