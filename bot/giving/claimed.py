"""Codes from M-Pesa's messages: whoever sends one reads what became of it."""

from bot.chat.context import Context
from bot.chat.sending import say
from letters.giving import claims as letters


async def codes_in(context: Context, typed: str) -> bool:
    """Whether there were any, and they are answered."""
    found = await context.use_cases.claims.claim(context.donor.id, typed)
    answers = []
    for each in found:
        gift = each.donation
        title = await context.use_cases.campaigns.title(gift.campaign_id) if gift else ""
        answers.append(letters.told(context.language, each, title))
    if answers:
        await say(context, "\n\n".join(answers))
    return bool(answers)
