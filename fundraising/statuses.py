"""The whole life of a donation, of a payout, and of one attempt to send it. A move that is not listed raises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar


class DonationStatus(StrEnum):
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    REFUNDED = "refunded"


class Review(StrEnum):
    """Why a person must look at a donation. A flag beside the status."""

    NO_WORD = "no_word"  # M-Pesa never said how it ended
    OTHER_AMOUNT = "other_amount"  # another amount arrived than was asked for; it lies in suspense
    SECOND_PAYMENT = "second_payment"  # a second receipt for the same donation; it lies in suspense
    CLAIMED = "claimed"  # M-Pesa confirms a code that the donor sent, but it is not sure what for; it lies in suspense
    CORRECTED = "corrected"  # credited on a query's word, then a callback named another amount


class Push(StrEnum):
    """How far the prompt on the phone came."""

    SENDING = "sending"  # committed before the call: whoever finds it later must not call
    WAITING = "waiting"  # M-Pesa could not be reached or was busy: nothing happened, the same may be sent again
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # it may have rung


class PayoutStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class AttemptState(StrEnum):
    SENDING = "sending"  # committed before the call: whoever finds it later must not call
    WAITING = "waiting"  # M-Pesa could not be reached or was busy: nothing happened, the same may be sent again
    ACCEPTED = "accepted"  # queued by M-Pesa, not paid
    UNKNOWN = "unknown"  # it may be paid
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class PayoutReview(StrEnum):
    """Why people must look at a payout. A flag beside the status; while it stands nothing is sent for it."""

    NO_WORD = "no_word"
    OTHER_AMOUNT = "other_amount"
    UNREADABLE = "unreadable"  # M-Pesa says that it is paid, but not readably how much
    PAID_AFTER_FAILURE = "paid_after_failure"
    PAID_AGAIN = "paid_again"
    RESTORED = "restored"  # without a journal: if it failed, a retry is not known here


class StopCause(StrEnum):
    """Why nothing is sent."""

    PERSON = "person"  # somebody froze it
    INITIATOR = "initiator"  # M-Pesa refuses our initiator
    BOOKS = "books"  # the self-check found what does not hold
    PAYOUT = "payout"  # what M-Pesa says of one payout cannot be: its review says why
    ALTERED = "altered"  # a payout is not what was asked for and agreed to: somebody changed the database
    EVIDENCE = "evidence"  # something that M-Pesa said could not be settled, through a fault of ours
    RESTORED = "restored"  # from a backup
    REWOUND = "rewound"  # the journal knows more than the database


@dataclass(frozen=True, slots=True)
class Stop:
    id: int
    cause: StopCause
    note: str  # what the cause leaves open: a code, a person's words
    payout_id: int | None
    by: int | None  # None: TrustVoice itself
    since: datetime
    by_name: str = ""


D = DonationStatus
DONATION_MOVES: Mapping[DonationStatus, set[DonationStatus]] = {
    D.PENDING: {D.COMPLETED, D.FAILED},
    D.FAILED: {D.COMPLETED},  # late success: success evidence beats failure evidence
    D.COMPLETED: {D.REFUNDED},
    D.REFUNDED: set(),
}

P = PayoutStatus
PAYOUT_MOVES: Mapping[PayoutStatus, set[PayoutStatus]] = {
    P.PENDING: {P.APPROVED, P.REJECTED, P.CANCELLED},
    P.APPROVED: {P.PROCESSING, P.CANCELLED},
    P.PROCESSING: {P.COMPLETED, P.FAILED, P.CANCELLED},  # cancelled: M-Pesa was busy and never accepted it
    P.FAILED: {P.APPROVED, P.COMPLETED},  # retry, reserving anew; late success
    P.COMPLETED: set(),
    P.REJECTED: set(),
    P.CANCELLED: {P.COMPLETED},  # late success of an attempt from before
}

A = AttemptState
ATTEMPT_MOVES: Mapping[AttemptState, set[AttemptState]] = {
    A.SENDING: {A.WAITING, A.ACCEPTED, A.UNKNOWN, A.SUCCEEDED, A.FAILED},
    A.WAITING: {A.SENDING, A.UNKNOWN, A.SUCCEEDED, A.FAILED},
    A.ACCEPTED: {A.UNKNOWN, A.SUCCEEDED, A.FAILED},
    A.UNKNOWN: {A.SUCCEEDED, A.FAILED},
    A.FAILED: {A.SUCCEEDED},  # late success
    A.SUCCEEDED: set(),
}
OPEN_STATES = (A.SENDING, A.WAITING, A.ACCEPTED, A.UNKNOWN)
RESERVING = (P.PENDING, P.APPROVED, P.PROCESSING)

S = TypeVar("S")


class IllegalMove(Exception):
    pass


def move(moves: Mapping[S, set[S]], here: S, there: S) -> S:
    if there not in moves[here]:
        raise IllegalMove(f"{here} -> {there}")
    return there
