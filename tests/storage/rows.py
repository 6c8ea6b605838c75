"""Single rows to write and count: the table of facts serves where a test needs any table at all."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from storage.database import Database
from storage.tables import facts

ROOT = Path(__file__).parent.parent.parent


def put(*names: str) -> Callable[[Connection], None]:
    def fn(conn: Connection) -> None:
        conn.execute(insert(facts), [{"name": name, "value": "1"} for name in names])

    return fn


def put_and_fail(name: str) -> Callable[[Connection], None]:
    def fn(conn: Connection) -> None:
        put(name)(conn)
        raise LookupError(name)

    return fn


async def stored(database: Database) -> list[str]:
    return await database.read(lambda conn: list(conn.scalars(select(facts.c.name).order_by(facts.c.name))))


async def count(database: Database) -> int:
    return await database.read(lambda conn: conn.scalar(select(func.count()).select_from(facts)) or 0)


async def another_process(*arguments: str) -> asyncio.subprocess.Process:
    """What it can do is in neighbour.py."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.neighbour", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def said_by(process: asyncio.subprocess.Process) -> str:
    """Its output, when it has ended well."""
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    return output.decode().strip()
