"""What the checks look at."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import httpx

from trustvoice.doctor.lines import Finding
from trustvoice.doctor.reading import Reader
from trustvoice.settings.checks import LOOPBACK
from trustvoice.settings.model import Settings


class Database(IntEnum):
    """How far the database lets itself be read."""

    NOT = 0
    CONNECTS = 1
    HAS_OUR_TABLES = 2


@dataclass(frozen=True)
class Patient:
    settings: Settings
    database: Reader
    http: httpx.AsyncClient
    now: Callable[[], datetime]
    readable: Database = Database.NOT

    @property
    def is_rehearsed(self) -> bool:
        """Against a stand-in of M-Pesa on this machine: it reaches addresses that only this machine knows."""
        return httpx.URL(self.settings.mpesa_base_url).host in LOOPBACK


@dataclass(frozen=True)
class Check:
    """Looks, and changes nothing. What it raises is told as an error: it should say itself what can be expected."""

    name: str
    look: Callable[[Patient], Awaitable[list[Finding]]]
    needs: tuple[str, ...] = ()  # settings without which there is nothing to look at
    reads: Database = Database.NOT
    within_s: float = 15.0


TABLES = Database.HAS_OUR_TABLES
