"""Donors, campaigns and donations over HTTP."""

import json

from fundraising.people.api_keys import KeyRole
from fundraising.people.roles import Role
from mpesa.client import PushAccepted
from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from tests.fakes import callback
from tests.webhooks.api.conftest import DONATION, PAYOUT, Api


async def test_a_donation_is_asked_for_paid_and_read(api: Api) -> None:
    asked = await api.post("/donations/", DONATION)
    assert asked.status == 201
    assert asked.body["status"] == "pending"
    assert asked.body["payment_intent_id"] == "ws_CO_1"
    assert asked.body["message"] == "M-Pesa asks on the phone for the PIN."
    await api.house.hear(callback(shillings=1000))
    read = (await api.get(f"/donations/{asked.body['id']}")).body
    assert read["status"] == "completed"
    assert read["receipt"] == "TKM1AAAAAA"
    assert read["completed_at"] > read["created_at"]
    assert {name: read[name] for name in ("amount", "currency", "campaign_id", "donor_id")} == {
        "amount": 1000,
        "currency": "KES",
        "campaign_id": 1,
        "donor_id": 1,
    }


async def test_a_donors_number_is_masked_even_for_the_key_that_sent_it(api: Api) -> None:
    asked = await api.post("/donations/", DONATION)
    assert asked.body["phone_number"] == "2547••••4149"
    assert b"708374149" not in asked.raw


async def test_a_prompt_that_may_have_rung_is_neither_paid_nor_failed(api: Api) -> None:
    api.house.mpesa.pushes.append(Unknown("no answer within 10 s"))
    asked = (await api.post("/donations/", DONATION)).body
    assert (asked["status"], asked["payment_intent_id"], asked["failure_reason"]) == ("pending", None, None)


async def test_a_refused_prompt_tells_why(api: Api) -> None:
    api.house.mpesa.pushes.append(Failed(Reason.CONFIGURATION, "404.001.03", "Invalid Access Token"))
    asked = (await api.post("/donations/", DONATION)).body
    assert (asked["status"], asked["failure_reason"]) == ("failed", "configuration")
    assert "fault" in asked["message"]


async def test_a_donor_without_a_chat_gives_and_the_news_ends_quietly(api: Api) -> None:
    added = await api.post("/donors/", {"name": " Wanjiku  Kamau "})
    assert (added.status, added.body["name"]) == (201, "Wanjiku Kamau")
    donor_id = added.body["id"]
    assert (await api.get(f"/donors/{donor_id}")).body == added.body
    await api.post("/donations/", DONATION | {"donor_id": donor_id})
    await api.house.hear(callback(shillings=1000))
    assert await api.house.told() == ["completed"]


async def test_what_the_rules_refuse_has_a_code_and_asks_no_phone(api: Api) -> None:
    changes: list[tuple[dict[str, float], int, str]] = [
        ({"donor_id": 99}, 404, "no_such_donor"),
        ({"campaign_id": 99}, 404, "no_such_campaign"),
        ({"amount": 10.5}, 422, "not_an_amount"),
        ({"amount": 250_001}, 422, "amount_out_of_range"),
    ]
    for change, status, code in changes:
        refused = await api.post("/donations/", DONATION | change)
        assert (refused.status, refused.code) == (status, code)
        assert refused.body["type"] == f"/problems/{code}"
        assert "/campaigns" not in refused.body["detail"]
    assert api.house.mpesa.pushed == []


async def test_a_phone_that_rings_is_free_again_after_a_time_that_is_told(api: Api) -> None:
    await api.post("/donations/", DONATION)
    refused = await api.post("/donations/", DONATION)
    assert (refused.status, refused.code) == (429, "phone_busy")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Confirm" not in refused.body["detail"]


async def test_a_closed_campaign_takes_no_donation(api: Api) -> None:
    await api.house.use_cases.campaigns.close(1)
    refused = await api.post("/donations/", DONATION)
    assert (refused.status, refused.code) == (409, "campaign_closed")


