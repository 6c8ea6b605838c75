"""The key that personal data is sealed with: is it there, is it private, is it this database's?"""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from storage import facts
from storage.private import read_by_others
from storage.tables import facts as rows
from storage.vault import Vault
from trustvoice.database.secret_key import secret_key
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import Check, Database, Patient
from trustvoice.settings.loading import SettingsError, strange_names

NO_SETTING = "is not a setting of TrustVoice, and has no effect here"
CORRECT_IT = "Compare it with .env.example; take it out if another program does not need it."
PRIVATE = "Run: chmod 600 .env"
PUT_BACK = "Put the old one back: in .env, or as secret.key beside the database. Without it names and numbers are lost."


async def look(patient: Patient) -> list[Finding]:
    settings = patient.settings
    sealed_by = await patient.database.read(sealed_with) if patient.readable > Database.NOT else None
    if settings.database_path and not settings.secret_key:
        path = settings.database_path.with_name("secret.key")
        if not path.exists():  # reading it would make it
            none_yet = ok(f"none yet: the first `trustvoice run` makes {path}")
            return [error(f"{path} is gone, and this database needs it", PUT_BACK) if sealed_by else none_yet]
    try:
        key = secret_key(settings)
    except SettingsError as wrong:
        return [error("cannot be used", " ".join(wrong.sentences))]
    return [judged(key, sealed_by)]


def vault_of(patient: Patient) -> Vault | None:
    """None without a key that can be used: the line `secret key` says why."""
    settings = patient.settings
    if (
        settings.database_path
        and not settings.secret_key
        and not settings.database_path.with_name("secret.key").exists()
    ):
        return None
    with suppress(SettingsError):
        return Vault(secret_key(settings))
    return None


def judged(key: str, sealed_by: str | None) -> Finding:
    if sealed_by is None:
        return ok("is private")
    if sealed_by != Vault(key).key_id.hex():
        return error("is not the one that this database was sealed with", PUT_BACK)
    return ok("is private, and opens this database")


def sealed_with(conn: Connection) -> str | None:
    """None of a database that nobody has used yet."""
    if not inspect(conn).has_table(rows.name):
        return None
    found: str | None = conn.scalar(select(rows.c.value).where(rows.c.name == facts.SEALED_BY))
    return found


async def look_at_env_file(_patient: Patient) -> list[Finding]:
    return [*others_may_read(Path(".env")), *(warning(f"{name} {NO_SETTING}", CORRECT_IT) for name in strange_names())]


def others_may_read(path: Path) -> list[Finding]:
    if read_by_others(path):
        return [error(f"{path.absolute()} holds secrets, and others can read it", PRIVATE)]
    return []


KEY = Check("secret key", look, needs=("database_url", "secret_key"))
ENV_FILE = Check(".env", look_at_env_file)
