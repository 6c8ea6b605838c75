"""A campaign's public page: what anybody sees of it, on whatever phone, and what nobody can put into it."""

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from gettext import NullTranslations
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

import webhooks.app
from fundraising.ledger.progress import Progress
from fundraising.money import Money
from letters import language
from letters.language import Language
from tests.fakes import callback
from tests.webhooks.conftest import SECRET, Door
from webhooks.keys import Readiness, TelegramInbox
from webhooks.pages.crowd import Crowd
from webhooks.pages.language import preferred

NASTY = "</title><script>alert(1)</script>\"'&<img src=x>"
LONGEST_PAGE = 15 * 1024


class Swahili(NullTranslations):
    def gettext(self, message: str) -> str:
        return {"Donate in Telegram": "Changia kwa Telegram"}.get(message, message)


@pytest.fixture
def swahili(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(language.LANGUAGES, "sw", Language("sw", Swahili()))


class Tags(HTMLParser):
    """Names and attributes of everything that a browser makes of a document."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes in self.found if tag == name)


@asynccontextmanager
async def browser(door: Door, bot: str | None = "TrustVoiceBot") -> AsyncIterator[Any]:
    readiness = Readiness(door.can_store, {})
    app = webhooks.app.build(door.house.use_cases, TelegramInbox(SECRET, door.store), readiness, lambda: bot)
    async with TestClient(TestServer(app), cookie_jar=aiohttp.DummyCookieJar()) as client:
        yield client


async def look(door: Door, slug: str, bot: str | None = "TrustVoiceBot", **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with browser(door, bot) as client, client.get(f"/c/{slug}", headers=named) as answer:
        assert answer.content_type == "text/html"
        return answer.status, await answer.text()


async def campaign(door: Door, title: str = "A new well", story: str = "") -> str:
    added = await door.house.use_cases.campaigns.add(title, Money.shillings(1_000), story)
    return added.slug


async def test_it_tells_what_the_campaign_is_for_and_how_far_it_is(door: Door) -> None:
    await door.house.give(30_000)
    await door.post(f"/webhooks/mpesa/{door.house.mpesa.token()}", callback(shillings=30_000))
    progress = await door.house.use_cases.campaigns.find(1)
    status, html = await look(door, progress.campaign.slug)
    assert status == 200
    assert progress.balance.raised == Money.shillings(30_000)
    for said in (progress.campaign.title, "KES 30,000 of KES 50,000", "60%", "1 donor"):
        assert said in html
    [bar] = Tags(html).named("rect")
    assert bar["width"] == "60"


async def test_its_link_leads_to_this_campaign_in_the_bots_chat(door: Door) -> None:
    slug = await campaign(door)
    _, html = await look(door, slug)
    [link] = Tags(html).named("a")
    assert link["href"] == f"https://t.me/TrustVoiceBot?start=c_{slug}"
    assert "<svg" in html.split("<figure>")[1]


async def test_before_telegram_has_answered_there_is_a_page_without_a_link(door: Door) -> None:
    status, html = await look(door, await campaign(door), bot=None)
    assert (status, "t.me" in html, "<figure>" in html) == (200, False, False)


async def test_a_closed_campaign_says_so_and_takes_nothing(door: Door) -> None:
    slug = await campaign(door)
    await door.house.use_cases.campaigns.close((await door.house.use_cases.campaigns.by_slug(slug)).campaign.id)
    status, html = await look(door, slug)
    assert status == 200
    assert "is closed" in html
    assert "t.me" not in html


@pytest.mark.parametrize("slug", ["no-such", "A-NEW-WELL", "%00", "..%2f..", "x" * 500, "%ff", "é", "a'--"])
async def test_an_unknown_campaign_is_a_page_with_404(door: Door, slug: str) -> None:
    await campaign(door)
    status, html = await look(door, slug)
    assert (status, "no such campaign" in html) == (404, True)


async def test_nobodys_words_become_html(door: Door) -> None:
    _, plain = await look(door, await campaign(door, "Plain", "Plain"))
    _, html = await look(door, await campaign(door, NASTY, NASTY * 3))
    assert [tag for tag, _ in Tags(html).found] == [tag for tag, _ in Tags(plain).found]
    assert {key for _, attributes in Tags(html).found for key in attributes} == {
        key for _, attributes in Tags(plain).found for key in attributes
    }
    assert html.count("&lt;script&gt;") >= 3


@pytest.mark.parametrize("story", ["Maji! 💧" * 9_000, "&" * 9_000, "a\n" * 9_000, "word " * 9_000])
async def test_however_long_the_story_it_opens_on_a_cheap_phone(door: Door, story: str) -> None:
    _, html = await look(door, await campaign(door, "W" + "💧" * 59, story))
    assert len(html.encode()) < LONGEST_PAGE
    assert " …</p>" in html


async def test_the_story_keeps_its_lines(door: Door) -> None:
    _, html = await look(door, await campaign(door, story="First line.\n\nSecond & last."))
    assert "First line.\n\nSecond &amp; last." in html
    assert "white-space:pre-line" in html


async def test_a_browser_is_told_to_run_and_fetch_nothing(door: Door) -> None:
    slug = await campaign(door)
    async with browser(door) as client, client.get(f"/c/{slug}") as answer:
        html, headers = await answer.text(), answer.headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    [style] = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    tags = Tags(html)
    assert all("style" not in attributes and "src" not in attributes for _, attributes in tags.found)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tags.found}


async def test_it_may_be_kept_for_a_while_but_not_forever(door: Door) -> None:
    slug = await campaign(door)
    async with browser(door) as client, client.get(f"/c/{slug}") as known, client.get("/c/unknown") as unknown:
        assert known.headers["Cache-Control"] == "public, max-age=30"
        assert known.headers["Vary"] == "Accept-Language"
        assert unknown.headers["Cache-Control"] == "no-store"


async def test_head_answers_as_get_without_the_page(door: Door) -> None:
    slug = await campaign(door)
    async with browser(door) as client:
        async with client.get(f"/c/{slug}") as got, client.head(f"/c/{slug}") as asked:
            assert (asked.status, await asked.read()) == (200, b"")
            assert asked.headers["Content-Length"] == got.headers["Content-Length"]
        async with client.head("/c/unknown") as asked:
            assert asked.status == 404


@pytest.mark.usefixtures("swahili")
async def test_it_speaks_the_readers_language(door: Door) -> None:
    slug = await campaign(door)
    _, swahili = await look(door, slug, Accept_Language="sw-KE,sw;q=0.9,en;q=0.8")
    _, english = await look(door, slug, Accept_Language="de,en;q=0.5,sw;q=0.1")
    assert ('lang="sw"' in swahili, "Changia kwa Telegram" in swahili) == (True, True)
    assert ('lang="en"' in english, "Donate in Telegram" in english) == (True, True)


@pytest.mark.usefixtures("swahili")
@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("sw", "sw"),
        ("SW-ke", "sw"),
        ("en;q=0.5, sw;q=0.8", "sw"),
        ("de, fr;q=0.9", "en"),
        ("sw;q=0, en", "en"),
        ("sw;q=zero", "en"),
        ("sw;q=nan", "en"),
        ("*", "en"),
        (";;;,=,q=1", "en"),
        ("x," * 30 + "sw", "en"),
    ],
)
def test_of_the_languages_a_browser_wishes_the_dearest_known_is_taken(header: str, code: str) -> None:
    assert preferred(header).code == code


async def test_many_who_look_at_once_cost_one_look_into_the_database() -> None:
    asked, answered = [], asyncio.Event()

    async def by_slug(slug: str) -> Progress:
        asked.append(slug)
        await answered.wait()
        return Progress.__new__(Progress)

    crowd = Crowd(by_slug)
    looking = [asyncio.create_task(crowd.by_slug("well")) for _ in range(50)]
    await asyncio.sleep(0)
    looking[0].cancel()
    answered.set()
    results = await asyncio.gather(*looking, return_exceptions=True)
    assert asked == ["well"]
    assert isinstance(results[0], asyncio.CancelledError)
    assert len({id(result) for result in results[1:]}) == 1
    await crowd.by_slug("well")
    assert asked == ["well", "well"]
