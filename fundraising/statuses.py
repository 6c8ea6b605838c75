"""The whole life of a donation. A move that is not listed raises."""

from collections.abc import Mapping
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
    CORRECTED = "corrected"  # credited on a query's word, then a callback named another amount


class Push(StrEnum):
    """How far the prompt on the phone came."""

    SENDING = "sending"  # committed before the call: whoever finds it later must not call
    WAITING = "waiting"  # M-Pesa could not be reached or was busy: nothing happened, the same may be sent again
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # it may have rung


D = DonationStatus
DONATION_MOVES: Mapping[DonationStatus, set[DonationStatus]] = {
    D.PENDING: {D.COMPLETED, D.FAILED},
    D.FAILED: {D.COMPLETED},  # late success: success evidence beats failure evidence
    D.COMPLETED: {D.REFUNDED},
    D.REFUNDED: set(),
}
S = TypeVar("S")


class IllegalMove(Exception):
    pass


def move(moves: Mapping[S, set[S]], here: S, there: S) -> S:
    if there not in moves[here]:
        raise IllegalMove(f"{here} -> {there}")
    return there
