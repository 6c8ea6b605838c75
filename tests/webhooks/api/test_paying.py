"""Payouts over HTTP: two people's keys, four eyes."""

import pytest

from fundraising.people.api_keys import KeyRole
from fundraising.people.roles import Role
from tests.fundraising.xlsx import sheet, workbook
from tests.webhooks.api.conftest import OWNERS, PAYOUT, Api
from webhooks.api.parsing import XLSX


@pytest.fixture(autouse=True)
async def _money(api: Api) -> None:
    await api.fill()


async def test_one_asks_another_approves_and_it_is_paid(api: Api) -> None:
    asked = await api.post("/payouts/", PAYOUT)
    assert (asked.status, asked.body["status"], asked.body["approvals"]) == (201, "pending", [])
    approved = await api.post("/payouts/1/approve", by="two")
    assert (approved.status, approved.body["status"]) == (200, "approved")
    assert approved.body["recipient_name_differs"] is None
    await api.result(name="254712345678 - AKINYI OTIENO")
    paid = (await api.get("/payouts/1")).body
    assert paid["approvals"][0]["name"] == "two"
    assert len(paid["originator_conversation_id"]) == 19
    told = {name: value for name, value in paid.items() if not name.endswith("_at") and name != "approvals"}
    assert told == {
        "id": 1,
        "campaign_id": 1,
        "ngo_id": None,
        "batch_id": None,
        "recipient_phone": "254712345678",
        "recipient_name": "Akinyi Otieno",
        "recipient_mpesa_name": "AKINYI OTIENO",
        "recipient_name_differs": False,
        "amount": 1000,
        "currency": "KES",
        "payment_method": "mpesa_b2c",
        "conversation_id": "AG_1",
        "originator_conversation_id": paid["originator_conversation_id"],
        "transaction_id": "TKB1AAAAAA",
        "status": "completed",
        "status_message": "It is paid.",
        "failure_reason": None,
        "needs_review": None,
        "purpose": "Pipes",
        "remarks": "Pipes for Turkana",
        "requested_by": "one",
        "approvals_needed": 1,
    }
    assert paid["completed_at"] > paid["created_at"]


async def test_another_name_at_mpesa_is_told(api: Api) -> None:
    await api.post("/payouts/", PAYOUT)
    await api.post("/payouts/1/approve", by="two")
    await api.result(name="254712345678 - IRENE ABDI")
    paid = (await api.get("/payouts/1")).body
    assert (paid["recipient_mpesa_name"], paid["recipient_name_differs"]) == ("IRENE ABDI", True)


async def test_whoever_asks_cannot_approve_with_another_key_of_theirs_either(api: Api) -> None:
    await api.post("/payouts/", PAYOUT)
    person = (await api.house.use_cases.api_keys.find(1)).person.id
    await api.key("more", KeyRole.CHECKER, person)
    for key in ("one", "more"):
        refused = await api.post("/payouts/1/approve", by=key)
        assert (refused.status, refused.code) == (403, "own_request")
    assert (await api.get("/payouts/1")).body["status"] == "pending"


async def test_remarks_and_purpose_may_be_left_empty(api: Api) -> None:
    asked = await api.post("/payouts/", PAYOUT | {"purpose": None, "remarks": ""})
    assert (asked.status, asked.body["purpose"], asked.body["remarks"]) == (201, "", "Payout")


async def test_a_rejection_says_why_and_frees_the_money(api: Api) -> None:
    await api.post("/payouts/", PAYOUT)
    assert (await api.post("/payouts/1/reject", {"reason": " "}, by="two")).code == "reason_needed"
    rejected = await api.post("/payouts/1/reject", {"reason": "wrong number"}, by="two")
    assert rejected.body["status"] == "rejected"
    assert rejected.body["status_message"] == "It was rejected: wrong number"
    assert (await api.get("/campaigns/1")).body["available_amounts"] == {"KES": 50_000}
    assert (await api.post("/payouts/1/approve", by="two")).code == "already_decided"


