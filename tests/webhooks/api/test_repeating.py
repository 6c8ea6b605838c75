"""Idempotency-Key: once is once, whatever crashes, however often and however at once it comes."""

import asyncio
from typing import Any

import pytest

from fundraising.refusals import NotAllowed
from fundraising.repeats import KEPT, Repeats
from storage.api_tables import repeats
from tests.fakes import callback
from tests.webhooks.api.conftest import DONATION, PAYOUT, Api, Said
from webhooks.api import repeating

BULK = {"campaign_id": 1, "payouts": [{"recipient_phone": "0712345678", "recipient_name": "Akinyi", "amount": 100}]}


def same(answers: list[Said]) -> bool:
    return len({(each.status, each.raw) for each in answers}) == 1


async def test_a_repeat_is_answered_like_the_first_though_the_world_moved_on(api: Api) -> None:
    await api.fill()
    first = await api.post("/payouts/", PAYOUT, again="k")
    await api.post("/payouts/1/reject", {"reason": "no"}, by="two")
    reordered = dict(reversed(PAYOUT.items()))
    assert same([first, await api.post("/payouts", reordered, again="k")])
    assert (first.status, await api.stored()) == (201, 1)


async def test_the_same_key_with_another_request_is_refused(api: Api) -> None:
    await api.fill()
    await api.post("/payouts/", PAYOUT, again="k")
    others: list[tuple[str, dict[str, Any]]] = [("/payouts/", PAYOUT | {"amount": 999}), ("/payouts/bulk", BULK)]
    for path, body in (*others, ("/donations/", DONATION)):
        refused = await api.post(path, body, again="k")
        assert (refused.status, refused.code) == (409, "idempotency_key_reused")
    assert await api.stored() == 1


async def test_another_clients_key_of_the_same_name_is_another(api: Api) -> None:
    await api.fill()
    first = await api.post("/payouts/", PAYOUT, again="k")
    other = await api.post("/payouts/", PAYOUT | {"duplicate_ok": True}, by="two", again="k")
    assert (first.body["id"], other.body["id"]) == (1, 2)


async def test_many_at_once_make_one_donation_and_one_prompt(api_of_many: Api) -> None:
    api = api_of_many
    answers = await asyncio.gather(*(api.post("/donations/", DONATION, again="k") for _ in range(8)))
    assert same(answers)
    assert answers[0].status == 201
    assert answers[0].body["payment_intent_id"] == "ws_CO_1"
    assert len(api.house.mpesa.pushed) == 1


async def test_many_at_once_make_one_payout_and_one_batch(api_of_many: Api) -> None:
    api = api_of_many
    await api.fill()
    for path, body, key in (("/payouts/", PAYOUT, "a"), ("/payouts/bulk", BULK, "b")):
        answers = await asyncio.gather(*(api.post(path, body, again=key) for _ in range(6)))
        assert same(answers)
        assert answers[0].status == 201
    assert await api.stored() == 2


class Killed(Exception):
    pass


def killed_before_remembering(patch: pytest.MonkeyPatch) -> None:
    """What was done is committed; that it was answered is not, and nobody gives the request back."""

    async def die(*_: object) -> None:
        raise Killed

    patch.setattr(Repeats, "remember", die)
    patch.setattr(Repeats, "let_go", die)


REPEATED: list[tuple[str, dict[str, Any] | None, str, int]] = [
    ("/donations/", DONATION | {"phone_number": "0708000111"}, "one", 201),
    ("/payouts/", PAYOUT | {"amount": 77}, "one", 201),
    ("/payouts/bulk", BULK, "one", 201),
    ("/payouts/1/approve", None, "two", 200),
    ("/payouts/1/reject", {"reason": "no"}, "two", 200),
    ("/payouts/2/retry", None, "one", 200),
]


@pytest.mark.parametrize(("path", "body", "by", "status"), REPEATED)
async def test_after_a_crash_between_acting_and_answering_the_repeat_finds_what_was_made(
    api: Api, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any] | None, by: str, status: int
) -> None:
    await api.fill()
    await api.post("/payouts/", PAYOUT)
    await api.post("/payouts/", PAYOUT | {"amount": 2000})
    await api.post("/payouts/2/approve", by="two")
    await api.result(8)
    with monkeypatch.context() as patch:
        killed_before_remembering(patch)
        assert (await api.post(path, body, by, again="k")).status == 500
    prompts, payouts = len(api.house.mpesa.pushed), await api.stored()
    api.house.clock.forward(seconds=13)
    again = [await api.post(path, body, by, again="k") for _ in range(2)]
    assert same(again)
    assert again[0].status == status
    assert (len(api.house.mpesa.pushed), await api.stored()) == (prompts, payouts)


