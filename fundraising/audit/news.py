"""What the books have to tell: jobs staged by the transaction that made it true."""

from dataclasses import dataclass

from fundraising.news import ToChat


@dataclass(frozen=True)
class SendReport(ToChat):
    """The day's report, for one owner."""

    day: str
