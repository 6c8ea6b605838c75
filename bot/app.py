"""The bot, put together: who handles which update."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    Defaults,
    ExtBot,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import table, typed
from bot.chat import arriving, refusing, unknown
from bot.chat.context import BotApplication, Context, House, LoadUpdate
from bot.chat.observed import Observe, ObservedRequest, nobody_observes
from bot.chat.plain_again import PlainAgainBot
from fundraising.news import Alarm
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
    house = House(use_cases, load_update, now, table.COMMANDS)
    speaker: ExtBot[int] = PlainAgainBot(
        token,
        partial(use_cases.staff.alarm, Alarm.FORMATTING),
        base_url=base_url,
        base_file_url=base_file_url,
        defaults=Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)),
        rate_limiter=AIORateLimiter(max_retries=0),  # waiting is the job table's: a flooded chat holds up no other
        request=ObservedRequest(observe, **TIMEOUTS),
        get_updates_request=ObservedRequest(observe, connection_pool_size=1, **TIMEOUTS),  # on top of the long poll
    )
    builder = (
        ApplicationBuilder()
        .application_class(TrustVoiceApplication)
        .bot(speaker)
        .context_types(ContextTypes(context=Context, bot_data=cast(type[House], lambda: house)))
        .updater(None)
        .job_queue(None)
    )
    app: BotApplication = builder.build()
    register(app)
    return app


def register(app: BotApplication) -> None:
    app.add_handler(TypeHandler(Update, arriving.let_in), group=LET_IN_FIRST)  # sets what every other handler relies on
    app.add_handler(ChatMemberHandler(arriving.membership, ChatMemberHandler.MY_CHAT_MEMBER))

    table.register(app)

    app.add_handler(CallbackQueryHandler(unknown.unknown_button))  # after every known button

    app.add_handler(MessageHandler(filters.CONTACT, typed.contact))
    app.add_handler(MessageHandler(filters.COMMAND, unknown.unknown_command))  # after every known command, before text
    app.add_handler(MessageHandler(filters.TEXT, typed.text))
    app.add_handler(MessageHandler(filters.ALL, typed.not_text))  # last: photos, stickers, voices
