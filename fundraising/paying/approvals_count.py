"""Whose agreement to a payout still counts."""

from sqlalchemy import Connection

from fundraising.paying import notices
from fundraising.people import roles
from fundraising.people.roles import Role


def approvals_that_count(conn: Connection, payout_id: int) -> int:
    """By people who may approve now: who lost the role has no say any more."""
    checkers = roles.holders(conn, Role.CHECKER)
    return sum(person in checkers for person in notices.approvers(conn, payout_id))
