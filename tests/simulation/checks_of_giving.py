"""Every shilling that M-Pesa took from a donor is in the books once; a donation ends as M-Pesa said it did."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from tests.simulation.collecting import Collecting, Payment
from tests.simulation.eye import DonationRow, Eye

NEGATIVE_GAP = timedelta(seconds=60)


class GivingChecks:
    def __init__(self, eye: Eye, collecting: Collecting):
        self._eye, self._collecting = eye, collecting
        self._postings = 0

    def quick(self) -> Iterator[str]:
        """After every commit: nothing is in the books that M-Pesa did not take."""
        postings = self._eye.count("postings")
        if postings == self._postings:
            return
        self._postings = postings
        booked = sum(self._eye.given().values())
        most = sum(max(sum(p.shillings for p in paid), paid[0].prompt.push.shillings) for paid in self._paid().values())
        if booked > most * 100:
            yield f"{booked / 100} is booked, but M-Pesa took {most} at most"

    def thorough(self) -> Iterator[str]:
        """Donation by donation, at any moment."""
        yield from self.quick()
        booked, paid = self._eye.given(), self._paid()
        for row in self._eye.donations():
            taken = sum(payment.shillings for payment in paid[row.reference]) * 100
            most = max(taken, row.minor) if taken else 0  # a question's answer tells no amount
            if booked.get(row.id, 0) > most:
                yield f"donation {row.id}: {booked[row.id]} is booked, M-Pesa took {taken}"
            if row.status == "completed" and not taken:
                yield f"donation {row.id} is completed, but nothing was paid"
            if row.status == "failed" and not self._may_be_failed(row):
                yield f"donation {row.id} is failed without a word of M-Pesa's that would be enough for that"
        yield from self._rang_too_often()

    def not_converged(self) -> Iterator[str]:
        booked, paid = self._eye.given(), self._paid()
        for row in self._eye.donations():
            if row.status == "pending" and row.review is None:
                yield f"donation {row.id} is still pending, and nobody is told to look"
            if row.status == "completed" and not booked.get(row.id):
                yield f"donation {row.id} is completed, but nothing is booked"
            heard = [payment for payment in paid[row.reference] if payment.heard]
            if heard and booked.get(row.id, 0) < sum(payment.shillings for payment in heard) * 100:
                yield f"donation {row.id}: M-Pesa was answered 200 for more than is booked"

    def final(self) -> Iterator[str]:
        yield from self.thorough()
        booked, paid = self._eye.given(), self._paid()
        for row in self._eye.donations():
            taken = sum(payment.shillings for payment in paid[row.reference]) * 100
            if (found := booked.pop(row.id, 0)) != taken:
                yield f"donation {row.id}: M-Pesa took {taken}, booked is {found}"
            if taken and row.status == "failed" and not row.review:
                yield f"donation {row.id} is failed, though it was paid"
            if row.status == "pending" and row.review is None:
                yield f"donation {row.id} is still pending, and nobody is told to look"
        for cause, minor in booked.items():
            yield f"{minor} is booked for donation {cause}, which there is not"

    def _rang_too_often(self) -> Iterator[str]:
        for reference, attempts in self._collecting.attempts.items():
            if attempts > 1 + self._collecting.not_accepted[reference]:
                yield f"{reference} was pushed {attempts} times, though M-Pesa may have accepted it"

    def _may_be_failed(self, row: DonationRow) -> bool:
        never_sent = row.push == "waiting"
        return never_sent or self._collecting.told_it_failed(row.reference, NEGATIVE_GAP)

    def _paid(self) -> dict[str, list[Payment]]:
        """By reference; what a donor sent the code of, by that of the donation for which it was sent."""
        paid: defaultdict[str, list[Payment]] = defaultdict(list)
        claimed = self._eye.claimed()
        for payment in self._collecting.payments:
            paid[claimed.get(payment.receipt, payment.prompt.push.reference)].append(payment)
        return paid
