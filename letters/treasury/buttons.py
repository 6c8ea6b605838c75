"""What stands on the treasurer's buttons. Plain text: Telegram formats no buttons."""

from letters.language import noted

APPROVE = noted("Approve")
REJECT = noted("Reject")
APPROVE_ALL = noted("Approve all")
BACK = noted("Back")
RETRY = noted("Retry")
MEANT = noted("Yes, it is meant")
PAY_TWICE = noted("Yes, pay them twice")
CANCEL_PAYOUT = noted("Cancel payout")
WAS_PAID = noted("It was paid")
WAS_NOT_PAID = noted("It was not paid")
SEEN_TO = noted("I have seen to it")
RESUME = noted("Resume")
ASK_AGAIN = noted("Refresh")
UNFREEZE = noted("Unfreeze")
ALL = noted("All")
CAMPAIGNS = noted("By campaign")
CLOSE_CAMPAIGN = noted("Close: {title}")
REMOVE_ROLE = noted("Remove {name} as {role}")
CONFIRM_ROLE = noted("Confirm {name} as {role}")
REASONS = (noted("Wrong number"), noted("Wrong amount"), noted("Not agreed"))
