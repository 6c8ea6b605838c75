"""The one reader of the environment and of .env: all that is wrong with them is said at once, with its remedy."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mpesa import credential
from trustvoice.settings import checks, names
from trustvoice.settings import file as settings_file
from trustvoice.settings import secrets as settings_secrets
from trustvoice.settings.model import KNOWN, NAMES, SECRETS, GivenSettings, Settings

log = logging.getLogger(__name__)

HOW_TO_GET_IT = {
    "TELEGRAM_BOT_TOKEN": "Talk to @BotFather in Telegram, send /newbot, and put the token it gives you in .env.",
    "MPESA_BASE_URL": "Leave it out to use the address of MPESA_ENVIRONMENT.",
    "MPESA_CONSUMER_KEY": "Create an app at https://developer.safaricom.co.ke and copy its Consumer Key to .env.",
    "MPESA_CONSUMER_SECRET": "Create an app at https://developer.safaricom.co.ke and copy its Consumer Secret to .env.",
    "MPESA_SHORTCODE": "It is your paybill or your till's head office number; Safaricom's sandbox uses 174379.",
    "MPESA_PASSKEY": "The sandbox's is in .env.example; Safaricom sends you your own when you go live.",
    "MPESA_PARTY_B": "It is the number of the till that donors pay to.",
    "MPESA_B2C_SHORTCODE": "It is the shortcode that pays out; leave it out when that is MPESA_SHORTCODE.",
    "MPESA_INITIATOR_NAME": "It is the user name of your API user on Safaricom's portal; the sandbox's is testapi.",
    "MPESA_INITIATOR_PASSWORD": "It is the password of the API user that MPESA_INITIATOR_NAME names.",
    "MPESA_SECURITY_CREDENTIAL": "Safaricom's portal makes one of the API user's password.",
    "MPESA_CERTIFICATE_FILE": "Download it from Safaricom's portal: the sandbox and production have one each.",
    "MPESA_B2C_RESULT_URL": "Leave it out to have M-Pesa call PUBLIC_URL/webhooks/daraja/b2c/result.",
    "MPESA_B2C_QUEUE_TIMEOUT_URL": "Leave it out to have M-Pesa call PUBLIC_URL/webhooks/daraja/b2c/timeout.",
    "MPESA_CALLBACK_URL": "Leave it out to have M-Pesa call PUBLIC_URL/webhooks/daraja.",
    "PUBLIC_URL": "It is where the internet reaches this server: your domain, or auto beside `ngrok http 8001`.",
    "DATABASE_URL": "Leave it out to use the SQLite file data/trustvoice.db.",
    "SMTP_URL": "Your mail provider tells you server, port, user and password.",
    "MAIL_FROM": "It is the address that e-mail comes from.",
    "SECRET_KEY": 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
}


class SettingsError(Exception):
    """What has to be put right, a sentence each. The value of a secret is in none of them."""

    def __init__(self, sentences: list[str]):
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Given:
    """What `env_file`, the environment and the files of secrets say, before it is looked at."""

    file: settings_file.EnvFile
    from_files: dict[str, str]  # by name
    complaints: list[str]
    without_use: frozenset[str]  # secrets whose file cannot be used: they are not missing as well

    def build(self, **fillers: Any) -> Settings:
        """Raises ValidationError."""
        build: Callable[..., Settings] = Settings
        secrets = {name.lower(): value for name, value in self.from_files.items()}
        return build(_env_file=self.file.path, **{**secrets, **fillers})


def read(env_file: str | Path = ".env") -> Given:
    """Raises nothing."""
    file = settings_file.read(env_file)
    environ = {name.upper(): value for name, value in os.environ.items() if value}
    from_files, unusable = settings_secrets.read({**file.values, **environ}, SECRETS)
    misspelt = names.misspelt(file.values, env_file, environ, NAMES)
    return Given(file, from_files, [*file.complaints, *misspelt, *unusable.values()], frozenset(unusable))


def load(env_file: str | Path = ".env") -> Settings:
    """From the environment and, where that is silent, `env_file`. Raises SettingsError with all that is wrong."""
    given = read(env_file)
    if given.file.is_unreadable:
        raise SettingsError(given.file.complaints)
    try:
        settings = given.build()
    except ValidationError as invalid:
        wrong = [error for error in invalid.errors() if name_of(error) not in given.without_use]
        raise SettingsError(given.complaints + [_sentence(error) for error in wrong]) from None
    if given.complaints:
        raise SettingsError(given.complaints)
    return settings


def strange_names(env_file: str | Path = ".env") -> list[str]:
    """Of what stands in `env_file` and has no effect here."""
    return names.strange(settings_file.read(env_file).values, NAMES)


def given(environment: Mapping[str, str]) -> Settings:
    """From these values alone, whatever else is set on this machine."""
    build: Callable[..., Settings] = GivenSettings
    return build(**{name.lower(): value for name, value in environment.items() if name in KNOWN and value})


def nothing_set(environ: Mapping[str, str], env_file: str | Path = ".env") -> bool:
    """True when not one of our variables has a value, HOST and PORT aside: shells and hosting set those."""
    file = settings_file.read(env_file)
    values = {**file.values, **environ}
    return not file.complaints and not any(values.get(name) for name in NAMES - {"HOST", "PORT"})


def security_credential(settings: Settings) -> str:
    """What payouts are signed with; only where `pays_out`. Raises SettingsError when it cannot be made."""
    if settings.mpesa_security_credential:
        return settings.mpesa_security_credential.get_secret_value()
    path, password = settings.mpesa_certificate_file, settings.mpesa_initiator_password
    assert path, "where payouts are configured, load insists on it"
    assert password, "where payouts are configured, load insists on it"
    try:
        certificate = checks.read_certificate(path)
        made = credential.security_credential(password.get_secret_value(), certificate)
    except ValueError as error:
        raise SettingsError([f"No security credential can be made: {error}."]) from error
    log.info("payouts use the certificate with the SHA-256 fingerprint %s", credential.fingerprint(certificate))
    return made


def name_of(error: ErrorDetails) -> str:
    return str(error["loc"][0]).upper()


def _sentence(error: ErrorDetails) -> str:
    name, context = name_of(error), error.get("ctx", {})
    complaints = {
        "missing": "is missing",
        "literal_error": f"must be {context.get('expected')}".replace("'", ""),
        "less_than_equal": f"must be at most {context.get('le')}",
    }
    complaint = complaints.get(error["type"], str(context.get("error")))
    return f"{name} {complaint}. {HOW_TO_GET_IT.get(name, '')}".strip()
