from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from fundraising.outages import is_outage
from storage import open_database
from tests.databases import PostgresServer


def doing(*statements: str) -> Callable[[Connection], None]:
    def fn(conn: Connection) -> None:
        for statement in statements:
            conn.execute(text(statement))

    return fn


async def raised(postgres: PostgresServer, *statements: str) -> Exception:
    database = open_database(await postgres.fresh())
    with pytest.raises(DBAPIError) as caught:
        await database.write(doing(*statements))
    await database.close()
    return caught.value


@pytest.mark.parametrize(
    "statements",
    [
        ("SET LOCAL statement_timeout = '1ms'", "SELECT pg_sleep(1)"),
        ("SET LOCAL transaction_read_only = on", "DELETE FROM facts"),
        ("SELECT pg_terminate_backend(pg_backend_pid())",),
    ],
)
async def test_what_took_too_long_or_lost_its_server_passes(
    postgres: PostgresServer, statements: tuple[str, ...]
) -> None:
    assert is_outage(await raised(postgres, *statements))


async def test_a_row_that_is_locked_for_too_long_passes(postgres: PostgresServer) -> None:
    url = await postgres.fresh()
    database, rival = open_database(url), await asyncpg.connect(url.replace("+asyncpg", ""))
    async with rival.transaction():
        await rival.execute("LOCK TABLE facts")
        with pytest.raises(DBAPIError) as caught:
            await database.write(doing("SET LOCAL lock_timeout = '1ms'", "DELETE FROM facts"))
    await rival.close()
    await database.close()
    assert is_outage(caught.value)


@pytest.mark.parametrize("statement", ["SELECT 1 / 0", "SELECT 3000000000::int", "SELECT nothing FROM nowhere"])
async def test_what_postgresql_refuses_it_will_refuse_again(postgres: PostgresServer, statement: str) -> None:
    assert not is_outage(await raised(postgres, statement))
