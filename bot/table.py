"""What can be typed and pressed: menu, /help and gate are made of this. What has a role goes through the gate."""

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import cancelling, help, start
from bot.books import balance, report, suspense, trace
from bot.chat.context import BotApplication, Command, Handler
from bot.chat.gate import staff_only
from bot.giving import campaigns as gifts
from bot.giving import confirm, donate, history, notme, receipt
from bot.paying import aftermath, batches, bulk, confirming, deciding, lists, payout
from bot.people import admins, campaigns, ngos, switch
from fundraising.people.roles import Role
from fundraising.statuses import PayoutStatus
from letters import commands as texts

ID = r"(\d{1,18})"
STRAY = r"^stray:([sc]\d{1,18})"
PAY = rf"^pay:{ID}:(?:\d{{1,9}}):([0-9a-f]{{12}})"
STATUS = f"({'|'.join([lists.EVERY, *PayoutStatus])})"

COMMANDS = (
    Command("start", start.start, ""),
    Command("donate", gifts.first_page, texts.DONATE),
    Command("campaigns", gifts.first_page, texts.CAMPAIGNS),
    Command("history", history.newest, texts.HISTORY),
    Command("receipt", receipt.receipt, texts.RECEIPT),
    Command("notme", notme.notme, texts.NOTME),
    Command("cancel", cancelling.cancel_command, texts.CANCEL),
    Command("help", help.explain, texts.HELP),
    Command("id", start.who_am_i, texts.ID),
    Command("myid", start.who_am_i, ""),
    Command("whoami", start.who_am_i, ""),
    Command("payout", payout.payout, texts.PAYOUT, Role.MAKER),
    Command("bulk", bulk.bulk, texts.BULK, Role.MAKER),
    Command("payouts", lists.newest, texts.PAYOUTS, Role.VIEWER),
    Command("approve", deciding.approve_command, texts.APPROVE, Role.CHECKER),
    Command("reject", deciding.reject_command, texts.REJECT, Role.CHECKER),
    Command("retry", aftermath.retry_command, texts.RETRY, Role.MAKER),
    Command("cancel_payout", aftermath.cancel_command, texts.CANCEL_PAYOUT, Role.MAKER),
    Command("resolve", aftermath.resolve, texts.RESOLVE, Role.CHECKER),
    Command("balance", balance.balance_command, texts.BALANCE, Role.VIEWER),
    Command("report", report.report, texts.REPORT, Role.VIEWER),
    Command("trace", trace.trace, texts.TRACE, Role.VIEWER),
    Command("suspense", suspense.suspense, texts.SUSPENSE, Role.VIEWER),
    Command("ngos", ngos.ngos, texts.NGOS, Role.VIEWER),
    Command("freeze", switch.freeze, texts.FREEZE, Role.CHECKER),
    Command("unfreeze", switch.unfreeze_command, texts.UNFREEZE, Role.OWNER),
    Command("campaign", campaigns.campaign, texts.CAMPAIGN, Role.OWNER),
    Command("admins", admins.admins, texts.ADMINS, Role.OWNER),
)

# Numbers are bounded to what a row's id can be: a button's data may be forged.
BUTTONS: dict[str, Handler] = {
    r"^page:(\d{1,9})$": gifts.turned,
    rf"^campaign:{ID}$": gifts.chosen,
    rf"^give:{ID}:amount:(\d{{1,12}})$": donate.amount,
    rf"^give:{ID}:phone:(last|\d{{1,18}})$": donate.used_phone,
    rf"^give:{ID}:phone:other$": donate.other_phone,
    rf"^give:{ID}:back:(amount|phone)$": donate.back,
    rf"^give:{ID}:confirm:(\S+)$": confirm.confirm,
    rf"^give:{ID}:cancel$": donate.cancel_button,
    rf"^again:{ID}$": donate.try_again,
    r"^phone:never$": notme.never,
    r"^phone:allowed$": notme.allowed,
    rf"^history:{ID}$": history.older,
}
OF_STAFF: dict[str, Handler] = {
    rf"^ask:{ID}:campaign:{ID}$": payout.campaign,
    rf"^ask:{ID}:ngo:{ID}$": payout.ngo,
    rf"^ask:{ID}:confirm:([0-9a-f]+)$": confirming.confirm,
    rf"^ask:{ID}:meant:([0-9a-f]+)$": confirming.meant,
    rf"^ask:{ID}:cancel$": payout.cancel,
    rf"{PAY}:ok$": deciding.approve_button,
    rf"{PAY}:no$": deciding.ask_reason,
    rf"{PAY}:no:(\d)$": deciding.reject_button,
    rf"{PAY}:back$": deciding.back,
    rf"^payouts:{STATUS}:{ID}:{ID}$": lists.page,
    rf"^payouts:{STATUS}:by$": lists.choose_campaign,
    rf"^card:{ID}$": lists.card,
    rf"^retry:{ID}:(\d{{1,9}})$": aftermath.retry_button,
    rf"^anew:{ID}$": aftermath.anew,
    rf"^stop:{ID}$": aftermath.cancel_button,
    rf"^review:{ID}:(paid|unpaid|seen)$": aftermath.review_button,
    rf"^bulk:{ID}:meant$": bulk.meant,
    rf"^bulk:{ID}:confirm$": bulk.confirm,
    rf"^bulk:{ID}:again$": bulk.again,
    rf"^bulk:{ID}:cancel$": bulk.cancel,
    rf"^batch:{ID}:ok(?::([0-9a-f]{{12}}))?$": batches.approve,
    rf"^batch:{ID}:no$": batches.ask_reason,
    rf"^batch:{ID}:no:(\d)$": batches.reject_button,
    rf"^batch:{ID}:resume$": batches.resume,
    rf"{STRAY}$": suspense.card,
    rf"{STRAY}:other$": suspense.choose,
    rf"{STRAY}:to:{ID}$": suspense.assign,
    rf"{STRAY}:back$": suspense.sent_back,
    r"^strays$": suspense.back,
    r"^balance$": balance.balance_button,
    r"^trace:(donation|payout):(\d{1,18})$": trace.button_pressed,
    r"^unfreeze$": switch.unfreeze_button,
    rf"^role:{ID}:confirm$": admins.confirm,
    rf"^role:{ID}:({'|'.join(Role)}):take$": admins.take,
    rf"^close:{ID}$": campaigns.close,
}


def register(app: BotApplication) -> None:
    for each in COMMANDS:
        app.add_handler(CommandHandler(each.name, staff_only(each.handle) if each.role else each.handle))
    for pattern, handle in (BUTTONS | {pattern: staff_only(handle) for pattern, handle in OF_STAFF.items()}).items():
        app.add_handler(CallbackQueryHandler(handle, pattern))
    with_file = filters.Document.ALL & filters.CaptionRegex(r"^/bulk\b")
    app.add_handler(MessageHandler(with_file, staff_only(bulk.bulk)))
