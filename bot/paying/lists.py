"""`/payouts`: by status and campaign, a page at a time, and one payout's card with all that happened to it."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.sending import answer, put, say, show, tapped_message
from bot.paying import keyboards
from fundraising.paying.doable import Act
from fundraising.paying.payout import Payout
from fundraising.paying.records import PayoutRecord
from fundraising.statuses import PayoutStatus
from letters import buttons as common
from letters import states
from letters.language import Language
from letters.paying import buttons, payouts

A_PAGE = 8
EVERY = "all"
FILTERS = (PayoutStatus.PENDING, PayoutStatus.PROCESSING, PayoutStatus.FAILED, PayoutStatus.COMPLETED)


async def newest(update: Update, context: Context) -> None:
    await show_page(update, context, EVERY, 0, 0)


async def page(update: Update, context: Context) -> None:
    """`payouts:<status or all>:<campaign id or 0>:<the id before which it goes on, or 0>`"""
    assert context.matches
    await answer(update)
    await show_page(update, context, context.matches[0][1], context.number(2), context.number(3))


async def show_page(update: Update, context: Context, status: str, campaign_id: int, before: int) -> None:
    wanted = None if status == EVERY else PayoutStatus(status)
    found = await context.use_cases.paying.records.newest(wanted, campaign_id or None, before or None, A_PAGE + 1)
    shown = [each if context.person.sees_people else each.for_viewers() for each in found[:A_PAGE]]
    payouts_shown = [record.payout for record in shown]
    keyboard = list_keyboard(context.language, payouts_shown, status, campaign_id, len(found) > A_PAGE)
    await show(update, context, payouts.listed(context.language, shown, await titles_of(context, shown)), keyboard)


async def titles_of(context: Context, shown: list[PayoutRecord]) -> dict[int, str]:
    ids = {record.payout.campaign_id for record in shown}
    return await context.use_cases.campaigns.titles(ids)


async def choose_one(context: Context, act: Act) -> None:
    """For a command that came without a number: what it could be about, a button each."""
    found = await context.use_cases.paying.records.doable(context.person, act, A_PAGE)
    text = payouts.doable(context.language, act, found, await titles_of(context, found))
    await say(context, text, InlineKeyboardMarkup(card_rows([record.payout for record in found])))


def list_keyboard(
    _: Language, shown: list[Payout], status: str, campaign_id: int, has_more: bool
) -> InlineKeyboardMarkup:
    rows = card_rows(shown)
    if has_more:
        rows.append([button(_(common.OLDER), f"payouts:{status}:{campaign_id}:{shown[-1].id}")])
    rows.append([button(states.payout(_, each), f"payouts:{each}:{campaign_id}:0") for each in FILTERS[:2]])
    rows.append([button(states.payout(_, each), f"payouts:{each}:{campaign_id}:0") for each in FILTERS[2:]])
    everything = button(_(buttons.ALL), f"payouts:{EVERY}:0:0")
    return InlineKeyboardMarkup([*rows, [everything, button(_(buttons.CAMPAIGNS), f"payouts:{status}:by")]])


def card_rows(shown: list[Payout]) -> list[list[InlineKeyboardButton]]:
    cards = [button(f"#{payout.id} · {payout.amount}", f"card:{payout.id}") for payout in shown]
    return [cards[at : at + 2] for at in range(0, len(cards), 2)]


async def choose_campaign(update: Update, context: Context) -> None:
    """`payouts:<status or all>:by`"""
    assert context.matches
    await answer(update)
    status, found = context.matches[0][1], await context.use_cases.campaigns.all()
    rows = [[button(each.campaign.title, f"payouts:{status}:{each.campaign.id}:0")] for each in found[-40:]]
    every = [button(context.language(buttons.ALL), f"payouts:{status}:0:0")]
    text = context.language(payouts.WHICH_CAMPAIGN)
    await show(update, context, text, InlineKeyboardMarkup([*rows, every]))


async def card(update: Update, context: Context) -> None:
    """`card:<id>`"""
    await answer(update)
    await show_card(context, context.number(), tapped_message(update))


async def show_card(context: Context, number: int, message_id: int | None) -> None:
    found = await context.use_cases.paying.cards.of(number)
    found = found if context.person.sees_people else found.for_viewers()
    text = payouts.history(context.language, found)
    await put(context, message_id, text, keyboards.on_card(context.language, found, context.person))
