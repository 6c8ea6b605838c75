"""`trustvoice run` and `trustvoice demo`."""

import asyncio
import logging
from typing import TYPE_CHECKING

from trustvoice.cli.common import settings_or_advice

if TYPE_CHECKING:
    from trustvoice.settings.model import Settings

log = logging.getLogger(__name__)
NO_LOG = "Name a file in a folder that this user may write to, or leave LOG_FILE out: logs go to stderr as well."


def run_command() -> None:
    """Start the bot, the server for M-Pesa's callbacks and the workers."""
    import uvloop

    from trustvoice import run
    from trustvoice.bootstrap import bootstrap
    from trustvoice.database.secret_key import secret_key
    from trustvoice.running.tunnel import through_tunnel

    settings = settings_or_advice()
    write_logs(settings)
    settings, tunnel = through_tunnel(settings)
    uvloop.run(run.run(bootstrap(settings, secret_key(settings), tunnel=tunnel)))


def write_logs(settings: "Settings") -> None:
    """Raises SettingsError."""
    from trustvoice.settings.loading import SettingsError, strange_names
    from trustvoice.watching import logs

    try:
        logs.configure(settings.log_format, settings.log_file)
    except OSError as error:
        raise SettingsError([f"LOG_FILE {settings.log_file} cannot be written: {error.strerror}. {NO_LOG}"]) from None
    for name in strange_names():
        log.warning("%s in .env is not a setting of TrustVoice, and has no effect here", name)


def demo_command() -> None:
    """Start everything against stand-ins of Telegram and M-Pesa, and print the page to open."""
    from trustvoice.rehearsal import demo

    asyncio.run(demo.demo())
