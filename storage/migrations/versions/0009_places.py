"""What is sealed is bound to its table, column and row: moved elsewhere, it does not open

All in one transaction, so a process that dies leaves the database as it was.

Revision: 0009
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy import Connection

from storage.vault import Vault, WrongKey

revision = "0009"
down_revision = "0008"

log = logging.getLogger(__name__)
ROWS_AT_ONCE = 2_000
SEALED = (  # a table, what names its rows, its sealed columns
    ("donors", "id", ("name_sealed", "phone_sealed", "email_sealed")),
    ("drafts", "id", ("phone_sealed",)),
    ("donations", "id", ("phone_sealed", "checkout_sealed")),
    ("telegram_updates", "update_id", ("body_sealed",)),
    ("people", "id", ("name_sealed", "email_sealed")),
    ("ngos", "id", ("name_sealed", "phone_sealed", "email_sealed")),
    ("payout_drafts", "id", ("phone_sealed", "name_sealed")),
    ("payouts", "id", ("recipient_name_sealed", "recipient_email_sealed", "phone_sealed")),
    ("api_keys", "id", ("name_sealed",)),
    ("repeats", "id", ("answer_sealed",)),
)
EVIDENCE = ("evidence", "payout_evidence")  # their bodies by what they say, not by the table that keeps them


def upgrade() -> None:
    conn, vault = op.get_bind(), context.config.attributes.get("vault")
    demand_our_key(conn, vault)
    for name, key, columns in SEALED:
        for column in columns:
            reseal(conn, vault, name, key, column, of_row(f"{name}.{column}"))
    for name in EVIDENCE:
        reseal(conn, vault, name, "key", "body_sealed", lambda key: b"evidence.body:" + bytes(key))


def of_row(column: str) -> Callable[[Any], bytes]:
    return lambda row: f"{column}:{row}".encode()


def demand_our_key(conn: Connection, vault: Vault | None) -> None:
    """Raises WrongKey."""
    sealed_by = conn.scalar(sa.text("SELECT value FROM facts WHERE name = 'sealed_by'"))
    if vault and sealed_by not in (None, vault.key_id.hex()):
        raise WrongKey("this database was sealed with another SECRET_KEY")


def reseal(
    conn: Connection, vault: Vault | None, name: str, key: str, column: str, place_of: Callable[[Any], bytes]
) -> None:
    table = sa.table(name, sa.column(key), sa.column(column, sa.LargeBinary()))
    names, sealed = table.c[key], table.c[column]
    change = sa.update(table).where(names == sa.bindparam("row")).values({column: sa.bindparam("bound")})
    for found in chunks(conn, names, sealed):
        assert vault, f"what is sealed in {name} can only be bound to its place with SECRET_KEY"
        opened = [(row, opened_or_none(vault, value, f"{name}.{column} of row {row!r}")) for row, value in found]
        bound = [{"row": row, "bound": vault.seal(plain, place_of(row))} for row, plain in opened if plain is not None]
        if bound:
            conn.execute(change, bound)


def chunks(
    conn: Connection, names: sa.ColumnClause[Any], sealed: sa.ColumnClause[bytes]
) -> Iterator[list[tuple[Any, bytes]]]:
    query = sa.select(names, sealed).where(sealed.is_not(None)).order_by(names).limit(ROWS_AT_ONCE)
    found = [(row[0], row[1]) for row in conn.execute(query)]
    while found:
        yield found
        found = [(row[0], row[1]) for row in conn.execute(query.where(names > found[-1][0]))]


def opened_or_none(vault: Vault, value: bytes, what: str) -> bytes | None:
    """What could not be read before cannot be read afterwards either; it is left as it is."""
    try:
        return vault.open_unbound(value)
    except WrongKey:
        log.warning("%s cannot be opened with this SECRET_KEY, and stays as it is", what)
        return None
