"""What the doctor reads in the database: books, people, and what does not go on by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from sqlalchemy import insert, update

from fundraising.evidence.record import Verdict
from fundraising.people.roles import Role
from storage import facts
from storage.api_tables import api_keys
from storage.tables import balances, evidence, jobs
from tests.databases import opened
from tests.fakes import b2c_result, callback
from tests.fundraising.house import SECRET, House
from tests.fundraising.treasury import CHECKER, Treasury
from tests.trustvoice.doctor.patients import PUBLIC, patient, statuses, told
from tests.trustvoice.env_file import KEY
from trustvoice.doctor import api_keys as keys
from trustvoice.doctor import books, engine, people, public, stuck, tables, unmatched
from trustvoice.doctor.patient import Patient
from webhooks.health import WHOSE

PAYING_OUT = {"SECRET_KEY": SECRET, "MPESA_INITIATOR_NAME": "api-user", "MPESA_SECURITY_CREDENTIAL": "QUJD"}
FORGED = "f" * 64


@pytest.fixture(params=["inline"])
async def treasury(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Treasury]:
    postgres = request.getfixturevalue("postgres") if request.param == "postgres" else None
    async with opened(request.param, tmp_path, postgres) as database:
        yield await Treasury(await House(database).open()).open()


on_both = pytest.mark.parametrize("treasury", ["inline", "postgres"], indirect=True)


def looked_at(treasury: Treasury, http: httpx.AsyncClient, **more: Any) -> Patient:
    return patient(http, treasury.house.database, treasury.house.clock(), **{**PAYING_OUT, **more})


async def changed(treasury: Treasury, statement: Any) -> None:
    await treasury.house.database.write(lambda conn: conn.execute(statement).rowcount)


@on_both
@pytest.mark.parametrize("is_ours", [True, False])
async def test_a_program_that_keeps_other_books_is_not_taken_for_ours(
    treasury: Treasury, http: httpx.AsyncClient, web: respx.Router, is_ours: bool
) -> None:
    ours = await treasury.house.database.read(facts.mark_of_books)
    mark = {WHOSE: ours if is_ours else "f" * 16}
    web.get("http://127.0.0.1:8001/readyz").respond(json={"status": "ready"}, headers=mark)
    web.get(f"{PUBLIC}/healthz").respond(json={"status": "ok"}, headers=mark)
    for look in (public.look_at_program, public.look_at_address):
        found = told(await look(looked_at(treasury, http)), "ok" if is_ours else "error")
        assert ("other books" in found) is not is_ours


@on_both
async def test_of_a_house_in_order_all_is_well(treasury: Treasury, http: httpx.AsyncClient) -> None:
    await treasury.send()
    await treasury.result()
    everything = (
        books.CHECK,
        stuck.JOBS,
        stuck.EVIDENCE,
        stuck.SENDING,
        stuck.UNKNOWN,
        stuck.SUSPENSE,
        unmatched.CHECK,
        people.CHECK,
        keys.CHECK,
        tables.CHECK,
    )
    for check in everything:
        assert statuses(await check.look(looked_at(treasury, http))) == ["ok"], check.name


async def test_books_that_do_not_hold_are_an_error(treasury: Treasury, http: httpx.AsyncClient) -> None:
    wrong = update(balances).where(balances.c.account == "campaign:1").values(in_minor=balances.c.in_minor + 1)
    await changed(treasury, wrong)
    assert "campaign:1" in told(await books.look(looked_at(treasury, http)), "error")


async def test_jobs_given_up_or_late_are_told(treasury: Treasury, http: httpx.AsyncClient) -> None:
    await treasury.request()
    await changed(treasury, update(jobs).where(jobs.c.kind == "AskChecker").values(run_at=None))
    treasury.house.clock.forward(hours=1)
    given_up, late = await stuck.look_at_jobs(looked_at(treasury, http))
    assert "AskChecker" in told([given_up], "error")
    assert "more than 10 minutes ago" in told([late], "warning")


async def test_evidence_set_aside_or_waiting_is_told(treasury: Treasury, http: httpx.AsyncClient) -> None:
    await changed(treasury, update(evidence).values(verdict=Verdict.STUCK))
    assert "1 pieces could not be settled" in told(await stuck.look_at_evidence(looked_at(treasury, http)), "error")
    await changed(treasury, update(evidence).values(verdict=None))
    treasury.house.clock.forward(hours=1)
    assert "1 pieces wait" in told(await stuck.look_at_evidence(looked_at(treasury, http)), "warning")


async def test_frozen_sending_is_told_with_why(treasury: Treasury, http: httpx.AsyncClient) -> None:
    await treasury.house.use_cases.paying.switch.freeze(CHECKER, "the float looks wrong")
    assert "the float looks wrong" in told(await stuck.look_at_sending(looked_at(treasury, http)), "error")


async def test_what_nobody_knows_for_a_day_is_listed(treasury: Treasury, http: httpx.AsyncClient) -> None:
    await treasury.house.give(100)
    payout = await treasury.send()
    assert statuses(await stuck.look_at_unknown(looked_at(treasury, http))) == ["ok"]
    treasury.house.clock.forward(hours=25)
    found = told(await stuck.look_at_unknown(looked_at(treasury, http)), "warning")
    assert found == f"1 donations (#2) and 1 payouts (#{payout.id}) for more than a day"


async def test_money_that_fits_nothing_is_told(treasury: Treasury, http: httpx.AsyncClient) -> None:
    donation = await treasury.house.give(100)
    await treasury.house.hear(callback(checkout_id="ws_CO_2", shillings=70, receipt="TKM1BBBBBB"))
    assert donation.id == 2
    assert told(await stuck.look_at_suspense(looked_at(treasury, http)), "warning").startswith("KES 70 arrived")


@on_both
async def test_callbacks_that_name_nothing_known_are_counted(treasury: Treasury, http: httpx.AsyncClient) -> None:
    await treasury.send()
    mailbox = treasury.house.use_cases.paying.mailbox
    await mailbox.payment_result(FORGED, b2c_result("NOBODYKNOWSTHISONE1", 0))
    await treasury.house.hear(callback(checkout_id="ws_CO_1"), token=None)
    await treasury.house.hear(callback(checkout_id="ws_CO_unknown"), token=None)
    without, with_token = await unmatched.look(looked_at(treasury, http))
    assert "2 of the last day's came without a token" in told([without], "warning")
    assert "1 of the last day's named no donation or payout" in told([with_token], "warning")
    assert "ConversationID not found" in with_token.found

    treasury.house.clock.forward(hours=25)
    assert statuses(await unmatched.look(looked_at(treasury, http))) == ["ok"]


async def test_too_few_people_are_told(treasury: Treasury, http: httpx.AsyncClient) -> None:
    assert statuses(await people.look(looked_at(treasury, http, PAYOUT_APPROVALS="4"))) == ["ok"]
    found = told(await people.look(looked_at(treasury, http, PAYOUT_APPROVALS="5")), "warning")
    assert "nobody can get 5 approvals" in found


async def test_an_api_key_that_ends_soon_is_told(treasury: Treasury, http: httpx.AsyncClient) -> None:
    now = treasury.house.clock()
    row = {"key_hash": b"h", "name_sealed": b"n", "role": "viewer", "person_id": 1, "created_at": now}
    await changed(treasury, insert(api_keys).values(**row, expires_at=now + timedelta(days=30)))
    assert statuses(await keys.look(looked_at(treasury, http))) == ["ok"]
    treasury.house.clock.forward(days=20)
    assert told(await keys.look(looked_at(treasury, http)), "warning") == "end soon: #1 on 2026-12-22"
    treasury.house.clock.forward(days=20)
    assert statuses(await keys.look(looked_at(treasury, http))) == ["ok"]


@pytest.mark.parametrize("treasury", ["postgres"], indirect=True)
async def test_postgresql_is_named_and_its_durability_read(treasury: Treasury, http: httpx.AsyncClient) -> None:
    url = {"DATABASE_URL": "postgresql+asyncpg://somebody@db/trustvoice", "SECRET_KEY": KEY}
    looked = looked_at(treasury, http, **url)
    assert told(await engine.look_at_version(looked), "ok").startswith("PostgreSQL 1")
    durability = await engine.look_at_durability(looked)  # the test server may run without fsync
    assert "fsync=" in durability[0].found


async def test_who_must_approve_is_nobody_at_first(http: httpx.AsyncClient, tmp_path: Path) -> None:
    async with opened("inline", tmp_path) as database:
        empty = Treasury(await House(database).open())
        assert "no owner" in told(await people.look(looked_at(empty, http)), "error")
        assert "makes the 2 of" in told(await people.look(looked_at(empty, http, ADMIN_TELEGRAM_IDS="1,2")), "ok")
        await empty.house.use_cases.staff.add(1001, "Njeri", Role.OWNER, by=None)
        alone, one_owner = await people.look(looked_at(empty, http))
        assert "nobody can get 1 approval" in told([alone], "warning")
        assert "two to unfreeze" in told([one_owner], "warning")
        assert statuses(await people.look(patient(http, database, PAYOUT_APPROVALS="1"))) == ["ok"]
