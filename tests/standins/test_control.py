"""Faults, callbacks by hand, reset, and the page."""

import asyncio

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from standins.__main__ import chosen, parser
from standins.app import CHECKER, DONOR, MAKER, Options
from standins.daraja.options import DarajaOptions
from standins.driver import NotPossible, Standins
from standins.shapes import Behaviour, CallbackByHand, Fault
from tests.standins.conftest import Start
from tests.standins.daraja_caller import PHONE, DarajaCaller
from tests.standins.receiver import Receiver

AMINA = 7001


async def test_telegram_can_be_down_until_healed(bot: Bot, standins: Standins) -> None:
    await standins.fault(Fault("telegram", "down"))
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.get_me()
    await standins.heal()
    assert await bot.get_me()


async def test_a_flood_wait_is_told_as_often_as_asked(bot: Bot, standins: Standins) -> None:
    await standins.say(AMINA, "/start")
    await standins.fault(Fault("telegram", "retry_after", method="sendMessage", value=3, times=1))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(AMINA, "Hello")
    assert "Retry in 3 seconds" in refused.value.message
    await bot.send_message(AMINA, "Hello")
    assert [message.text for message in await standins.transcript(AMINA)] == ["/start", "Hello"]


async def test_a_reply_can_be_lost_after_the_effect(bot: Bot, standins: Standins) -> None:
    await standins.say(AMINA, "/start")
    await standins.fault(Fault("telegram", "lost_reply", method="sendMessage", times=1))
    with pytest.raises(NetworkError):
        await bot.send_message(AMINA, "Paid")
    assert (await standins.transcript(AMINA))[-1].text == "Paid"


async def test_a_fault_of_one_method_leaves_the_others_alone(bot: Bot, standins: Standins) -> None:
    await standins.fault(Fault("telegram", "status", method="getMyCommands", value=502))
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_my_commands()
    assert await bot.get_me()


async def test_an_answer_can_be_delayed(bot: Bot, standins: Standins) -> None:
    await standins.fault(Fault("telegram", "delay", method="getMe", value=0.2))
    slow = asyncio.create_task(bot.get_me())
    await bot.get_my_commands()
    assert not slow.done()
    assert await slow


async def test_daraja_can_fail_by_api(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    await standins.fault(Fault("daraja", "status", method="stkpush", value=503, times=1))
    assert (await daraja.push(receiver.url)).status_code == 503
    await standins.fault(Fault("daraja", "down", method="stkpushquery"))
    checkout_id = await daraja.pushed(receiver.url)
    with pytest.raises(httpx.TransportError):
        await daraja.query(checkout_id)
    await standins.fault(Fault("daraja", "retry_after", method="oauth", value=1))
    busy = await daraja.generate()
    assert (busy.status_code, busy.json()["errorCode"]) == (429, "500.003.02")


async def test_a_callback_is_repeated_by_hand(daraja: DarajaCaller, standins: Standins, receiver: Receiver) -> None:
    await standins.script(PHONE, Behaviour(do="pay"))
    checkout_id = await daraja.pushed(receiver.url)
    await receiver.wait_for(1)
    assert (await standins.callback(CallbackByHand(checkout_id))).status == 200
    first, second = receiver.received
    assert (first.path, first.body) == (second.path, second.body)


async def test_a_callback_is_forged_with_another_token_and_amount(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver
) -> None:
    checkout_id = await daraja.pushed(receiver.url)
    await standins.callback(CallbackByHand(checkout_id, token="guess", amount=5000, receipt="UKM0FORGED"))
    [received] = receiver.received
    items = received.body["Body"]["stkCallback"]["CallbackMetadata"]["Item"]
    assert received.path == "/hooks/daraja/guess"
    assert (items[0]["Value"], items[1]["Value"]) == (5000.0, "UKM0FORGED")
    assert await standins.moved() == []


async def test_any_body_goes_to_any_address(standins: Standins, receiver: Receiver) -> None:
    delivered = await standins.callback(CallbackByHand(url=receiver.url, body={"unknown": "shape"}))
    assert (delivered.status, receiver.received[0].body) == (200, {"unknown": "shape"})
    with pytest.raises(NotPossible, match="known checkout_id"):
        await standins.callback(CallbackByHand("ws_CO_unknown"))


async def test_a_reset_closes_prompts_and_books(
    daraja: DarajaCaller, standins: Standins, receiver: Receiver, bot: Bot
) -> None:
    await daraja.pushed(receiver.url)
    await standins.fault(Fault("telegram", "down"))
    await standins.reset()
    assert await standins.prompts() == []
    assert (await standins.book()).pushes == []
    assert await bot.get_me()
    assert (await daraja.push(receiver.url)).status_code == 200


async def test_a_misspelt_behaviour_is_refused(standins: Standins) -> None:
    async with httpx.AsyncClient() as http:
        url = f"{standins.url}/control/daraja/phone/{PHONE}"
        answer = await http.post(url, json={"next": [{"do": "pay", "calback": "none"}]})
    assert answer.status_code == 400
    assert "calback" in answer.text


async def test_events_are_streamed_to_the_page(standins: Standins) -> None:
    async with httpx.AsyncClient() as http, http.stream("GET", f"{standins.url}/control/stream?after=0") as stream:
        lines = stream.aiter_lines()
        await standins.say(AMINA, "hello")
        async with asyncio.timeout(5):
            seen = [await anext(lines), await anext(lines)]
    assert seen[0] == "id: 1"
    assert '"text":"hello"' in seen[1]


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/", "text/html", "No real money moves"),
        ("/page/page.js", "javascript", "new Phone"),
        ("/page/chat.js", "javascript", "class Chat"),
        ("/page/composer.js", "javascript", "Attach a file"),
        ("/page/recipient.js", "javascript", "class Recipient"),
        ("/page/page.css", "text/css", ".bubble"),
    ],
)
async def test_the_page_is_served_with_nothing_from_elsewhere(
    standins: Standins, path: str, kind: str, words: str
) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{standins.url}{path}")
    assert answer.status_code == 200
    assert kind in answer.headers["Content-Type"]
    assert words in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_the_scene_tells_the_page_who_is_in_it(standins: Standins) -> None:
    async with httpx.AsyncClient() as http:
        scene = (await http.get(f"{standins.url}/control/scene")).json()
    assert [person["first_name"] for person in scene["people"]] == ["Amina"]
    assert scene["pin"] == "1234"


async def test_maker_and_checker_join_the_scene(start: Start) -> None:
    standins = await start(Options(people=(DONOR, MAKER, CHECKER)))
    async with httpx.AsyncClient() as http:
        scene = (await http.get(f"{standins.url}/control/scene")).json()
    assert [person["label"] for person in scene["people"]] == ["Donor", "Maker", "Checker"]
    assert len({person["user_id"] for person in scene["people"]}) == 3


def test_every_plain_option_is_a_flag_and_the_key_pair_is_none() -> None:
    given = parser().parse_args(["--payout-fee", "3", "--float-shillings", "500", "--no-refuse-words-in-urls"])
    options = chosen(given, DarajaOptions)
    assert (options.payout_fee, options.float_shillings, options.refuse_words_in_urls) == ("3", 500, False)
    assert not hasattr(given, "keys")


async def test_two_applications_share_nothing(start: Start) -> None:
    one, other = await start(Options()), await start(Options())
    await one.say(AMINA, "hello")
    assert len(await one.transcript(AMINA)) == 1
    assert await other.transcript(AMINA) == []
