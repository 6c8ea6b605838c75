"""Whoever is asked for payments that others began can stop it for good."""

from mpesa.msisdn import Msisdn
from tests.bot.world import World

PHONE = "0708 374 149"


async def asks(world: World, chat: int) -> None:
    await world.say("/donate", chat=chat)
    await world.tap("Water", chat=chat)
    await world.say("500", chat=chat)
    await world.say(PHONE, chat=chat)
    await world.tap("Confirm", chat=chat)


async def test_the_owner_of_a_phone_says_never_again_and_takes_it_back(world: World) -> None:
    await world.say("/notme")
    assert "Nothing is paid without your PIN" in world.last.text
    assert "request_contact" in str(world.last.keyboard)
    await world.share("254708374149")
    await world.say("/notme")
    await world.tap("Never ask my phone")
    assert "does not ask on your phone for us any more" in world.last.text
    await asks(world, 88)
    assert world.mpesa.pushed == []
    assert "does not want to be asked" in " ".join(world.texts_of(88))
    await world.say("/notme")
    await world.tap("Ask my phone again")
    await world.tap("Confirm", chat=88)
    assert [push.phone for push in world.mpesa.pushed] == [Msisdn.parse(PHONE)]


async def test_nobody_stops_anothers_phone(world: World) -> None:
    await world.share("254708374149", owner=None)
    await world.tap_data("phone:never")
    await asks(world, 88)
    assert len(world.mpesa.pushed) == 1
