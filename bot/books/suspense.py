"""`/suspense`: money that fits nothing, and the buttons with which two people decide where it belongs."""

from collections.abc import Mapping
from html import unescape

from telegram import InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.sending import answer, put, show, tapped_message
from fundraising.giving.undecided import Undecided
from fundraising.use_cases import UseCases
from letters import buttons
from letters.books import suspense as letters
from letters.language import Language

A_PAGE = 20
MOST_CAMPAIGNS = 40


async def suspense(update: Update, context: Context) -> None:
    found = await context.use_cases.suspense.waiting(A_PAGE)
    rows = [[button(f"{each.key} · {each.amount}", f"stray:{each.key}")] for each in found]
    await show(update, context, letters.listed(context.language, found), InlineKeyboardMarkup(rows))


async def back(update: Update, context: Context) -> None:
    """`strays`"""
    await answer(update)
    await suspense(update, context)


async def card(update: Update, context: Context) -> None:
    """`stray:<key>`"""
    stray = await context.use_cases.suspense.find(key_in(context))
    await answer(update)
    await show(update, context, *await written(context.use_cases, context.language, stray))


async def written(use_cases: UseCases, _: Language, stray: Undecided) -> tuple[str, InlineKeyboardMarkup]:
    titles = {each.campaign.id: each.campaign.title for each in await use_cases.campaigns.all()}
    names = {person.id: person.name for person in await use_cases.staff.all()}
    return letters.card(_, stray, titles, names), card_keyboard(_, stray, titles)


async def choose(update: Update, context: Context) -> None:
    """`stray:<key>:other`"""
    stray = await context.use_cases.suspense.find(key_in(context))
    await answer(update)
    found = (await context.use_cases.campaigns.all())[-MOST_CAMPAIGNS:]
    rows = [[button(each.campaign.title, f"stray:{stray.key}:to:{each.campaign.id}")] for each in found]
    rows.append([button(context.language(buttons.BACK), f"stray:{stray.key}")])
    await show(update, context, context.language(letters.WHICH_CAMPAIGN), InlineKeyboardMarkup(rows))


async def assign(update: Update, context: Context) -> None:
    """`stray:<key>:to:<campaign id>`"""
    await decide(update, context, context.number(2))


async def sent_back(update: Update, context: Context) -> None:
    """`stray:<key>:back`"""
    await decide(update, context, None)


async def decide(update: Update, context: Context, campaign_id: int | None) -> None:
    key = key_in(context)
    done = await context.use_cases.suspense.decide(key, context.person.id, campaign_id)
    await answer(update)
    text = letters.decided(context.language, key) if done else letters.noted_first(context.language, key)
    await put(context, tapped_message(update), text)


def card_keyboard(_: Language, stray: Undecided, titles: Mapping[int, str]) -> InlineKeyboardMarkup:
    """A button for each campaign that somebody named, too."""
    named = [each.campaign_id for each in stray.proposals if each.campaign_id]
    belongs = [
        [button(unescape(_(letters.BELONGS_TO, title=titles[each])), f"stray:{stray.key}:to:{each}")]
        for each in dict.fromkeys([stray.campaign_id, *named])
    ]
    another = button(_(letters.ANOTHER_CAMPAIGN), f"stray:{stray.key}:other")
    returned = button(_(letters.SENT_BACK), f"stray:{stray.key}:back")
    return InlineKeyboardMarkup([*belongs, [another], [returned], [button(_(buttons.BACK), "strays")]])


def key_in(context: Context) -> str:
    assert context.matches
    return str(context.matches[0][1])
