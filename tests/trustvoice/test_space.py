"""When the disk is nearly full nothing new is begun, what M-Pesa tells is taken, and the owners are told once."""

from pathlib import Path

import pytest

from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.refusals import ShortOfSpace
from tests.databases import opened
from tests.fakes import PAYING, FakeClock, FakeMpesa, FakePayouts, callback
from tests.fundraising.house import House
from tests.fundraising.treasury import MAKER, RECIPIENT, Treasury
from trustvoice.watching.space import LOOKED_AT_FOR_S, MEGABYTE, Space, SpaceWatch, free_bytes


class Disks:
    def __init__(self, **free_mb: int):
        self.free_mb, self.looks, self.time = free_mb, 0, 0.0

    def free(self, folder: Path) -> int:
        self.looks += 1
        return self.free_mb[folder.name] * MEGABYTE

    def space(self, least_mb: int = 200) -> Space:
        return Space([Path(name) for name in self.free_mb], least_mb, self.free, lambda: self.time)


def test_the_fullest_disk_counts() -> None:
    assert not Disks(data=200, spool=5000).space().is_short()
    assert Disks(data=5000, spool=199).space().is_short()


def test_a_look_serves_for_a_few_seconds() -> None:
    disks = Disks(data=500)
    space = disks.space()
    disks.free_mb["data"] = 100
    assert [space.is_short() for _ in range(100)] == [True] * 100
    assert disks.looks == 1
    disks.free_mb["data"], disks.time = 500, LOOKED_AT_FOR_S
    assert not space.is_short()


def test_a_folder_that_is_not_there_yet_is_measured_where_it_will_be(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "data" / "spool") > 0


async def test_new_donations_and_payouts_are_refused_and_what_is_under_way_is_finished(tmp_path: Path) -> None:
    disks = Disks(data=500)
    async with opened("inline", tmp_path) as database:
        house = House(database, FakeMpesa(), FakePayouts(), PAYING, FakeClock())
        space = disks.space()
        house.use_cases.donations._short_of_space = space.is_short
        house.use_cases.paying.requests._short_of_space = space.is_short
        treasury = await Treasury(await house.open()).open()
        payout = await treasury.request()
        house.clock.forward(seconds=61)
        await house.give(500)
        disks.free_mb["data"], disks.time = 100, 60.0
        house.clock.forward(seconds=61)
        with pytest.raises(ShortOfSpace):
            await house.give(500)
        with pytest.raises(ShortOfSpace):
            await house.use_cases.paying.requests.request(Order(1, Money.shillings(10), RECIPIENT, "Akinyi"), MAKER)
        assert len(house.mpesa.pushed) == 2
        await house.hear(callback("ws_CO_2", receipt="TKM2AAAAAA"))
        assert await house.held("campaign:1") == 50_500
        await treasury.approve(payout)
        await house.work()
        await treasury.result()
        assert await treasury.held() == (49_500, 0)


async def test_the_owners_are_told_once_each_time_it_falls_also_over_a_restart(tmp_path: Path) -> None:
    disks = Disks(data=100)
    async with opened("inline", tmp_path) as database:
        house = House(database)

        async def look(watch: SpaceWatch, free_mb: int) -> int:
            disks.free_mb["data"] = free_mb
            disks.time += 60
            await watch.look()
            return len(await house.jobs("TellOwners"))

        watch = SpaceWatch(database, disks.space(), house.clock)
        assert [await look(watch, mb) for mb in (500, 100, 90, 80)] == [0, 1, 1, 1]
        after_restart = SpaceWatch(database, disks.space(), house.clock)
        assert [await look(after_restart, mb) for mb in (70, 500, 60, 50)] == [1, 1, 2, 2]
        assert await house.jobs("TellOwners") == [
            {"alarm": "space", "subject_id": 100},
            {"alarm": "space", "subject_id": 60},
        ]
