"""Somebody for the doctor to look at: settings from a .env, answers from a mock, rows from a database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from sqlalchemy import Connection

from tests.trustvoice.env_file import settings
from trustvoice.doctor.lines import Finding, Status
from trustvoice.doctor.patient import Database, Patient
from trustvoice.doctor.reading import Reader

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DARAJA, TELEGRAM, PUBLIC = "https://daraja.test", "https://telegram.test", "https://give.example.org"
OUTSIDE = {"MPESA_BASE_URL": DARAJA, "TELEGRAM_API_URL": TELEGRAM, "PUBLIC_URL": PUBLIC}


class NoDatabase:
    async def read(self, _fn: Callable[[Connection], T]) -> T:
        raise AssertionError("this check needs no database")

    async def close(self) -> None:
        return


def patient(http: httpx.AsyncClient, database: Any = None, now: Any = NOW, **more: Any) -> Patient:
    found: Reader = database or NoDatabase()
    readable = Database.HAS_OUR_TABLES if database else Database.NOT
    return Patient(settings(**{**OUTSIDE, **more}), found, http, lambda: now, readable)


def statuses(findings: list[Finding]) -> list[str]:
    return [finding.status.value for finding in findings]


def told(findings: list[Finding], status: str) -> str:
    """What the only finding says; it is of that status, and says what to do unless all is well."""
    [finding] = findings
    assert finding.status == status, finding
    assert bool(finding.remedy) is (finding.status is not Status.OK)
    return finding.found
