"""What must hold of every world: while it runs, once it has healed, and at the end."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tests.simulation.simulated_mpesa import Payment, SimulatedMpesa

NEGATIVE_GAP = timedelta(seconds=60)
TRUE_LAST_WORDS = {
    ("completed", None): {"completed", "completed_late", "receipt", "suspended"},
    ("failed", None): {"failed"},
    ("failed", "other_amount"): {"suspended"},
    ("pending", "no_word"): {"no_word"},
    ("pending", "other_amount"): {"suspended"},
}
BOOKED = """
    SELECT CAST(coalesce(s.donation_id, substr(p.cause, instr(p.cause, ':') + 1)) AS INTEGER), -sum(p.minor)
    FROM postings p LEFT JOIN suspense s ON p.cause = 'receipt:' || s.receipt
    WHERE p.account = 'outside' GROUP BY 1
"""


@dataclass(frozen=True)
class Row:
    id: int
    reference: str
    minor: int
    status: str
    review: str | None
    push: str


class Looks:
    """Looks at the program's file through a connection of its own, and at what M-Pesa really did."""

    def __init__(self, eye: sqlite3.Connection, mpesa: SimulatedMpesa):
        self._eye, self._mpesa = eye, mpesa

    def quick(self) -> Iterator[str]:
        """After every commit: nothing is in the books that M-Pesa did not take."""
        booked = self._eye.execute("SELECT -sum(minor) FROM postings WHERE account = 'outside'").fetchone()[0] or 0
        most = sum(max(sum(p.shillings for p in paid), paid[0].prompt.push.shillings) for paid in self._paid().values())
        if booked > most * 100:
            yield f"{booked / 100} is booked, but M-Pesa took {most} at most"

    def thorough(self) -> Iterator[str]:
        """Donation by donation, at any moment."""
        yield from self.quick()
        booked, paid = self._booked(), self._paid()
        for row in self._donations():
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
        """Answers to questions are true now: what is still open needed a person, or was told wrongly before."""
        booked, paid = self._booked(), self._paid()
        for row in self._donations():
            if row.status == "pending" and row.review is None:
                yield f"donation {row.id} is still pending, and nobody is told to look"
            if row.status == "completed" and not booked.get(row.id):
                yield f"donation {row.id} is completed, but nothing is booked"
            heard = [payment for payment in paid[row.reference] if payment.heard]
            if heard and booked.get(row.id, 0) < sum(payment.shillings for payment in heard) * 100:
                yield f"donation {row.id}: M-Pesa was answered 200 for more than is booked"

    def final(self) -> Iterator[str]:
        """M-Pesa has told everything: the books and the donors know exactly the truth."""
        yield from self.thorough()
        booked, paid = self._booked(), self._paid()
        for row in self._donations():
            taken = sum(payment.shillings for payment in paid[row.reference]) * 100
            if (found := booked.pop(row.id, 0)) != taken:
                yield f"donation {row.id}: M-Pesa took {taken}, booked is {found}"
            if taken and row.status == "failed" and not row.review:
                yield f"donation {row.id} is failed, though it was paid"
            if row.status == "pending" and row.review is None:
                yield f"donation {row.id} is still pending, and nobody is told to look"
            yield from self._told(row)
        for cause, minor in booked.items():
            yield f"{minor} is booked for {cause}, which is no donation"
        yield from self._left_over()

    def _told(self, row: Row) -> Iterator[str]:
        query = (
            "SELECT payload ->> 'news' FROM jobs WHERE kind = 'TellDonor' AND payload ->> 'donation_id' = ? ORDER BY id"
        )
        told = [news for (news,) in self._eye.execute(query, (row.id,))]
        true = TRUE_LAST_WORDS.get((row.status, row.review)) or TRUE_LAST_WORDS.get((row.status, None), set())
        if not told or told[-1] not in true:
            yield f"donation {row.id} is {row.status} ({row.review}), but its donor was told {told}"
        if row.status == "completed" and not {"completed", "completed_late"} & set(told):
            yield f"donation {row.id} is completed, but its donor was told {told}"

    def _left_over(self) -> Iterator[str]:
        [[waiting]] = self._eye.execute("SELECT count(*) FROM evidence WHERE verdict IS NULL")
        if waiting:
            yield f"{waiting} pieces of evidence were never weighed"
        for kind, payload in self._eye.execute("SELECT kind, payload FROM jobs WHERE lane = 'mpesa' OR run_at IS NULL"):
            yield f"{kind} {payload} was given up or never ends"

    def _rang_too_often(self) -> Iterator[str]:
        for reference, attempts in self._mpesa.attempts.items():
            if attempts > 1 + self._mpesa.not_accepted[reference]:
                yield f"{reference} was pushed {attempts} times, though M-Pesa may have accepted it"

    def _may_be_failed(self, row: Row) -> bool:
        never_sent = row.push == "waiting"
        return never_sent or self._mpesa.told_it_failed(row.reference, NEGATIVE_GAP)

    def _paid(self) -> dict[str, list[Payment]]:
        paid: defaultdict[str, list[Payment]] = defaultdict(list)
        for payment in self._mpesa.payments:
            paid[payment.prompt.push.reference].append(payment)
        return paid

    def _booked(self) -> dict[int, int]:
        return dict(self._eye.execute(BOOKED))

    def _donations(self) -> list[Row]:
        query = "SELECT id, reference, amount_minor, status, needs_review, push FROM donations ORDER BY id"
        return [Row(*row) for row in self._eye.execute(query)]
