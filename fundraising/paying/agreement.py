"""Whose agreement to a payout still counts."""

from sqlalchemy import Connection, select

from fundraising.people import roles
from fundraising.people.roles import Role
from storage.payout_tables import approvals


def approvals_that_count(conn: Connection, payout_id: int) -> int:
    """By people who may approve now: who lost the role has no say any more."""
    checkers = roles.holders(conn, Role.CHECKER)
    return sum(person in checkers for person in approvers(conn, payout_id))


def approvers(conn: Connection, payout_id: int) -> list[int]:
    query = select(approvals.c.approver_id).where(approvals.c.payout_id == payout_id)
    return list(conn.scalars(query.order_by(approvals.c.created_at)))
