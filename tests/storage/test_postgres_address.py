"""The options of libpq in PostgreSQL's address reach the server, and the client programs that make backups."""

import asyncio

import pytest

from storage import open_database
from storage.postgres_address import FOR_BOTH, KNOWN, check_options, for_asyncpg, for_client_programs
from tests.databases import PostgresServer

ADDRESS = "postgresql+asyncpg://user:secret@db:5433/trustvoice"


@pytest.mark.parametrize("options", ["sslmode=disable", "sslmode=prefer&connect_timeout=20", "ssl=prefer"])
async def test_a_database_is_opened_with_the_options_of_libpq(postgres: PostgresServer, options: str) -> None:
    database = open_database(f"{await postgres.fresh()}&{options}")
    assert await database.read(lambda conn: conn.exec_driver_sql("SELECT 1").scalar()) == 1
    await database.close()


async def test_privacy_that_is_asked_for_is_insisted_on() -> None:
    asked = bytearray()

    async def without_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.extend(await reader.readexactly(8))
        writer.write(b"N")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(without_tls, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        database = open_database(f"postgresql+asyncpg://user:secret@127.0.0.1:{port}/t?sslmode=require")
        with pytest.raises(ConnectionError, match="rejected SSL upgrade"):
            await database.read(lambda conn: conn.exec_driver_sql("SELECT 1").scalar())
        await database.close()
    assert asked[4:] == (80877103).to_bytes(4, "big"), "PostgreSQL's request for TLS"


async def test_the_name_that_is_asked_for_is_the_one_that_the_server_shows(postgres: PostgresServer) -> None:
    database = open_database(f"{await postgres.fresh()}&application_name=shop")
    assert await database.read(lambda conn: conn.exec_driver_sql("SHOW application_name").scalar()) == "shop"
    await database.close()


def test_what_asyncpg_reads_from_an_address_only_is_given_to_it_in_one() -> None:
    rest = f"{ADDRESS}?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=7&prepared_statement_cache_size=0"
    address, arguments, settings = for_asyncpg(rest)
    assert address.render_as_string(hide_password=False) == f"{ADDRESS}?prepared_statement_cache_size=0"
    assert arguments == {"dsn": "postgresql://?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem", "timeout": 7}
    assert settings == {}
    assert for_asyncpg(ADDRESS)[1:] == ({}, {})


def test_backups_keep_to_the_same_privacy() -> None:
    given = for_client_programs(f"{ADDRESS}?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=7")
    expected = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/etc/ca.pem", "PGCONNECT_TIMEOUT": "7"}
    assert given == {"PGPASSWORD": "secret", **expected}
    assert for_client_programs(f"{ADDRESS}?ssl=require")["PGSSLMODE"] == "require"


def test_every_option_that_is_taken_is_understood() -> None:
    for name in KNOWN:
        check_options(f"{ADDRESS}?{name}={'require' if name in ('ssl', 'sslmode') else '5'}")
    assert "sslmode" in FOR_BOTH
