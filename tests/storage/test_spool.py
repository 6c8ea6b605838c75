"""What was promised is on the disk, in order, once more if in doubt; what a crash tore is left out."""

import asyncio
import fcntl
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from storage import spool as files
from storage.spool import HEADER, Batch, Spool, SpoolFull, framed, whole_records
from tests.storage.rows import ROOT

DIES = """
import asyncio, os, sys
from pathlib import Path
from storage.spool import Spool
async def main():
    spool = Spool(Path(sys.argv[1]))
    await asyncio.gather(*[spool.append(b"%d" % n) for n in range(100)])
    os.write(spool._handle, b"TVS1 torn")
    os._exit(9)
asyncio.run(main())
"""


@pytest.fixture
async def spool(tmp_path: Path) -> AsyncIterator[Spool]:
    spool = Spool(tmp_path / "deep" / "spool")
    yield spool
    await spool.close()


async def taken(spool: Spool) -> Batch:
    batch = await spool.take()
    assert batch
    return batch


async def emptied(spool: Spool) -> list[bytes]:
    found: list[bytes] = []
    while batch := await spool.take():
        found += batch.records
        await spool.drop(batch)
    return found


async def test_records_come_back_in_the_order_in_which_they_were_kept(spool: Spool) -> None:
    records = [b"%d" % n for n in range(500)]
    await asyncio.gather(*[spool.append(record) for record in records])
    assert await emptied(spool) == records
    assert spool.held_bytes() == 0


async def test_only_this_user_can_read_it(spool: Spool) -> None:
    await spool.append(b"a")
    [path] = spool.folder.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_what_is_appended_while_a_file_is_being_emptied_goes_to_another(spool: Spool) -> None:
    await spool.append(b"first")
    batch = await taken(spool)
    await spool.append(b"second")
    await spool.drop(batch)
    assert await emptied(spool) == [b"second"]


async def test_what_is_given_back_comes_again(spool: Spool) -> None:
    await spool.append(b"a")
    batch = await taken(spool)
    assert await spool.take() is None
    await spool.give_back(batch)
    assert await emptied(spool) == [b"a"]


async def test_a_killed_process_leaves_what_it_promised_and_the_next_one_takes_it(spool: Spool) -> None:
    ended = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", DIES, str(spool.folder)], cwd=ROOT, check=False
    )
    assert ended.returncode == 9
    assert await emptied(spool) == [b"%d" % n for n in range(100)]


async def test_a_file_that_a_living_process_fills_is_not_taken_from_it(spool: Spool) -> None:
    neighbour = Spool(spool.folder)
    await neighbour.append(b"theirs")
    assert await spool.take() is None
    await neighbour.close()
    assert await emptied(spool) == [b"theirs"]


@pytest.mark.parametrize("cut", [1, HEADER.size - 1, HEADER.size, HEADER.size + 2])
def test_a_torn_end_costs_no_whole_record(cut: int) -> None:
    assert whole_records(framed(b"first") + framed(b"second")[:cut]) == ([b"first"], cut)


def test_whole_records_after_a_damaged_one_are_found() -> None:
    damaged = bytearray(framed(b"second"))
    damaged[-1] ^= 1
    assert whole_records(framed(b"first") + bytes(damaged) + framed(b"third")) == ([b"first", b"third"], len(damaged))


async def test_a_damaged_file_is_kept_for_a_person(spool: Spool) -> None:
    await spool.append(b"first")
    [path] = spool.folder.iterdir()
    with path.open("ab") as file:
        file.write(b"rubbish")
    assert await emptied(spool) == [b"first"]
    assert [left.suffix for left in spool.folder.iterdir()] == [files.DAMAGED]


async def test_it_takes_no_more_than_it_may_and_goes_on_when_there_is_room_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path, most_bytes=3 * (HEADER.size + 10))
    answers = await asyncio.gather(*[spool.append(b"x" * 10) for _ in range(5)], return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None)] * 3 + [SpoolFull] * 2
    assert len(await emptied(spool)) == 3
    await spool.append(b"y" * 10)


@pytest.mark.parametrize("fault", ["write", "fsync"])
async def test_what_the_disk_refuses_is_not_promised_and_spoils_nothing(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def refuse(handle: int, text: bytes = b"") -> int:
        if text:
            os.pwrite(handle, text[:5], 0)
        raise OSError(28, "No space left on device")

    await spool.append(b"before")
    with monkeypatch.context() as patch:
        patch.setattr(os, fault, refuse)
        with pytest.raises(OSError, match="No space"):
            await spool.append(b"lost")
    await spool.append(b"after")
    assert await emptied(spool) == [b"before", b"after"]


async def test_a_long_outage_fills_several_files(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FILE_BYTES", 10)
    for n in range(3):
        await spool.append(b"%d" % n * 20)
    assert len(list(spool.folder.iterdir())) == 3
    assert await emptied(spool) == [b"%d" % n * 20 for n in range(3)]


async def test_what_cannot_be_stored_yet_holds_up_nothing_after_it(spool: Spool) -> None:
    for n in range(2):
        await spool.append(b"%d" % n)
        spool._leave_file()
    first = await taken(spool)
    second = await spool.take(after=first.path)
    assert second
    assert (first.records, second.records) == ([b"0"], [b"1"])


async def test_a_file_that_could_not_be_read_once_is_not_kept_from_the_next_try(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more_handles(*_: object) -> bytes:
        raise OSError(24, "Too many open files")

    await spool.append(b"a")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", no_more_handles)
        with pytest.raises(OSError, match="Too many"):
            await spool.take()
    assert await emptied(spool) == [b"a"]


async def test_a_file_that_could_not_be_dropped_comes_again(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    await spool.append(b"a")
    batch = await taken(spool)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(OSError, match="Read-only"):
            await spool.drop(batch)
    assert await emptied(spool) == [b"a"]


async def test_a_file_that_another_process_drops_meanwhile_refuses_no_callback(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbour, scan = Spool(spool.folder), os.scandir
    await neighbour.append(b"theirs")
    [theirs] = spool.folder.iterdir()

    def scan_before_it_goes(folder: Path) -> Iterator[os.DirEntry[str]]:
        entries = list(scan(folder))
        theirs.unlink(missing_ok=True)
        return iter(entries)

    monkeypatch.setattr(os, "scandir", lambda folder: nullcontext(scan_before_it_goes(folder)))
    await spool.append(b"ours")
    await neighbour.close()
    assert await emptied(spool) == [b"ours"]


async def test_the_name_of_a_new_file_is_on_the_disk_before_what_is_in_it_is_promised(
    spool: Spool, synced: list[str]
) -> None:
    await spool.append(b"a")
    assert synced[-2:] == ["folder", "file"]


async def test_a_file_that_is_gone_by_the_time_it_is_locked_is_passed_over(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbour = Spool(spool.folder)
    await neighbour.append(b"stored meanwhile")
    await neighbour.close()
    flock = fcntl.flock

    def drop_before(handle: int, how: int) -> None:
        for path in spool.folder.iterdir():
            path.unlink()
        flock(handle, how)

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", drop_before)
        assert await spool.take() is None
