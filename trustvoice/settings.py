"""The one reader of the environment: what may be set, what it must look like, and where to get it."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import PydanticBaseSettingsSource as Source
from sqlalchemy.engine import make_url

from mpesa import credential
from trustvoice import settings_checks as checks
from trustvoice import settings_file, settings_names, settings_secrets
from trustvoice.settings_checks import DRIVERS

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


Number = Annotated[int, BeforeValidator(checks.number)]
NumberOrNothing = Annotated[int, BeforeValidator(checks.number_or_nothing)]
TimeOfDay = Annotated[time, BeforeValidator(checks.time_of_day)]
Numbers = Annotated[tuple[int, ...], NoDecode, BeforeValidator(checks.numbers)]
Approvals = Annotated[tuple[tuple[int, int], ...], NoDecode, BeforeValidator(checks.approvals)]
WebAddress = Annotated[str, AfterValidator(checks.web_address)]
CallbackAddress = Annotated[WebAddress | None, AfterValidator(checks.callback_url)]
OneWord = Annotated[SecretStr, AfterValidator(checks.one_word)]
# Not shown: PostgreSQL's password is in it.
DatabaseAddress = Annotated[str, Field(repr=False), AfterValidator(checks.database_url)]


class Settings(BaseSettings):
    """A field whose check looks at another field stands below it."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        env_file_encoding=settings_file.ENCODING,
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(checks.bot_token)]
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_api_url: WebAddress = "https://api.telegram.org"
    admin_telegram_ids: Numbers = ()
    mpesa_environment: Literal["sandbox", "production"] = "sandbox"
    mpesa_base_url: Annotated[str, AfterValidator(checks.mpesa_base_url)] = ""
    mpesa_consumer_key: OneWord
    mpesa_consumer_secret: OneWord
    mpesa_shortcode: Annotated[str, AfterValidator(checks.shortcode)]
    mpesa_passkey: OneWord
    mpesa_transaction_type: Literal["CustomerPayBillOnline", "CustomerBuyGoodsOnline"] = "CustomerPayBillOnline"
    mpesa_party_b: Annotated[str, AfterValidator(checks.till)] = ""
    mpesa_callback_url: CallbackAddress = None
    mpesa_b2c_shortcode: Annotated[str, AfterValidator(checks.other_shortcode)] = ""
    mpesa_initiator_name: str | None = None
    mpesa_security_credential: Annotated[SecretStr | None, AfterValidator(checks.ready_credential)] = None
    mpesa_initiator_password: Annotated[SecretStr | None, AfterValidator(checks.initiator_password)] = None
    mpesa_certificate_file: Annotated[Path | None, AfterValidator(checks.certificate_file)] = None
    mpesa_b2c_result_url: CallbackAddress = None
    mpesa_b2c_queue_timeout_url: CallbackAddress = None
    mpesa_b2c_version: Literal["v3", "v1"] = "v3"
    public_url: Annotated[str, AfterValidator(checks.public_url)]
    ngrok_api_url: WebAddress = "http://127.0.0.1:4040"
    host: str = "127.0.0.1"
    port: Annotated[Number, Field(le=65535)] = 8001
    database_url: DatabaseAddress = "sqlite+aiosqlite:///data/trustvoice.db"
    secret_key: Annotated[SecretStr | None, AfterValidator(checks.key_of_database)] = None
    journal_dir: Path | None = None
    spool_dir: Path | None = None
    min_free_mb: NumberOrNothing = 200
    job_lease: Number = 120
    telegram_lease: Number = 15
    log_format: Literal["console", "json"] = "console"
    log_file: Path | None = None
    stk_query_schedule: Numbers = (30, 60, 120, 300, 900, 3600)
    stk_negative_gap: Number = 60
    try_again_after: Number = 120
    prompt_pauses: Numbers = (30, 120, 600, 3600, 86400)
    prompts_per_donor: Number = 20
    prompts_per_phone: Number = 30
    prompts_to_stranger: Number = 5
    strangers_per_donor: Number = 5
    prompts_per_key: Number = 60
    prompts_per_minute: Number = 600
    review_after: Number = 86400
    payout_approvals: Approvals = ((0, 1),)
    approval_expires: Number = 259200
    status_query_schedule: Numbers = (60, 120, 300, 900, 3600)
    low_float: NumberOrNothing = 0
    reconcile_at: TimeOfDay = time(7)
    smtp_url: Annotated[SecretStr | None, AfterValidator(checks.smtp_url)] = None
    mail_from: Annotated[str | None, AfterValidator(checks.mail_from)] = None

    _filled_in = field_validator("*", mode="before")(checks.filled_in)

    @property
    def party_b(self) -> str:
        return self.mpesa_party_b or self.mpesa_shortcode

    @property
    def finds_public_url(self) -> bool:
        """Whether the ngrok agent is asked for it; until then it is no address."""
        return self.public_url == checks.AUTO

    @property
    def stk_callback_url(self) -> str:
        return self.mpesa_callback_url or f"{self.public_url}/webhooks/daraja"

    @property
    def pays_out(self) -> bool:
        return self.mpesa_initiator_name is not None

    @property
    def b2c_shortcode(self) -> str:
        return self.mpesa_b2c_shortcode or self.mpesa_shortcode

    @property
    def b2c_result_url(self) -> str:
        return self.mpesa_b2c_result_url or f"{self.public_url}/webhooks/daraja/b2c/result"

    @property
    def b2c_timeout_url(self) -> str:
        return self.mpesa_b2c_queue_timeout_url or f"{self.public_url}/webhooks/daraja/b2c/timeout"

    @property
    def status_result_url(self) -> str:
        return f"{self.public_url}/webhooks/daraja/status/result"

    @property
    def balance_result_url(self) -> str:
        return f"{self.public_url}/webhooks/daraja/balance/result"

    @property
    def telegram_base_url(self) -> str:
        return f"{self.telegram_api_url}/bot"

    @property
    def telegram_base_file_url(self) -> str:
        return f"{self.telegram_api_url}/file/bot"

    @property
    def telegram_webhook_url(self) -> str:
        return f"{self.public_url}/webhooks/telegram"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith(DRIVERS["sqlite"])

    @property
    def database_path(self) -> Path | None:
        """SQLite's file; None on PostgreSQL."""
        return Path(make_url(self.database_url).database or "") if self.is_sqlite else None

    @property
    def data_folder(self) -> Path:
        """Of what is kept beside the database."""
        return self.database_path.parent if self.database_path else Path("data")

    @property
    def journal_folder(self) -> Path:
        return self.journal_dir or self.data_folder / "journal"

    @property
    def spool_folder(self) -> Path:
        return self.spool_dir or self.data_folder / "spool"

    @property
    def folders_written_to(self) -> list[Path]:
        logs = [self.log_file.parent] if self.log_file else []
        return [self.data_folder, self.journal_folder, self.spool_folder, *logs]


class GivenSettings(Settings):
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,
        file_secret_settings: Source,
    ) -> tuple[Source, ...]:
        return (init_settings,)


KNOWN = {name.upper() for name in Settings.model_fields}
SECRETS = [
    name.upper()
    for name, field in Settings.model_fields.items()
    if name == "database_url" or SecretStr in (field.annotation, *get_args(field.annotation))
]
IN_FILES = {name + settings_secrets.SUFFIX for name in SECRETS}
NAMES = KNOWN | IN_FILES


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
    misspelt = settings_names.misspelt(file.values, env_file, environ, NAMES)
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
    return settings_names.strange(settings_file.read(env_file).values, NAMES)


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
