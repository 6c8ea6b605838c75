"""`/payout`: in one line, or one question at a time. The draft lives in the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import NO_KEYBOARD, answer, put, say, tapped_message
from bot.paying.steps import demand_available, show_step
from fundraising import names, typed_amounts
from fundraising.money import Money
from fundraising.paying import orders
from fundraising.paying.drafts import PayoutDraft, PayoutStep
from fundraising.people import phones, typed_phones
from fundraising.refusals import BadPayout, NotAPhoneNumber, PayoutDraftGone, PayoutOutOfRange, Refused
from letters.paying import asking

ONE_LINE = re.compile(r"#?(\d{1,9})\s+((?:(?:kes|kshs?|sh|shs)\.?\s+)?\S+)\s+(.+)", re.I | re.S)
MOST_WORDS_OF_A_NUMBER = 5  # 0712 345 678; +254 (0) 712 345 678


async def payout(update: Update, context: Context) -> None:
    typed = " ".join(context.args or [])
    await context.use_cases.drafts.cancel(context.donor.id)  # what is typed next belongs to one of the two
    await context.use_cases.paying.drafts.cancel_older(context.person.id, context.key)
    await context.use_cases.paying.notices.forget_reason(context.chat_id)
    if not typed:
        await show_step(update, context, await context.use_cases.paying.drafts.begin(context.person.id, context.key))
    elif line := ONE_LINE.fullmatch(typed):
        await in_one_line(update, context, line)
    else:
        await say(context, asking.usage(context.language))


async def in_one_line(update: Update, context: Context, line: re.Match[str]) -> None:
    """What cannot be is refused, and can be typed anew: the rest is kept."""
    given: dict[str, Any] = {}
    wrong: list[Refused] = []
    with noting(wrong):
        given["amount"] = amount_in(line[2])
    with noting(wrong):
        if (payee := payee_in(line[3])) is None:
            await say(context, asking.usage(context.language))
            return
        given["phone"], name = payee
        given["name"] = name_in(name)
    drafts = context.use_cases.paying.drafts
    draft = await drafts.begin(context.person.id, context.key, campaign_id=int(line[1]), **given)
    if wrong:
        raise wrong[0]
    await show_step(update, context, draft)


@contextmanager
def noting(wrong: list[Refused]) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        wrong.append(refused)


def payee_in(words: str) -> tuple[phones.Phone, str] | None:
    """A number, and behind it a name, which may begin with a digit: `0712 345 678 3rd Street Clinic`.

    Raises NotAPhoneNumber.
    """
    split = words.split()
    for count in range(1, min(MOST_WORDS_OF_A_NUMBER + 1, len(split))):
        with suppress(NotAPhoneNumber):
            return phones.parse(" ".join(split[:count])), " ".join(split[count:])
    if split[0].lstrip("+(").isdecimal():  # a number, but of no mobile phone
        raise NotAPhoneNumber
    return None


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
            amount = amount_in(text)
            await demand_available(context, draft, amount)
            draft = await drafts.fill(*mine, amount=amount)
        case PayoutStep.PHONE:
            draft = await drafts.fill(*mine, phone=typed_phones.read(text))
        case PayoutStep.NAME:
            draft = await drafts.fill(*mine, name=name_in(text))
        case PayoutStep.CONFIRM:
            await say(context, asking.press_confirm(context.language))
            return
        case PayoutStep.CAMPAIGN:
            pass
    await show_step(update, context, draft)


async def give_phone(update: Update, context: Context, draft: PayoutDraft, phone: phones.Phone) -> None:
    """Out of a contact that was shared."""
    drafts = context.use_cases.paying.drafts
    await show_step(update, context, await drafts.fill(draft.id, context.person.id, context.key, phone=phone))


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
    """Raises NotAnAmount, PayoutOutOfRange: at the question, not at the end."""
    amount = typed_amounts.read(text)
    if not orders.LEAST.minor <= amount.minor <= orders.MOST.minor:
        raise PayoutOutOfRange(orders.LEAST, orders.MOST, orders.MOST_A_DAY, Money(0))
    return amount


def name_in(text: str) -> str:
    """Raises BadPayout."""
    name = names.tidy(text)
    if len(name) > orders.NAME_LENGTH or not names.says_something(name):
        raise BadPayout
    return name
