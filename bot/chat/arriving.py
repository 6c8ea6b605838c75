"""Who is writing: the donor of a private chat."""

from telegram import Chat, ChatMember, Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.context import Context, House
from fundraising.people.donors import Donor


async def arrive(update: Update, house: House) -> Donor | None:
    """None outside private chats: a gift is nobody else's business, and M-Pesa numbers are not for groups."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or user is None or chat.type != Chat.PRIVATE:
        return None
    return await house.use_cases.donors.arrive(chat.id, user.full_name, user.language_code)


async def let_in(update: Update, context: Context) -> None:
    """Runs before every other handler."""
    if update.my_chat_member:
        return
    donor = await arrive(update, context.bot_data)
    if donor is None or update.edited_message:  # what was changed afterwards is nothing new, whoever asks for it
        raise ApplicationHandlerStop
    context.donor, context.key = donor, f"update:{update.update_id}"


async def membership(update: Update, context: Context) -> None:
    """Blocked us, or took that back. Neither is an occasion to write."""
    change = update.my_chat_member
    assert change
    if change.chat.type != Chat.PRIVATE:
        return
    if change.new_chat_member.status == ChatMember.BANNED:
        await context.use_cases.donors.lost(change.chat.id)
    elif change.new_chat_member.status == ChatMember.MEMBER:
        await arrive(update, context.bot_data)
