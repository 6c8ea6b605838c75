"""Buttons. Their data is short ASCII (Telegram takes 64 bytes) and names a row; whatever comes back is checked anew."""

from collections.abc import Mapping

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.chat.buttons import button
from fundraising.giving.amounts import SUGGESTED
from fundraising.giving.drafts import Draft
from fundraising.ledger.progress import Progress
from letters import buttons
from letters.giving.buttons import (
    ANOTHER_PHONE,
    CHANGE_AMOUNT,
    CHANGE_PHONE,
    NEXT,
    OTHER_CAMPAIGNS,
    PREVIOUS,
    SHARE_PHONE,
    TRY_AGAIN,
    of_campaign,
)
from letters.language import Language

AMOUNTS_A_ROW = 2


def campaigns(_: Language, shown: list[Progress], page: int, has_next: bool) -> InlineKeyboardMarkup:
    rows = [[button(of_campaign(progress), f"campaign:{progress.campaign.id}")] for progress in shown]
    turns = [button(_(PREVIOUS), f"page:{page - 1}")] if page else []
    turns += [button(_(NEXT), f"page:{page + 1}")] if has_next else []
    return InlineKeyboardMarkup([*rows, turns] if turns else rows)


def amounts(_: Language, draft: Draft) -> InlineKeyboardMarkup:
    suggested = [button(str(amount), f"give:{draft.id}:amount:{amount.whole_shillings}") for amount in SUGGESTED]
    rows = [suggested[at : at + AMOUNTS_A_ROW] for at in range(0, len(suggested), AMOUNTS_A_ROW)]
    return InlineKeyboardMarkup([*rows, [button(_(OTHER_CAMPAIGNS), "page:0"), cancel(_, draft)]])


def phones(_: Language, draft: Draft, used: Mapping[str, str]) -> InlineKeyboardMarkup:
    """`used`: by the gift that was paid from it, the number."""
    return InlineKeyboardMarkup(
        [
            *([button(phone, f"give:{draft.id}:phone:{gift}")] for gift, phone in used.items()),
            [button(_(ANOTHER_PHONE), f"give:{draft.id}:phone:other")],
            [change_amount(_, draft), cancel(_, draft)],
        ]
    )


def while_asking_phone(_: Language, draft: Draft) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[change_amount(_, draft), cancel(_, draft)]])


def share_phone(_: Language) -> ReplyKeyboardMarkup:
    share = KeyboardButton(_(SHARE_PHONE), request_contact=True)
    return ReplyKeyboardMarkup([[share]], resize_keyboard=True, one_time_keyboard=True)


def confirm(_: Language, draft: Draft) -> InlineKeyboardMarkup:
    """Confirm also names what moved the draft last, so that it confirms what stood above it and nothing else."""
    change_phone = button(_(CHANGE_PHONE), f"give:{draft.id}:back:phone")
    return InlineKeyboardMarkup(
        [
            [button(_(buttons.CONFIRM), f"give:{draft.id}:confirm:{draft.moved_by}")],
            [change_amount(_, draft), change_phone],
            [cancel(_, draft)],
        ]
    )


def change_amount(_: Language, draft: Draft) -> InlineKeyboardButton:
    return button(_(CHANGE_AMOUNT), f"give:{draft.id}:back:amount")


def cancel(_: Language, draft: Draft) -> InlineKeyboardButton:
    return button(_(buttons.CANCEL), f"give:{draft.id}:cancel")


def try_again(_: Language, donation_id: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(_(TRY_AGAIN), f"again:{donation_id}")]])


def older(_: Language, before: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(_(buttons.OLDER), f"history:{before}")]])
