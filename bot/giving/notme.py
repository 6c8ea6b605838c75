"""`/notme`: whose phone it is may say that M-Pesa is never to ask there for us. Sharing the own contact proves it."""

from telegram import InlineKeyboardMarkup, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.sending import answer, note_share_button, put, say, tapped_message
from bot.giving import keyboards
from letters.giving import notme as letters
from letters.language import Language


async def notme(_update: Update, context: Context) -> None:
    _, phones = context.language, context.use_cases.own_phones
    if await phones.is_refused(context.donor.id):
        await say(context, letters.refused(_), one_button(_, letters.ALLOW, "phone:allowed"))
    elif await phones.owns_any(context.donor.id):
        await say(context, letters.never(_), one_button(_, letters.NEVER, "phone:never"))
    else:
        await say(context, letters.how_to_prove(_), keyboards.share_phone(_))
        await note_share_button(context, shown=True)


async def never(update: Update, context: Context) -> None:
    """`phone:never`"""
    await context.use_cases.own_phones.refuse_mine(context.donor.id)
    await answer(update)
    keyboard = one_button(context.language, letters.ALLOW, "phone:allowed")
    await put(context, tapped_message(update), letters.refused(context.language), keyboard)


async def allowed(update: Update, context: Context) -> None:
    """`phone:allowed`"""
    await context.use_cases.own_phones.allow_mine(context.donor.id)
    await answer(update)
    await put(context, tapped_message(update), letters.allowed(context.language))


def one_button(_: Language, label: str, data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(_(label), data)]])
