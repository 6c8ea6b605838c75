"""Every point that one life passes, and what becomes of the money when the process dies there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.kills.keeper import Run, Stock
from tests.kills.stories import DONATIONS, STORIES
from tests.kills.verdict import Verdict, doubted

BEGINNING = 20  # letters
NUMBER = re.compile(r"\d+")


@dataclass
class Report:
    passed: list[str]
    died: int = 0
    doubted: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Share:
    """Each `every`th point, from the `first`; twice: then once more, and the life after the death dies, too."""

    every: int = 1
    first: int = 0
    twice: bool = False


def matrix(story: str, stock: Stock, folder: Path, share: Share) -> Report:
    calm = Run(story, (), stock, folder).in_peace()
    report = Report(calm.passed, problems=[f"in peace: {problem}" for problem in calm.problems])
    for number, point in list(enumerate(calm.passed))[share.first % share.every :: share.every]:
        report.died += 1
        add(report, calm, Run(story, (point,), stock, folder))
        if share.twice:
            another = calm.passed[number * 7 % len(calm.passed)]
            add(report, calm, Run(story, (point, another), stock, folder))
    return report


def add(report: Report, calm: Verdict, run: Run) -> None:
    try:
        verdict = run.verdict()
    except AssertionError as error:
        report.problems.append(f"{run.deaths}: {error}\n{broken(run.folder)[-300:]}")
        return
    if verdict.end != calm.end and len(run.deaths) == 1:  # a second life passes other points by the same names
        report.doubted.append(run.deaths[0])
    report.problems += [f"{run.deaths}: {problem}" for problem in wrong(verdict, calm, len(run.deaths))]


def broken(folder: Path) -> str:
    path = folder / "broke"
    return path.read_text() if path.exists() else ""


def wrong(verdict: Verdict, calm: Verdict, deaths: int) -> Iterator[str]:
    yield from verdict.problems
    if verdict.end == calm.end:
        if verdict.sent != 1 and not doubted(verdict.end):
            yield f"it ended as {verdict.end}, and M-Pesa was asked {verdict.sent} times"
        yield from (f"nobody told {chat}: {start}" for chat, start in begun(calm) - begun(verdict))
    elif not doubted(verdict.end):
        yield f"it ended as {verdict.end} instead of {calm.end}"
    elif len(set(verdict.told)) < 2:
        yield f"a person must look, and only this was said: {verdict.told}"
    for told in set(verdict.told):
        if verdict.told.count(told) > deaths + calm.told.count(told):
            yield f"told {verdict.told.count(told)} times: {told}"


def may_be_doubted(story: str, passed: list[str]) -> list[str]:
    """Only a death between the intent and the call leaves nothing that M-Pesa could be asked about.

    A push is known to M-Pesa by the id in its answer alone: without a callback nobody learns what became of it until
    that id is stored.
    """
    call = next(passed.index(f"before {call} 1") for call in ("push", "payment") if f"before {call} 1" in passed)
    unasked = story in DONATIONS and not STORIES[story].speaks
    return passed[call - 1 : call + (3 if unasked else 1)]


def begun(verdict: Verdict) -> set[tuple[int, str]]:
    """How each message begins: a receipt in it depends on who told of the payment.

    Without numbers: PostgreSQL gives none a second time, also when what had it was taken back.
    """
    return {(chat, NUMBER.sub("", text)[:BEGINNING]) for chat, text in verdict.told}
