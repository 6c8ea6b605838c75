"""The one registration table."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    ExtBot,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import cancelling, help, start, table, typed
from bot.chat import arriving, refusing, unknown
from bot.chat.context import BotApplication, Context, House, LoadUpdate
from bot.chat.observed import Observe, ObservedRequest, nobody_observes
from bot.giving import campaigns, confirm, donate, history, receipt
from fundraising.refusals import Refused
from fundraising.use_cases import UseCases

TIMEOUTS = {"connect_timeout": 5.0, "write_timeout": 10.0, "read_timeout": 15.0, "pool_timeout": 5.0}  # seconds
LET_IN_FIRST = -1


class TrustVoiceApplication(Application[ExtBot[int], Context, dict[Any, Any], dict[Any, Any], House, None]):
    async def process_error(self, update: object, error: Exception, job: Any = None, coroutine: Any = None) -> bool:
        """Tells a refusal; raises everything else, so that the job which carries the update runs again."""
        if not isinstance(error, Refused) or not isinstance(update, Update):
            raise error
        await refusing.tell(self.bot, self.bot_data, update, error)
        return True


def build(
    token: str,
    base_url: str,
    base_file_url: str,
    use_cases: UseCases,
    load_update: LoadUpdate,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    observe: Observe = nobody_observes,
) -> BotApplication:
    """Opens nothing and calls nobody."""
    house = House(use_cases, load_update, now)
    builder = (
        ApplicationBuilder()
        .application_class(TrustVoiceApplication)
        .token(token)
        .base_url(base_url)
        .base_file_url(base_file_url)
        .context_types(ContextTypes(context=Context, bot_data=cast(type[House], lambda: house)))
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .rate_limiter(AIORateLimiter(max_retries=0))  # waiting is the job table's: a flooded chat holds up no other
        .updater(None)
        .job_queue(None)
        .request(ObservedRequest(observe, **TIMEOUTS))
        .get_updates_request(ObservedRequest(observe, connection_pool_size=1, **TIMEOUTS))  # on top of the long poll
    )
    app: BotApplication = builder.build()
    register(app)
    return app


def register(app: BotApplication) -> None:
    app.add_handler(TypeHandler(Update, arriving.let_in), group=LET_IN_FIRST)  # sets what every other handler relies on
    app.add_handler(ChatMemberHandler(arriving.membership, ChatMemberHandler.MY_CHAT_MEMBER))

    app.add_handler(CommandHandler("start", start.start))
    app.add_handler(CommandHandler(["donate", "campaigns"], campaigns.first_page))
    app.add_handler(CommandHandler("history", history.newest))
    app.add_handler(CommandHandler("receipt", receipt.receipt))
    app.add_handler(CommandHandler("cancel", cancelling.cancel_command))
    app.add_handler(CommandHandler("help", help.explain))
    table.register(app)

    # Numbers are bounded to what a row's id can be: a button's data may be forged.
    app.add_handler(CallbackQueryHandler(campaigns.turned, r"^page:(\d{1,9})$"))
    app.add_handler(CallbackQueryHandler(campaigns.chosen, r"^campaign:(\d{1,18})$"))
    app.add_handler(CallbackQueryHandler(donate.amount, r"^give:(\d{1,18}):amount:(\d{1,12})$"))
    app.add_handler(CallbackQueryHandler(donate.used_phone, r"^give:(\d{1,18}):phone:(last|\d{1,18})$"))
    app.add_handler(CallbackQueryHandler(donate.other_phone, r"^give:(\d{1,18}):phone:other$"))
    app.add_handler(CallbackQueryHandler(donate.back, r"^give:(\d{1,18}):back:(amount|phone)$"))
    app.add_handler(CallbackQueryHandler(confirm.confirm, r"^give:(\d{1,18}):confirm:(\S+)$"))
    app.add_handler(CallbackQueryHandler(donate.cancel_button, r"^give:(\d{1,18}):cancel$"))
    app.add_handler(CallbackQueryHandler(donate.try_again, r"^again:(\d{1,18})$"))
    app.add_handler(CallbackQueryHandler(history.older, r"^history:(\d{1,18})$"))
    app.add_handler(CallbackQueryHandler(unknown.unknown_button))  # after every known button

    app.add_handler(MessageHandler(filters.CONTACT, typed.contact))
    app.add_handler(MessageHandler(filters.COMMAND, unknown.unknown_command))  # after every known command, before text
    app.add_handler(MessageHandler(filters.TEXT, typed.text))
    app.add_handler(MessageHandler(filters.ALL, typed.not_text))  # last: photos, stickers, voices
