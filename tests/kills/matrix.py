"""Every point that one life passes, and what becomes of the money when the process dies there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.kills.keeper import Run, Stock
from tests.kills.stories import DONATIONS, STORIES
from tests.kills.verdict import Verdict, doubted

BEGINNING = 20  # letters


@dataclass
class Report:
    passed: list[str]
    died: int = 0
    doubted: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Share:
    """Each `every`th point, from the `first`; twice: the life after a death dies too, at some other point."""

    every: int = 1
    first: int = 0
    twice: bool = False


def matrix(story: str, stock: Stock, folder: Path, share: Share) -> Report:
    calm = Run(story, (), stock, folder).in_peace()
    report = Report(calm.passed, problems=[f"in peace: {problem}" for problem in calm.problems])
    for number, point in list(enumerate(calm.passed))[share.first % share.every :: share.every]:
        deaths = [point, calm.passed[number * 7 % len(calm.passed)]] if share.twice else [point]
        report.died += 1
        try:
            verdict = Run(story, tuple(deaths), stock, folder).verdict()
        except AssertionError as error:
            report.problems.append(f"{deaths}: {error}\n{broken(folder)[-300:]}")
            continue
        if verdict.end != calm.end:
            report.doubted.append(point)
        report.problems += [f"{deaths}: {problem}" for problem in wrong(verdict, calm, len(deaths))]
    return report


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
    """How each message begins: a receipt in it depends on who told of the payment."""
    return {(chat, text[:BEGINNING]) for chat, text in verdict.told}
