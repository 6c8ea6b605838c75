"""Who has a role, and who may give one."""

import asyncio

import pytest

from fundraising.people.roles import Role
from fundraising.refusals import BadName, LastOwner, NoSuchPerson, NotAllowed, NotYourOwnProposal, ProposalGone
from tests.databases import any_database
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER, Treasury


async def test_the_first_owners_are_named_once(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001, 1002])
    await staff.name_first_owners([6666])
    assert await staff.of_chat(6666) is None
    owners = [await staff.of_chat(chat) for chat in (1001, 1002)]
    assert all(person and person.may(Role.MAKER) and person.may(Role.CHECKER) for person in owners)


async def test_owners_are_named_as_long_as_there_is_none_whoever_else_has_a_role(house: House) -> None:
    staff = house.use_cases.staff
    await staff.add(1003, "Njeri", Role.MAKER, by=None)
    await staff.add(1002, "Otieno", Role.CHECKER, by=None)
    await staff.name_first_owners([1001, 1002])
    owners = [await staff.of_chat(chat) for chat in (1001, 1002)]
    assert all(person and Role.OWNER in person.roles for person in owners)
    assert [person.name for person in await staff.all()] == ["Njeri", "Otieno", "Owner 1001"]


async def test_one_owner_alone_names_anybody_and_two_need_each_other(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001])
    assert await staff.add(1003, "Njeri", Role.MAKER, by=1) is None
    assert await staff.add(1003, "Njeri", Role.VIEWER, by=1) is None
    assert await staff.add(1002, "Otieno", Role.OWNER, by=None) is None
    proposal = await staff.add(1004, "Kamau", Role.CHECKER, by=1)
    assert proposal
    with pytest.raises(NotYourOwnProposal):
        await staff.confirm(proposal.id, by=1)
    person = await staff.of_chat(1004)
    assert person
    assert not person.may(Role.CHECKER)
    confirmed = await staff.confirm(proposal.id, by=3)
    assert confirmed.person.may(Role.CHECKER)
    with pytest.raises(ProposalGone):
        await staff.confirm(proposal.id, by=3)


@any_database
async def test_the_second_owner_that_the_only_one_names_is_one_a_day_later_and_all_are_told(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001])
    await staff.add(1003, "Njeri", Role.CHECKER, by=1)
    before = len(await house.jobs("TellRoleChange"))
    put_off = await staff.add(1002, "Otieno", Role.OWNER, by=1)
    assert put_off
    assert put_off.due_at
    otieno = await staff.of_chat(1002)
    assert otieno
    assert not otieno.roles
    told = (await house.jobs("TellRoleChange"))[before:]
    assert {job["chat_id"] for job in told} == {1002, 1003}
    await house.wait(hours=23, minutes=59)
    assert await staff.owner_chats() == [1001]
    await house.wait(minutes=2)
    assert await staff.owner_chats() == [1001, 1002]
    assert (await staff.change(put_off.id)).done_at


@any_database
async def test_what_was_put_off_does_not_come_once_it_is_called_off_or_its_owner_gone(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001])
    await staff.add(1002, "Otieno", Role.OWNER, by=1)
    await staff.remove(2, Role.OWNER, by=1)
    await staff.add(1003, "Njeri", Role.OWNER, by=1)
    await staff.add(1004, "Kamau", Role.OWNER, by=None)
    kamau = await staff.of_chat(1004)
    assert kamau
    removal = await staff.remove(1, Role.OWNER, by=kamau.id)
    assert removal is not None
    await staff.remove(1, Role.OWNER, by=1)
    await house.wait(days=2)
    assert await staff.owner_chats() == [1004]


@any_database
async def test_who_gave_which_role_stays_written_down_with_who_agreed(treasury: Treasury) -> None:
    staff = treasury.house.use_cases.staff
    proposal = await staff.add(6666, "Akinyi", Role.CHECKER, by=OWNER)
    assert proposal
    before = {job["change_id"] for job in await treasury.house.jobs("TellRoleChange")}
    await staff.confirm(proposal.id, by=OTHER_OWNER)
    [new] = {job["change_id"] for job in await treasury.house.jobs("TellRoleChange")} - before
    said = await staff.change(new)
    assert (said.person, said.change.role, said.by, said.confirmer) == ("Akinyi", Role.CHECKER, "Person 4", "Person 5")


@any_database
async def test_an_owner_whom_the_settings_named_is_called_as_telegram_calls_them(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001, 1002])
    await staff.introduce(1001, "Cherono  Kiprop")
    await staff.introduce(1001, "Somebody Else")
    await staff.introduce(1002, "\u200b")
    assert [person.name for person in await staff.all()] == ["Cherono Kiprop", "Owner 1002"]
    await staff.add(1002, "Njeri", Role.OWNER, by=None)
    await staff.rename(1, "Cherono K.", by=2)
    assert [person.name for person in await staff.all()] == ["Cherono K.", "Njeri"]
    with pytest.raises(BadName):
        await staff.rename(1, " ", by=2)
    with pytest.raises(NotAllowed):
        await staff.rename(1, "Me", by=3)


