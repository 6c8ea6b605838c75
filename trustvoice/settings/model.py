"""What may be set, and what it must look like."""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import PydanticBaseSettingsSource as Source
from sqlalchemy.engine import make_url

from trustvoice.settings import checks
from trustvoice.settings.checks import DRIVERS
from trustvoice.settings.file import ENCODING
from trustvoice.settings.secrets import SUFFIX

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
        env_file_encoding=ENCODING,
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
    retention_hints: Number = 2_592_000
    payout_approvals: Approvals = ((0, 1),)
    quorum_window: Number = 86400
    payout_cap_per_day: NumberOrNothing = 500_000
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
IN_FILES = {name + SUFFIX for name in SECRETS}
NAMES = KNOWN | IN_FILES
