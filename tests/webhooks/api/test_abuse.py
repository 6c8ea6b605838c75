"""What somebody with a key may try, and what a clumsy program sends."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from fundraising.people import api_keys
from fundraising.people.api_keys import ApiKey, KeyRole
from fundraising.people.roles import Role
from tests.webhooks.api.conftest import PAYOUT, Api, Said

CSV = {"Content-Type": "text/csv"}


async def trickled(api: Api, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[int], Awaitable[object]]) -> Said:
    """Asks for a payout with the key "third", a second one of the first person; the body's end comes late."""
    keys = api.house.use_cases.api_keys
    third = await api.key("third", KeyRole.ADMIN, (await keys.find(1)).person.id)
    whole, recognise, recognised = json.dumps(PAYOUT).encode(), keys.recognise, asyncio.Event()

    async def watched(key: str) -> ApiKey | None:
        found = await recognise(key)
        recognised.set()
        return found

    async def body() -> AsyncIterator[bytes]:
        yield whole[:10]
        await recognised.wait()
        await meanwhile(third)
        yield whole[10:]

    monkeypatch.setattr(keys, "recognise", watched)  # as it is, only watched
    return await api.ask("POST", "/payouts/", "third", data=body(), headers={"Content-Type": "application/json"})


async def test_a_key_taken_back_while_its_request_trickles_in_asks_for_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.fill()
    refused = await trickled(api, monkeypatch, api.house.use_cases.api_keys.revoke)
    assert (refused.status, refused.code, await api.stored()) == (401, "unauthenticated", 0)


async def test_who_loses_the_role_while_the_request_trickles_in_asks_for_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.fill()
    person = (await api.house.use_cases.api_keys.find(1)).person.id

    async def lose(_key_id: int) -> None:
        await api.house.use_cases.staff.remove(person, Role.MAKER, by=None)

    refused = await trickled(api, monkeypatch, lose)
    assert (refused.status, refused.code, await api.stored()) == (403, "not_allowed", 0)


async def test_of_two_keys_taken_back_at_once_none_keeps_the_roles(
    api_of_many: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = api_keys.take_roles_of_nobody

    def slowly(conn: Connection, person_id: int, now: datetime) -> None:
        if conn.dialect.name == "postgresql":  # where transactions run side by side
            conn.execute(select(func.pg_sleep(0.1)))
        take(conn, person_id, now)

    monkeypatch.setattr(api_keys, "take_roles_of_nobody", slowly)
    keys = api_of_many.house.use_cases.api_keys
    one = await keys.create("tv_a", "Robot", KeyRole.CHECKER)
    two = await keys.create("tv_b", "Robot anew", KeyRole.CHECKER, one.person.id)
    await asyncio.gather(keys.revoke(one.id), keys.revoke(two.id))
    assert not (await keys.find(one.id)).person.roles


async def test_campaigns_of_one_title_at_the_same_moment_get_an_address_each(api_of_many: Api) -> None:
    body = {"title": "Desks", "goal": 5}
    answers = await asyncio.gather(*(api_of_many.post("/campaigns/", body) for _ in range(6)))
    assert [each.status for each in answers] == [201] * 6
    assert len({each.body["slug"] for each in answers}) == 6


async def test_a_file_of_far_too_many_lines_is_refused_in_one_sentence(api: Api) -> None:
    await api.fill()
    file = b"name,phone,amount\n" + b"a\n" * 100_000
    refused = await api.ask("POST", "/payouts/bulk?campaign_id=1", data=file, headers=CSV)
    assert (refused.status, [each["reason"] for each in refused.body["errors"]]) == (422, ["too_many"])


@pytest.mark.parametrize("turned", ["\u202eonieto", "\u2067onieto", "\x1b[2J", "\x7f"])
async def test_a_name_cannot_turn_round_the_number_that_the_approver_reads_beside_it(api: Api, turned: str) -> None:
    await api.fill()
    file = f"name,phone,amount,purpose\nAkinyi{turned},0712345678,500,a{turned}\n".encode()
    asked = await api.ask("POST", "/payouts/bulk?campaign_id=1", data=file, headers=CSV)
    [payout] = asked.body["payouts"]
    assert turned[0] not in payout["recipient_name"] + payout["purpose"]
    assert payout["recipient_name"].startswith("Akinyi")


async def test_a_wrong_address_is_named_by_its_field_and_its_row(api: Api) -> None:
    await api.fill()
    wrong = PAYOUT | {"recipient_email": "a@b.org, c@d.org"}
    one = await api.post("/payouts/", wrong)
    assert (one.status, one.body["field"], one.body["reason"]) == (422, "recipient_email", "email")
    many = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": [PAYOUT, wrong]})
    [error] = many.body["errors"]
    assert (error["field"], error["row"]) == ("payouts.1.recipient_email", 2)
    donor = await api.post("/donors/", {"name": "Wanjiku", "email": "wanjiku"})
    assert (donor.status, donor.body["field"]) == (422, "email")
    assert await api.stored() == 0


async def test_while_nothing_can_be_stored_it_can_still_be_looked_at(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    await api.fill()

    async def full(_fn: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(api.house.database, "write", full)
    assert (await api.get("/campaigns/1")).status == 200
    assert (await api.post("/payouts/", PAYOUT)).status == 503
