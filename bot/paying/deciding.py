"""Approving and rejecting: by button, by command, or by typing the reason that was asked for."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.numbers import payout_id
from bot.chat.sending import answer, put, say, tapped_message
from bot.paying import keyboards
from bot.paying.lists import choose_one
from fundraising.paying.cards import Card
from fundraising.paying.doable import Act
from fundraising.people.roles import Role
from fundraising.refusals import AlreadyDecided, NotAllowed, OwnRequest, PayoutChanged
from fundraising.statuses import PayoutStatus
from letters.books import balance
from letters.paying import asking, buttons, payouts


async def approve_button(update: Update, context: Context) -> None:
    """`pay:<id>:<version>:<mac>:ok`"""
    await context.use_cases.paying.approvals.approve(context.number(), context.person.id, mac_in(context))
    await answer(update)
    await show_decision(context, context.number(), tapped_message(update))
    await tell_if_frozen(context)


async def approve_command(_update: Update, context: Context) -> None:
    number = payout_id(context)
    if number is None:
        await choose_one(context, Act.DECIDE)
        return
    await context.use_cases.paying.approvals.approve(number, context.person.id)
    await show_decision(context, number)
    await tell_if_frozen(context)


async def reject_command(_update: Update, context: Context) -> None:
    number = payout_id(context)
    if number is None:
        await choose_one(context, Act.DECIDE)
        return
    reason = " ".join((context.args or [])[1:])
    await context.use_cases.paying.approvals.reject(number, context.person.id, reason)
    await show_decision(context, number)


async def ask_reason(update: Update, context: Context) -> None:
    """`pay:<id>:<version>:<mac>:no`: one of the offered reasons, or whatever is typed next."""
    card = await context.use_cases.paying.cards.of(context.number())
    demand_that_it_may_be_decided(context, card)
    await answer(update)
    _ = context.language
    text = f"{payouts.please_decide(_, card)}\n\n{asking.why_reject(_)}"
    message_id = await put(context, tapped_message(update), text, keyboards.reasons(_, card))
    await context.use_cases.paying.notices.ask_reason(context.chat_id, message_id, payout_id=card.payout.id)


async def reject_button(update: Update, context: Context) -> None:
    """`pay:<id>:<version>:<mac>:no:<which of the reasons>`"""
    _ = context.language
    reason = _(buttons.REASONS[context.number(3) % len(buttons.REASONS)])
    await context.use_cases.paying.approvals.reject(context.number(), context.person.id, reason, mac_in(context))
    await context.use_cases.paying.notices.forget_reason(context.chat_id)
    await answer(update)
    await show_decision(context, context.number(), tapped_message(update))


async def back(update: Update, context: Context) -> None:
    """`pay:<id>:<version>:<mac>:back`: out of the reasons."""
    await context.use_cases.paying.notices.forget_reason(context.chat_id)
    card = await context.use_cases.paying.cards.of(context.number())
    demand_that_it_may_be_decided(context, card)
    await answer(update)
    text = payouts.please_decide(context.language, card)
    await put(context, tapped_message(update), text, keyboards.decide(context.language, card))


async def reject_for(context: Context, number: int, reason: str) -> None:
    await context.use_cases.paying.approvals.reject(number, context.person.id, reason)
    await show_decision(context, number)


async def show_decision(context: Context, number: int, message_id: int | None = None) -> None:
    card = await context.use_cases.paying.cards.of(number)
    text, keyboard = payouts.shown(context.language, card), keyboards.while_pending(context.language, card)
    if message_id:
        await put(context, message_id, text, keyboard)
    else:
        await say(context, text, keyboard)


async def tell_if_frozen(context: Context) -> None:
    """What was approved is not sent, then."""
    state = await context.use_cases.paying.switch.state()
    if state.is_frozen:
        await say(context, balance.frozen_line(context.language, state))


def demand_that_it_may_be_decided(context: Context, card: Card) -> None:
    """Spares a reason that the rules would refuse; they check it again. Raises what they raise."""
    payout, person = card.payout, context.person
    if not person.may(Role.CHECKER):
        raise NotAllowed(Role.CHECKER)
    if payout.status is not PayoutStatus.PENDING:
        raise AlreadyDecided(payout.status, card.decided_by or ", ".join(card.approvers))
    if card.mac != mac_in(context):
        raise PayoutChanged
    if payout.requester_id == person.id:
        raise OwnRequest


def mac_in(context: Context) -> str:
    assert context.matches
    return context.matches[0][2]