async def test_a_failed_payout_says_why_and_is_retried(api: Api) -> None:
    await api.post("/payouts/", PAYOUT)
    await api.post("/payouts/1/approve", by="two")
    assert (await api.post("/payouts/1/retry")).code == "not_retryable"
    await api.result(8)
    failed = (await api.get("/payouts/1")).body
    assert (failed["status"], failed["failure_reason"]) == ("failed", "receiver_full")
    assert failed["status_message"] == "The recipient's M-Pesa account cannot take this amount just now."
    assert (await api.post("/payouts/1/retry")).body["status"] == "approved"
    await api.result()
    assert (await api.get("/payouts/1")).body["status"] == "completed"


async def test_a_retry_that_the_chat_would_not_offer_is_refused_with_what_to_do(api: Api) -> None:
    await api.post("/payouts/", PAYOUT)
    await api.post("/payouts/1/approve", by="two")
    await api.result(2040)
    refused = await api.post("/payouts/1/retry")
    assert (refused.status, refused.code) == (409, "retry_cannot_help")
    assert refused.body["remedy"] == "Ask for a new payout, with what was wrong put right."
    await api.post("/payouts/", PAYOUT | {"amount": 900})
    await api.post("/payouts/2/approve", by="two")
    await api.result(8)
    await api.post("/payouts/", PAYOUT | {"amount": 900})
    refused = await api.post("/payouts/2/retry")
    assert (refused.status, refused.code) == (409, "replaced_since")
    assert "duplicate_ok: true" in refused.body["remedy"]


async def test_a_shortage_is_refused_and_promises_nothing(api: Api) -> None:
    refused = await api.post("/payouts/", PAYOUT | {"amount": 50_001})
    assert (refused.status, refused.code) == (409, "insufficient_funds")
    assert refused.body["title"] == "Insufficient funds"
    assert "KES 50,000 is available, KES 50,001 was asked for" in refused.body["detail"]
    assert refused.body["field"] == "amount"
    assert (await api.get("/campaigns/1")).body["reserved_amounts"] == {"KES": 0}


async def test_what_looks_like_a_duplicate_is_made_only_if_it_is_said_to_be_meant(api: Api) -> None:
    await api.post("/payouts/", PAYOUT)
    refused = await api.post("/payouts/", PAYOUT)
    assert (refused.status, refused.code, refused.body["field"]) == (409, "looks_duplicate", "duplicate_ok")
    assert "duplicate_ok: true" in refused.body["remedy"]
    assert (await api.post("/payouts/", PAYOUT | {"duplicate_ok": True})).status == 201


async def test_an_ngo_is_saved_a_second_time_only_if_it_is_said_to_be_meant(api: Api) -> None:
    ngo = {"name": "Turkana Water Trust", "phone_number": "254708374149"}
    await api.post("/ngos/", ngo)
    refused = await api.post("/ngos/", ngo)
    assert (refused.status, refused.code, refused.body["field"]) == (409, "looks_saved", "duplicate_ok")
    assert (await api.post("/ngos/", ngo | {"duplicate_ok": True})).status == 201


async def test_a_saved_ngo_lends_its_phone_and_name(api: Api) -> None:
    saved = await api.post("/ngos/", {"name": "Maji  Kwa Wote", "phone_number": "0722 000 111"})
    assert saved.body == {"id": 1, "name": "Maji Kwa Wote", "phone_number": "254722000111"}
    asked = (await api.post("/payouts/", {"campaign_id": 1, "ngo_id": 1, "amount": 500})).body
    assert asked["ngo_id"] == 1
    assert (asked["recipient_phone"], asked["recipient_name"]) == ("254722000111", "Maji Kwa Wote")
    assert (await api.get("/ngos/1")).body == (await api.get("/ngos/")).body[0]
    assert (await api.post("/payouts/", {"campaign_id": 1, "ngo_id": 9, "amount": 500})).code == "no_such_ngo"
    nobody = await api.post("/payouts/", {"campaign_id": 1, "amount": 500})
    assert (nobody.status, nobody.body["reason"]) == (422, "recipient")


