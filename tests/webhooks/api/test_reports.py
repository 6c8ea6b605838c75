"""`GET /reports/reconciliation`, as other programs ask for it."""

import pytest

from tests.webhooks.api.conftest import Api

PATH = "/reports/reconciliation"


async def test_a_day_is_told_in_exact_amounts_that_add_up(api: Api) -> None:
    await api.fill(500)
    told = (await api.get(f"{PATH}?date=2026-11-22")).body
    assert (told["date"], told["is_over"], told["adds_up"], told["mpesa"]) == ("2026-11-22", False, True, None)
    [water] = [each for each in told["accounts"] if each["account"] == "campaign:1"]
    assert (water["title"], water["opening"], water["closing"]) == ("Water for Turkana", 0, 500)
    assert water["flows"] == {"donations": {"count": 1, "amount": 500}}


async def test_without_a_date_it_is_yesterdays(api: Api) -> None:
    told = (await api.get(PATH)).body
    assert (told["date"], told["is_over"]) == ("2026-11-21", True)


async def test_who_accepts_csv_gets_csv(api: Api) -> None:
    await api.fill(500)
    said = await api.ask("GET", f"{PATH}?date=2026-11-22", headers={"Accept": "text/csv"})
    assert said.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b"campaign:1,Water for Turkana,KES,0.00,500.00,1," in said.raw


@pytest.mark.parametrize("day", ["2026-11-24", "1999-01-01", "9999-12-31"])
async def test_a_day_without_books_is_not_there(api: Api, day: str) -> None:
    refused = await api.get(f"{PATH}?date={day}")
    assert (refused.status, refused.code) == (404, "no_such_day")


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "20261122", "1700000000", ""])
async def test_what_is_no_day_is_named(api: Api, day: str) -> None:
    refused = await api.get(f"{PATH}?date={day}")
    assert (refused.status, refused.code) == (422, "invalid_fields")
    assert refused.body["errors"][0]["field"] == "date"
