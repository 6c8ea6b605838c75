"""The key that personal data is sealed with: from the settings, or, on SQLite, from a file beside the database."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from trustvoice.settings.checks import SECRET_KEY_LENGTH
from trustvoice.settings.loading import SettingsError
from trustvoice.settings.model import Settings

A_FOLDER = "Let DATABASE_URL name a file in a folder that this user may write to."


def secret_key(settings: Settings) -> str:
    """SECRET_KEY's value; without one on SQLite, that of secret.key beside the database, made at the first call."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    assert settings.database_path, "on PostgreSQL, load insists on SECRET_KEY"
    path = settings.database_path.with_name("secret.key")
    try:
        key = _kept_key(path)
    except OSError as error:
        raise SettingsError([f"{path} cannot be read or made: {error.strerror}. {A_FOLDER}"]) from None
    if len(key) < SECRET_KEY_LENGTH:
        raise SettingsError([f"{path} is cut short. Put it back from a backup: it opens the personal data stored."])
    return key


def _kept_key(path: Path) -> str:
    if not path.exists():
        _make_key(path)
    with path.open() as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise SettingsError([f"{path} can be read by others. Run: chmod 600 {path}"])
        return file.read().strip()


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
