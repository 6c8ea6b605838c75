"""The one reader of the environment: what may be set, what it must look like, and where to get it."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ENCODING = "utf-8-sig"  # Windows' Notepad begins a file with a byte order mark
MPESA_URLS = {"sandbox": "https://sandbox.safaricom.co.ke", "production": "https://api.safaricom.co.ke"}
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SECRET_KEY_LENGTH = 32
PLACEHOLDER = re.compile(r"^your[-_ ]|//your[-_](sub)?(domain|server|host|site)|change[-_]?me|<[^>]*>", re.IGNORECASE)
REFUSED_BY_SAFARICOM = re.compile(r"mpesa|safaricom|exec?|cmd|sql|query", re.IGNORECASE)
OF_PAYOUTS = re.compile(r"MPESA_(B2C_\w+|INITIATOR_(NAME|PASSWORD)|CERTIFICATE_FILE|SECURITY_CREDENTIAL)")

HOW_TO_GET_IT = {
    "TELEGRAM_BOT_TOKEN": "Talk to @BotFather in Telegram, send /newbot, and put the token it gives you in .env.",
    "MPESA_BASE_URL": "Leave it out to use the address of MPESA_ENVIRONMENT.",
    "MPESA_CONSUMER_KEY": "Create an app at https://developer.safaricom.co.ke and copy its Consumer Key to .env.",
    "MPESA_CONSUMER_SECRET": "Create an app at https://developer.safaricom.co.ke and copy its Consumer Secret to .env.",
    "MPESA_SHORTCODE": "It is your paybill or your till's head office number; Safaricom's sandbox uses 174379.",
    "MPESA_PASSKEY": "The sandbox's is in .env.example; Safaricom sends you your own when you go live.",
    "MPESA_PARTY_B": "It is the number of the till that donors pay to.",
    "MPESA_CALLBACK_URL": "Leave it out to have M-Pesa call PUBLIC_URL/webhooks/daraja.",
    "PUBLIC_URL": "It is where the internet reaches this server: your domain, or what `ngrok http 8001` prints.",
    "DATABASE_URL": "Leave it out to use the SQLite file data/trustvoice.db.",
    "SECRET_KEY": 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
}


class SettingsError(Exception):
    """What has to be put right, a sentence each. The value of a secret is in none of them."""

    def __init__(self, sentences: list[str]):
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def _number(given: object) -> int:
    text = str(given).strip()
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) == 0:
        raise ValueError("must be a whole number above 0")
    return int(text)


def _numbers(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return tuple(_number(part) for part in given.split(","))
    except ValueError:
        raise ValueError("must be whole numbers above 0, separated by commas") from None


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search("[?#@]", url):
        raise ValueError("must be an address that begins with http:// or https:// and has no ?, # or @")
    return url.rstrip("/")


def _bot_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{3,}", token.get_secret_value()):
        raise ValueError("is not a bot token, which is digits, a colon, then letters and digits")
    return token


def _in_production(info: ValidationInfo) -> bool:
    return info.data.get("mpesa_environment") == "production"


def _mpesa_base_url(url: str, info: ValidationInfo) -> str:
    return _web_address(url) if url else MPESA_URLS[info.data.get("mpesa_environment", "sandbox")]


def _shortcode(shortcode: str, info: ValidationInfo) -> str:
    if not re.fullmatch(r"[0-9]{5,7}", shortcode):
        raise ValueError("must be 5 to 7 digits")
    if _in_production(info) and shortcode == "174379":
        raise ValueError("is the sandbox's 174379, but MPESA_ENVIRONMENT is production")
    return shortcode


def _till(till: str, info: ValidationInfo) -> str:
    if not till and info.data.get("mpesa_transaction_type") == "CustomerBuyGoodsOnline":
        raise ValueError("is missing, and CustomerBuyGoodsOnline needs it")
    if till and not re.fullmatch(r"[0-9]{5,9}", till):
        raise ValueError("must be 5 to 9 digits")
    return till


def _callback_url(url: str | None, info: ValidationInfo) -> str | None:
    """Strict only in production: the sandbox accepts every word, and existing set-ups there use /webhooks/mpesa."""
    if not url or not _in_production(info):
        return url
    if not url.startswith("https://"):
        raise ValueError("must begin with https:// in production")
    if word := REFUSED_BY_SAFARICOM.search(url):
        raise ValueError(f'contains "{word[0]}", which Safaricom refuses in callback addresses')
    return url


def _public_url(url: str, info: ValidationInfo) -> str:
    https = url.startswith("https://")
    if _in_production(info) and not https:
        raise ValueError("must begin with https:// in production")
    own_telegram = urlsplit(info.data.get("telegram_api_url", "")).hostname in LOOPBACK
    if info.data.get("telegram_mode") == "webhook" and not https and not own_telegram:
        raise ValueError("must begin with https:// when TELEGRAM_MODE is webhook")
    if not info.data.get("mpesa_callback_url"):
        _callback_url(url, info)
    return url


def _database_url(url: str) -> str:
    scheme = url.partition("://")[0]
    if scheme in DRIVERS:
        raise ValueError(f"begins with {scheme}://; write {DRIVERS[scheme]}:// instead")
    if scheme not in DRIVERS.values():
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):  # both quote the password
        raise ValueError("cannot be read; in a password, @ is written %40, : %3A and / %2F") from None
    if scheme == DRIVERS["sqlite"] and (parts.host or parts.database in {None, "", ":memory:"}):
        raise ValueError("must name a file, after three slashes, or four for an absolute path")
    return url


def _secret_key(key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if key is None and info.data.get("database_url", "").startswith(DRIVERS["postgresql"]):
        raise ValueError("is missing, and on PostgreSQL it has to be set")
    if key is not None and len(key) < SECRET_KEY_LENGTH:
        raise ValueError(f"must be at least {SECRET_KEY_LENGTH} characters long")
    return key


Number = Annotated[int, BeforeValidator(_number)]
Numbers = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_numbers)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
DatabaseAddress = Annotated[str, Field(repr=False), AfterValidator(_database_url)]  # PostgreSQL's password is in it


class Settings(BaseSettings):
    """A field whose check looks at another field stands below it."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, env_file_encoding=ENCODING, extra="ignore", frozen=True, validate_default=True
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)]
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_api_url: WebAddress = "https://api.telegram.org"
    admin_telegram_ids: Numbers = ()
    mpesa_environment: Literal["sandbox", "production"] = "sandbox"
    mpesa_base_url: Annotated[str, AfterValidator(_mpesa_base_url)] = ""
    mpesa_consumer_key: SecretStr
    mpesa_consumer_secret: SecretStr
    mpesa_shortcode: Annotated[str, AfterValidator(_shortcode)]
    mpesa_passkey: SecretStr
    mpesa_transaction_type: Literal["CustomerPayBillOnline", "CustomerBuyGoodsOnline"] = "CustomerPayBillOnline"
    mpesa_party_b: Annotated[str, AfterValidator(_till)] = ""
    mpesa_callback_url: Annotated[WebAddress | None, AfterValidator(_callback_url)] = None
    public_url: Annotated[WebAddress, AfterValidator(_public_url)]
    host: str = "127.0.0.1"
    port: Annotated[Number, Field(le=65535)] = 8001
    database_url: DatabaseAddress = "sqlite+aiosqlite:///data/trustvoice.db"
    secret_key: Annotated[SecretStr | None, AfterValidator(_secret_key)] = None
    log_format: Literal["console", "json"] = "console"
    log_file: Path | None = None
    stk_query_schedule: Numbers = (30, 60, 120, 300, 900, 3600)
    stk_negative_gap: Number = 60
    try_again_after: Number = 120
    review_after: Number = 86400

    @field_validator("*", mode="before")
    @classmethod
    def _filled_in(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.isspace() or PLACEHOLDER.search(value):
            raise ValueError("holds a placeholder instead of a value")
        return value.strip()

    @property
    def party_b(self) -> str:
        return self.mpesa_party_b or self.mpesa_shortcode

    @property
    def stk_callback_url(self) -> str:
        return self.mpesa_callback_url or f"{self.public_url}/webhooks/daraja"

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


KNOWN = {name.upper() for name in Settings.model_fields}


def load(env_file: str | Path = ".env") -> Settings:
    """From the environment and, where that is silent, `env_file`. Raises SettingsError with all that is wrong."""
    sentences = _misspelt(env_file)
    build: Callable[..., Settings] = Settings
    try:
        settings = build(_env_file=env_file)
    except ValidationError as invalid:
        raise SettingsError(sentences + [_sentence(error) for error in invalid.errors()]) from None
    if sentences:
        raise SettingsError(sentences)
    return settings


def nothing_set(environ: Mapping[str, str], env_file: str | Path = ".env") -> bool:
    """True when not one of our variables has a value, HOST and PORT aside: shells and hosting set those."""
    values = {**dotenv_values(env_file, encoding=ENCODING), **environ}
    return not any(values.get(name) for name in KNOWN - {"HOST", "PORT"})


def secret_key(settings: Settings) -> str:
    """SECRET_KEY's value; without one on SQLite, that of secret.key beside the database, made at the first call."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    assert settings.database_path, "on PostgreSQL, load insists on SECRET_KEY"
    path = settings.database_path.with_name("secret.key")
    if not path.exists():
        _make_key(path)
    with path.open() as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise SettingsError([f"{path} can be read by others. Run: chmod 600 {path}"])
        key = file.read().strip()
    if len(key) < SECRET_KEY_LENGTH:
        raise SettingsError([f"{path} is cut short. Put it back from a backup: it opens the personal data stored."])
    return key


def _make_key(path: Path) -> None:
    """Linked into place when it is on the disk, so that nobody reads half a key and the first of two makers wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret.key.") as file:  # O_EXCL, 0600
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _misspelt(env_file: str | Path) -> list[str]:
    sentences = []
    for name in map(str.upper, dotenv_values(env_file, encoding=ENCODING)):
        if name.startswith(("TELEGRAM_", "MPESA_")) and name not in KNOWN and not OF_PAYOUTS.fullmatch(name):
            closest = get_close_matches(name, KNOWN, n=1)
            remedy = f"Did you mean {closest[0]}?" if closest else "Remove it; .env.example lists the names."
            sentences.append(f"{name} in {env_file} is not a setting of TrustVoice. {remedy}")
    return sentences


def _sentence(error: ErrorDetails) -> str:
    name, context = str(error["loc"][0]).upper(), error.get("ctx", {})
    complaints = {
        "missing": "is missing",
        "literal_error": f"must be {context.get('expected')}".replace("'", ""),
        "less_than_equal": f"must be at most {context.get('le')}",
    }
    complaint = complaints.get(error["type"], str(context.get("error")))
    return f"{name} {complaint}. {HOW_TO_GET_IT.get(name, '')}".strip()
