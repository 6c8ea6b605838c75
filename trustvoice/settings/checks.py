"""What a setting must look like. A check returns the value to use, or raises ValueError with the rest of a sentence."""

import base64
import re
import unicodedata
from datetime import time
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationInfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from mpesa import credential
from mpesa.credential import BadCertificate
from storage.postgres_address import check_options
from trustvoice.mail import smtp_url as mail

MPESA_URLS = {"sandbox": "https://sandbox.safaricom.co.ke", "production": "https://api.safaricom.co.ke"}
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SECRET_KEY_LENGTH, SECRET_KEY_VARIETY = 32, 8
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # Unicode's categories of what leaves no mark, besides blanks
ENDS_OF_LINES = "\r\n\t"
AUTO = "auto"
PLACEHOLDER = re.compile(r"^your[-_ ]|//your[-_](sub)?(domain|server|host|site)|change[-_]?me|<[^>@]*>", re.IGNORECASE)
REFUSED_BY_SAFARICOM = re.compile(r"mpesa|safaricom|exec?|cmd|sql|query", re.IGNORECASE)
APPROVALS = re.compile(r"(?:([0-9]{1,9}):)?([1-9][0-9]?)")


def filled_in(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.isspace() or PLACEHOLDER.search(value):
        raise ValueError("holds a placeholder instead of a value")
    if odd := next((each for each in value.strip() if is_unseen(each)), None):
        raise ValueError(f"holds a character that nobody can see (U+{ord(odd):04X}): type it, instead of pasting it")
    return value.strip()


def is_unseen(character: str) -> bool:
    category = unicodedata.category(character)
    blank_unlike_ours = category == "Zs" and character != " "
    return blank_unlike_ours or (category in UNSEEN and character not in ENDS_OF_LINES)


def one_word(secret: SecretStr) -> SecretStr:
    """As Safaricom gives keys and passkeys: printable ASCII."""
    if not re.fullmatch("[!-~]+", secret.get_secret_value()):
        raise ValueError("holds a blank or a letter with an accent, which no such value has: copy it again")
    return secret


def number(given: object) -> int:
    text = str(given).strip()
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) == 0:
        raise ValueError("must be a whole number above 0")
    return int(text)


def number_or_nothing(given: object) -> int:
    return 0 if str(given).strip() == "0" else number(given)


def time_of_day(given: object) -> object:
    if not isinstance(given, str):
        return given
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", given):
        raise ValueError("must be a time of the day in Nairobi, like 07:00")
    return time.fromisoformat(given)


