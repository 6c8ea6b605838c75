"""`/receipt`: the latest one; `/receipt <address>`: by e-mail from now on; `/receipt off`: no longer."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.sending import say
from letters.giving import receipts as letters


async def receipt(update: Update, context: Context) -> None:
    typed = " ".join(context.args or [])
    if not typed:
        await show(context)
    elif typed.lower() == "off":
        await context.use_cases.receipts.stop(context.donor.id)
        await say(context, letters.stopped(context.language))
    else:
        address = await context.use_cases.receipts.ask(context.donor.id, typed)
        await say(context, letters.asked(context.language, address))


async def show(context: Context) -> None:
    receipts, _ = context.use_cases.receipts, context.language
    donation = await receipts.latest(context.donor.id)
    title = await context.use_cases.campaigns.title(donation.campaign_id) if donation else ""
    told = [letters.latest(_, donation, title)]
    if receipts.sends_mail:
        told.append(letters.by_mail(_, await receipts.address(context.donor.id)))
    await say(context, "\n\n".join(told))