async def test_a_campaign_that_reads_as_another_open_one_is_opened_with_a_word_about_it(api: Api) -> None:
    first = await api.post("/campaigns/", {"title": "Desks", "goal": 1500})
    assert first.body["same_title_as"] == []
    again = await api.post("/campaigns/", {"title": "DESKS!", "goal": 1500})
    assert (again.status, again.body["same_title_as"]) == (201, [first.body["id"]])
    await api.house.use_cases.campaigns.close(first.body["id"])
    await api.house.use_cases.campaigns.close(again.body["id"])
    assert (await api.post("/campaigns/", {"title": "Desks", "goal": 1500})).body["same_title_as"] == []


async def test_a_campaign_shows_what_came_in_went_out_and_is_left(api: Api) -> None:
    added = await api.post("/campaigns/", {"title": "Desks", "goal": "1500.50", "story": "For Kibera."})
    assert (added.status, added.body["slug"], added.body["goal"]) == (201, "desks", 1500.5)
    assert b'"goal":1500.5,' in added.raw
    assert added.body["raised_amounts"] == {"KES": 0}
    await api.fill(50_000)
    for amount in (1000, 2000):
        await api.post("/payouts/", PAYOUT | {"amount": amount})
    await api.post("/payouts/1/approve", by="two")
    await api.result()
    shown = (await api.get("/campaigns/1")).body
    assert shown["raised_amounts"] == {"KES": 50_000}
    assert shown["paid_amounts"] == {"KES": 1000}
    assert shown["reserved_amounts"] == {"KES": 2000}
    assert shown["available_amounts"] == {"KES": 47_000}
    assert (shown["donors"], shown["status"], shown["title"]) == (1, "open", "Water for Turkana")
    assert [each["id"] for each in (await api.get("/campaigns")).body] == [2, 1]


async def test_donations_are_listed_by_campaign_and_status_page_by_page(api: Api) -> None:
    await api.post("/campaigns/", {"title": "Desks", "goal": 1000})
    for n in range(5):
        await api.post("/donations/", DONATION | {"phone_number": f"07083741{n:02}", "campaign_id": 1 + n % 2})
    await api.house.hear(callback("ws_CO_5", shillings=1000))
    assert [each["id"] for each in (await api.get("/donations/?campaign_id=1")).body] == [5, 3, 1]
    assert [each["id"] for each in (await api.get("/donations?status=completed")).body] == [5]
    seen, path = [], "/donations/?limit=2&status=pending"
    while path:
        page = await api.get(path)
        seen.append([each["id"] for each in page.body])
        link = page.headers.get("Link", "")
        assert not link or link.endswith('>; rel="next"')
        path = link.partition(">")[0].removeprefix("<")
    assert seen == [[4, 3], [2, 1]]


async def test_a_page_that_cannot_be_is_refused(api: Api) -> None:
    for path in ("/donations/?limit=0", "/donors/?limit=101", "/ngos/?cursor=x", "/payouts/?status=x"):
        assert (await api.get(path)).code == "invalid_fields"


async def test_every_list_answers_with_and_without_the_slash(api: Api) -> None:
    for path in ("/donors", "/campaigns", "/ngos", "/donations", "/payouts", "/payouts/campaign/1"):
        first, second = await api.get(path), await api.get(f"{path}/")
        assert (first.status, first.raw) == (200, second.raw)


async def test_only_an_owner_closes_a_campaign(api: Api) -> None:
    assert (await api.post("/campaigns/1/close")).code == "not_allowed"
    await api.house.use_cases.staff.add(1001, "Amina", Role.OWNER, by=None)
    amina = await api.house.use_cases.staff.of_chat(1001)
    assert amina
    await api.key("owner", KeyRole.OWNER, amina.id)
    closed = await api.post("/campaigns/1/close", by="owner")
    assert (closed.status, closed.body["status"]) == (200, "closed")


async def test_the_checkout_id_ends_in_the_payers_number_so_a_viewer_reads_it_cut_short(api: Api) -> None:
    await api.key("viewer", KeyRole.VIEWER)
    whole = "ws_CO_22112026093000708374149"
    api.house.mpesa.pushes.append(Succeeded(PushAccepted(whole, "m-1")))
    await api.post("/donations/", DONATION)
    assert (await api.get("/donations/1")).body["payment_intent_id"] == whole
    for path in ("/donations/1", "/donations/"):
        assert "708374149" not in json.dumps((await api.get(path, by="viewer")).body)