async def test_a_viewer_sees_masked_numbers_no_donors_name_and_changes_nothing(api: Api) -> None:
    await api.key("viewer", KeyRole.VIEWER)
    await api.post("/ngos/", {"name": "Maji", "phone_number": "0722000111"})
    await api.post("/payouts/", PAYOUT)
    await api.post("/payouts/1/reject", {"reason": "call 0712 345 678 first"}, by="two")
    seen = (await api.get("/payouts/1", by="viewer")).body
    assert seen["recipient_phone"] == "2547••••5678"
    assert (seen["recipient_name"], seen["purpose"], seen["remarks"]) == (None, None, None)
    assert seen["status_message"] == "It was rejected: call ••• first"
    ngo = (await api.get("/ngos/1", by="viewer")).body
    assert (ngo["phone_number"], ngo["name"]) == ("2547••••0111", None)
    for by, name in (("viewer", None), ("two", "Wanjiku")):
        assert (await api.get("/donors/1", by=by)).body["name"] == name
        assert [each["name"] for each in (await api.get("/donors/", by=by)).body] == [name]
    for path in ("/payouts/", "/donations/", "/ngos/", "/donors/", "/campaigns/", "/payouts/1/approve"):
        refused = await api.post(path, {}, by="viewer")
        assert (refused.status, refused.code) == (403, "not_allowed")


async def test_payouts_are_listed_by_campaign_and_status(api: Api) -> None:
    for amount in (100, 200, 300):
        await api.post("/payouts/", PAYOUT | {"amount": amount})
    await api.post("/payouts/2/reject", {"reason": "no"}, by="two")
    assert [each["id"] for each in (await api.get("/payouts/?status=pending")).body] == [3, 1]
    assert [each["id"] for each in (await api.get("/payouts/campaign/1?limit=2")).body] == [3, 2]
    assert (await api.get("/payouts/?campaign_id=2")).body == []
    assert (await api.get("/payouts/campaign/2")).code == "no_such_campaign"


async def test_many_payouts_are_asked_for_as_one(api: Api) -> None:
    rows = [{**ROW, "recipient_phone": f"07123456{n:02}", "amount": 100 * n} for n in (1, 2, 3)]
    asked = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": rows})
    assert (asked.status, asked.body["total"]) == (201, 600)
    assert [each["amount"] for each in asked.body["payouts"]] == [100, 200, 300]
    assert {each["batch_id"] for each in asked.body["payouts"]} == {asked.body["batch_id"]}
    again = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": rows})
    assert again.code == "looks_duplicate"


ROW = {"recipient_name": "Akinyi Otieno", "amount": 100}


