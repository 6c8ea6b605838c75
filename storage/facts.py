"""Single facts about this database."""

from sqlalchemy import Connection, insert, select

from storage.tables import facts
from storage.vault import Vault, WrongKey

SEALED_BY = "sealed_by"


def check_key(conn: Connection, vault: Vault) -> None:
    """The first to come leaves the key's id. Raises WrongKey for a database that another SECRET_KEY sealed."""
    ours = vault.key_id.hex()
    theirs = conn.scalar(select(facts.c.value).where(facts.c.name == SEALED_BY))
    if theirs is None:
        conn.execute(insert(facts).values(name=SEALED_BY, value=ours))
    elif theirs != ours:
        raise WrongKey("this database was sealed with another SECRET_KEY")
