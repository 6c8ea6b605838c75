"""The treasurer's half of the registration table. Every line of it goes through the gate."""

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.books import balance, report, suspense, trace
from bot.chat.context import BotApplication
from bot.chat.gate import Handler, staff_only
from bot.paying import aftermath, batches, bulk, confirming, deciding, lists, payout
from bot.people import admins, campaigns, ngos, switch
from fundraising.people.roles import Role
from fundraising.statuses import PayoutStatus

ID = r"(\d{1,18})"
STRAY = r"^stray:([sc]\d{1,18})"
PAY = rf"^pay:{ID}:(?:\d{{1,9}}):([0-9a-f]{{12}})"
STATUS = f"({'|'.join([lists.EVERY, *PayoutStatus])})"

COMMANDS: dict[str, Handler] = {
    "payout": payout.payout,
    "payouts": lists.newest,
    "approve": deciding.approve_command,
    "reject": deciding.reject_command,
    "retry": aftermath.retry_command,
    "cancel_payout": aftermath.cancel_command,
    "resolve": aftermath.resolve,
    "bulk": bulk.bulk,
    "balance": balance.balance_command,
    "freeze": switch.freeze,
    "unfreeze": switch.unfreeze_command,
    "report": report.report,
    "suspense": suspense.suspense,
    "trace": trace.trace,
    "campaign": campaigns.campaign,
    "ngos": ngos.ngos,
    "admins": admins.admins,
}

# Numbers are bounded to what a row's id can be: a button's data may be forged.
BUTTONS: dict[str, Handler] = {
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
    for name, handle in COMMANDS.items():
        app.add_handler(CommandHandler(name, staff_only(handle)))
    for pattern, handle in BUTTONS.items():
        app.add_handler(CallbackQueryHandler(staff_only(handle), pattern))
    with_file = filters.Document.ALL & filters.CaptionRegex(r"^/bulk\b")
    app.add_handler(MessageHandler(with_file, staff_only(bulk.bulk)))
