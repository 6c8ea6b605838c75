"""How many connections can stand open at once."""

import httpx
import pytest

from tests.trustvoice.doctor.patients import patient, told
from trustvoice.doctor.descriptors import look_at_limit
from trustvoice.running import descriptors


@pytest.mark.parametrize(
    ("allowed", "status", "found"),
    [
        (1_024, "warning", "768 connections at once: the system allows 1,024 open files"),
        (524_288, "ok", "4,096 connections at once"),
    ],
)
async def test_too_few_open_files_are_told(
    monkeypatch: pytest.MonkeyPatch, http: httpx.AsyncClient, allowed: int, status: str, found: str
) -> None:
    monkeypatch.setattr(descriptors, "most_allowed", lambda: allowed)
    assert told(await look_at_limit(patient(http)), status) == found
