"""What stands on buttons of every kind. Plain text: Telegram formats no buttons."""

from letters.language import noted

CONFIRM = noted("Confirm")
CANCEL = noted("Cancel")
BACK = noted("Back")
OLDER = noted("Older »")
ASK_AGAIN = noted("Refresh")
