"""`python -m tests.simulation --seeds 200 [--seed S]`: a world that fails is printed with all that happened."""

import argparse
import sys
import time
from collections import Counter

from tests.simulation.running import universe
from tests.simulation.world import Report

TRACE_SHOWN = 400  # the last lines


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    arguments.add_argument("--seeds", type=int, default=200, help="how many worlds")
    arguments.add_argument("--seed", type=int, default=0, help="the first one")
    wanted = arguments.parse_args()
    began, reports = time.monotonic(), []
    with universe() as here:
        for seed in range(wanted.seed, wanted.seed + wanted.seeds):
            reports.append(here.run(seed))
            if reports[-1].problems:
                say(failure(reports[-1]))
    say(summary(reports, time.monotonic() - began))
    return any(report.problems for report in reports)


def failure(report: Report) -> str:
    head = f"seed {report.seed} fails: python -m tests.simulation --seeds 1 --seed {report.seed}\n{report.options}"
    problems = "\n".join(dict.fromkeys(report.problems))
    return f"{head}\n" + "\n".join(report.trace[-TRACE_SHOWN:]) + f"\n\n{problems}\n"


def summary(reports: list[Report], seconds: float) -> str:
    faults: Counter[str] = sum((report.faults for report in reports), Counter())
    lines = [f"{count:>9,}  {fault}" for fault, count in faults.most_common()]
    failed = [report.seed for report in reports if report.problems]
    lines += [
        f"seeds {len(reports):,}, virtual days {sum(report.days for report in reports):,.0f}, "
        f"donations {sum(report.donations for report in reports):,}, faults {faults.total():,}, "
        f"{len(reports) / seconds:.1f} seeds a second",
        f"failed: {failed}" if failed else "every world converged to the truth",
    ]
    return "\n".join(lines)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
