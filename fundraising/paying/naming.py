"""Which attempt a piece of evidence speaks of, and whether it is proven to come from M-Pesa."""

from sqlalchemy import Connection, or_, select

from fundraising.evidence import tokens
from fundraising.evidence.record import Evidence, Source
from fundraising.evidence.tokens import Purpose
from fundraising.paying.payout import Attempt
from storage.payout_tables import attempts

a = attempts.c


def proven(conn: Connection, item: Evidence) -> int | None:
    """By the token that only M-Pesa was told, or by being the answer to our own call, or people's word."""
    if item.payment or not item.token_hash:
        return item.payment.id if item.payment else None
    purpose = Purpose.STATUS if item.source is Source.STATUS else Purpose.PAYMENT
    return tokens.made_for(conn, [item.token_hash], purpose).get(item.token_hash)


def hinted(conn: Connection, item: Evidence) -> int | None:
    named = select(a.id).where(or_(a.originator_id.in_(item.names), a.conversation_id.in_(item.names)))
    found: int | None = conn.scalar(named.limit(1)) if item.names else None
    return found


def names_another(attempt: Attempt, item: Evidence, remembers_ids: bool) -> bool:
    """A token alone is not enough: a proxy's log may have leaked it, or M-Pesa has mixed up two answers.

    A result names its payment always, an answer to our question does where M-Pesa fills the field; nobody knows what a
    timeout notice names, and it settles nothing. v1 (`remembers_ids` is False) knows no id of ours, and a result may
    come before the acknowledgement that tells M-Pesa's.
    """
    if item.source not in (Source.RESULT, Source.STATUS):
        return False
    if attempt.originator_id in item.names or attempt.conversation_id in item.names:
        return False
    if not remembers_ids and (attempt.conversation_id is None or item.source is Source.STATUS):
        return False
    return bool(item.names) or item.source is Source.RESULT
