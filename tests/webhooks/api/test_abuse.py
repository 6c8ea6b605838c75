"""What somebody with a key, or a clumsy program, may try."""

import asyncio
import json
import zlib
from datetime import timedelta
from typing import Any

import pytest

from fundraising.people.api_keys import KeyRole
from tests.webhooks.api.conftest import DONATION, PAYOUT, Api
from fundraising.outages import is_outage
from sqlalchemy import text


async def test_same_title_at_once(api_of_many: Api) -> None:
    body = {"title": "Desks", "goal": 5}
    answers = await asyncio.gather(*(api_of_many.post("/campaigns/", body) for _ in range(8)))
    print([a.status for a in answers])
    assert {each.status for each in answers} == {201}


async def test_key_revoked_while_body_trickles(api: Api) -> None:
    await api.fill()
    keys = api.house.use_cases.api_keys
    person = (await keys.find(1)).person.id
    extra = await api.key("three", KeyRole.ADMIN, person)
    whole = json.dumps(PAYOUT).encode()
    async def body():
        yield whole[:10]
        await asyncio.sleep(0.2)
        await keys.revoke(extra)
        yield whole[10:]
    said = await api.ask("POST", "/payouts/", "three", data=body(), headers={"Content-Type": "application/json"})
    assert said.status == 401


async def test_pg_errors(api_of_many: Api) -> None:
    db = api_of_many.house.database
    if "ostgres" not in type(db).__name__:
        return
    seen = []
    async def t(name, fn, write=False):
        try:
            await (db.write if write else db.read)(fn)
        except Exception as e:
            seen.append((name, type(e).__mro__[:3], is_outage(e), getattr(getattr(e,'orig',None),'sqlstate',None), getattr(e,'connection_invalidated',None)))
    await t("terminate", lambda c: c.execute(text("select pg_terminate_backend(pg_backend_pid())")).all())
    await t("terminate w", lambda c: c.execute(text("select pg_terminate_backend(pg_backend_pid())")).all(), True)
    def slow(c):
        c.execute(text("set local statement_timeout='50ms'")); c.execute(text("select pg_sleep(1)"))
    await t("stmt timeout", slow)
    def ro(c):
        c.execute(text("set transaction read only")); c.execute(text("create table x(a int)"))
    await t("ro", ro, True)
    await db._engine.dispose()
    name = (await db.read(lambda c: c.scalar(text("select current_database()"))))
    await db._engine.dispose()
    import asyncpg
    host = db._engine.url.query["host"]
    con = await asyncpg.connect(host=host, user="postgres", database="postgres")
    await con.execute(f"alter database {name} allow_connections false")
    await t("not allowed", lambda c: c.execute(text("select 1")).all())
    await con.execute(f"alter database {name} allow_connections true")
    await con.execute(f"alter database {name} rename to zzz_{name}")
    await t("gone", lambda c: c.execute(text("select 1")).all())
    await con.execute(f"alter database zzz_{name} rename to {name}")
    await con.close()
    for s in seen: print(s)
    assert 0


async def test_bomb(api: Api) -> None:
    import resource
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = zlib.compress(b"0" * 60_000_000)
    print(len(bomb))
    said = await api.ask("POST", "/webhooks/mpesa", None, data=bomb[:64000], headers={"Content-Encoding": "deflate"})
    print(said.status, said.raw[:100], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    said = await api.ask("POST", "/donations/", None, data=bomb, headers={"Content-Encoding": "deflate"})
    print(said.status, said.raw[:100], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    said = await api.ask("POST", "/donations/", data=bomb, headers={"Content-Encoding": "deflate", "Content-Type":"application/json"})
    print(said.status, said.raw[:100], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    assert 0

async def test_bad_email(api: Api) -> None:
    await api.fill()
    s = await api.post("/payouts/", PAYOUT | {"recipient_email": "x"})
    print(s.status, s.body)
    s = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": [{**PAYOUT, "amount": 10}, {**PAYOUT, "recipient_email": "x"}]})
    print(s.status, s.body)
    s = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": [{**PAYOUT, "amount": 10}, {**PAYOUT, "amount":300000}]})
    print(s.status, s.body)
    s = await api.post("/donors/", {"name": "  "})
    print(s.status, s.body)
    s = await api.post("/payouts/", PAYOUT | {"recipient_name": "Ab\u202e\u200b\x7fc", "purpose":"\u202ex"})
    print(s.status, s.body)
    s = await api.ask("POST", "/payouts/bulk?campaign_id=1", data="name,phone,amount,purpose\nA\x01\x1b\u202eB,0712345678,500,x\x07\n".encode(), headers={"Content-Type": "text/csv"})
    print(s.status, s.body)
    s = await api.ask("POST", "/payouts/bulk", data="name,phone,amount,purpose\nAB,0712345678,500,x\n".encode(), headers={"Content-Type": "text/csv"})
    print(s.status, s.body)
    assert 0


async def test_get_when_disk_full(api: Api) -> None:
    await api.fill()
    async def refuse(_fn): raise OSError("full")
    api.house.database.write = refuse
    print((await api.get("/campaigns/1")).status)
    assert 0
