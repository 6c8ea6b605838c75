"""Campaigns, as donors see them."""

from html import escape

from fundraising.ledger.progress import Progress
from letters.language import Language

CELLS = 10
LONGEST_STORY = 700


def bar(percent: int) -> str:
    full = min(max(percent, 0) * CELLS // 100, CELLS)
    return "▓" * full + "░" * (CELLS - full)


def standing(_: Language, progress: Progress) -> str:
    """Two lines: the bar with its percentage, and the sums."""
    sums = _("{raised} of {goal}", raised=progress.balance.raised, goal=progress.campaign.goal)
    givers = _.plural("{count:,} donor", "{count:,} donors", progress.givers)
    return f"{bar(progress.percent)} {progress.percent}%\n{sums} · {givers}"


def entry(_: Language, progress: Progress) -> str:
    return f"<b>{escape(progress.campaign.title, quote=False)}</b>\n{standing(_, progress)}"


def listed(_: Language, page: list[Progress]) -> str:
    if not page:
        return _("No campaign is collecting just now. Please look in again later.")
    heading = _("Which campaign would you like to give to?")
    return "\n\n".join([heading, *(entry(_, progress) for progress in page)])


def card(_: Language, progress: Progress) -> str:
    story = progress.campaign.story
    if len(story) > LONGEST_STORY:
        story = story[:LONGEST_STORY].rsplit(maxsplit=1)[0] + " …"
    told = [escape(story, quote=False)] if story else []
    return "\n\n".join([entry(_, progress), *told])
