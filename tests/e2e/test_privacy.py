"""After a whole donation nothing private stands in a log or, readable, in the database."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from standins.shapes import Behaviour
from storage import open_database, tables
from tests.e2e.conftest import SECRET_KEY
from tests.e2e.donor import Donor
from tests.e2e.house import House

pytestmark = pytest.mark.asyncio(loop_scope="package")
NAME = "Nyokabi Canary"


async def test_logs_follow_m_pesa_and_name_nobody(house: House) -> None:
    donor = await given(house)
    folder = house.rehearsal.folder
    for log in (folder / "run.log", folder / "logs" / "trustvoice.log"):
        written = log.read_bytes()
        assert re.search(rb"M-Pesa.*stk_push", written), f"no push in {log.name}"
        assert private_things_in(written, await private_patterns(house, donor)) == [], log.name


async def test_a_callback_can_be_followed_in_the_log(house: House) -> None:
    log = house.rehearsal.folder / "logs" / "trustvoice.log"
    before = log.stat().st_size
    await given(house)
    lines = log.read_bytes()[before:].decode().splitlines()
    assert [line for line in lines if "M-Pesa" in line and "callback" in line.lower()], lines


async def test_the_database_can_be_read_by_nobody_without_the_key(house: House) -> None:
    donor = await given(house)
    patterns = await private_patterns(house, donor)
    assert private_things_in(await stored(house), patterns) == []


async def given(house: House) -> Donor:
    """Typed, confirmed, failed, paid: everything that writes about a donor."""
    donor = await house.donor(NAME)
    await house.standins.script(donor.phone, Behaviour(do="wrong_pin"), Behaviour(do="pay"))
    await donor.prepares(house.slug, 100)
    failed = await donor.taps("Confirm", "PIN was wrong")
    if not failed.buttons:
        await donor.reads("PIN was wrong", since=failed.changed)
    await donor.taps("Try again", "Asante")
    await donor.reads((await donor.paid()).receipt)
    await donor.says("/history", "received")
    return donor


async def private_patterns(house: House, donor: Donor) -> dict[str, bytes]:
    """Regular expressions: a phone number is written in many ways."""
    options = house.rehearsal.options
    urls = [push.callback_url for push in (await house.standins.book()).pushes if push.phone == donor.phone]
    assert len(urls) == 2
    key_file = house.rehearsal.folder / "secret.key"
    plain = {
        "name": NAME,
        "bot token": options.telegram.token,
        "consumer secret": options.daraja.consumer_secret,
        "passkey": options.daraja.passkey,
        "secret key": key_file.read_text().strip() if key_file.exists() else SECRET_KEY,
        **{f"callback token {n}": url.rpartition("/")[2] for n, url in enumerate(urls, 1)},
    }
    phone = b"[ -]?".join(bytes([digit]) for digit in donor.phone.removeprefix("254").encode())
    return {"phone": phone, **{what: re.escape(text.encode()) for what, text in plain.items()}}


def private_things_in(written: bytes, patterns: dict[str, bytes]) -> list[str]:
    assert written
    return [what for what, pattern in patterns.items() if re.search(pattern, written)]


async def stored(house: House) -> bytes:
    """The files of SQLite as they lie on the disk; of PostgreSQL every row, with binary columns also as bytes."""
    if "SECRET_KEY" not in house.rehearsal.extra:
        return b"".join(file.read_bytes() for file in house.rehearsal.folder.glob("trustvoice.db*"))
    database = open_database(house.rehearsal.environment["DATABASE_URL"])
    try:
        rows = await database.read(lambda conn: list(all_rows(conn)))
    finally:
        await database.close()
    binary = (bytes.fromhex(found) for row in rows for found in re.findall(r"\\x((?:[0-9a-f]{2})+)", row))
    return b"\n".join([*(row.encode() for row in rows), *binary])


def all_rows(conn: Connection) -> Iterator[str]:
    for table in tables.metadata.sorted_tables:
        yield from conn.scalars(text(f'SELECT t::text FROM "{table.name}" t'))
