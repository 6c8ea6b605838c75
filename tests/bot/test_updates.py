"""An update as a job: done, to be run again at a moment, or raised."""

from datetime import timedelta

import pytest
from telegram.error import NetworkError

from tests.bot.telegram import BLOCKED, CUT_OFF, FLOOD, NO_CHAT, TOO_LONG, Refusal
from tests.bot.world import CHAT, World


async def test_a_flood_postpones_the_update(world: World) -> None:
    world.telegram.trouble("sendMessage", FLOOD)
    again = await world.say("/help")
    assert again
    assert timedelta(seconds=7) < again - world.clock() < timedelta(seconds=7.2)


@pytest.mark.parametrize("refusal", [BLOCKED, NO_CHAT])
async def test_who_blocked_us_meanwhile_counts_as_lost_until_they_write_again(world: World, refusal: Refusal) -> None:
    world.telegram.trouble("sendMessage", refusal)
    assert await world.say("/help") is None
    donor = await world.use_cases.donors.find(1)
    assert donor
    assert not donor.reachable
    await world.say("/help")
    assert (await world.use_cases.donors.arrive(CHAT, "Wanjiku", "en")).reachable


async def test_when_nobody_knows_whether_it_arrived_the_job_is_retried(world: World) -> None:
    world.telegram.trouble("sendMessage", CUT_OFF)
    with pytest.raises(NetworkError):
        await world.say("/help")


async def test_what_telegram_refuses_for_good_holds_up_no_chat(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.telegram.trouble("sendMessage", TOO_LONG)
    assert await world.say("/help") is None
    assert "refused the answer to update" in caplog.text


async def test_our_own_faults_are_raised_to_the_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.use_cases.campaigns, "open_ones", broken)
    with pytest.raises(ZeroDivisionError):
        await world.say("/donate")


async def test_updates_wait_until_telegram_was_reached(world: World) -> None:
    await world.app.stop()
    again = await world.say("/help")
    assert again
    assert again > world.clock()
    assert world.texts == []
    await world.app.start()
