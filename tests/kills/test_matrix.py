"""kill -9 around each commit and each call of a donation and of a payout: M-Pesa and the books agree."""

import pytest

from tests.kills.conftest import Die
from tests.kills.matrix import may_be_doubted
from tests.kills.stories import DONATIONS, PAYOUTS

GIVEN, *OTHER_DONATIONS, SILENT_DONATION = DONATIONS
PAID, *OTHER_PAYOUTS, SILENT_PAYOUT = PAYOUTS


@pytest.mark.parametrize("story", [GIVEN, PAID])
@pytest.mark.parametrize(("kind", "every"), [("sqlite", 2), ("postgres", 5)])
def test_killed_anywhere_it_is_sent_once_and_everybody_learns_how_it_ended(
    story: str, kind: str, every: int, die_at_points: Die
) -> None:
    check(story, kind, every, die_at_points)


@pytest.mark.parametrize("story", [*OTHER_DONATIONS, *OTHER_PAYOUTS])
@pytest.mark.parametrize(("kind", "every"), [("sqlite", 8), ("postgres", 20)])
def test_so_it_is_when_mpesa_refuses_or_has_to_be_asked(story: str, kind: str, every: int, die_at_points: Die) -> None:
    check(story, kind, every, die_at_points)


@pytest.mark.parametrize("story", [SILENT_DONATION, SILENT_PAYOUT])
@pytest.mark.parametrize(("kind", "every"), [("sqlite", 6), ("postgres", 20)])
def test_of_what_mpesa_never_speaks_nothing_is_sent_again(
    story: str, kind: str, every: int, die_at_points: Die
) -> None:
    check(story, kind, every, die_at_points)


def check(story: str, kind: str, every: int, die_at_points: Die) -> None:
    report = die_at_points(story, kind, every)
    assert report.problems == []
    assert len(report.passed) >= 20
    assert set(report.doubted) <= set(may_be_doubted(story, report.passed))
