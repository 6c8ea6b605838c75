"""What owners see of keys of the HTTP API, and of people who have nothing else."""

from fundraising.money import Money
from fundraising.people.api_keys import KeyRole
from fundraising.people.roles import Role
from tests.bot.office import GIVER, OTHER_OWNER, Office
from tests.bot.world import OWNER
from tests.fakes import callback


async def test_every_owner_reads_of_a_new_key_what_it_may_and_how_to_take_it_back(office: Office) -> None:
    await office.world.use_cases.api_keys.create("tv_a", "Web <shop>", KeyRole.ADMIN)
    await office.world.work()
    for owner in (OWNER, OTHER_OWNER):
        text = office.last(owner).text
        assert "API key 1 was made: <b>Web &lt;shop&gt;</b>, role admin, acting as Web &lt;shop&gt;" in text
        assert text.endswith("trustvoice api-key revoke 1")


async def test_a_key_that_was_taken_back_meanwhile_is_not_told_of(office: Office) -> None:
    made = await office.world.use_cases.api_keys.create("tv_a", "Web shop", KeyRole.ADMIN)
    await office.world.use_cases.api_keys.revoke(made.id)
    told = len(office.texts(OWNER))
    await office.world.work()
    assert len(office.texts(OWNER)) == told


async def test_a_person_without_telegram_is_listed_and_loses_roles_like_others(office: Office) -> None:
    made = await office.world.use_cases.api_keys.create("tv_a", "Web shop", KeyRole.MAKER)
    await office.world.work()
    await office.say(OWNER, "/admins")
    assert "Web shop: maker (Telegram –)" in office.last(OWNER).text
    await office.tap(OWNER, "Remove Web shop as maker")
    assert not (await office.world.use_cases.api_keys.find(made.id)).may(Role.MAKER)


async def test_a_donor_without_a_chat_is_told_nothing_and_nothing_waits(office: Office) -> None:
    world = office.world
    donor = await world.use_cases.donors.without_chat("Wanjiku")
    await world.work()
    sent = len(world.telegram.called("sendMessage"))
    world.clock.forward(minutes=5)
    await world.use_cases.donations.start(donor.id, 1, Money.shillings(700), GIVER)
    await world.hear(callback("ws_CO_2", shillings=700, receipt="TKM2BBBBBB"))
    await world.work()
    assert len(world.telegram.called("sendMessage")) == sent
    assert (await world.use_cases.campaigns.find(1)).givers == 2
