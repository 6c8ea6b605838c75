"""How updates reach the bot: fetched or posted, never lost, again on demand."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict

from standins.driver import Standins
from tests.standins.conftest import bot_at
from tests.standins.receiver import Receiver

AMINA, BARAKA = 7001, 7002


async def test_a_long_poll_ends_as_soon_as_somebody_writes(bot: Bot, standins: Standins) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await standins.say(AMINA, "/start")
    updates = await asyncio.wait_for(poll, 5)
    assert [update.message.text for update in updates if update.message] == ["/start"]


async def test_an_update_stays_until_the_offset_confirms_it(bot: Bot, standins: Standins) -> None:
    sent = [await standins.say(AMINA, text) for text in ("one", "two")]
    assert [update.update_id for update in await bot.get_updates()] == [each.update_id for each in sent]
    assert len(await bot.get_updates()) == 2
    assert sent[1].update_id
    assert [u.update_id for u in await bot.get_updates(offset=sent[1].update_id)] == [sent[1].update_id]
    assert await bot.get_updates(offset=sent[1].update_id + 1) == ()


async def test_of_two_polls_the_earlier_one_is_ended(bot: Bot, standins: Standins) -> None:
    async with bot_at(standins) as other:
        polls = [asyncio.create_task(each.get_updates(timeout=20)) for each in (bot, other)]
        ended, going_on = await asyncio.wait(polls, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await ended.pop()
        await standins.say(AMINA, "hello")
        assert len(await asyncio.wait_for(going_on.pop(), 5)) == 1


async def test_polling_conflicts_with_a_webhook(bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_webhook_gets_updates_with_its_secret(bot: Bot, standins: Standins, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, secret_token="s3cret_-")
    sent = await standins.say(AMINA, "hello")
    [received] = await receiver.wait_for(1)
    assert received.body["update_id"] == sent.update_id
    assert received.body["message"]["text"] == "hello"
    assert received.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret_-"


async def test_a_refused_update_comes_again_and_keeps_its_chats_order(
    bot: Bot, standins: Standins, receiver: Receiver
) -> None:
    receiver.statuses = [503, 500]
    await bot.set_webhook(receiver.url)
    for text in ("one", "two"):
        await standins.say(AMINA, text)
    received = await receiver.wait_for(4)
    assert [each.body["message"]["text"] for each in received] == ["one", "one", "one", "two"]
    assert len({each.body["update_id"] for each in received[:3]}) == 1
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500"


async def test_an_update_waits_for_a_webhook_that_is_down(bot: Bot, standins: Standins, receiver: Receiver) -> None:
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    mark = await standins.mark()
    await standins.say(AMINA, "are you there?")
    await standins.wait_for_event("webhook", since=mark)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.set_webhook(receiver.url)
    [received] = await receiver.wait_for(1)
    assert received.body["message"]["text"] == "are you there?"


async def test_an_update_can_be_repeated_under_its_number(bot: Bot, standins: Standins, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    await standins.say(AMINA, "once")
    await receiver.wait_for(1)
    await standins.repeat()
    first, second = await receiver.wait_for(2)
    assert first.body == second.body


async def test_a_repeat_reaches_a_poller_that_has_confirmed(bot: Bot, standins: Standins) -> None:
    sent = await standins.say(AMINA, "once")
    assert sent.update_id
    assert await bot.get_updates(offset=sent.update_id + 1) == ()
    await standins.repeat()
    again = await bot.get_updates(offset=sent.update_id + 1)
    assert [update.update_id for update in again] == [sent.update_id]


async def test_kinds_not_asked_for_are_not_sent(bot: Bot, standins: Standins) -> None:
    await bot.get_updates(allowed_updates=["message"])
    await standins.say(AMINA, "hello")
    assert (await standins.block(AMINA)).update_id is None
    assert len(await bot.get_updates()) == 1


async def test_pending_updates_can_be_dropped(bot: Bot, standins: Standins, receiver: Receiver) -> None:
    await standins.say(AMINA, "old")
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    await standins.say(BARAKA, "new")
    assert [each.body["message"]["text"] for each in await receiver.wait_for(1)] == ["new"]


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("http://example.org/hook", None, "HTTPS URL must be provided"),
        ("nonsense", None, "invalid webhook URL"),
        ("https://example.org/hook", "not allowed!", "unallowed characters"),
    ],
)
async def test_a_bad_webhook_is_refused(bot: Bot, url: str, secret: str | None, words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.set_webhook(url, secret_token=secret)
    assert words.lower() in refused.value.message.lower()
