"""Confirm below a payout's summary: one payout, however often and however late the tap arrives."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import answer, put, tapped_message
from bot.paying import keyboards
from fundraising.paying.drafts import CONFIRMED, PayoutDraft
from fundraising.refusals import LooksDuplicate
from letters.paying import asking, payouts


async def confirm(update: Update, context: Context) -> None:
    """`ask:<draft id>:confirm:<what stood above it>`"""
    await confirmed(update, context, despite_duplicate=False)


async def meant(update: Update, context: Context) -> None:
    """`ask:<draft id>:meant:<what stood above it>`: although there is another such payout."""
    await confirmed(update, context, despite_duplicate=True)


async def confirmed(update: Update, context: Context, despite_duplicate: bool) -> None:
    assert context.matches
    draft = await context.use_cases.paying.drafts.find(context.number(), context.person.id)
    if keyboards.digest(draft) != context.matches[0][2]:
        await answer(update)
        await ask_anew(update, context, draft)
        return
    try:
        await request(update, context, draft, despite_duplicate)
    except LooksDuplicate as refused:  # not the end: it is asked whether it is meant
        await answer(update)
        await ask_whether_meant(update, context, draft, refused.payout_id)


async def request(update: Update, context: Context, draft: PayoutDraft, despite_duplicate: bool) -> None:
    paying = context.use_cases.paying
    payout = await paying.requests.request(draft.order, context.person.id, draft.id, despite_duplicate)
    await paying.drafts.end(draft.id, CONFIRMED)
    await answer(update)
    card = await paying.cards.of(payout.id)
    await put(context, tapped_message(update), asking.requested(context.language, card))


async def ask_anew(update: Update, context: Context, draft: PayoutDraft) -> None:
    standing = await context.use_cases.campaigns.standing(draft.order.campaign_id)
    known = await context.use_cases.paying.cards.known_name(draft.order.phone)
    text = payouts.changed_meanwhile(context.language, draft, standing, known)
    await put(context, tapped_message(update), text, keyboards.draft_confirm(context.language, draft))


async def ask_whether_meant(update: Update, context: Context, draft: PayoutDraft, earlier_id: int) -> None:
    standing = await context.use_cases.campaigns.standing(draft.order.campaign_id)
    known = await context.use_cases.paying.cards.known_name(draft.order.phone)
    text = payouts.looks_duplicate(context.language, draft, standing, known, earlier_id)
    await put(context, tapped_message(update), text, keyboards.draft_meant(context.language, draft))