async def test_after_a_crash_before_acting_the_repeat_acts(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        killed_before_remembering(patch)
        patch.setattr(type(api.house.use_cases.donations), "start", Repeats.let_go)
        assert (await api.post("/donations/", DONATION, again="k")).status == 500
    assert api.house.mpesa.pushed == []
    api.house.clock.forward(seconds=13)
    assert (await api.post("/donations/", DONATION, again="k")).status == 201
    assert len(api.house.mpesa.pushed) == 1


async def test_a_fault_that_gives_the_request_back_is_repeated_at_once(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(type(api.house.use_cases.donations), "start", die)
        assert (await api.post("/donations/", DONATION, again="k")).status == 500
    assert (await api.post("/donations/", DONATION, again="k")).status == 201


async def test_a_repeat_that_waited_long_enough_is_told_to_come_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeating, "PATIENCE", 0.1)
    answered, asked = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        asked.set()
        await answered.wait()

    api.house.mpesa.before_answering = slowly
    first = asyncio.create_task(api.post("/donations/", DONATION, again="k"))
    await asked.wait()
    early = await api.post("/donations/", DONATION, again="k")
    assert (early.status, early.code, early.headers["Retry-After"]) == (409, "still_running", "2")
    answered.set()
    assert same([await first, await api.post("/donations/", DONATION, again="k")])


async def test_who_was_thought_dead_gives_the_answer_of_the_one_that_took_over(api: Api) -> None:
    answered, asked = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        asked.set()
        await answered.wait()

    api.house.mpesa.before_answering = slowly
    slow = asyncio.create_task(api.post("/donations/", DONATION, again="k"))
    await asked.wait()
    api.house.clock.forward(seconds=13)
    quick = await api.post("/donations/", DONATION, again="k")
    assert (quick.status, quick.body["payment_intent_id"]) == (201, None)
    answered.set()
    assert same([quick, await slow])
    assert len(api.house.mpesa.pushed) == 1


async def test_a_refusal_is_an_answer_too_but_not_one_that_says_later(api: Api) -> None:
    short = await api.post("/payouts/", PAYOUT, again="k")
    assert short.code == "insufficient_funds"
    await api.post("/donations/", DONATION)
    busy = await api.post("/donations/", DONATION, again="d")
    assert busy.code == "phone_busy"
    api.house.clock.forward(minutes=2)
    assert (await api.post("/donations/", DONATION, again="d")).status == 201
    await api.house.hear(callback("ws_CO_2", shillings=1000))
    assert same([short, await api.post("/payouts/", PAYOUT, again="k")])
    assert (await api.post("/payouts/", PAYOUT, again="k2")).status == 201


async def test_who_was_not_allowed_to_may_be_by_the_next_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    await api.fill()
    await api.post("/payouts/", PAYOUT)

    async def not_yet(*_: object, **__: object) -> None:
        raise NotAllowed("checker")

    with monkeypatch.context() as patch:  # the role is taken between the look at the key and the act itself
        patch.setattr(type(api.house.use_cases.paying.approvals), "approve", not_yet)
        assert (await api.post("/payouts/1/approve", by="two", again="k")).status == 403
    approved = await api.post("/payouts/1/approve", by="two", again="k")
    assert (approved.status, approved.body["status"]) == (200, "approved")


async def test_the_same_file_for_another_campaign_is_another_request(api: Api) -> None:
    await api.fill()
    await api.post("/campaigns/", {"title": "Desks", "goal": 1000})
    file, kind = b"name,phone,amount\nAkinyi,0712345678,100\n", {"Content-Type": "text/csv"}

    async def ask(campaign: int) -> Said:
        path = f"/payouts/bulk?campaign_id={campaign}"
        return await api.ask("POST", path, again="k", data=file, headers=kind)

    first = await ask(1)
    assert same([first, await ask(1)])
    refused = await ask(2)
    assert (first.status, refused.status, refused.code) == (201, 409, "idempotency_key_reused")


@pytest.mark.parametrize(("key", "status"), [("x" * 255, 201), ("x" * 256, 400)])
async def test_keys_have_a_length(api: Api, key: str, status: int) -> None:
    assert (await api.post("/donations/", DONATION, again=key)).status == status


async def test_without_a_key_every_request_is_a_new_one(api: Api) -> None:
    await api.fill()
    for _ in range(2):
        assert (await api.post("/payouts/", PAYOUT | {"duplicate_ok": True})).status == 201
    assert await api.stored() == 2


async def test_a_key_is_remembered_for_thirty_days(api: Api) -> None:
    async def count() -> int:
        return len(await api.house.database.read(lambda conn: conn.execute(repeats.select()).all()))

    await api.post("/donations/", DONATION, again="k")
    await api.house.wait(days=15)
    await api.post("/donations/", DONATION, again="later")
    await api.house.wait(days=14, hours=23)
    assert await count() == 2
    await api.house.wait(hours=2)
    assert await count() == 1
    await api.house.wait(days=KEPT.days)
    assert await count() == 0


async def test_answers_are_sealed_at_rest(api: Api) -> None:
    await api.fill()
    await api.post("/payouts/", PAYOUT, again="a key that names Akinyi")
    rows = await api.house.database.read(lambda conn: conn.execute(repeats.select()).all())
    assert "Akinyi" not in str(rows)
    assert "254712345678" not in str(rows)
