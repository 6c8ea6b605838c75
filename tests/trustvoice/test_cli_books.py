"""`trustvoice reconcile`, from the words typed to what is printed, on an SQLite file."""

import asyncio
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from fundraising import days
from fundraising.evidence import tokens
from fundraising.evidence.tokens import Purpose, hash_of
from fundraising.ledger import accounts, posting
from fundraising.ledger.causes import Donation
from fundraising.money import Money
from fundraising.paying import balance_rounds
from storage.inline import InlineDatabase
from tests.trustvoice import test_cli_staff
from tests.trustvoice.test_cli_staff import Trustvoice
from trustvoice import bootstrap

trustvoice = test_cli_staff.trustvoice
YESTERDAY = date(2026, 11, 21)
EVENING = days.end(YESTERDAY) - timedelta(hours=1)
NOT_KNOWN = 3


class Today(datetime):
    """Stands still, a moment before midnight in Nairobi, whenever these tests run."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime(2026, 11, 22, 20, 59, 59, tzinfo=tz)


@pytest.fixture
def water(trustvoice: Trustvoice, monkeypatch: pytest.MonkeyPatch) -> Trustvoice:
    """KES 500.50 arrived for campaign 1 yesterday."""
    monkeypatch.setattr(bootstrap, "datetime", Today)
    trustvoice("campaign", "add", "--title", "Water", "--goal", "1000")
    transfer = posting.Transfer(Donation(1), accounts.OUTSIDE, accounts.campaign(1), Money(500_50))
    in_database(lambda conn: posting.post(conn, [transfer], EVENING - timedelta(hours=1)))
    return trustvoice


def in_database(fn: Callable[[Connection], object]) -> None:
    async def write() -> None:
        database = InlineDatabase(Path("data/trustvoice.db"))
        await database.write(fn)
        await database.close()

    asyncio.run(write())


def mpesa_holds(minor: int) -> None:
    def tell(conn: Connection) -> None:
        token = hash_of(tokens.mint(conn, lambda size: bytes(size), Purpose.BALANCE))
        balance_rounds.keep_question(conn, token, balance_rounds.THE_ONE_THAT_PAYS, EVENING)
        balance_rounds.keep_answer(conn, token, {"Working Account": minor}, EVENING)

    in_database(tell)


def test_yesterday_is_printed_as_a_table_and_in_words(water: Trustvoice) -> None:
    mpesa_holds(500_50)
    done = water("reconcile")
    assert done.code == 0
    head, *lines = [line.split() for line in done.out.splitlines()]
    assert head == ["account", "campaign", "opening", "donations", "closing"]
    assert ["campaign:1", "Water", "KES", "0", "KES", "500.50", "KES", "500.50"] in lines
    assert "Gifts: 1, KES 500.50" in done.out
    assert "<b>" not in done.out


def test_where_mpesa_told_nothing_it_neither_agrees_nor_differs(water: Trustvoice) -> None:
    done = water("reconcile")
    assert done.code == NOT_KNOWN
    assert done.out.startswith("Nothing was compared: M-Pesa's balance at the end of 2026-11-21 is not known here.")
    as_json = water("reconcile", "--json")
    told = json.loads(as_json.out)
    assert (as_json.code, told["agrees"], told["mpesa"], told["adds_up"]) == (NOT_KNOWN, None, None, True)


def test_it_is_told_to_programs_in_exact_amounts(water: Trustvoice) -> None:
    mpesa_holds(500_50)
    told = json.loads(water("reconcile", "--json", "--date", YESTERDAY.isoformat()).out)
    assert (told["date"], told["is_over"], told["adds_up"], told["agrees"]) == (YESTERDAY.isoformat(), True, True, True)
    assert told["accounts"][0] == {
        "account": "campaign:1",
        "title": "Water",
        "currency": "KES",
        "opening": 0,
        "flows": {"donations": {"count": 1, "amount": 500.5}},
        "closing": 500.5,
        "adds_up": True,
    }
    assert (told["mpesa"]["together"], told["mpesa"]["ours"], told["mpesa"]["difference"]) == (500.5, 500.5, 0)


def test_a_difference_is_exit_1_and_so_is_a_day_that_does_not_add_up(water: Trustvoice) -> None:
    mpesa_holds(500_49)
    differs = water("reconcile")
    assert differs.code == 1
    assert "a difference of KES -0.01" in differs.out
    before = (YESTERDAY - timedelta(days=1)).isoformat()
    assert water("reconcile", "--date", before).code == NOT_KNOWN
    spoil = "UPDATE balances SET in_minor = in_minor + 1 WHERE account = 'campaign:1'"
    in_database(lambda conn: conn.exec_driver_sql(spoil).close())
    spoilt = water("reconcile", "--date", before)
    assert spoilt.code == 1
    assert "does not add up" in spoilt.out


def test_it_is_written_to_a_file(water: Trustvoice) -> None:
    assert water("reconcile", "--csv", "day.csv").code == NOT_KNOWN
    assert b"campaign:1,Water,KES,0.00,500.50,1," in Path("day.csv").read_bytes()
    refused = water("reconcile", "--csv", "no/such/folder.csv")
    assert refused.code == 2
    assert "cannot be written" in refused.complaints


def test_what_is_no_day_is_refused(water: Trustvoice) -> None:
    tomorrow = (YESTERDAY + timedelta(days=2)).isoformat()
    assert "has not begun" in water("reconcile", "--date", tomorrow).complaint
    assert water("reconcile", "--date", "20-11-2026").code == 2


@pytest.mark.parametrize("wrong", ["7", "24:00", "07:60", "7:00", "seven"])
def test_a_time_of_the_report_that_is_none_is_named(
    water: Trustvoice, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("RECONCILE_AT", wrong)
    refused = water("reconcile")
    assert refused.code == 2
    assert refused.complaint == "RECONCILE_AT must be a time of the day in Nairobi, like 07:00."
