"""All that is looked at: after each commit, at each call and message, once the world has healed, and at the end."""

from collections.abc import Iterator
from typing import Protocol

from mpesa.payouts import B2cPayment
from storage.columns import microseconds
from storage.vault import Vault
from tests.simulation.checks_of_books import bucket_problems, posting_problems
from tests.simulation.checks_of_giving import GivingChecks
from tests.simulation.checks_of_letters import LetterChecks
from tests.simulation.checks_of_paying import PayingChecks
from tests.simulation.collecting import Collecting
from tests.simulation.eye import Eye
from tests.simulation.options import Options
from tests.simulation.paying_out import PayingOut
from tests.simulation.people_say import PeopleSay
from tests.simulation.simulated_telegram import Said, SimulatedTelegram
from tests.simulation.standing import Standing, Standings
from tests.simulation.virtual_time import Now

LOOK_EVERY = 40  # commits between two looks at every donation


class World(Protocol):
    now: Now
    eye: Eye
    options: Options
    standings: Standings
    collecting: Collecting
    paying: PayingOut
    telegram: SimulatedTelegram
    people_say: PeopleSay
    vault: Vault

    def wrong(self, problem: str) -> None: ...


class Checks:
    def __init__(self, world: World):
        self._world = world
        self._giving = GivingChecks(world.eye, world.collecting)
        self._paying = PayingChecks(world)
        self._letters = LetterChecks(world)
        self._commits = 0

    def committed(self) -> None:
        self._commits += 1
        self._report(bucket_problems(self._world.eye))
        self._report(self._paying.committed())
        self._report(self._giving.thorough() if self._commits % LOOK_EVERY == 0 else self._giving.quick())

    def is_sent(self, payment: B2cPayment) -> None:
        self._report(self._paying.is_sent(payment))

    def is_said(self, said: Said, before: Standing | None) -> None:
        self._report(self._letters.is_said(said, before))

    def healed(self) -> None:
        """Answers to questions are true now: what is still open needed a person, or was told wrongly before."""
        self._report(self._giving.not_converged())

    def final(self) -> None:
        """M-Pesa has told everything: the books and the people know exactly the truth."""
        self._report(posting_problems(self._world.eye))
        self._report(self._giving.final())
        self._report(self._paying.final())
        self._report(self._letters.final())
        self._report(self._left_over())

    def _left_over(self) -> Iterator[str]:
        [[waiting]] = self._world.eye.all("SELECT count(*) FROM evidence WHERE verdict IS NULL")
        if waiting:
            yield f"{waiting} pieces of evidence were never weighed"
        query = "SELECT kind, payload FROM jobs WHERE run_at IS NULL OR lane IN ('mpesa', 'telegram') AND run_at < ?"
        for kind, payload in self._world.eye.all(query, (microseconds(self._world.now()),)):
            yield f"{kind} {payload} was given up or never ends"

    def _report(self, problems: Iterator[str]) -> None:
        for problem in problems:
            self._world.wrong(problem)
