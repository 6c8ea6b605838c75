"""Alembic, run on a connection of ours, inside one transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage.vault import Vault

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(conn: Connection, to: str = "head", vault: Vault | None = None) -> None:
    """`vault`: some versions seal anew what is there. A database in which nothing is sealed yet needs none.

    Raises WrongKey for one that another SECRET_KEY sealed; then nothing has changed.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"], config.attributes["vault"] = conn, vault
    command.upgrade(config, to)
