"""Methods about how updates reach the bot."""

import re
from urllib.parse import urlsplit

from standins.addresses import is_this_machine
from standins.shapes import JsonObject
from standins.telegram.parameters import Parameters
from standins.telegram.refusals import BadRequest
from standins.telegram.state import Telegram
from standins.telegram.updates import Webhook

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MAX_TIMEOUT_S = 50


async def get_updates(telegram: Telegram, given: Parameters) -> object:
    remember_allowed(telegram, given)
    limit = min(max(given.integer("limit", 100), 1), 100)
    timeout_s = min(given.integer("timeout"), MAX_TIMEOUT_S)
    return await telegram.updates.fetch(given.integer("offset"), limit, timeout_s)


async def set_webhook(telegram: Telegram, given: Parameters) -> object:
    url = given.text("url") or ""
    if not url:
        return await delete_webhook(telegram, given)
    check_url(url)
    secret = given.text("secret_token")
    if secret is not None and not SECRET.fullmatch(secret):
        raise BadRequest("secret token contains unallowed characters")
    remember_allowed(telegram, given)
    if given.flag("drop_pending_updates"):
        telegram.updates.forget()
    telegram.updates.point_at(Webhook(url, secret, given.integer("max_connections", 40)))
    return True


async def delete_webhook(telegram: Telegram, given: Parameters) -> object:
    if given.flag("drop_pending_updates"):
        telegram.updates.forget()
    telegram.updates.point_at(None)
    return True


async def get_webhook_info(telegram: Telegram, given: Parameters) -> object:
    webhook = telegram.updates.webhook
    info: JsonObject = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(telegram.updates.pending),
    }
    if webhook:
        info["max_connections"] = webhook.max_connections
    if webhook and webhook.last_error:
        info.update(last_error_date=webhook.last_error_date, last_error_message=webhook.last_error)
    if telegram.updates.allowed:
        info["allowed_updates"] = telegram.updates.allowed
    return info


def remember_allowed(telegram: Telegram, given: Parameters) -> None:
    """Left out, the bot's last choice stays."""
    allowed = given.names("allowed_updates")
    if allowed is not None:
        telegram.updates.allowed = allowed


def check_url(url: str) -> None:
    """Telegram wants HTTPS; plain HTTP is let through to this machine only, where a stand-in is used."""
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise BadRequest("bad webhook: invalid webhook URL specified")
    if address.scheme == "http" and not is_this_machine(address.hostname):
        raise BadRequest("bad webhook: An HTTPS URL must be provided for webhook")
