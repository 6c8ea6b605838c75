"""What is refused before any rule is asked; and that every refusal has its place."""

import gzip
import json
import logging
import re
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from fundraising.refusals import Refused
from tests.letters.test_texts import kinds_of_refusal
from tests.webhooks.api.conftest import DONATION, PAYOUT, Api
from webhooks.api import problems
from webhooks.api.routes import ROUTES

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("kind", kinds_of_refusal())
def test_every_refusal_has_a_status_and_a_code_of_its_own(kind: type[Refused]) -> None:
    assert problems.STATUSES[kind] in (400, 403, 404, 409, 422, 429, 503)
    codes = [*problems.STATUSES_OF_REQUESTS, *map(problems.code_of, kinds_of_refusal())]
    assert codes.count(problems.code_of(kind)) == 1


def test_codes_read_like_words() -> None:
    kinds = {kind.__name__: problems.code_of(kind) for kind in kinds_of_refusal()}
    assert kinds["InsufficientFunds"] == "insufficient_funds"
    assert kinds["NotAPhoneNumber"] == "not_a_phone_number"
    assert kinds["NotAnAmount"] == "not_an_amount"


async def test_every_route_asks_for_a_key(api: Api) -> None:
    for route in ROUTES:
        refused = await api.ask(route.method, re.sub("{.*?}", "1", route.path), by=None)
        assert (refused.status, refused.code) == (401, "unauthenticated"), route.path
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="TrustVoice"'


async def test_only_a_valid_key_as_a_bearer_is_one(api: Api) -> None:
    for value in ("", "tv_one", "Basic tv_one", "Bearer", "Bearer tv_one tv_two", "Bearer tv_nobody", "Bearer é"):
        assert (await api.ask("GET", "/campaigns/1", by=None, headers={"Authorization": value})).status == 401
    assert (await api.ask("GET", "/campaigns/1", by=None, headers={"Authorization": "bearer tv_one"})).status == 200


async def test_amounts_are_read_and_written_exactly(api: Api) -> None:
    for amount in ("1.1", "10.3", "1000", "1000.00", 5, 1000.5, "999999999999.99"):
        added = await api.post("/campaigns/", {"title": "Desks", "goal": amount})
        assert added.status == 201
        assert json.loads(added.raw, parse_float=str, parse_int=str)["goal"] == str(amount).removesuffix(".00")


async def test_what_is_no_exact_amount_is_refused_and_never_rounded(api: Api) -> None:
    for amount in (
        b"0.30000000000000004",
        b"10.001",
        b"10.000",
        b"1e3",
        b"1E+3",
        b'"1e3"',
        b"true",
        b"null",
        b"0",
        b"-5",
        b"-0.0",
        b'"5 "',
        b'"1,000"',
        b'"\xd9\xa1"',
        b"[]",
        b"9999999999999999999999999",
        b"0.1000000000000000000000000000000000000000000000001",
    ):
        sent = json.dumps(DONATION | {"amount": "HERE"}).encode().replace(b'"HERE"', amount)
        refused = await api.ask("POST", "/donations/", data=sent, headers=JSON)
        assert (refused.status, refused.code) == (422, "invalid_fields"), amount
        assert (refused.body["field"], refused.body["reason"]) == ("amount", "amount")
    assert api.house.mpesa.pushed == []


async def test_a_body_that_is_no_json_object_is_refused(api: Api) -> None:
    for body, code in (
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"[]", "malformed"),
        (b"7", "malformed"),
        (b'{"amount": NaN}', "malformed"),
        (b'{"amount": Infinity}', "malformed"),
        (b'{"amount": ' + b"9" * 5000 + b"}", "malformed"),
        (b"\xff\xfe", "malformed"),
        (b"[" * 50_000, "malformed"),
        (b'{"x": "' + b"x" * 70_000 + b'"}', "too_large"),
    ):
        refused = await api.ask("POST", "/donations/", data=body, headers=JSON)
        assert refused.code == code, body[:20]
        assert refused.status == {"malformed": 400, "too_large": 413}[code]


async def test_only_json_is_taken(api: Api) -> None:
    body = json.dumps(DONATION).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "text/csv"):
        refused = await api.ask("POST", "/donations/", data=body, headers={"Content-Type": kind})
        assert (refused.status, refused.code) == (415, "unsupported_media_type")


