"""Keys of the HTTP API: whose hand they are, how far they reach, and how they end."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from fundraising.people import roles
from fundraising.people.api_keys import ApiKeys, KeyRole
from fundraising.people.roles import Role
from fundraising.refusals import LastOwner, NoSuchApiKey, NoSuchPerson, OwnerKeyNeedsOwner, SecondPersonNeeded
from storage.api_tables import api_keys
from tests.databases import opened
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OWNER, Treasury


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened("inline", tmp_path) as database:
        yield await House(database).open()


async def test_a_key_is_a_new_persons_who_has_its_role_and_no_telegram(house: House) -> None:
    made = await house.use_cases.api_keys.create("tv_a", "Web shop", KeyRole.ADMIN)
    assert (made.person.name, made.person.chat_ids) == ("Web shop", ())
    assert made.person.roles == {Role.MAKER, Role.CHECKER}
    assert [made.may(role) for role in (Role.VIEWER, Role.MAKER, Role.CHECKER, Role.OWNER)] == [True, True, True, False]
    assert await house.use_cases.api_keys.recognise("tv_a") == made
    assert await house.use_cases.api_keys.recognise("tv_b") is None


async def test_neither_the_key_nor_its_name_can_be_read_from_the_database(house: House) -> None:
    await house.use_cases.api_keys.create("tv_canary", "Wanjiku", KeyRole.VIEWER)
    stored = str(await house.database.read(lambda conn: conn.execute(api_keys.select()).all()))
    assert "canary" not in stored
    assert "Wanjiku" not in stored


async def test_a_key_reaches_as_far_as_both_its_role_and_its_person(house: House) -> None:
    await Treasury(house).open()
    keys = house.use_cases.api_keys
    of_maker = await keys.create("tv_a", "a", KeyRole.ADMIN, MAKER)
    assert (of_maker.may(Role.MAKER), of_maker.may(Role.CHECKER)) == (True, False)
    of_owner = await keys.create("tv_b", "b", KeyRole.CHECKER, OWNER)
    assert (of_owner.may(Role.CHECKER), of_owner.may(Role.MAKER)) == (True, False)
    owner = await keys.create("tv_c", "c", KeyRole.OWNER, OWNER)
    assert owner.may(Role.OWNER)
    await house.use_cases.staff.remove(MAKER, Role.MAKER, by=OWNER)
    later = await keys.recognise("tv_a")
    assert later
    assert not later.may(Role.VIEWER)


async def test_no_key_makes_an_owner(house: House) -> None:
    await Treasury(house).open()
    keys = house.use_cases.api_keys
    for person in (None, CHECKER):
        with pytest.raises(OwnerKeyNeedsOwner):
            await keys.create("tv_a", "a", KeyRole.OWNER, person)
    with pytest.raises(NoSuchPerson):
        await keys.create("tv_a", "a", KeyRole.VIEWER, 99)
    assert await keys.all() == []


async def test_a_key_ends_when_its_time_is_over_or_it_is_taken_back(house: House) -> None:
    keys = house.use_cases.api_keys
    await keys.create("tv_a", "a", KeyRole.VIEWER, life=timedelta(days=2))
    house.clock.forward(days=1, hours=23)
    assert await keys.recognise("tv_a")
    house.clock.forward(hours=1)
    assert await keys.recognise("tv_a") is None
    second = await keys.create("tv_b", "b", KeyRole.VIEWER)
    await keys.revoke(second.id)
    assert await keys.recognise("tv_b") is None
    with pytest.raises(NoSuchApiKey):
        await keys.revoke(99)


async def test_its_use_is_noted_once_a_minute(house: House) -> None:
    keys = house.use_cases.api_keys
    made = await keys.create("tv_a", "a", KeyRole.VIEWER)
    assert made.last_used_at is None
    noted = set()
    for _ in range(4):
        await keys.recognise("tv_a")
        noted.add((await keys.find(made.id)).last_used_at)
        house.clock.forward(seconds=25)
    assert len(noted) == 2


async def test_whose_only_hand_a_key_was_has_no_say_after_it_is_taken_back(house: House) -> None:
    treasury = await Treasury(house).open()
    keys = house.use_cases.api_keys
    robot = await keys.create("tv_a", "Robot", KeyRole.CHECKER)
    payout = await treasury.approve(await treasury.request(), by=robot.person.id)
    await house.work()
    await treasury.result(8)
    await keys.revoke(robot.id)
    with pytest.raises(SecondPersonNeeded):
        await house.use_cases.paying.approvals.retry(payout.id, MAKER)


async def test_who_has_telegram_or_another_key_keeps_the_roles(house: House) -> None:
    await Treasury(house).open()
    keys = house.use_cases.api_keys
    of_checker = await keys.create("tv_a", "a", KeyRole.CHECKER, CHECKER)
    robot = await keys.create("tv_b", "Robot", KeyRole.CHECKER)
    renewed = await keys.create("tv_c", "Robot anew", KeyRole.CHECKER, robot.person.id)
    for old in (of_checker, robot):
        await keys.revoke(old.id)
        assert (await keys.find(old.id)).person.may(Role.CHECKER)
    assert (await keys.find(renewed.id)).may(Role.CHECKER)
    await keys.revoke(renewed.id)
    assert not (await keys.find(renewed.id)).person.roles


async def test_a_key_whose_time_is_over_keeps_no_roles(house: House) -> None:
    keys = house.use_cases.api_keys
    robot = await keys.create("tv_a", "Robot", KeyRole.CHECKER)
    await keys.create("tv_b", "Robot anew", KeyRole.CHECKER, robot.person.id, timedelta(days=1))
    house.clock.forward(days=2)
    await keys.revoke(robot.id)
    assert not (await keys.find(robot.id)).person.roles


async def test_a_key_is_over_at_the_very_moment_at_which_it_ends(house: House) -> None:
    moment = house.clock()
    keys = ApiKeys(house.database, house.vault, lambda: moment)
    key = await keys.create("tv_a", "Robot", KeyRole.CHECKER, life=timedelta(days=1))
    other = await keys.create("tv_b", "Robot anew", KeyRole.CHECKER, key.person.id)
    assert key.expires_at
    moment = key.expires_at - timedelta(microseconds=1)
    assert await keys.recognise("tv_a")
    moment = key.expires_at
    assert await keys.recognise("tv_a") is None
    await keys.revoke(other.id)
    assert not (await keys.find(key.id)).person.roles


async def test_owners_are_told_of_every_key(house: House) -> None:
    await house.use_cases.api_keys.create("tv_a", "a", KeyRole.ADMIN)
    assert await house.jobs("TellKeyMade") == []
    await house.use_cases.staff.name_first_owners([1001, 1002])
    await house.use_cases.api_keys.create("tv_b", "b", KeyRole.ADMIN)
    assert await house.jobs("TellKeyMade") == [{"chat_id": 1001, "key_id": 2}, {"chat_id": 1002, "key_id": 2}]


async def test_keys_made_before_the_first_start_keep_nobody_from_being_the_first_owner(house: House) -> None:
    await house.use_cases.api_keys.create("tv_a", "a", KeyRole.ADMIN)
    staff = house.use_cases.staff
    await staff.name_first_owners([1001])
    await staff.name_first_owners([6666])
    assert await staff.of_chat(6666) is None
    owner = await staff.of_chat(1001)
    assert owner
    with pytest.raises(LastOwner):
        await staff.remove(owner.id, Role.OWNER, by=None)


async def test_a_person_without_telegram_may_be_asked_for_consent_without_being_written_to(house: House) -> None:
    treasury = await Treasury(house).open()
    robot = await house.use_cases.api_keys.create("tv_a", "Robot", KeyRole.CHECKER)
    holders = await house.database.read(lambda conn: roles.holders(conn, Role.CHECKER))
    assert robot.person.id in holders
    payout = await treasury.request()
    assert {job["chat_id"] for job in await house.jobs("AskChecker")} == {1002, 1003, 1004, 1005}
    assert (await treasury.approve(payout, by=robot.person.id)).status == "approved"
