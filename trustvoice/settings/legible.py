"""The settings as far as they can be read, for who looks into what is wrong with them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from trustvoice.settings.loading import SettingsError, load, read
from trustvoice.settings.model import Settings

ROUNDS = 4  # with one setting filled in, another that depends on it may be wrong
FILLERS: dict[str, Any] = {
    "telegram_bot_token": "0:unset",
    "mpesa_consumer_key": "unset",
    "mpesa_consumer_secret": "unset",
    "mpesa_shortcode": "00000",
    "mpesa_passkey": "unset",
    "mpesa_party_b": "00000",
    "public_url": "https://unset.invalid",
    "secret_key": "filler-in-the-place-of-a-secret-key",
}
INITIATOR = {  # one is wrong without another
    "mpesa_initiator_name",
    "mpesa_initiator_password",
    "mpesa_certificate_file",
    "mpesa_security_credential",
}


@dataclass(frozen=True)
class Legible:
    """Each setting that `wrong` names holds a filler or its default: nothing may rely on it."""

    settings: Settings | None
    sentences: list[str]
    wrong: frozenset[str]


def load_what_can_be_read(env_file: str | Path = ".env") -> Legible:
    """Raises nothing, whatever is set."""
    try:
        return Legible(load(env_file), [], frozenset())
    except SettingsError as found:
        return filled_in(env_file, found.sentences)


def filled_in(env_file: str | Path, sentences: list[str]) -> Legible:
    given, fillers = read(env_file), dict[str, Any]()
    if given.file.is_unreadable:
        return Legible(None, sentences, frozenset())
    for _ in range(ROUNDS):
        try:
            return Legible(given.build(**fillers), sentences, frozenset(fillers))
        except ValidationError as invalid:
            wrong = {str(error["loc"][0]) for error in invalid.errors()}
        wrong |= INITIATOR if wrong & INITIATOR else set()
        fillers |= {name: FILLERS.get(name, Settings.model_fields[name].default) for name in wrong}
    return Legible(None, sentences, frozenset(fillers))
