"""Nothing is sent twice or unapproved; what M-Pesa paid is booked in full; a payout ends as M-Pesa says it did."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol

from mpesa.msisdn import Msisdn
from mpesa.payouts import B2cPayment
from storage.payout_tables import payouts
from storage.places import place
from storage.vault import Vault
from tests.simulation.eye import AttemptRow, Eye, PayoutRow, instant
from tests.simulation.options import Options
from tests.simulation.paying_out import PayingOut
from tests.simulation.people_say import PeopleSay
from tests.simulation.virtual_time import Now

CALLED_WITHIN = timedelta(seconds=11)  # ten, and what a turn takes
OPEN = ("sending", "waiting", "accepted", "unknown")
ENDED = ("completed", "failed", "rejected", "cancelled")


class World(Protocol):
    now: Now
    eye: Eye
    options: Options
    paying: PayingOut
    people_say: PeopleSay
    vault: Vault


SPOKEN_OF = """
SELECT DISTINCT payouts.id FROM payouts JOIN attempts ON attempts.payout_id = payouts.id
JOIN evidence ON payment_kind = 'attempt' AND evidence.payment_id = attempts.id
WHERE payouts.needs_review = 'no_word' AND attempts.state IN ('sending', 'waiting', 'accepted', 'unknown')
AND evidence.source = 'status' AND evidence.verdict = 'noted' AND evidence.says IN ('succeeded', 'unreadable')
"""
DROPPED = """
SELECT payout_id FROM evidence JOIN attempts ON payment_kind = 'attempt' AND evidence.payment_id = attempts.id
WHERE evidence.says = 'unreadable' AND evidence.verdict = 'nothing new' AND attempts.state <> 'succeeded'
"""


class PayingChecks:
    def __init__(self, world: World):
        self._world, self._eye = world, world.eye
        self._seen: dict[int, AttemptRow] = {}

    def committed(self) -> Iterator[str]:
        for attempt in self._eye.attempts():
            before = self._seen.get(attempt.id)
            if before == attempt:
                continue
            self._seen[attempt.id] = attempt
            if attempt.state == "sending":
                yield from self._begins(attempt)
            if attempt.state == "failed" and not self._is_denied(attempt.originator_id):
                yield f"attempt {attempt.id} is failed without a word of M-Pesa's that would be enough for that"
            if attempt.state == "succeeded" and (before is None or before.state != "succeeded"):
                yield from self._turns_out_paid(attempt, before)
        yield from self._is_kept_from_people()

    def _is_kept_from_people(self) -> Iterator[str]:
        """Whoever decides about silence must know that M-Pesa has spoken."""
        for (payout_id,) in self._eye.all(SPOKEN_OF):
            yield f"people decide on payout {payout_id} as if M-Pesa had said nothing, though it says that it is paid"
        for (payout_id,) in self._eye.all(DROPPED):
            yield f"M-Pesa says that payout {payout_id} is paid, though not readably what, and nobody takes note"

    def _begins(self, attempt: AttemptRow) -> Iterator[str]:
        """What must hold in the moment that commits that it will be sent."""
        [payout] = self._eye.payouts("id = ?", attempt.payout_id)
        if because := self._eye.frozen():
            yield f"payout {payout.id} is sent, though sending is frozen: {because}"
        if payout.review:
            yield f"payout {payout.id} is sent, though people must look at it: {payout.review}"
        if payout.status != "processing":
            yield f"payout {payout.id} is sent, though it is {payout.status}"
        agreed = set(self._eye.approvers(payout.id)) & self._eye.with_role("checker", "owner") - {payout.requester_id}
        if len(agreed) < self._needed(payout):
            yield f"payout {payout.id} is sent, though {len(agreed)} of {self._needed(payout)} agreed"

    def is_sent(self, payment: B2cPayment) -> Iterator[str]:
        """A request leaves the house."""
        found = self._eye.attempts("originator_id = ?", payment.originator_id)
        if not found:
            yield f"{payment.originator_id} is sent, and no attempt of that name was committed before"
            return
        [attempt] = found
        [payout] = self._eye.payouts("id = ?", attempt.payout_id)
        if self._world.now() - instant(attempt.started_at) > CALLED_WITHIN:
            yield f"payout {payout.id} is sent long after that was committed"
        if payment.shillings * 100 != payout.minor or payment.phone != self._phone(payout):
            yield f"payout {payout.id} is sent, but not as it was asked for"
        if not all(sent.may_be_repeated for sent in self._world.paying.sent[payment.originator_id]):
            yield f"payout {payout.id} is sent again under the same id, though M-Pesa may have accepted it"
        for other in self._eye.attempts("payout_id = ? AND id <> ?", payout.id, attempt.id):
            if self._world.paying.sent[other.originator_id] and not self._is_denied(other.originator_id):
                yield f"payout {payout.id} is sent, though its attempt {other.number} may still succeed"

    def _turns_out_paid(self, attempt: AttemptRow, before: AttemptRow | None) -> Iterator[str]:
        paid = self._world.paying.paid(attempt.originator_id)
        if not paid and not self._world.people_say.paid(attempt.originator_id):
            yield f"attempt {attempt.id} succeeded, but nothing was paid under {attempt.originator_id}"
        [payout] = self._eye.payouts("id = ?", attempt.payout_id)
        others = self._eye.attempts("payout_id = ? AND id <> ?", payout.id, attempt.id)
        surprising = before is not None and before.state == "failed"
        if surprising or any(other.state == "succeeded" for other in others):
            if self._eye.frozen() is None:
                yield f"payout {payout.id} was paid against M-Pesa's own word, and sending is not frozen"
            if payout.review is None:
                yield f"payout {payout.id} was paid against M-Pesa's own word, and nobody has to look"
        booked = self._eye.spent().get((payout.id, attempt.number), 0)
        if booked not in ([each.shillings * 100 for each in paid] or [payout.minor]):
            yield f"attempt {attempt.id} succeeded, booked is {booked}, M-Pesa paid {[p.shillings for p in paid]}"

    def final(self) -> Iterator[str]:
        booked, attempts = self._eye.spent(), self._eye.attempts()
        for payout in self._eye.payouts():
            mine = [each for each in attempts if each.payout_id == payout.id]
            paid = [deal for each in mine for deal in self._world.paying.paid(each.originator_id)]
            moved, found = sum(deal.shillings for deal in paid) * 100, sum(booked[payout.id, a.number] for a in mine)
            if moved != found:
                yield f"payout {payout.id}: M-Pesa paid {moved}, booked is {found}"
            undecided = payout.review is not None and any(each.state in OPEN for each in mine)  # another attempt
            if paid and payout.status != "completed" and not undecided:
                yield f"payout {payout.id} is {payout.status}, though M-Pesa paid it"
            if payout.status == "completed" and not paid:
                yield f"payout {payout.id} is completed, though M-Pesa did not pay it"
            if payout.status not in ENDED and payout.review is None:
                yield f"payout {payout.id} is still {payout.status}, and nobody is told to look"
            if len(paid) > 1 and not self._were_denied([each.originator_id for each in mine]):
                yield f"payout {payout.id} was paid {len(paid)} times"

    def _were_denied(self, originator_ids: list[str]) -> bool:
        """All but one."""
        return sum(not self._is_denied(each) for each in originator_ids) <= 1

    def _is_denied(self, originator_id: str) -> bool:
        """Called failed, by M-Pesa or by two people; or M-Pesa said each time that nothing had happened."""
        sent = self._world.paying.sent[originator_id]
        never_taken = all(each.may_be_repeated for each in sent)
        said_so = originator_id in self._world.paying.denied or self._world.people_say.unpaid(originator_id)
        return never_taken or said_so

    def _needed(self, payout: PayoutRow) -> int:
        minor = payout.minor
        if payout.batch_id:
            minor = sum(row.minor for row in self._eye.payouts("batch_id = ?", payout.batch_id))
        return max(people for least, people in self._world.options.quorum if minor >= least.minor)

    def _phone(self, payout: PayoutRow) -> Msisdn:
        return Msisdn(self._world.vault.open_text(payout.phone_sealed, place(payouts.c.phone_sealed, payout.id)))
