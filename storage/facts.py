"""Single facts about this database."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore  # prints right on SQLite too

from storage.tables import facts
from storage.vault import Vault, WrongKey

SEALED_BY = "sealed_by"


def check_key(conn: Connection, vault: Vault) -> None:
    """The first to come leaves the key's id. Raises WrongKey for a database that another SECRET_KEY sealed."""
    ours = vault.key_id.hex()
    conn.execute(insert_or_ignore(facts).values(name=SEALED_BY, value=ours).on_conflict_do_nothing())
    if conn.scalar(select(facts.c.value).where(facts.c.name == SEALED_BY)) != ours:
        raise WrongKey("this database was sealed with another SECRET_KEY")
