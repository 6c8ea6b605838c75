"""Is the token a bot's, and do updates reach it in the way that is set?"""

from datetime import UTC, datetime, timedelta
from typing import Any

from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Patient
from trustvoice.doctor.reaching import NoAnswer, ask

NEEDS = ("telegram_bot_token", "telegram_api_url")
FRESH = timedelta(days=1)
PENDING_MANY = 100
FROM_BOTFATHER = "Copy the token from @BotFather in Telegram into TELEGRAM_BOT_TOKEN."
NOT_TELEGRAM = "Leave TELEGRAM_API_URL out, unless you run a Bot API server of your own."
SETS_IT = "Restart `trustvoice run`: it tells Telegram its own address."
UNSETS_IT = (
    "Updates go there and not to this program. Restart `trustvoice run`, which removes it; if it comes back, another "
    "program uses the same token."
)
READS_LATE = "Is `trustvoice run` running, and does PUBLIC_URL lead to it?"


class Refused(Exception):
    def __init__(self, found: str, remedy: str):
        super().__init__(found)
        self.found, self.remedy = found, remedy


async def look_at_token(patient: Patient) -> list[Finding]:
    try:
        bot = await call(patient, "getMe")
    except Refused as refused:
        return [error(refused.found, refused.remedy)]
    return [ok(f"belongs to @{bot.get('username')}")]


async def look_at_updates(patient: Patient) -> list[Finding]:
    try:
        info = await call(patient, "getWebhookInfo")
    except Refused as refused:
        return [error(refused.found, refused.remedy)]
    url, waiting = str(info.get("url") or ""), int(info.get("pending_update_count") or 0)
    if patient.settings.telegram_mode == "polling":
        findings = [error(f"are fetched (polling), but Telegram calls {url}", UNSETS_IT)] if url else []
    else:
        findings = webhook_findings(patient, info, url)
    if waiting > PENDING_MANY:
        findings.append(warning(f"{waiting} wait to be taken", READS_LATE))
    return findings or [ok(f"arrive by {patient.settings.telegram_mode}, {waiting} wait")]


def webhook_findings(patient: Patient, info: dict[str, Any], url: str) -> list[Finding]:
    ours = patient.settings.telegram_webhook_url
    if url != ours:
        return [error(f"should go to {ours}, but Telegram calls {url or 'nobody'}", SETS_IT)]
    failed_at = datetime.fromtimestamp(int(info.get("last_error_date") or 0), UTC)
    if patient.now() - failed_at < FRESH:
        said = str(info.get("last_error_message") or "no reason")
        return [warning(f"Telegram could not hand over one at {failed_at:%Y-%m-%d %H:%M} UTC: {said}", READS_LATE)]
    return []


async def call(patient: Patient, method: str) -> dict[str, Any]:
    """Raises Refused."""
    settings = patient.settings
    token = settings.telegram_bot_token.get_secret_value()
    try:
        answer = await ask(patient.http, "POST", f"{settings.telegram_base_url}{token}/{method}")
        body = answer.json()
    except NoAnswer as nobody:
        raise Refused(f"{settings.telegram_api_url} {nobody.why}", nobody.remedy) from None
    except ValueError:
        body = None
    if not isinstance(body, dict) or "ok" not in body:
        raise Refused(f"{settings.telegram_api_url} does not answer as Telegram's Bot API", NOT_TELEGRAM)
    if not body["ok"] or not isinstance(body.get("result"), dict):
        raise Refused(f"Telegram refuses the token: {body.get('description')}", FROM_BOTFATHER)
    result: dict[str, Any] = body["result"]
    return result


TOKEN = Check("telegram token", look_at_token, needs=NEEDS)
UPDATES = Check("telegram updates", look_at_updates, needs=(*NEEDS, "telegram_mode", "public_url"))
