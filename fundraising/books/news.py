"""What the books have to tell: jobs staged by the transaction that made it true."""

from dataclasses import dataclass

from fundraising.news import ToChat, ToDonor


@dataclass(frozen=True)
class SendReport(ToChat):
    """The day's report, for one owner."""

    day: str


@dataclass(frozen=True)
class AskSecondPerson(ToChat):
    """Somebody said where money in suspense belongs: it takes another who says the same."""

    key: str


@dataclass(frozen=True)
class TellDecided(ToDonor):
    """The donor's payment did not fit; two people decided where it belongs."""

    cause: str  # of the posting that brought it
