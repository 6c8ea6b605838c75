"""What the rules refuse. Bot, HTTP and command line each turn Refused into an answer in one place.

The sentences for people are in letters, one for each class; a refusal carries only what the sentence needs.
"""

from datetime import timedelta

from fundraising.money import Money


class Refused(Exception):
    """Something was asked that the rules do not allow. Nothing has happened."""


class NotAPhoneNumber(Refused):
    """Not a Kenyan mobile number."""


class NotAnAmount(Refused):
    """Not whole shillings."""


class AmountOutOfRange(Refused):
    def __init__(self, least: Money, most: Money):
        super().__init__(f"{least} to {most}")
        self.least, self.most = least, most


class NoSuchCampaign(Refused):
    pass


class CampaignClosed(Refused):
    def __init__(self, title: str):
        super().__init__(title)
        self.title = title


class NoSuchDonor(Refused):
    pass


class NoSuchDonation(Refused):
    pass


class DraftGone(Refused):
    """A button of a donation that was finished, cancelled, replaced, or lay too long."""


class PhoneBusy(Refused):
    """The phone was asked a moment ago: M-Pesa allows one prompt at a time."""

    def __init__(self, wait: timedelta):
        super().__init__(f"{wait.total_seconds():.0f} s")
        self.wait = wait


class TooManyPrompts(Refused):
    """So many prompts to one phone or by one person within the hour look like a prank."""


class TooEarlyToTryAgain(Refused):
    def __init__(self, wait: timedelta):
        super().__init__(f"{wait.total_seconds():.0f} s")
        self.wait = wait


class NothingToTryAgain(Refused):
    """The donation is not failed (any more)."""


class BadCampaign(Refused):
    """A title, goal or currency that cannot be."""


class NotJson(Refused):
    """Not a callback: M-Pesa sends JSON."""
