"""Telling an outage of the database, which passes, from a fault of ours or of what is stored, which does not.

What is raised by an outage is worth bringing again, and is told in one line. Anything else would fail again: it is set
aside, with its traceback.
"""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

OUTAGES = (OSError, OperationalError, InterfaceError, NoFreeConnection)  # OSError: no connection, or no time left
PASSING = (  # how PostgreSQL's SQLSTATE begins; its driver raises most of these as a bare DBAPIError
    "08",  # the connection is gone
    "0A000",  # a plan made before a migration
    "25006",  # read only: another server takes over
    "25P03",  # we stood still inside a transaction for too long
    "40",  # a conflict, every time it was tried again
    "53",  # no room for one more connection, on the disk, in memory
    "55P03",  # a row was locked for too long
    "57",  # a statement took too long; the server stops or starts
    "58",  # its disk does not answer
)


def is_outage(error: Exception) -> bool:
    return isinstance(error, OUTAGES) or (isinstance(error, DBAPIError) and passes(error))


def passes(error: DBAPIError) -> bool:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return error.connection_invalidated or state.startswith(PASSING)
