"""Replicas that start together, each with its own connection."""

import asyncio

from fundraising.people.roles import Role
from fundraising.people.staff import Staff
from storage import open_database
from storage.vault import Vault
from tests.databases import PostgresServer
from tests.fakes import FakeClock


async def test_owners_whom_several_name_at_once_are_named_once(postgres: PostgresServer) -> None:
    url = await postgres.fresh()
    databases = [open_database(url) for _ in range(4)]
    house = [Staff(database, Vault("x" * 32), FakeClock()) for database in databases]
    await asyncio.gather(*(staff.name_first_owners([1001, 1002]) for staff in house))
    owners = [person.roles for person in await house[0].all()]
    assert owners == [{Role.OWNER}, {Role.OWNER}]
    await asyncio.gather(*(database.close() for database in databases))
