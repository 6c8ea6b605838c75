"""Nothing told contradicts what is known at that moment; everybody concerned is told; the last thing told is true."""

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from fundraising.giving.news import News, TellDonor
from fundraising.paying.news import (
    AskBatchChecker,
    AskChecker,
    PayoutNews,
    SendBatchResult,
    TellAboutPayout,
    TellRecipient,
)
from fundraising.people.news import AskSecondOwner, TellFrozen
from storage.jobs import Job
from tests.simulation.collecting import Collecting
from tests.simulation.eye import DonationRow, Eye, PayoutRow
from tests.simulation.paying_out import PayingOut
from tests.simulation.people_say import PeopleSay
from tests.simulation.simulated_telegram import Said, SimulatedTelegram
from tests.simulation.standing import Standing, Standings

RECEIPT = re.compile(r"<code>(T[KB]\w+)</code>")
ODD_GIFTS = ("other_amount", "second_payment")
GIFT_NEWS: dict[str, Callable[[Standing], bool]] = {
    News.COMPLETED: lambda now: now.status == "completed",
    News.COMPLETED_LATE: lambda now: now.status == "completed",
    News.RECEIPT: lambda now: now.status == "completed",
    News.FAILED: lambda now: now.status == "failed",
    News.SUSPENDED: lambda now: now.review in ODD_GIFTS,
    News.NO_WORD: lambda now: now.status == "pending" and now.review == "no_word",
}
TRUE_LAST_WORDS = {
    ("completed", None): {"completed", "completed_late", "receipt", "suspended"},
    ("failed", None): {"failed"},
    ("failed", "other_amount"): {"suspended"},
    ("pending", "no_word"): {"no_word"},
    ("pending", "other_amount"): {"suspended"},
}
PAYOUT_ENDS = {
    "completed": {PayoutNews.COMPLETED},
    "failed": {PayoutNews.FAILED},
    "rejected": {PayoutNews.REJECTED},
    "cancelled": {PayoutNews.CANCELLED, PayoutNews.EXPIRED},
}
STATUS_TOLD = {news: status for status, all_news in PAYOUT_ENDS.items() for news in all_news}
ON_THE_WAY = {  # no end of it, and what it is as long as that is true
    PayoutNews.AGREED: "pending",
    PayoutNews.NOBODY_REACHED: "pending",
    PayoutNews.OTHER_NAME: "completed",
}


class World(Protocol):
    eye: Eye
    standings: Standings
    collecting: Collecting
    paying: PayingOut
    telegram: SimulatedTelegram
    people_say: PeopleSay


