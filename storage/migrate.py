"""Alembic, run on a connection of ours, inside one transaction."""

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage import guards
from storage.vault import Vault

log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = "alembic_version"


def upgrade(conn: Connection, to: str = "head", vault: Vault | None = None) -> None:
    """`vault`: some versions seal anew what is there. A database in which nothing is sealed yet needs none.

    Raises WrongKey for one that another SECRET_KEY sealed; then nothing has changed.
    """
    at, wanted = version(conn), newest() if to == "head" else to
    if at != wanted:  # seldom, and loading Alembic takes longer than most commands
        guards.take_down(conn)
        change(conn, at, wanted, vault)
    if wanted == newest():
        guards.put_up(conn)


def change(conn: Connection, at: str | None, wanted: str, vault: Vault | None) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells how it works; what it does is told here
    from alembic import command
    from alembic.config import Config

    if at:
        log.info("the tables are brought from version %s to %s", at, wanted)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"], config.attributes["vault"] = conn, vault
    command.upgrade(config, wanted)


def version(conn: Connection) -> str | None:
    """None of a database without our tables."""
    if not inspect(conn).has_table(VERSIONS):
        return None
    found: str | None = conn.scalar(text(f"SELECT version_num FROM {VERSIONS}"))  # noqa: S608 a name of ours
    return found


def versions() -> list[str]:
    """A file is named for its version, which is four digits."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def newest() -> str:
    return versions()[-1]
