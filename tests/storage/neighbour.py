"""Another process at the same database: `python -m tests.storage.neighbour write|migrate|hold URL …`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from storage import open_database
from storage.database import AlreadyRunning, Database
from tests.storage.rows import put


async def write(database: Database, prefix: str, times: str) -> str:
    for first in range(0, int(times), 10):
        await asyncio.gather(*[database.write(put(f"{prefix}{n}")) for n in range(first, first + 10)])
    return "written"


async def migrate(database: Database) -> str:
    await database.migrate()
    return "migrated"


async def hold(database: Database) -> str:
    try:
        database.hold()
    except AlreadyRunning as refusal:
        return f"refused: {refusal}"
    return "held"


async def main(deed: str, url: str, *details: str) -> None:
    database = open_database(url)
    deeds: dict[str, Callable[..., Awaitable[str]]] = {"write": write, "migrate": migrate, "hold": hold}
    sys.stdout.write(await deeds[deed](database, *details))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