class LetterChecks:
    def __init__(self, world: World):
        self._world, self._eye = world, world.eye

    # When something is said

    def is_said(self, said: Said, before: Standing | None) -> Iterator[str]:
        """True when it was prepared, or when it is said: what changes in between is told next."""
        standings = [standing for standing in (before, said.standing) if standing]
        if standings and not any(holds(said.job, standing) for standing in standings):
            yield f"{said.chat_id} was told {said.job}, but it stands {said.standing}"
        yield from self._contradicts_mpesa(said)

    def _contradicts_mpesa(self, said: Said) -> Iterator[str]:
        match said.job:
            case TellDonor(news=news) if news in ("completed", "completed_late", "receipt", "suspended"):
                [row] = self._eye.donations("id = ?", said.job.donation_id)
                receipts = self._receipts_of(row)
                if not receipts:
                    yield f"the donor of {row.id} was told {news}, but M-Pesa took nothing"
                yield from says_wrong(said.text, row.minor, receipts)
            case TellAboutPayout(news=PayoutNews.COMPLETED) | TellRecipient():
                [payout] = self._eye.payouts("id = ?", said.job.payout_id)
                receipts = self._receipts_of_payout(payout)
                if not receipts and not self._people_said_paid(payout):
                    yield f"{said.chat_id} was told that payout {payout.id} is paid, but M-Pesa paid nothing"
                yield from says_wrong(said.text, payout.minor, receipts)

    # At the end

    def final(self) -> Iterator[str]:
        for donation in self._eye.donations():
            chat = self._eye.chat_of_donor(donation.donor_id)
            if chat and chat not in self._world.telegram.ever_refused:
                yield from self._donor_knows(donation)
        for payout in self._eye.payouts():
            for chat in sorted(self._concerned(payout) - self._world.telegram.ever_refused):
                yield from self._knows(chat, payout)

    def _donor_knows(self, row: DonationRow) -> Iterator[str]:
        jobs = [said.job for said in self._world.telegram.said]
        told = [job.news for job in jobs if isinstance(job, TellDonor) and job.donation_id == row.id]
        true = TRUE_LAST_WORDS.get((row.status, row.review)) or TRUE_LAST_WORDS.get((row.status, None), set())
        if not told or told[-1] not in true:
            yield f"donation {row.id} is {row.status} ({row.review}), but its donor was told {told}"
        if row.status == "completed" and not {"completed", "completed_late"} & set(told):
            yield f"donation {row.id} is completed, but its donor was told {told}"

    def _concerned(self, payout: PayoutRow) -> set[int]:
        people = {payout.requester_id}
        if payout.status == "completed" and not payout.batch_id:
            people |= set(self._eye.approvers(payout.id))
        return {chat for person_id in people for chat in self._eye.chats_of(person_id)}

    def _knows(self, chat: int, payout: PayoutRow) -> Iterator[str]:
        if payout.status not in PAYOUT_ENDS or (payout.batch_id and not self._is_done(payout.batch_id)):
            return  # of many, one message tells the progress until all are done
        told = [
            status for said in self._world.telegram.said if said.chat_id == chat for status in told_of(said, payout)
        ]
        if not told or told[-1] != payout.status:
            yield f"payout {payout.id} is {payout.status}, but {chat} was told {told}"

    def _is_done(self, batch_id: int) -> bool:
        return self._world.standings.of_batch(batch_id).status == "done"

    def _receipts_of(self, row: DonationRow) -> set[str]:
        payments, claimed = self._world.collecting.payments, self._eye.claimed()
        references = {each.receipt: claimed.get(each.receipt, each.prompt.push.reference) for each in payments}
        return {receipt for receipt, reference in references.items() if reference == row.reference}

    def _receipts_of_payout(self, payout: PayoutRow) -> set[str]:
        mine = self._eye.attempts("payout_id = ?", payout.id)
        return {deal.receipt for each in mine for deal in self._world.paying.paid(each.originator_id)}

    def _people_said_paid(self, payout: PayoutRow) -> bool:
        mine = self._eye.attempts("payout_id = ?", payout.id)
        return any(self._world.people_say.paid(each.originator_id) for each in mine)


def holds(job: Job, now: Standing) -> bool:
    match job:
        case TellDonor(news=news):
            return GIFT_NEWS[news](now)
        case AskChecker() | AskBatchChecker():
            return now.status == "pending"
        case TellAboutPayout(news=PayoutNews.NEEDS_REVIEW):
            return now.review is not None
        case TellAboutPayout(news=news):
            return now.status == (STATUS_TOLD | ON_THE_WAY)[PayoutNews(news)]
        case TellRecipient():
            return now.status == "completed"
        case SendBatchResult():
            return now.status != "pending"
        case TellFrozen() | AskSecondOwner(subject="unfreeze"):
            return now.status == "frozen"
        case _:
            return True


def says_wrong(text: str, minor: int, receipts: set[str]) -> Iterator[str]:
    if f"KES {minor // 100:,}" not in text:
        yield f"another amount than {minor / 100} was told: {text}"
    for receipt in RECEIPT.findall(text):
        if receipt not in receipts:
            yield f"receipt {receipt} was told, but the receipts are {receipts}: {text}"


def told_of(said: Said, payout: PayoutRow) -> Iterator[str]:
    """The statuses of this payout that a message tells."""
    match said.job:
        case TellAboutPayout(payout_id=payout.id, news=news) if news in STATUS_TOLD:
            yield STATUS_TOLD[PayoutNews(news)]
        case TellAboutPayout(news=PayoutNews.EXPIRED) if payout.batch_id and f"payout {payout.batch_id} " in said.text:
            yield "cancelled"  # once for all of a batch
        case SendBatchResult(batch_id=payout.batch_id) if said.standing:
            yield dict(said.standing.rows)[payout.id]