async def test_nobody_confirms_a_role_for_themselves(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001, 1002])
    proposal = await staff.add(1002, "Otieno", Role.CHECKER, by=1)
    assert proposal
    with pytest.raises(NotYourOwnProposal):
        await staff.confirm(proposal.id, by=2)


async def test_only_an_owner_names_and_removes(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001])
    await staff.add(1002, "Njeri", Role.MAKER, by=1)
    with pytest.raises(NotAllowed):
        await staff.add(1003, "Kamau", Role.VIEWER, by=2)
    with pytest.raises(NotAllowed):
        await staff.remove(1, Role.OWNER, by=2)
    with pytest.raises(LastOwner):
        await staff.remove(1, Role.OWNER, by=1)
    with pytest.raises(NoSuchPerson):
        await staff.remove(99, Role.MAKER, by=1)
    await staff.remove(2, Role.MAKER, by=1)
    person = await staff.of_chat(1002)
    assert person
    assert not person.roles


async def test_a_second_account_is_the_same_person(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001])
    await staff.link(2001, 1, by=1)
    first, second = await staff.of_chat(1001), await staff.of_chat(2001)
    assert first
    assert second
    assert (first.id, second.chat_ids) == (second.id, (1001, 2001))


async def test_one_of_two_owners_cannot_name_a_maker_alone(treasury: Treasury) -> None:
    staff = treasury.house.use_cases.staff
    proposal = await staff.add(6666, "Me again", Role.MAKER, by=OWNER)
    person = await staff.of_chat(6666)
    assert proposal
    assert person
    with pytest.raises(NotAllowed):
        await treasury.request(by=person.id)
    assert (await staff.confirm(proposal.id, by=OTHER_OWNER)).person.may(Role.MAKER)


async def test_one_of_two_owners_cannot_link_an_own_phone_to_the_other(treasury: Treasury) -> None:
    staff = treasury.house.use_cases.staff
    proposal = await staff.link(6666, OTHER_OWNER, by=OWNER)
    assert proposal
    assert await staff.of_chat(6666) is None
    for by in (OWNER, OTHER_OWNER):
        with pytest.raises(NotYourOwnProposal):
            await staff.confirm(proposal.id, by)
    assert await staff.link(6667, OWNER, by=OWNER) is None
    third = await staff.link(6668, MAKER, by=OWNER)
    assert third
    assert (await staff.confirm(third.id, by=OTHER_OWNER)).person.chat_ids == (1001, 6668)


async def test_one_of_two_owners_cannot_remove_who_could_say_no(treasury: Treasury) -> None:
    staff = treasury.house.use_cases.staff
    proposal = await staff.remove(OTHER_OWNER, Role.OWNER, by=OWNER)
    assert proposal
    with pytest.raises(NotYourOwnProposal):
        await staff.confirm(proposal.id, by=OTHER_OWNER)
    assert await staff.add(6666, "Me again", Role.OWNER, by=OWNER)
    checker = await staff.remove(CHECKER, Role.CHECKER, by=OWNER)
    assert checker
    assert not (await staff.confirm(checker.id, by=OTHER_OWNER)).person.roles
    assert await staff.remove(MAKER, Role.MAKER, by=OWNER) is None
    assert await staff.remove(OWNER, Role.OWNER, by=OWNER) is None


async def test_the_other_owner_is_asked_of_every_proposal(treasury: Treasury) -> None:
    staff = treasury.house.use_cases.staff
    await staff.add(6666, "Akinyi", Role.MAKER, by=OWNER)
    await staff.link(6667, CHECKER, by=OWNER)
    await staff.remove(CHECKER, Role.CHECKER, by=OWNER)
    assert [job["chat_id"] for job in await treasury.house.jobs("AskSecondOwner")] == [1005] * 3


async def test_what_a_former_owner_proposed_is_gone(treasury: Treasury) -> None:
    staff = treasury.house.use_cases.staff
    proposal = await staff.add(6666, "Akinyi", Role.CHECKER, by=OWNER)
    assert proposal
    await staff.remove(OWNER, Role.OWNER, by=OWNER)
    assert await staff.waiting() == []
    with pytest.raises(ProposalGone):
        await staff.confirm(proposal.id, by=OTHER_OWNER)


async def test_a_chat_that_became_somebodys_is_not_linked(treasury: Treasury) -> None:
    staff = treasury.house.use_cases.staff
    proposal = await staff.link(6666, CHECKER, by=OWNER)
    assert proposal
    await staff.add(6666, "Akinyi", Role.VIEWER, by=OWNER)
    with pytest.raises(ProposalGone):
        await staff.confirm(proposal.id, by=OTHER_OWNER)


async def test_two_owners_who_leave_at_the_same_instant_leave_one(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001, 1002])
    both = [staff.remove(person, Role.OWNER, by=person) for person in (1, 2)]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["LastOwner", "NoneType"]


async def test_no_owner_alone_changes_where_anothers_news_go(treasury: Treasury) -> None:
    staff = treasury.house.use_cases.staff
    await staff.add(1000 + OTHER_OWNER, "Person 5", Role.OWNER, by=None, email="five@example.org")
    await staff.add(1000 + OTHER_OWNER, "Person 5", Role.OWNER, by=OWNER, email="elsewhere@example.org")
    kept = await staff.email(OTHER_OWNER)
    assert kept
    assert kept.text == "five@example.org"
