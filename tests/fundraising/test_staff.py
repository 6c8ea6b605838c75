"""Who has a role, and who may give one."""

import pytest

from fundraising.people.roles import Role
from fundraising.refusals import LastOwner, NoSuchPerson, NotAllowed, NotYourOwnProposal, ProposalGone
from tests.fundraising.house import House


async def test_the_first_owners_are_named_once(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001, 1002])
    await staff.name_first_owners([6666])
    assert await staff.of_chat(6666) is None
    owners = [await staff.of_chat(chat) for chat in (1001, 1002)]
    assert all(person and person.may(Role.MAKER) and person.may(Role.CHECKER) for person in owners)


async def test_one_owner_alone_names_anybody_and_two_need_each_other(house: House) -> None:
    staff = house.use_cases.staff
    await staff.name_first_owners([1001])
    assert await staff.add(1002, "Otieno", Role.OWNER, by=1) is None
    assert await staff.add(1003, "Njeri", Role.MAKER, by=1) is None
    proposal = await staff.add(1004, "Kamau", Role.CHECKER, by=1)
    assert proposal
    with pytest.raises(NotYourOwnProposal):
        await staff.confirm(proposal.id, by=1)
    person = await staff.of_chat(1004)
    assert person
    assert not person.may(Role.CHECKER)
    confirmed = await staff.confirm(proposal.id, by=2)
    assert confirmed.person.may(Role.CHECKER)
    with pytest.raises(ProposalGone):
        await staff.confirm(proposal.id, by=2)


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