async def test_one_bad_row_of_many_is_named_and_nothing_is_made(api: Api) -> None:
    rows = [{**ROW, "recipient_phone": "0712345601"}, {**ROW, "recipient_phone": "+1 555"}]
    refused = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": rows})
    assert [(each["row"], each["field"], each["reason"]) for each in refused.body["errors"]] == [
        (2, "payouts.1.recipient_phone", "phone_number")
    ]
    rows = [{**ROW, "recipient_phone": "0712345601"}, {**ROW, "recipient_phone": "0712345602", "amount": 9}]
    refused = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": rows})
    assert (refused.status, refused.code) == (422, "bad_bulk_file")
    assert refused.body["errors"] == [
        {"row": 2, "reason": "range", "remedy": "M-Pesa sends KES 10 to KES 250,000 at a time."}
    ]
    rows = [{"ngo_id": 7, "amount": 100}]
    assert (await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": rows})).body["reason"] == "ngo_id"
    rows = [{**ROW, "recipient_phone": f"07123456{n:02}", "amount": 20_000} for n in (1, 2, 3)]
    assert (await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": rows})).code == "insufficient_funds"
    assert await api.stored() == 0


async def test_the_same_row_twice_is_refused_until_it_is_said_to_be_meant(api: Api) -> None:
    row = {**ROW, "recipient_phone": "0712345601"}
    body = {"campaign_id": 1, "payouts": [row, {**row, "recipient_phone": "254712345601"}]}
    refused = await api.post("/payouts/bulk", body)
    assert (refused.status, refused.code, refused.body["errors"][0]["row"]) == (409, "looks_duplicate", 2)
    assert "Rows 1 and 2" in refused.body["detail"]
    csv = b"name,phone,amount\nA,0712345601,100\nA,0712345601,100\n"
    path, kind = "/payouts/bulk?campaign_id=1", {"Content-Type": "text/csv"}
    assert (await api.ask("POST", path, data=csv, headers=kind)).code == "looks_duplicate"
    assert await api.stored() == 0
    assert (await api.post("/payouts/bulk", body | {"duplicate_ok": True})).status == 201
    assert (await api.ask("POST", f"{path}&duplicate_ok=true", data=csv, headers=kind)).status == 201


async def test_a_saved_ngo_is_paid_on_its_own_phone_or_not_under_its_number(api: Api) -> None:
    await api.post("/ngos/", {"name": "Maji", "phone_number": "0722000111"})
    refused = await api.post("/payouts/", PAYOUT | {"ngo_id": 1})
    assert (refused.status, refused.code, refused.body["field"]) == (422, "not_the_ngos_phone", "recipient_phone")
    row = {**ROW, "ngo_id": 1, "recipient_phone": "0712345601"}
    many = await api.post("/payouts/bulk", {"campaign_id": 1, "payouts": [row]})
    assert [(each["row"], each["reason"]) for each in many.body["errors"]] == [(1, "ngo_phone")]
    csv = b"name,phone,amount,ngo_id\nMaji,0722000111,100,1\nMaji,0712345601,100,1\n"
    kind = {"Content-Type": "text/csv"}
    file = await api.ask("POST", "/payouts/bulk?campaign_id=1", data=csv, headers=kind)
    assert [(each["row"], each["reason"]) for each in file.body["errors"]] == [(3, "ngo_phone")]
    assert await api.stored() == 0
    assert (await api.post("/payouts/", PAYOUT | {"ngo_id": 1, "recipient_phone": "0722 000 111"})).status == 201


async def test_a_workbook_is_a_bulk_payout_too(api: Api) -> None:
    file = workbook(sheet([["Jina", "Simu", "Kiasi (KES)"], ["Akinyi Otieno", 712345678.0, 150.0]]))
    asked = await api.ask("POST", "/payouts/bulk?campaign_id=1", data=file, headers={"Content-Type": XLSX})
    assert (asked.status, asked.body["total"]) == (201, 150)
    assert asked.body["payouts"][0]["recipient_phone"] == "254712345678"


async def test_a_csv_file_is_a_bulk_payout_too(api: Api) -> None:
    csv = {"Content-Type": "text/csv"}
    table = b"name,phone,amount\nAkinyi Otieno,0712345678,150\nBaraka,0712345679,250\n"
    asked = await api.ask("POST", "/payouts/bulk?campaign_id=1", data=table, headers=csv)
    assert (asked.status, asked.body["total"]) == (201, 400)
    shortened = b"name,phone,amount\nA,2.54E+11,5\n"
    refused = await api.ask("POST", "/payouts/bulk?campaign_id=1", data=shortened, headers=csv)
    assert [(each["row"], each["reason"]) for each in refused.body["errors"]] == [(2, "scientific")]
    assert (await api.ask("POST", "/payouts/", data=table, headers=csv)).code == "unsupported_media_type"


async def test_what_the_person_may_not_do_any_more_the_key_may_not_either(api: Api) -> None:
    staff = api.house.use_cases.staff
    person = (await api.house.use_cases.api_keys.find(2)).person.id
    await api.post("/payouts/", PAYOUT)
    proposal = await staff.remove(person, Role.CHECKER, by=None)
    owner = await staff.of_chat(OWNERS[0])
    assert proposal
    assert owner
    await staff.confirm(proposal.id, by=owner.id)
    assert (await api.post("/payouts/1/approve", by="two")).code == "not_allowed"
    assert (await api.get("/payouts/1", by="two")).status == 200
