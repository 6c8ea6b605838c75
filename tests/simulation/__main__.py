"""`make simulate SEEDS=n`, `SEED=n` to see one replayed, `MUTANTS=1` to see what the planted mistakes do."""

import argparse
import os
import sys
import time
from collections import Counter

from tests.simulation.many import reports
from tests.simulation.mutants import hunt
from tests.simulation.running import universe
from tests.simulation.world import Report

TRACE_SHOWN = 400  # the last lines
TOLD_EVERY = 30.0  # seconds


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    arguments.add_argument("--seeds", type=int, default=200, help="how many worlds")
    arguments.add_argument("--first", type=int, default=0, help="the first seed")
    arguments.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments.add_argument("--replay", type=int, metavar="SEED", help="one world, with all that happens in it")
    arguments.add_argument(
        "--mutants", action="store_true", help="plant each mistake, and search for the seed that finds it"
    )
    wanted = arguments.parse_args()
    if wanted.replay is not None:
        return replay(wanted.replay)
    if wanted.mutants:
        return hunt(wanted.processes, say)
    return search(range(wanted.first, wanted.first + wanted.seeds), wanted.processes)


def replay(seed: int) -> int:
    tally = Tally()
    with universe() as here:
        report = here.run(seed)
    say("\n".join([*report.trace, "", *report.problems, summary(tally.add(report))]))
    return bool(report.problems)


def search(seeds: range, processes: int) -> int:
    tally, told = Tally(), time.monotonic()
    for report in reports(seeds, processes):
        tally.add(report)
        if report.problems:
            say(failure(report))
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            say(f"  {tally.seeds:,} of {len(seeds):,} worlds, {tally.pace():.1f} a second, {len(tally.failed)} failed")
    say(summary(tally))
    return bool(tally.failed)


class Tally:
    def __init__(self) -> None:
        self.began = time.monotonic()
        self.seeds = self.donations = self.payouts = self.messages = 0
        self.days = 0.0
        self.faults: Counter[str] = Counter()
        self.failed: list[int] = []

    def add(self, report: Report) -> "Tally":
        self.seeds += 1
        self.donations += report.donations
        self.payouts += report.payouts
        self.messages += report.messages
        self.days += report.days
        self.faults += report.faults
        if report.problems:
            self.failed.append(report.seed)
        return self

    def pace(self) -> float:
        return self.seeds / max(time.monotonic() - self.began, 0.001)


def failure(report: Report) -> str:
    head = f"seed {report.seed} fails: make simulate SEED={report.seed}\n{report.options}"
    problems = "\n".join(dict.fromkeys(report.problems))
    return f"{head}\n" + "\n".join(report.trace[-TRACE_SHOWN:]) + f"\n\n{problems}\n"


def summary(tally: Tally) -> str:
    lines = [f"{count:>9,}  {fault}" for fault, count in tally.faults.most_common()]
    lines += [
        f"seeds {tally.seeds:,}, virtual days {tally.days:,.0f}, donations {tally.donations:,}, "
        f"payouts {tally.payouts:,}, messages {tally.messages:,}, faults {tally.faults.total():,}, "
        f"{tally.pace():.1f} seeds a second",
        f"failed: {sorted(tally.failed)}" if tally.failed else "every world converged to the truth",
    ]
    return "\n".join(lines)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
