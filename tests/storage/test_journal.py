"""The journal keeps what was written, whole and in order, whatever a crash or a full disk tore."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.journal import Journal


class Calendar:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def journal(tmp_path: Path, calendar: Calendar) -> Journal:
    return Journal(tmp_path / "journal", calendar)


async def test_what_was_appended_is_read_again_in_order(journal: Journal) -> None:
    written = [b'{"n":%d}' % n for n in range(50)]
    assert all(await asyncio.gather(*(journal.append(entry) for entry in written)))
    assert list(journal.entries()) == written
    [file] = journal.files()
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_torn_entry_is_left_out_and_spoils_no_other(journal: Journal) -> None:
    await journal.append(b'{"n":1}')
    [file] = journal.files()
    file.write_bytes(file.read_bytes() + b'\n12345678 {"n":2, "torn')
    await journal.append(b'{"n":3}')
    assert list(journal.entries()) == [b'{"n":1}', b'{"n":3}']


async def test_each_day_has_a_file_and_the_newest_days_can_be_read_alone(journal: Journal, calendar: Calendar) -> None:
    for n in range(3):
        await journal.append(b'{"day":%d}' % n)
        calendar.now += timedelta(days=1)
    assert len(journal.files()) == 3
    assert list(journal.newest(2)) == [b'{"day":1}', b'{"day":2}']


async def test_a_disk_that_takes_nothing_is_told_and_not_raised(journal: Journal) -> None:
    journal.folder.write_text("a file where the folder should be")
    assert await journal.append(b"{}") is False


async def test_an_entry_counts_when_it_and_the_name_of_a_new_file_are_on_the_disk(
    journal: Journal, synced: list[str]
) -> None:
    assert await journal.append(b"{}")
    assert synced[-2:] == ["file", "folder"]
    synced.clear()
    assert await journal.append(b"{}")
    assert synced == ["file"]


@pytest.mark.parametrize("fault", ["write", "fsync"])
async def test_what_the_disk_took_a_part_of_does_not_count(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    write = os.write

    def refuse(handle: int, text: bytes = b"") -> int:
        if text:
            return write(handle, text[:10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, fault, refuse)
        assert await journal.append(b'{"n":1}') is False
    assert await journal.append(b'{"n":2}') is True
    assert list(journal.entries())[-1] == b'{"n":2}'


def test_a_line_whose_checksum_does_not_fit_is_left_out(journal: Journal) -> None:
    journal.folder.mkdir()
    (journal.folder / "2026-11-22-here.journal").write_bytes(b'12345678 {"n":1}\n')
    assert list(journal.entries()) == []
