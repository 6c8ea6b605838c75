"""`/bulk <campaign id>` as the caption of a CSV or XLSX file: a table of what would happen, then Confirm.

Nothing is kept here: the buttons name the update that brought the file, which the inbox keeps for some days.
"""

import asyncio

from telegram import Document, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.chat.buttons import button
from bot.chat.context import Context
from bot.chat.numbers import number_in
from bot.chat.sending import answer, put, say, tapped_message
from bot.paying.batches import batch_keyboard
from fundraising import spreadsheets
from fundraising.paying import bulk_file
from fundraising.paying.bulk_file import Row
from fundraising.refusals import BadBulkFile, LooksDuplicate, NoSuchCampaign, PayoutDraftGone
from letters import buttons as common
from letters.paying import bulk as letters
from letters.paying import buttons


async def bulk(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message
    if document_of(message) is None:
        await say(context, letters.usage(context.language))
        return
    await show_file(update.update_id, message, context)


async def show_file(update_id: int, message: Message, context: Context) -> None:
    rows = await read(message, context)
    if twice := bulk_file.twice(rows):
        meant = [button(context.language(buttons.PAY_TWICE), f"bulk:{update_id}:meant")]
        keyboard = InlineKeyboardMarkup([meant, [cancel_button(update_id, context)]])
        await say(context, letters.pays_twice(context.language, rows, twice), keyboard)
    else:
        await show_summary(update_id, rows, context, None)


async def show_summary(update_id: int, rows: list[Row], context: Context, message_id: int | None) -> None:
    standing = await context.use_cases.campaigns.standing(rows[0].order.campaign_id)
    confirm = button(context.language(common.CONFIRM), f"bulk:{update_id}:confirm")
    offered = [confirm] if letters.is_covered(rows, standing) else []
    keyboard = InlineKeyboardMarkup([[*offered, cancel_button(update_id, context)]])
    recipients = [(row.order.phone, row.order.recipient_name) for row in rows]
    facts = await context.use_cases.paying.batches.facts(recipients)
    await put(context, message_id, letters.summary(context.language, rows, standing, facts), keyboard)


async def meant(update: Update, context: Context) -> None:
    """`bulk:<update id>:meant`: the same number more than once."""
    rows = await read(await message_again(update, context), context)
    await answer(update)
    await show_summary(context.number(), rows, context, tapped_message(update))


async def confirm(update: Update, context: Context) -> None:
    """`bulk:<update id>:confirm`: taken once, however often it comes."""
    rows = await read(await message_again(update, context), context)
    try:
        await request(update, context, rows)
    except LooksDuplicate as refused:  # not the end: it is asked whether it is meant
        await answer(update)
        meant = button(context.language(buttons.MEANT), f"bulk:{context.number()}:again")
        keyboard = InlineKeyboardMarkup([[meant], [cancel_button(context.number(), context)]])
        text = letters.looks_duplicate(context.language, rows, refused.payout_id)
        await put(context, tapped_message(update), text, keyboard)


async def again(update: Update, context: Context) -> None:
    """`bulk:<update id>:again`: although some of it was asked for minutes ago."""
    await request(update, context, await read(await message_again(update, context), context), despite_duplicates=True)


async def request(update: Update, context: Context, rows: list[Row], despite_duplicates: bool = False) -> None:
    batches = context.use_cases.paying.batches
    file_key = f"update:{context.number()}"
    # Of the same number twice it was asked when the file came.
    batch = await batches.request(rows, context.person.id, file_key, despite_duplicates, alike_is_meant=True)
    await answer(update)
    title = await context.use_cases.campaigns.title(batch.campaign_id)
    text = letters.progress(context.language, batch, title)
    shown = await put(context, tapped_message(update), text, batch_keyboard(context.language, batch))
    await batches.show_in(batch.id, context.chat_id, shown)


async def cancel(update: Update, context: Context) -> None:
    """`bulk:<update id>:cancel`"""
    await answer(update)
    await put(context, tapped_message(update), letters.cancelled(context.language))


async def message_again(update: Update, context: Context) -> Message:
    """The message that brought the file. Raises PayoutDraftGone when it was too long ago, or came in another chat."""
    body = await context.bot_data.load_update(context.number())
    brought = Update.de_json(body, context.bot) if body else None
    message = brought.message if brought else None
    if message is None or message.chat.id != context.chat_id:
        raise PayoutDraftGone
    return message


async def read(message: Message, context: Context) -> list[Row]:
    """Raises NoSuchCampaign, BadBulkFile, PayoutDraftGone."""
    document, words = document_of(message), (message.caption or message.text or "").split()
    if document is None:
        raise PayoutDraftGone
    campaign_id = number_in(words[1]) if len(words) > 1 else None
    if campaign_id is None:
        raise NoSuchCampaign
    await context.use_cases.campaigns.title(campaign_id)
    rows = await asyncio.to_thread(bulk_file.read, await download(document, context), campaign_id)
    bulk_file.check_recipients(rows, {ngo.id: ngo for ngo in await context.use_cases.ngos.all()})
    return rows


async def download(document: Document, context: Context) -> bytes:
    if (document.file_size or 0) > spreadsheets.MOST_BYTES:
        raise BadBulkFile([(1, "too_large")])
    file = await context.bot.get_file(document.file_id)
    return bytes(await file.download_as_bytearray())


def document_of(message: Message) -> Document | None:
    """Of the message itself, or of the one that it answers."""
    return message.document or (message.reply_to_message.document if message.reply_to_message else None)


def cancel_button(update_id: int, context: Context) -> InlineKeyboardButton:
    return button(context.language(common.CANCEL), f"bulk:{update_id}:cancel")
