"""What may go wrong, as a sentence and an exit code, in this one place."""

from fundraising.refusals import Refused
from storage.database import AlreadyRunning
from storage.vault import WrongKey
from trustvoice import run
from trustvoice.cli import sentences
from trustvoice.cli.common import VIOLATED, WRONG_SETTINGS
from trustvoice.database.opening import NoDatabase
from trustvoice.running.tunnel import NoTunnel
from trustvoice.settings.loading import SettingsError

SEALED = (
    "This database was sealed with another SECRET_KEY. Put the old one back: in .env, or as secret.key beside the "
    "database. Without it phone numbers and names in it cannot be read."
)


def of(error: Exception) -> tuple[list[str], int] | None:
    """None for what nobody expected."""
    if isinstance(error, Refused):
        return [sentences.of(error)], VIOLATED
    wrong = wrong_settings(error)
    return (wrong, WRONG_SETTINGS) if wrong else None


def wrong_settings(error: Exception) -> list[str]:
    match error:
        case SettingsError():
            return error.sentences
        case WrongKey():
            return [SEALED]
        case AlreadyRunning():
            return [f"{error}. Stop it first, or use another DATABASE_URL."]
        case NoDatabase():
            return [f"The database at DATABASE_URL cannot be used: {error}."]
        case NoTunnel():
            return [str(error)]
        case run.CannotListen():
            return [f"The server could not listen on {error}."]
    return []
