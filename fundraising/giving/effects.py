"""What the verdicts on a set of evidence bring about: gathered first, then stored with one statement a table."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from fundraising import stops
from fundraising.evidence import record
from fundraising.evidence.record import Evidence, Says, Source, Verdict, Weighed
from fundraising.evidence.schedule import HOURLY
from fundraising.giving import donation as donations
from fundraising.giving.donation import Donation
from fundraising.giving.naming import Named, checkout_id_of
from fundraising.giving.news import News, ShowWaiting, TellDonor, Waiting
from fundraising.giving.tasks import AskMpesa, AskOnceMore
from fundraising.giving.weighing import UNDECIDED, correction, weigh
from fundraising.ledger import accounts, causes, posting, reservations, suspense
from fundraising.ledger.causes import Correction
from fundraising.mailing import MailReceipt
from fundraising.money import Money
from fundraising.news import Alarm, TellOwners
from fundraising.statuses import DonationStatus
from mpesa.codes import Reason
from storage import jobs
from storage.vault import Vault

log = logging.getLogger(__name__)


@dataclass
class Effects:
    weighed: list[Weighed] = field(default_factory=list)
    settled: dict[int, Donation] = field(default_factory=dict)
    identified: dict[int, Donation] = field(default_factory=dict)
    transfers: list[posting.Transfer] = field(default_factory=list)
    too_much: list[tuple[int, Money, Correction]] = field(default_factory=list)  # credited: campaign, amount, cause
    strays: dict[str, suspense.Stray] = field(default_factory=dict)
    work: list[jobs.Job] = field(default_factory=list)
    refusals: list[Evidence] = field(default_factory=list)  # of our initiator
    in_an_hour: list[jobs.Job] = field(default_factory=list)
    reviewed: list[tuple[Donation, Donation]] = field(default_factory=list)  # before, and with another finding after

    def weigh(self, item: Evidence, named: Named, negative_gap: timedelta) -> None:
        donation = named.proven(item)
        if donation is None:
            self._take_hint(item, named)
            return
        if item.says is Says.SUCCEEDED and item.receipt and self._is_booked(item.receipt, donation, named):
            self._note(item, donation, Verdict.NOTHING_NEW)
            return
        verdict, after = weigh(donation, item, negative_gap)
        self._note(item, donation, verdict)
        if after is not donation:
            self.settled[after.id] = after
        if after.needs_review is not donation.needs_review:
            self.reviewed.append((donation, after))
        after = self._identify(after, item)
        named.current[after.id] = after
        if verdict in BOOKS_RECEIPT and item.receipt:
            named.credited_to[item.receipt] = after.id
        CONSEQUENCES[verdict](self, donation, after, item)

    def _note(self, item: Evidence, donation: Donation | None, verdict: Verdict) -> None:
        self.weighed.append(Weighed(item, record.donation(donation.id) if donation else None, verdict))

    def _is_booked(self, receipt: str, donation: Donation, named: Named) -> bool:
        """Told again in other words, it is one payment; told of another donation, a person must look."""
        stray = self.strays.get(receipt)
        if not stray and not named.is_booked(receipt):
            return False
        booked_for = stray.donation_id if stray else named.booked_for(receipt)
        if booked_for != donation.id:
            log.error("receipt %s of donation %s names donation %s, too", receipt, booked_for, donation.id)
            self.work.append(TellOwners(Alarm.TWICE, donation.id))
        return True

    def _take_hint(self, item: Evidence, named: Named) -> None:
        """Of what names two donations at once, one by its token and one by its id, each is asked about."""
        about = named.hinted(item)
        self._note(item, about[0] if about else None, Verdict.HINT if about else Verdict.UNMATCHED)
        for donation in about:
            self._ask_about(donation)

    def _ask_about(self, donation: Donation) -> None:
        if donation.status in UNDECIDED:
            self.work.append(AskMpesa(donation.id, hinted=True))

    def _identify(self, donation: Donation, item: Evidence) -> Donation:
        """A callback that comes before the answer to our request tells the CheckoutRequestID first."""
        if donation.checkout_index or donation.checkout_id or not checkout_id_of(item):
            return donation
        self.identified[donation.id] = donation._replace(checkout_id=checkout_id_of(item))
        return self.identified[donation.id]

    def credit(self, before: Donation, after: Donation, item: Evidence) -> None:
        account = accounts.campaign(after.campaign_id)
        self.transfers.append(posting.Transfer(causes.Donation(after.id), accounts.OUTSIDE, account, after.amount))
        late = before.status is DonationStatus.FAILED
        self._tell(after, News.COMPLETED_LATE if late else News.COMPLETED)
        if after.receipt_by_mail:
            self.work.append(MailReceipt(after.id, late))

    def fail(self, _before: Donation, after: Donation, item: Evidence) -> None:
        self._tell(after, News.FAILED)
        if item.source is Source.QUERY:  # a debit minutes later has been observed
            self.in_an_hour.append(AskOnceMore(after.id))
        if item.reason is Reason.CONFIGURATION:
            self.work.append(TellOwners(Alarm.CONFIGURATION, after.id))

    def suspend(self, _before: Donation, after: Donation, item: Evidence) -> None:
        if item.receipt and item.amount and after.needs_review:
            self.strays[item.receipt] = suspense.Stray(item.receipt, after.id, item.amount, after.needs_review)

    def correct(self, before: Donation, after: Donation, item: Evidence) -> None:
        """Credited on a query's word; now a callback names what really came."""
        difference, cause = correction(before, item), Correction(after.id)
        if difference.minor > 0:
            self.transfers.append(posting.Transfer(cause, accounts.OUTSIDE, accounts.SUSPENSE, difference))
        else:
            self.too_much.append((after.campaign_id, Money(-difference.minor, difference.currency), cause))
        self.work.append(TellOwners(Alarm.CORRECTED, after.id))

    def attach_receipt(self, _before: Donation, after: Donation, _item: Evidence) -> None:
        self._tell(after, News.RECEIPT)
        if after.receipt_by_mail:
            self.work.append(MailReceipt(after.id))

    def note(self, _before: Donation, after: Donation, item: Evidence) -> None:
        """M-Pesa spoke without deciding: ask it soon, and let the donor see why it takes longer."""
        if item.source is Source.CLAIM:
            self.work.append(TellOwners(Alarm.CLAIM, after.id))
            self.refusals += [item] if item.stops_sending else []
        if item.source is not Source.CALLBACK:
            return
        self._ask_about(after)
        if after.status is DonationStatus.PENDING:
            self.work.append(ShowWaiting(after.donor_id, after.id, Waiting.NO_ANSWER))

    def nothing(self, _before: Donation, _after: Donation, _item: Evidence) -> None:
        return

    def _tell(self, donation: Donation, news: News) -> None:
        self.work.append(TellDonor(donation.donor_id, donation.id, news))

    def store(self, conn: Connection, vault: Vault, now: datetime) -> None:
        donations.save_settled(conn, self.settled.values())
        for before, after in self.reviewed:
            donations.ask_people(conn, before, after, now)
        for donation in self.identified.values():
            donations.save_checkout(conn, vault, donation.id, donation.checkout_id or "")
        posting.post(conn, self.transfers + suspense.put(conn, self.strays.values(), now), now)
        for campaign_id, amount, cause in self.too_much:  # each leaves less for the next
            posting.post(conn, reservations.give_back(conn, campaign_id, amount, cause), now)
        for item in self.refusals:
            stops.refuse_initiator(conn, item.code, item.reason, now)
        for stray in self.strays.values():
            donor_id = self.settled[stray.donation_id].donor_id
            self.work += [
                TellDonor(donor_id, stray.donation_id, News.SUSPENDED),
                TellOwners(Alarm.SUSPENSE, stray.donation_id),
            ]
        jobs.add(conn, self.work, now)
        jobs.add(conn, self.in_an_hour, now + HOURLY)


BOOKS_RECEIPT = (Verdict.CREDITED, Verdict.CREDITED_LATE, Verdict.CORRECTED, Verdict.RECEIPT)
Consequence = Callable[[Effects, Donation, Donation, Evidence], None]
CONSEQUENCES: dict[Verdict, Consequence] = {
    Verdict.CREDITED: Effects.credit,
    Verdict.CREDITED_LATE: Effects.credit,
    Verdict.FAILED: Effects.fail,
    Verdict.SUSPENDED: Effects.suspend,
    Verdict.CORRECTED: Effects.correct,
    Verdict.RECEIPT: Effects.attach_receipt,
    Verdict.NOTED: Effects.note,
    Verdict.NOTHING_NEW: Effects.nothing,
}
