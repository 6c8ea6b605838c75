"""What stands on the owner's buttons. Plain text: Telegram formats no buttons."""

from letters.language import noted

UNFREEZE = noted("Unfreeze")
CLOSE_CAMPAIGN = noted("Close: {title}")
REMOVE_ROLE = noted("Remove {name} as {role}")
CONFIRM_ROLE = noted("Confirm {name} as {role}")
CONFIRM_REMOVAL = noted("Confirm: {name} no longer {role}")
CONFIRM_LINK = noted("Confirm Telegram {chat_id} for {name}")
