"""Telling an outage of the database, which passes, from a fault of ours."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

OUTAGES = (OSError, OperationalError, InterfaceError, NoFreeConnection)  # OSError: no connection, or no time left
PASSING = ("08", "53", "57P")  # how an SQLSTATE begins: connection gone, no room for one, stopping or starting


def is_outage(error: Exception) -> bool:
    return isinstance(error, OUTAGES) or (isinstance(error, DBAPIError) and state_of(error).startswith(PASSING))


def state_of(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
