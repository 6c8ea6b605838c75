"""What stands on the donor's buttons. Plain text: Telegram formats no buttons."""

from fundraising.ledger.progress import Progress
from letters.language import noted

TRY_AGAIN = noted("Try again")
SHARE_PHONE = noted("Share my phone number")
ANOTHER_PHONE = noted("Another number")
CHANGE_AMOUNT = noted("Change amount")
CHANGE_PHONE = noted("Change number")
OTHER_CAMPAIGNS = noted("Other campaigns")
PREVIOUS = noted("« Previous")
NEXT = noted("Next »")


def of_campaign(progress: Progress) -> str:
    return f"{progress.campaign.title} · {progress.percent}%"