async def test_every_wrong_field_is_named_with_a_remedy(api: Api) -> None:
    wrong = {"donor_id": "1", "campaign_id": 0, "amount": 1, "currency": "USD", "payment_method": "card"}
    refused = await api.post("/donations/", wrong)
    assert refused.status == 422
    assert {each["field"]: each["reason"] for each in refused.body["errors"]} == {
        "donor_id": "int_type",
        "campaign_id": "greater_than_equal",
        "currency": "literal_error",
        "payment_method": "literal_error",
        "phone_number": "missing",
    }
    assert {each["remedy"] for each in refused.body["errors"]} == {
        "Give a whole number.",
        "It is too small: 1 is the least.",
        "Give 'KES'.",
        "Give 'mpesa'.",
        "It is needed.",
    }


async def test_fields_are_checked_before_anything_is_done(api: Api) -> None:
    changes: list[tuple[dict[str, Any], str]] = [
        ({"recipient_name": "A\x00B"}, "characters"),
        ({"recipient_name": "x" * 81}, "string_too_long"),
        ({"purpose": 5}, "string_type"),
        ({"campaign_id": 2**63}, "less_than_equal"),
        ({"campaign_id": True}, "int_type"),
        ({"duplicate_ok": "yes"}, "bool_type"),
        ({"recipient_phone": "020 222 3344"}, "phone_number"),
    ]
    for change, reason in changes:
        assert (await api.post("/payouts/", PAYOUT | change)).body["reason"] == reason


async def test_half_a_character_is_refused(api: Api) -> None:
    body = json.dumps(PAYOUT).replace("Akinyi", "\\ud800").encode()
    assert (await api.ask("POST", "/payouts/", data=body, headers=JSON)).status == 422


async def test_an_address_with_nothing_there_is_a_problem_document(api: Api) -> None:
    for path in ("/nothing", "/donations/x", "/donations/0", "/donations/" + "9" * 20, f"/payouts/{2**63}"):
        refused = await api.get(path)
        assert (refused.status, refused.code) == (404, "not_found")


async def test_a_row_that_there_is_not_says_what_it_would_be(api: Api) -> None:
    for path, code in (
        ("donations", "donation"),
        ("payouts", "payout"),
        ("campaigns", "campaign"),
        ("donors", "donor"),
    ):
        assert (await api.get(f"/{path}/99")).code == f"no_such_{code}"


async def test_a_method_that_is_not_taken_names_those_that_are(api: Api) -> None:
    refused = await api.ask("DELETE", "/donations/1")
    assert (refused.status, refused.code) == (405, "method_not_allowed")
    assert refused.headers["Allow"] == "GET,HEAD,OPTIONS"
    assert (await api.ask("GET", "/payouts/bulk")).headers["Allow"] == "POST,OPTIONS"


@pytest.mark.parametrize("path", ["/donations/", "/payouts/bulk", "/webhooks/daraja", "/webhooks/telegram", "/c/x"])
async def test_options_tells_without_a_key_what_an_address_takes(api: Api, path: str) -> None:
    told = await api.ask("OPTIONS", path, by=None)
    assert (told.status, told.raw) == (204, b"")
    assert "OPTIONS" in told.headers["Allow"]
    assert (await api.ask("OPTIONS", "/nothing", by=None)).status == 404


async def test_head_is_answered_as_get_is_but_for_the_body(api: Api) -> None:
    for path in ("/campaigns/1", "/donations/", "/campaigns/99", "/docs", "/healthz"):
        whole, head = await api.get(path), await api.ask("HEAD", path)
        assert (head.status, head.raw) == (whole.status, b"")
        assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    assert (await api.ask("HEAD", "/campaigns/1", by=None)).status == 401
    assert (await api.ask("HEAD", "/payouts/bulk")).status == 405


async def test_csv_is_given_where_there_is_some_and_otherwise_said_not_to_be(api: Api) -> None:
    wanted = {"Accept": "text/csv"}
    assert (await api.ask("GET", "/reports/reconciliation", headers=wanted)).headers["Content-Type"][:8] == "text/csv"
    for path in ("/donations/", "/payouts/", "/payouts/campaign/1", "/campaigns/1"):
        refused = await api.ask("GET", path, headers=wanted)
        assert (refused.status, refused.code) == (406, "not_acceptable")
        assert (await api.ask("GET", path, headers={"Accept": "text/csv, */*;q=0.1"})).status == 200


async def test_what_is_named_twice_is_not_guessed_at_any_depth(api: Api) -> None:
    for body in (
        b'{"title": "Desks", "goal": 5, "goal": 5000}',
        b'{"title": "Desks", "goal": 5, "goal": 5}',
        b'{"title": "Desks", "x": {"goal": 5, "goal": 5000}}',
    ):
        refused = await api.ask("POST", "/campaigns/", data=body, headers=JSON)
        assert (refused.status, refused.code) == (422, "invalid_fields")
        assert (refused.body["field"], refused.body["reason"]) == ("goal", "named_twice")
    twice = await api.get("/payouts/?limit=1&limit=2")
    assert (twice.status, twice.body["field"], twice.body["reason"]) == (422, "limit", "named_twice")
    assert len((await api.get("/campaigns/")).body) == 1


