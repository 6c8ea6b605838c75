"""What a person does with a prompt, one thing after the other, and M-Pesa's code for each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from tests.simulation.options import Options

FINAL = ("1", "1019", "1032", "2001")  # codes that end a prompt
UNLISTED = "7777"  # in no documentation
NOT_FINAL = ("1037", UNLISTED)  # 1037: nobody answered


class Step(Enum):
    PAY = auto()
    LEAVE = auto()


@dataclass(frozen=True)
class Doing:
    after: float  # seconds
    step: Step
    code: str
    more: int = 0  # shillings beside what was asked for


def doings(chance: random.Random, options: Options) -> Iterator[Doing]:
    looks = chance.uniform(2, 50)
    if chance.random() < options.pays_late:
        yield Doing(looks, Step.LEAVE, chance.choice(NOT_FINAL))
        yield pays(chance, options, chance.uniform(30, 3600))
    elif chance.random() < options.fails_then_pays:
        yield Doing(looks, Step.LEAVE, chance.choice(FINAL))
        yield pays(chance, options, chance.uniform(1, 3600))
    elif chance.random() < options.gives_up:
        yield Doing(looks, Step.LEAVE, chance.choice(FINAL + NOT_FINAL))
        return
    else:
        yield pays(chance, options, looks)
    if chance.random() < options.pays_twice:
        yield pays(chance, options, chance.uniform(0, 600))


def pays(chance: random.Random, options: Options, after: float) -> Doing:
    more = chance.choice((-1, 1, 50)) if chance.random() < options.other_amount else 0
    return Doing(after, Step.PAY, "0", more)
