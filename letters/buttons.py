"""What stands on the buttons. Plain text: Telegram formats no buttons."""

from fundraising.campaigns import Progress
from letters.language import noted

CONFIRM = noted("Confirm")
CANCEL = noted("Cancel")
TRY_AGAIN = noted("Try again")
SHARE_PHONE = noted("Share my phone number")
ANOTHER_PHONE = noted("Another number")
CHANGE_AMOUNT = noted("Change amount")
CHANGE_PHONE = noted("Change number")
OTHER_CAMPAIGNS = noted("Other campaigns")
PREVIOUS = noted("« Previous")
NEXT = noted("Next »")
OLDER = noted("Older »")


def of_campaign(progress: Progress) -> str:
    return f"{progress.campaign.title} · {progress.percent}%"
