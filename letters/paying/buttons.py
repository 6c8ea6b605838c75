"""What stands on the treasurer's buttons. Plain text: Telegram formats no buttons."""

from letters.language import noted

APPROVE = noted("Approve")
REJECT = noted("Reject")
APPROVE_ALL = noted("Approve all")
RETRY = noted("Retry")
ASK_ANEW = noted("Ask for a new payout")
MEANT = noted("Yes, it is meant")
PAY_TWICE = noted("Yes, pay them twice")
CANCEL_PAYOUT = noted("Cancel payout")
WAS_PAID = noted("It was paid")
WAS_NOT_PAID = noted("It was not paid")
SEEN_TO = noted("I have seen to it")
RESUME = noted("Resume")
ALL = noted("All")
CAMPAIGNS = noted("By campaign")
REASONS = (noted("Wrong number"), noted("Wrong amount"), noted("Not agreed"))
