"""A .env for a test to write, with just enough in it."""

from pathlib import Path

import pytest

from trustvoice.settings.loading import SettingsError, load
from trustvoice.settings.model import Settings

KEY, OTHER_KEY = "only-for-tests-and-nowhere-else-0123456789", "another-one-for-tests-and-nowhere-else-98765"
TOKEN = "7012345678:AAHcanaryTokenThatNobodyMaySee_12345"
ENOUGH = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "MPESA_CONSUMER_KEY": "canary-consumer-key",
    "MPESA_CONSUMER_SECRET": "canary-consumer-secret",
    "MPESA_SHORTCODE": "174379",
    "MPESA_PASSKEY": "canary-passkey",
    "PUBLIC_URL": "https://give.example.org/",
}
IN_PRODUCTION = {"MPESA_ENVIRONMENT": "production", "MPESA_SHORTCODE": "522522"}


def settings(**more: str) -> Settings:
    Path(".env").write_text("".join(f"{name}='{value}'\n" for name, value in {**ENOUGH, **more}.items()))
    return load()


def the_complaint(**more: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings(**more)
    [sentence] = refused.value.sentences
    return sentence
