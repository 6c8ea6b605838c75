"""What the first release sealed for no place is bound to its table, column and row."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Connection, insert, select, text, update

from storage.payout_tables import payouts
from storage.places import body_of_evidence, place
from storage.schema import metadata
from storage.tables import donors
from storage.vault import Vault, WrongKey
from tests.fakes import FakeClock, sealed_before
from tests.fundraising.house import SECRET
from tests.migration.old import Old

VAULT = Vault(SECRET)
FIRST = 1_000_000


def sealed_columns() -> Iterator[tuple[Column[Any], Column[Any]]]:
    """Each with what names its row."""
    for table in metadata.sorted_tables:
        [row, *_] = table.primary_key.columns
        for column in table.c:
            if column.name.endswith("_sealed"):
                yield column, table.c.key if column.name == "body_sealed" and "key" in table.c else row


def opened(conn: Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, name in sealed_columns():
        for row, sealed in conn.execute(select(name, column).where(column.is_not(None)).order_by(name)):
            where = body_of_evidence(row) if name.name == "key" else place(column, row)
            found.setdefault(str(column), []).append(VAULT.open_text(sealed, where))
    return found


async def test_all_of_it_opens_at_its_place(old: Old) -> None:
    sealed_then = {
        f"{table}.{column}": sum(value is not None for value in held)
        for table, columns in old.before.items()
        for column, held in columns.items()
        if column.endswith("_sealed")
    }
    sealed_then["evidence.body_sealed"] += sealed_then.pop("payout_evidence.body_sealed")  # one table since
    await old.migrate()
    found = await old.database.read(opened)
    for column, count in sealed_then.items():
        assert len(found.get(column, ())) == count, column
    assert all(phone.startswith("254") for phone in found["payouts.phone_sealed"])


async def test_what_people_wrote_about_payouts_is_sealed_now_and_not_lost(old: Old) -> None:
    before = old.before["payouts"]
    await old.migrate()
    found = await old.database.read(opened)
    assert sorted(found["payouts.purpose_sealed"], key=repr) == before["purpose"]
    assert sorted(found["payouts.remarks_sealed"], key=repr) == before["remarks"]
    codes = await old.database.read(lambda conn: list(conn.scalars(select(payouts.c.status_message))))
    notes = found["payouts.note_sealed"]
    assert notes
    assert sorted([*filter(None, codes), *notes]) == sorted(filter(None, before["status_message"]))
    assert not {*codes} & {*notes}


async def test_it_needs_the_key_that_sealed_it_and_changes_nothing_without(old: Old) -> None:
    with pytest.raises(WrongKey):
        await old.database.migrate(Vault("another key than the one of that release"))
    with pytest.raises(AssertionError, match="SECRET_KEY"):
        await old.database.migrate()
    version = text("SELECT version_num FROM alembic_version")
    assert await old.database.read(lambda conn: conn.scalar(version)) == "0008"


async def test_one_value_that_cannot_be_read_holds_up_nothing(old: Old, caplog: pytest.LogCaptureFixture) -> None:
    spoil = update(donors).where(donors.c.id == 1).values(name_sealed=b"spoilt")
    await old.database.write(lambda conn: conn.execute(spoil).rowcount)
    with caplog.at_level(logging.WARNING):
        await old.migrate()
    assert "donors.name_sealed of row 1 cannot be opened" in caplog.text
    kept = select(donors.c.name_sealed).where(donors.c.id == 1)
    assert await old.database.read(lambda conn: conn.scalar(kept)) == b"spoilt"


async def test_more_rows_than_are_read_at_once_are_all_bound(old: Old) -> None:
    now, numbers = FakeClock().moment, range(FIRST, FIRST + 4_500)
    many = [{"id": n, "phone_sealed": sealed_before(VAULT, b"%d" % n), "created_at": now} for n in numbers]
    await old.database.write(lambda conn: conn.execute(insert(donors), many).rowcount)
    await old.migrate()
    assert (await old.database.read(opened))["donors.phone_sealed"][-4_500:] == [str(n) for n in numbers]
