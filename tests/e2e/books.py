"""The check after every scenario: what M-Pesa took is what the campaigns have, and suspense, to the cent."""

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Connection, or_, select

from fundraising.ledger import accounts, posting
from storage import open_database
from storage.tables import balances
from tests.e2e.house import House

T = TypeVar("T")


async def assert_books_agree(house: House) -> None:
    verified, raised = await asyncio.gather(house.command("verify", "--json"), raised_minor(house))
    assert (verified.code, json.loads(verified.out)) == (0, {"ok": True, "problems": []}), verified
    taken = sum(moved.shillings for moved in await house.standins.moved()) * 100
    assert raised + await suspense_minor(house) == taken


async def raised_minor(house: House) -> int:
    listed = await house.command("campaign", "list", "--json")
    assert listed.code == 0, listed
    campaigns = json.loads(listed.out, parse_float=Decimal)
    assert all(set(campaign["raised_amounts"]) <= {"KES"} for campaign in campaigns)
    return sum(int(campaign["raised_amounts"].get("KES", 0) * 100) for campaign in campaigns)


async def suspense_minor(house: House) -> int:
    """Read from the tables: no command tells it."""
    return (await looked_up(house, lambda conn: posting.balance(conn, accounts.SUSPENSE))).minor


async def owned_minor(house: House) -> int:
    """What all campaigns still have, less what M-Pesa paid for them and they did not have."""
    b = balances.c
    of_campaigns = or_(b.account.like("campaign:%"), b.account.like("receivable:%"))
    query = select(b.in_minor, b.out_minor).where(of_campaigns)
    return await looked_up(house, lambda conn: sum(row.in_minor - row.out_minor for row in conn.execute(query)))


async def looked_up(house: House, fn: Callable[[Connection], T]) -> T:
    """In the database of the running process, past it."""
    database = open_database(house.rehearsal.environment["DATABASE_URL"])
    try:
        return await database.read(fn)
    finally:
        await database.close()
