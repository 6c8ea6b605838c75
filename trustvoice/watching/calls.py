"""Every call to the outside says how it went: to the metrics, and to /readyz."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from bot.chat.observed import Observe as ObserveTelegram
from letters.mail.message import Mail, Sender
from mpesa.wire import Answer, NotSent, Reply
from mpesa.wire import Observe as ObserveMpesa
from trustvoice.mail import smtp_url
from trustvoice.mail.mailer import MailDeferred, MailDown, Mailer, MailRefused
from trustvoice.mail.smtp_url import SmtpServer
from trustvoice.settings.model import Settings
from trustvoice.watching.health import Health
from trustvoice.watching.meters import Meters

NO_TOKEN = "M-Pesa gives no access token"  # noqa: S105 a sentence
NO_BOT = (401, 404)  # Telegram knows no such token


def healths(now: Callable[[], datetime], sends_mail: bool) -> dict[str, Health]:
    """By part. Telegram is out of reach until it has answered once."""
    parts = {part: Health(part, now) for part in ("database", "mpesa", *(["mail"] if sends_mail else []))}
    return parts | {"telegram": Health("telegram", now, well_at_first=False)}


def wellness(parts: Mapping[str, Health]) -> dict[str, Callable[[], bool]]:
    return {part: partial(getattr, health, "is_well") for part, health in parts.items()}


def mpesa_observer(health: Health, meters: Meters) -> ObserveMpesa:
    def observe(operation: str, reply: Reply, seconds: float) -> None:
        meters.mpesa_call(operation, reply, seconds)
        complaint = mpesa_complaint(operation, reply)
        health.failed(complaint) if complaint else health.worked()

    return observe


def mpesa_complaint(operation: str, reply: Reply) -> str | None:
    """An error that M-Pesa itself words is an answer; a page of the gateway before it is none."""
    if not isinstance(reply, Answer):
        return f"{'not sent' if isinstance(reply, NotSent) else 'no answer'}: {reply.why}"
    if operation == "token" and reply.status >= 400:
        return f"{NO_TOKEN}: HTTP {reply.status}"
    return f"HTTP {reply.status}" if reply.status >= 500 and not reply.error_code else None


def telegram_observer(health: Health, meters: Meters) -> ObserveTelegram:
    def observe(method: str, status: int | None, seconds: float) -> None:
        meters.telegram_call(method, status, seconds)
        if status is None or status >= 500 or status in NO_BOT:
            health.failed(f"HTTP {status}" if status else "no answer")
        else:
            health.worked()

    return observe


class WatchedMailer(Mailer):
    def __init__(self, server: SmtpServer, sender: Sender, health: Health):
        super().__init__(server, sender)
        self._health = health

    async def send(self, message: Mail, to: str) -> None:
        try:
            await super().send(message, to)
        except MailDown as down:
            self._health.failed(str(down))
            raise
        except (MailDeferred, MailRefused):
            self._health.worked()
            raise
        self._health.worked()


def mailer_of(settings: Settings, health: Health | None = None) -> Mailer | None:
    if settings.smtp_url is None:
        return None
    server = smtp_url.parse(settings.smtp_url.get_secret_value())
    sender = smtp_url.sender_of(settings.mail_from, server)
    return WatchedMailer(server, sender, health) if health else Mailer(server, sender)
