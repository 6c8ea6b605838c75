"""A campaign's public page, which people open from a poster, a message or a search."""

from fundraising.ledger.progress import Progress
from letters.language import Language


def sums(_: Language, progress: Progress) -> str:
    return _("{raised} of {goal}", raised=progress.balance.raised, goal=progress.campaign.goal)


def givers(_: Language, progress: Progress) -> str:
    return _.plural("{count:,} donor", "{count:,} donors", progress.givers)


def how_far(_: Language, progress: Progress) -> str:
    """Read aloud instead of the drawn bar."""
    return _("{percent}% of the goal is reached", percent=progress.percent)


def donate(_: Language) -> str:
    return _("Donate in Telegram")


def how_to_pay(_: Language) -> str:
    return _("You give with M-Pesa, and approve it with your PIN on your own phone.")


def scan(_: Language) -> str:
    return _("Or point another phone's camera here.")


def closed(_: Language) -> str:
    return _("This campaign is closed and takes no more gifts. Asante to everybody who gave!")


def no_such_campaign(_: Language) -> str:
    return _("There is no such campaign")


def look_at_the_address(_: Language) -> str:
    return _("Perhaps a part of the address is missing. Please ask whoever sent it to you.")
