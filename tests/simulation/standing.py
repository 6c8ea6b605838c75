"""How the subject of a message stands in the program's file, when the message is prepared and when it is said."""

from typing import NamedTuple

from fundraising.giving.news import ShowWaiting, TellDonor
from fundraising.paying.news import AskBatchChecker, AskChecker, SendBatchResult, TellAboutPayout, TellRecipient
from fundraising.people.news import AskSecondOwner, TellFrozen
from storage.jobs import Job
from tests.simulation.eye import Eye


class Standing(NamedTuple):
    status: str
    review: str | None = None
    rows: tuple[tuple[int, str], ...] = ()  # of a batch: payouts and their statuses


class Standings:
    def __init__(self, eye: Eye):
        self._eye = eye

    def of(self, job: Job) -> Standing | None:
        match job:
            case TellDonor() | ShowWaiting():
                return self.of_donation(job.donation_id)
            case AskChecker() | TellAboutPayout() | TellRecipient():
                return self.of_payout(job.payout_id)
            case AskBatchChecker() | SendBatchResult():
                return self.of_batch(job.batch_id)
            case TellFrozen() | AskSecondOwner(subject="unfreeze"):
                return Standing("frozen" if self._eye.frozen() else "open")
            case _:
                return None

    def of_donation(self, donation_id: int) -> Standing:
        [row] = self._eye.donations("id = ?", donation_id)
        return Standing(row.status, row.review)

    def of_payout(self, payout_id: int) -> Standing:
        [row] = self._eye.payouts("id = ?", payout_id)
        return Standing(row.status, row.review)

    def of_batch(self, batch_id: int) -> Standing:
        rows = self._eye.payouts("batch_id = ?", batch_id)
        statuses = {row.status for row in rows}
        open_ones = statuses & {"pending", "approved", "processing"}
        status = "pending" if "pending" in statuses else "open" if open_ones else "done"
        return Standing(status, None, tuple((row.id, row.status) for row in rows))
