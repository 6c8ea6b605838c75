"""`/payout`: in one line, or one question at a time. The draft lives in the database."""

import re

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, answer, put, say, tapped_message
from bot.paying.steps import show_step
from fundraising.giving import amounts
from fundraising.money import Money
from fundraising.paying import orders
from fundraising.paying.drafts import PayoutDraft, PayoutStep
from fundraising.people import phones
from fundraising.refusals import BadPayout, PayoutDraftGone, PayoutOutOfRange
from letters.paying import asking

ONE_LINE = re.compile(r"(\d{1,9})\s+((?:(?:kes|kshs?)\.?\s*)?[\d,.]+)\s+(\+?\d[\d\s()-]{7,20})\s+(\D.*)", re.I | re.S)


async def payout(update: Update, context: Context) -> None:
    typed = " ".join(context.args or [])
    await context.use_cases.drafts.cancel(context.donor.id)  # what is typed next belongs to one of the two
    await context.use_cases.paying.notices.forget_reason(context.chat_id)
    if not typed:
        await show_step(update, context, await context.use_cases.paying.drafts.begin(context.person.id, context.key))
    elif line := ONE_LINE.fullmatch(typed):
        await in_one_line(update, context, line)
    else:
        await say(context, asking.usage(context.language))


async def in_one_line(update: Update, context: Context, line: re.Match[str]) -> None:
    campaign_id, amount, phone = int(line[1]), amount_in(line[2]), phones.parse(line[3])
    draft = await context.use_cases.paying.drafts.begin(
        context.person.id, context.key, campaign_id, amount, phone, name_in(line[4])
    )
    await show_step(update, context, draft)


async def campaign(update: Update, context: Context) -> None:
    """`ask:<draft id>:campaign:<id>`"""
    draft = await own_draft(context, PayoutStep.CAMPAIGN)
    draft = await context.use_cases.paying.drafts.fill(
        draft.id, context.person.id, context.key, campaign_id=context.number(2)
    )
    await answer(update)
    await show_step(update, context, draft)


async def ngo(update: Update, context: Context) -> None:
    """`ask:<draft id>:ngo:<id>`: phone and name of a saved recipient."""
    draft = await own_draft(context, PayoutStep.PHONE)
    saved = await context.use_cases.ngos.find(context.number(2))
    draft = await context.use_cases.paying.drafts.fill(
        draft.id, context.person.id, context.key, phone=saved.phone, name=saved.name
    )
    await answer(update)
    await show_step(update, context, draft)


async def typed(update: Update, context: Context, draft: PayoutDraft, text: str) -> None:
    """The answer to the question that the draft is at."""
    drafts, mine = context.use_cases.paying.drafts, (draft.id, context.person.id, context.key)
    match draft.step:
        case PayoutStep.AMOUNT:
            draft = await drafts.fill(*mine, amount=amount_in(text))
        case PayoutStep.PHONE:
            draft = await drafts.fill(*mine, phone=phones.parse(text))
        case PayoutStep.NAME:
            draft = await drafts.fill(*mine, name=name_in(text))
        case PayoutStep.CONFIRM:
            await say(context, asking.press_confirm(context.language))
            return
        case PayoutStep.CAMPAIGN:
            pass
    await show_step(update, context, draft)


async def cancel(update: Update, context: Context) -> None:
    """`ask:<draft id>:cancel`"""
    await own_draft(context)
    await context.use_cases.paying.drafts.cancel(context.person.id)
    await answer(update)
    await put(context, tapped_message(update), asking.cancelled(context.language))


async def cancel_whatever_is_open(context: Context) -> bool:
    """For `/cancel`: whether there was something."""
    person = await context.use_cases.staff.of_chat(context.chat_id)
    if person is None:
        return False
    await context.use_cases.paying.notices.forget_reason(context.chat_id)
    if not await context.use_cases.paying.drafts.cancel(person.id):
        return False
    await say(context, asking.cancelled(context.language), NO_KEYBOARD)
    return True


async def own_draft(context: Context, at: PayoutStep | None = None) -> PayoutDraft:
    """The open draft that the tapped button belongs to, if it is still at that step. Raises PayoutDraftGone."""
    draft = await context.use_cases.paying.drafts.current(context.person.id)
    if draft is None or draft.id != context.number() or at not in (None, draft.step):
        raise PayoutDraftGone
    return draft


def amount_in(text: str) -> Money:
    """Raises NotAnAmount, AmountOutOfRange, PayoutOutOfRange: at the question, not at the end."""
    amount = amounts.parse(text)
    if amount.minor < orders.LEAST.minor:
        raise PayoutOutOfRange(orders.LEAST, orders.MOST, orders.MOST_A_DAY, Money(0))
    return amount


def name_in(text: str) -> str:
    """Raises BadPayout."""
    name = " ".join(text.split())
    if len(name) > orders.NAME_LENGTH:
        raise BadPayout
    return name
