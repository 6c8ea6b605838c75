"""Single facts about this database."""

import hashlib

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from storage.tables import books, facts
from storage.vault import Vault, WrongKey

SEALED_BY, BOT_USERNAME = "sealed_by", "bot_username"


def check_key(conn: Connection, vault: Vault) -> None:
    """The first to come leaves the key's id. Raises WrongKey for a database that another SECRET_KEY sealed."""
    ours = vault.key_id.hex()
    conn.execute(insert_or_ignore(facts).values(name=SEALED_BY, value=ours).on_conflict_do_nothing())
    if conn.scalar(select(facts.c.value).where(facts.c.name == SEALED_BY)) != ours:
        raise WrongKey("this database was sealed with another SECRET_KEY")


def mark_of_books(conn: Connection) -> str:
    """For everybody to see: the same for the same database, and it says nothing about it."""
    return hashlib.sha256(f"trustvoice books {book(conn)}".encode()).hexdigest()[:16]


def book(conn: Connection) -> str:
    return conn.scalars(select(books.c.name)).one()


def lock(conn: Connection) -> None:
    """Until the end of the transaction, others that do the same wait: for what is done once in a database's life."""
    conn.execute(select(books.c.name).with_for_update())


def read(conn: Connection, name: str) -> str | None:
    found: str | None = conn.scalar(select(facts.c.value).where(facts.c.name == name))
    return found


def note(conn: Connection, name: str, value: str | None) -> None:
    """None forgets it."""
    conn.execute(delete(facts).where(facts.c.name == name))
    if value is not None:
        conn.execute(insert(facts).values(name=name, value=value))
