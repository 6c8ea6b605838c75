"""`/report`: today, the open campaigns in figures, yesterday's books; `/report 2026-11-20`: a day's, with its file."""

from datetime import date, timedelta

from telegram import InputFile, Update

from bot.chat.context import Context
from bot.chat.sending import say
from letters.books import reconciliation, reconciliation_file
from letters.books import report as letters


async def report(_update: Update, context: Context) -> None:
    if context.args:
        await of_day(context, context.args[0])
        return
    books = context.use_cases.reconciliation
    await say(context, letters.today(context.language, await books.of(books.today())))
    await say(context, letters.report(context.language, await context.use_cases.campaigns.open_ones()))
    yesterday = await books.of(books.today() - timedelta(days=1))
    await say(context, reconciliation.summary(context.language, yesterday))


async def of_day(context: Context, typed: str) -> None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        await say(context, reconciliation.usage(context.language))
        return
    found = await context.use_cases.reconciliation.of(day)
    file = InputFile(reconciliation_file.file(found), reconciliation_file.name(found))
    caption = reconciliation.summary(context.language, found)
    await context.bot.send_document(context.chat_id, file, caption=caption)
