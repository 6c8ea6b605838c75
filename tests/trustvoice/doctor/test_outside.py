"""What the doctor hears from M-Pesa, Telegram and the internet."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
import respx

from tests.trustvoice.doctor.patients import DARAJA, NOW, PUBLIC, TELEGRAM, patient, statuses, told
from tests.trustvoice.env_file import TOKEN
from trustvoice.doctor import addresses, clock, daraja, public, telegram

BOT = f"{TELEGRAM}/bot{TOKEN}"
NOT_JSON = httpx.Response(400, json={"ResultCode": 1, "ResultDesc": "Not JSON"})
CALLBACK = f"{PUBLIC}/webhooks/daraja"
PRODUCTION = {"MPESA_ENVIRONMENT": "production", "MPESA_SHORTCODE": "522522"}


def date(seconds: float) -> dict[str, str]:
    return {"Date": format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)}


@pytest.mark.parametrize(
    ("seconds", "status", "says"),
    [(-25, "ok", "agrees"), (40, "warning", "40 s behind M-Pesa's"), (-200, "error", "200 s ahead of M-Pesa's")],
)
async def test_a_wrong_clock_is_told(
    web: respx.Router, http: httpx.AsyncClient, seconds: float, status: str, says: str
) -> None:
    web.get(DARAJA).respond(404, headers=date(seconds))
    web.get(TELEGRAM).respond(302, headers=date(0))
    of_mpesa, of_telegram = await clock.look(patient(http))
    assert says in told([of_mpesa], status)
    assert told([of_telegram], "ok") == "agrees with Telegram's"


async def test_nobody_to_compare_the_clock_with_is_a_warning(web: respx.Router, http: httpx.AsyncClient) -> None:
    web.get(DARAJA).mock(side_effect=httpx.ConnectError("no route"))
    web.get(TELEGRAM).respond(200)
    assert statuses(await clock.look(patient(http))) == ["warning", "warning"]


async def test_the_token_is_named_by_its_bot(web: respx.Router, http: httpx.AsyncClient) -> None:
    web.post(f"{BOT}/getMe").respond(json={"ok": True, "result": {"username": "give_bot"}})
    assert told(await telegram.look_at_token(patient(http)), "ok") == "belongs to @give_bot"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx.Response(401, json={"ok": False, "description": "Unauthorized"}), "refuses the token: Unauthorized"),
        (httpx.Response(200, text="<html>"), "does not answer as Telegram's Bot API"),
        (httpx.ConnectError("no route"), "cannot be reached (no route)"),
        (httpx.ReadTimeout("slow"), "no answer in time"),
    ],
)
async def test_no_bot_is_an_error(web: respx.Router, http: httpx.AsyncClient, answer: Any, says: str) -> None:
    web.post(f"{BOT}/getMe").mock(side_effect=[answer])
    said = told(await telegram.look_at_token(patient(http)), "error")
    assert says in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    ("mode", "info", "status", "says"),
    [
        ("polling", {"url": "", "pending_update_count": 2}, "ok", "by polling, 2 wait"),
        ("polling", {"url": "https://else.example/hook"}, "error", "Telegram calls https://else.example/hook"),
        ("polling", {"url": "", "pending_update_count": 500}, "warning", "500 wait"),
        ("webhook", {"url": f"{PUBLIC}/webhooks/telegram"}, "ok", "by webhook"),
        ("webhook", {"url": ""}, "error", "Telegram calls nobody"),
        (
            "webhook",
            {
                "url": f"{PUBLIC}/webhooks/telegram",
                "last_error_date": NOW.timestamp() - 60,
                "last_error_message": "Connection refused",
            },
            "warning",
            "Connection refused",
        ),
        ("webhook", {"url": f"{PUBLIC}/webhooks/telegram", "last_error_date": NOW.timestamp() - 90_000}, "ok", "by"),
    ],
)
async def test_the_webhook_must_fit_the_mode(
    web: respx.Router, http: httpx.AsyncClient, mode: str, info: dict[str, Any], status: str, says: str
) -> None:
    web.post(f"{BOT}/getWebhookInfo").respond(json={"ok": True, "result": info})
    assert says in told(await telegram.look_at_updates(patient(http, TELEGRAM_MODE=mode)), status)


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (httpx.Response(200, json={"access_token": "abc", "expires_in": "3599"}), "ok", "grants a token for 3599 s"),
        (httpx.Response(400), "error", "refuses the app: HTTP 400"),  # sandbox keys in production: an empty body
        (httpx.Response(503), "error", "HTTP 503"),
        (httpx.ConnectError("no route"), "error", "no access token"),
    ],
)
async def test_the_apps_credentials_are_tried(
    web: respx.Router, http: httpx.AsyncClient, answer: Any, status: str, says: str
) -> None:
    web.get(f"{DARAJA}/oauth/v1/generate").mock(side_effect=[answer])
    assert says in told(await daraja.look_at_credentials(patient(http)), status)


async def test_callback_addresses_that_lead_here_are_fine(web: respx.Router, http: httpx.AsyncClient) -> None:
    route = web.post(CALLBACK).mock(return_value=NOT_JSON)
    assert PUBLIC in told(await addresses.look(patient(http)), "ok")
    assert route.calls.last.request.content == b""  # nothing that could be stored


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        ({"MPESA_CALLBACK_URL": "https://give.example.org/webhooks/mpesa"}, "warning", "contains mpesa"),
        ({"PUBLIC_URL": "https://sqlserver.example.org"}, "warning", "contains sql"),
        ({"PUBLIC_URL": "http://192.168.1.10:8001"}, "error", "only this network knows"),
        ({"PUBLIC_URL": "http://localhost:8001"}, "error", "only this network knows"),
        ({"PUBLIC_URL": "https://abc.ngrok-free.app", **PRODUCTION}, "error", "a tunnel"),
    ],
)
async def test_an_address_that_safaricom_would_not_call_is_told(
    web: respx.Router, http: httpx.AsyncClient, more: dict[str, str], status: str, says: str
) -> None:
    web.post(url__regex=".*").mock(return_value=NOT_JSON)
    assert says in told(await addresses.look(patient(http, **more)), status)


async def test_a_rehearsal_may_use_this_machines_own_address(web: respx.Router, http: httpx.AsyncClient) -> None:
    web.post(url__regex=".*").mock(return_value=NOT_JSON)
    local = {"PUBLIC_URL": "http://127.0.0.1:8001", "MPESA_BASE_URL": "http://127.0.0.1:8100/daraja"}
    assert statuses(await addresses.look(patient(http, **local))) == ["ok"]


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (httpx.Response(404, text="nginx"), "error", "answers 404"),
        (httpx.Response(200, text="hello"), "error", "not as TrustVoice"),
        (httpx.Response(403), "warning", "refuses calls from here"),
        (httpx.ConnectError("refused"), "error", "cannot be reached"),
    ],
)
async def test_a_callback_address_that_leads_elsewhere_is_told(
    web: respx.Router, http: httpx.AsyncClient, answer: Any, status: str, says: str
) -> None:
    web.post(CALLBACK).mock(side_effect=[answer])
    assert says in told(await addresses.look(patient(http)), status)


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (httpx.Response(200, json={"status": "ok"}), "ok", "leads to a running TrustVoice"),
        (httpx.Response(502, text="Bad Gateway"), "error", "answers 502"),
        (httpx.Response(200, json=["ok"]), "error", "not as TrustVoice"),
        (httpx.ConnectError("refused"), "error", "cannot be reached"),
    ],
)
async def test_the_public_address_must_lead_here(
    web: respx.Router, http: httpx.AsyncClient, answer: Any, status: str, says: str
) -> None:
    web.get(f"{PUBLIC}/healthz").mock(side_effect=[answer])
    assert says in told(await public.look_at_address(patient(http)), status)


def test_a_certificate_that_ends_soon_is_a_warning() -> None:
    assert "until 2026-12-01" in told([public.judged("give.example.org", NOW + timedelta(days=9), NOW)], "warning")
    assert "until 2027-02-20" in told([public.judged("give.example.org", NOW + timedelta(days=90), NOW)], "ok")


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (httpx.Response(200, json={"status": "ready", "storage": "ok", "telegram": "ok"}), "ok", "runs at"),
        (
            httpx.Response(200, json={"status": "ready", "telegram": "out of reach"}),
            "error",
            "telegram is out of reach",
        ),
        (httpx.Response(503, json={"status": "not ready", "storage": "out of reach"}), "error", "storage is out of"),
        (httpx.Response(200, text="hello"), "error", "another program"),
        (httpx.ConnectError("refused"), "warning", "does not answer"),
    ],
)
async def test_the_running_program_tells_how_it_is(
    web: respx.Router, http: httpx.AsyncClient, answer: Any, status: str, says: str
) -> None:
    web.get("http://127.0.0.1:8001/readyz").mock(side_effect=[answer])
    assert says in told(await public.look_at_program(patient(http, HOST="0.0.0.0")), status)
