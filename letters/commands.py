"""What each command of the bot is for: in Telegram's menu, and in /help."""

from letters.language import noted

DONATE = noted("Give to a campaign")
CAMPAIGNS = noted("Campaigns and how far they are")
HISTORY = noted("Your gifts and receipts")
RECEIPT = noted("Your latest receipt, and receipts by e-mail")
NOTME = noted("Stop requests on your phone that are not yours")
CANCEL = noted("Stop the gift you are putting together")
HELP = noted("How this works")

PAYOUT = noted("Ask for a payout")
BULK = noted("Ask for many payouts with a file")
PAYOUTS = noted("Payouts and their history")
APPROVE = noted("Approve a payout")
REJECT = noted("Reject a payout, with a reason")
RETRY = noted("Send a failed payout again")
CANCEL_PAYOUT = noted("Call a payout back")
RESOLVE = noted("Decide what M-Pesa never told")
BALANCE = noted("What our M-Pesa accounts hold")
REPORT = noted("Campaigns and the books; /report 2026-11-20 of a day")
TRACE = noted("What happened to one payment")
SUSPENSE = noted("Money that arrived and fits nothing")
NGOS = noted("Saved recipients")
FREEZE = noted("Stop all payouts")
UNFREEZE = noted("Let payouts go on; it takes two owners")
CAMPAIGN = noted("Open and close campaigns")
ADMINS = noted("People with a role")