async def test_a_field_that_there_is_not_is_named_and_nothing_is_done(api: Api) -> None:
    await api.fill()
    for path, body in (
        ("/payouts/", PAYOUT | {"duplicate_okay": True}),
        ("/payouts/bulk", {"campaign_id": 1, "payouts": [PAYOUT | {"duplicate_ok": True}]}),
        ("/donations/", DONATION | {"anonymous": True}),
        ("/campaigns/", {"title": "Desks", "goal": 5, "slug": "desks"}),
    ):
        refused = await api.post(path, body)
        assert (refused.status, refused.code) == (422, "invalid_fields")
        assert [each["reason"] for each in refused.body["errors"]] == ["extra_forbidden"]
    assert (await api.get("/payouts/?stauts=pending")).body["reason"] == "extra_forbidden"
    assert (await api.stored(), len(api.house.mpesa.pushed)) == (0, 1)


async def test_what_is_packed_is_refused_unread(api: Api) -> None:
    packed = gzip.compress(json.dumps(DONATION).encode())
    refused = await api.ask("POST", "/donations/", data=packed, headers=JSON | {"Content-Encoding": "gzip"})
    assert (refused.status, refused.code) == (415, "unsupported_encoding")


async def test_a_campaign_says_what_it_is_for_and_wants_something(api: Api) -> None:
    for wrong in ({"title": "0"}, {"title": "2026"}, {"goal": 0.01}, {"goal": "0.99"}):
        refused = await api.post("/campaigns/", {"title": "Desks", "goal": 5000} | wrong)
        assert (refused.status, refused.code) == (422, "bad_campaign"), wrong
    for goal in (b"1e3", b"1E3", b'"1e3"', b"5e-1"):
        body = b'{"title": "Desks", "goal": ' + goal + b"}"
        assert (await api.ask("POST", "/campaigns/", data=body, headers=JSON)).code == "invalid_fields"
    assert (await api.post("/campaigns/", {"title": "7 wells", "goal": 1})).status == 201


async def test_the_description_says_how_much_is_too_little_and_too_much(api: Api) -> None:
    schemas = (await api.get("/openapi.json")).body["components"]["schemas"]
    limits = {
        model: next(kind for kind in schemas[model]["properties"][field]["anyOf"] if kind["type"] == "number")
        for model, field in (
            ("PayoutIn", "amount"),
            ("RowIn", "amount"),
            ("DonationIn", "amount"),
            ("CampaignIn", "goal"),
        )
    }
    assert {model: (told["minimum"], told.get("maximum")) for model, told in limits.items()} == {
        "PayoutIn": (10, 250_000),
        "RowIn": (10, 250_000),
        "DonationIn": (1, 250_000),
        "CampaignIn": (1, None),
    }


async def test_a_batch_is_of_one_campaign(api: Api) -> None:
    await api.fill()
    row = PAYOUT | {"campaign_id": 2}
    refused = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": [PAYOUT, row]})
    assert (refused.status, refused.code, refused.body["errors"][0]["row"]) == (422, "bad_bulk_file", 2)
    assert (await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": [PAYOUT]})).status == 201


def breaking(api: Api, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def refuse(_fn: object) -> None:
        raise error

    monkeypatch.setattr(api.house.database, "write", refuse)


@pytest.mark.parametrize("outage", [OSError("connection refused"), OperationalError("", {}, Exception("disk full"))])
async def test_while_nothing_can_be_stored_it_says_later(
    api: Api, monkeypatch: pytest.MonkeyPatch, outage: Exception
) -> None:
    await api.get("/campaigns/1")  # the key's use is noted: reading needs no writing then
    breaking(api, monkeypatch, outage)
    refused = await api.post("/donations/", DONATION, again="k")
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (503, "unavailable", "5")
    assert (await api.get("/campaigns/1")).status == 200
    assert api.house.mpesa.pushed == []


async def test_a_fault_of_ours_is_logged_and_tells_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaking(api, monkeypatch, RuntimeError("the secret of the house"))
    await api.get("/campaigns/1")
    with caplog.at_level(logging.ERROR):
        refused = await api.post("/donations/", DONATION)
    assert (refused.status, refused.code) == (500, "internal_error")
    assert b"secret" not in refused.raw
    assert "the secret of the house" in caplog.text
    assert "tv_one" not in caplog.text
