"""GET /c/{slug}: a campaign for everybody, without Telegram and without logging in."""

from html import escape, unescape

from aiohttp import web

from fundraising.ledger.progress import Campaigns, Progress
from fundraising.refusals import NoSuchCampaign
from letters import pages
from letters.language import Language
from webhooks.keys import BotUsername
from webhooks.pages.crowd import Crowd
from webhooks.pages.language import preferred
from webhooks.pages.markup import SECURITY, bar, document, escaped_to_fit, qr

STORY_BYTES = 6_000  # the whole page has to open on a cheap phone with little data
DESCRIPTION_LETTERS = 160
FRESH_FOR = "public, max-age=30"


class CampaignPage:
    def __init__(self, campaigns: Campaigns, bot_username: BotUsername):
        self._crowd, self._bot_username = Crowd(campaigns.by_slug), bot_username

    async def get(self, request: web.Request) -> web.Response:
        language = preferred(request.headers.get("Accept-Language", ""))
        try:
            progress = await self._crowd.by_slug(request.match_info["slug"])
        except NoSuchCampaign:
            return answer(404, unknown(language), "no-store", language)
        return answer(200, told(language, progress, self._bot_username()), FRESH_FOR, language)


def answer(status: int, html: str, freshness: str, language: Language) -> web.Response:
    headers = {"Cache-Control": freshness, "Vary": "Accept-Language", "Content-Language": language.code}
    return web.Response(status=status, text=html, content_type="text/html", headers={**SECURITY, **headers})


def told(_: Language, progress: Progress, bot_username: str | None) -> str:
    campaign = progress.campaign
    sums = pages.sums(_, progress)
    parts = [
        f"<h1>{escape(campaign.title)}</h1>",
        bar(progress.percent, pages.how_far(_, progress)),
        f'<p class="sums">{sums}</p>',
        f"<p>{progress.percent}% · {pages.givers(_, progress)}</p>",
        f'<p class="story">{escaped_to_fit(campaign.story, STORY_BYTES)}</p>' if campaign.story else "",
        way_to_give(_, campaign.slug, bot_username) if campaign.is_open else f'<p class="closed">{pages.closed(_)}</p>',
    ]
    description = " ".join(campaign.story.split())[:DESCRIPTION_LETTERS] or unescape(sums)
    return document(_, campaign.title, description, "\n".join(filter(None, parts)))


def deep_link(bot_username: str, slug: str) -> str:
    return f"https://t.me/{bot_username}?start=c_{slug}"


def way_to_give(_: Language, slug: str, bot_username: str | None) -> str:
    """Empty as long as Telegram has not told us what our bot is called."""
    if bot_username is None:
        return ""
    link = deep_link(bot_username, slug)
    return (
        f'<a class="donate" href="{escape(link)}">{pages.donate(_)}</a>\n<p>{pages.how_to_pay(_)}</p>\n'
        f"<figure>{qr(link)}<figcaption>{pages.scan(_)}</figcaption></figure>"
    )


def unknown(_: Language) -> str:
    title, advice = pages.no_such_campaign(_), pages.look_at_the_address(_)
    return document(_, unescape(title), unescape(advice), f"<h1>{title}</h1>\n<p>{advice}</p>")