def numbers(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return tuple(number(part) for part in given.split(","))
    except ValueError:
        raise ValueError("must be whole numbers above 0, separated by commas") from None


def approvals(given: object) -> object:
    """Of `1,50000:2`: pairs of an amount in shillings and how many people approve from it on."""
    if not isinstance(given, str):
        return given
    steps = [APPROVALS.fullmatch(step.strip()) for step in given.split(",")]
    read = tuple((int(step[1] or 0), int(step[2])) for step in steps if step)
    amounts = [least for least, _people in read]
    if len(read) < len(steps) or amounts[0] or any(later <= sooner for sooner, later in pairwise(amounts)):
        raise ValueError("must be like 1, or like 1,50000:2 for two people from KES 50,000 on, with rising amounts")
    return read


def web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[?#@\s]", url):
        raise ValueError("must be an address that begins with http:// or https:// and has no ?, #, @ or blank")
    return url.rstrip("/")


def bot_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{3,}", token.get_secret_value()):
        raise ValueError("is not a bot token, which is digits, a colon, then letters and digits")
    return token


def in_production(info: ValidationInfo) -> bool:
    return info.data.get("mpesa_environment") == "production"


def mpesa_base_url(url: str, info: ValidationInfo) -> str:
    if not url:
        return MPESA_URLS[info.data.get("mpesa_environment", "sandbox")]
    url = web_address(url)
    if in_production(info) and not url.startswith("https://") and urlsplit(url).hostname not in LOOPBACK:
        raise ValueError("must begin with https:// in production: keys and payments go there")
    return url


def shortcode(digits: str, info: ValidationInfo) -> str:
    if not re.fullmatch(r"[0-9]{5,7}", digits):
        raise ValueError("must be 5 to 7 digits")
    if in_production(info) and digits == "174379":
        raise ValueError("is the sandbox's 174379, but MPESA_ENVIRONMENT is production")
    return digits


def other_shortcode(digits: str, info: ValidationInfo) -> str:
    return shortcode(digits, info) if digits else ""


def till(digits: str, info: ValidationInfo) -> str:
    if not digits and info.data.get("mpesa_transaction_type") == "CustomerBuyGoodsOnline":
        raise ValueError("is missing, and CustomerBuyGoodsOnline needs it")
    if digits and not re.fullmatch(r"[0-9]{5,9}", digits):
        raise ValueError("must be 5 to 9 digits")
    return digits


def ready_credential(given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if given is None:
        return None
    _without_initiator_refused(info)
    one_line = "".join(given.get_secret_value().split())
    try:
        base64.b64decode(one_line, validate=True)
    except ValueError:
        raise ValueError("is not base64, so it is no security credential") from None
    return SecretStr(one_line)


def initiator_password(given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    _needed_or_not(given, info)
    if given and credential.looks_ready_made(given.get_secret_value()):
        raise ValueError("holds a security credential, not a password; write it to MPESA_SECURITY_CREDENTIAL instead")
    return given


def certificate_file(path: Path | None, info: ValidationInfo) -> Path | None:
    _needed_or_not(path, info)
    if path:
        read_certificate(path)
    return path


def read_certificate(path: Path) -> bytes:
    """Raises ValueError for what cannot be read or is no certificate."""
    try:
        certificate = path.read_bytes()
        credential.rsa_key(credential.load(certificate))
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    except BadCertificate as error:
        raise ValueError(f"{path} cannot be used: {error}") from error
    return certificate


def _without_initiator_refused(info: ValidationInfo) -> None:
    if info.data.get("mpesa_initiator_name", "") is None:
        raise ValueError("is set, but MPESA_INITIATOR_NAME is missing, and payouts need both")


def _needed_or_not(given: object, info: ValidationInfo) -> None:
    """What was refused is absent from `info.data`, and has its complaint already."""
    if given is not None:
        _without_initiator_refused(info)
    elif info.data.get("mpesa_initiator_name") and info.data.get("mpesa_security_credential", "") is None:
        raise ValueError("is missing, and payouts need it, unless MPESA_SECURITY_CREDENTIAL is set")


def callback_url(url: str | None, info: ValidationInfo) -> str | None:
    """Strict only in production: the sandbox accepts every word, and existing set-ups there use /webhooks/mpesa."""
    if not url or not in_production(info):
        return url
    if not url.startswith("https://"):
        raise ValueError("must begin with https:// in production")
    if word := REFUSED_BY_SAFARICOM.search(url):
        raise ValueError(f'contains "{word[0]}", which Safaricom refuses in callback addresses')
    return url


def public_url(given: str, info: ValidationInfo) -> str:
    """An address, or `auto`: that of the ngrok agent's tunnel."""
    if given == AUTO:
        if in_production(info):  # Safaricom's portal
            raise ValueError("cannot be auto in production: Safaricom refuses tunnels there")
        return AUTO
    url = web_address(given)
    https = url.startswith("https://")
    if in_production(info) and not https:
        raise ValueError("must begin with https:// in production")
    own_telegram = urlsplit(info.data.get("telegram_api_url", "")).hostname in LOOPBACK
    if info.data.get("telegram_mode") == "webhook" and not https and not own_telegram:
        raise ValueError("must begin with https:// when TELEGRAM_MODE is webhook")
    if not info.data.get("mpesa_callback_url") or info.data.get("mpesa_initiator_name"):
        callback_url(url, info)
    return url


def database_url(url: str) -> str:
    scheme = url.partition("://")[0]
    if scheme in DRIVERS:
        raise ValueError(f"begins with {scheme}://; write {DRIVERS[scheme]}:// instead")
    if scheme not in DRIVERS.values():
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):  # both quote the password
        raise ValueError("cannot be read; in a password, @ is written %40, : %3A and / %2F") from None
    if scheme == DRIVERS["sqlite"] and (parts.host or parts.database in {None, "", ":memory:"} or parts.query):
        raise ValueError("must name a file, after three slashes, or four for an absolute path, and no option")
    if scheme == DRIVERS["postgresql"]:
        check_options(url)
    return url


def smtp_url(url: SecretStr | None) -> SecretStr | None:
    if url:
        mail.parse(url.get_secret_value())
    return url


def mail_from(given: str | None, info: ValidationInfo) -> str | None:
    if url := info.data.get("smtp_url"):
        mail.sender_of(given, mail.parse(url.get_secret_value()))
    return given


def key_of_database(key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if key is None and info.data.get("database_url", "").startswith(DRIVERS["postgresql"]):
        raise ValueError("is missing, and on PostgreSQL it has to be set")
    if key is not None and len(key) < SECRET_KEY_LENGTH:
        raise ValueError(f"must be at least {SECRET_KEY_LENGTH} characters long")
    if key is not None and is_easily_guessed(key.get_secret_value()):
        raise ValueError("is easily guessed: it repeats itself, or has hardly any different characters")
    return key


def is_easily_guessed(key: str) -> bool:
    repeats_itself = (key + key).find(key, 1) < len(key)
    return repeats_itself or len(set(key)) < SECRET_KEY_VARIETY
