"""The check after every scenario: what M-Pesa took is what the campaigns have, and suspense, to the cent."""

import asyncio
import json
from decimal import Decimal

from fundraising.books import ledger
from storage import open_database
from tests.e2e.house import House


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
    database = open_database(house.rehearsal.environment["DATABASE_URL"])
    try:
        return (await database.read(lambda conn: ledger.balance(conn, ledger.SUSPENSE))).minor
    finally:
        await database.close()
