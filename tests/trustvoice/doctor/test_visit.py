"""A whole visit: from the settings, right or wrong, to the lines and the exit code."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from tests.trustvoice.doctor.patients import patient
from tests.trustvoice.env_file import ENOUGH, TOKEN
from trustvoice.cli import main as cli
from trustvoice.doctor import daraja, mail
from trustvoice.doctor.checks import CHECKS
from trustvoice.doctor.examine import examine
from trustvoice.doctor.lines import Finding, Line, Status, ok
from trustvoice.doctor.patient import Check, Patient
from trustvoice.doctor.scrubbing import scrubbed
from trustvoice.doctor.visit import visit
from trustvoice.mail.smtp_url import Privacy, SmtpServer
from trustvoice.settings.legible import load_what_can_be_read
from trustvoice.settings.loading import load
from trustvoice.settings.model import Settings

NOBODY = "http://127.0.0.1:1"
ALONE = {"MPESA_BASE_URL": NOBODY, "TELEGRAM_API_URL": NOBODY, "PUBLIC_URL": NOBODY, "PORT": "1"}
INITIATOR = ("mpesa_initiator_name", "mpesa_initiator_password", "mpesa_certificate_file", "mpesa_security_credential")


def write(**more: str) -> None:
    values = {**ENOUGH, **ALONE, **more}
    Path(".env").write_text("".join(f"{name}='{value}'\n" for name, value in values.items()))
    Path(".env").chmod(0o600)


def by_name(lines: list[Line]) -> dict[str, list[Line]]:
    return {line.name: [each for each in lines if each.name == line.name] for line in lines}


async def test_without_any_settings_the_only_line_says_how_to_begin() -> None:
    [line] = await visit()
    assert (line.name, line.status) == ("settings", Status.ERROR)
    assert "install -m 600 .env.example .env" in line.remedy


async def test_each_wrong_setting_is_a_line_and_the_rest_is_looked_at() -> None:
    write(MPESA_SHORTCODE="x", TELEGRAM_BOT_TOKEN="canary", PAYOUT_APPROVALS="none")
    found = by_name(await visit())
    assert [line.found.split()[0] for line in found["settings"]] == [
        "TELEGRAM_BOT_TOKEN",
        "MPESA_SHORTCODE",
        "PAYOUT_APPROVALS",
    ]
    assert all(line.status is Status.ERROR and line.remedy for line in found["settings"])
    assert "m-pesa credentials" in found
    assert not {"telegram token", "telegram updates", "payout approvals", "payouts"} & found.keys()
    assert list(Path().iterdir()) == [Path(".env")]


async def test_no_tunnel_is_an_error_and_no_address_is_looked_at() -> None:
    write(PUBLIC_URL="auto", NGROK_API_URL=NOBODY)
    found = by_name(await visit())
    assert found["ngrok"][0].status is Status.ERROR
    assert found["ngrok"][0].remedy == "Start the tunnel with: ngrok http 1"
    assert not {"public address", "callback addresses", "telegram updates"} & found.keys()


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"MPESA_INITIATOR_NAME": "testapi"}, INITIATOR),
        ({"MPESA_TRANSACTION_TYPE": "CustomerBuyGoodsOnline"}, ("mpesa_party_b",)),
        ({"DATABASE_URL": "postgresql+asyncpg://a:b@c/d"}, ("secret_key",)),
        ({"MPESA_ENVIRONMENT": "prod", "PORT": "http"}, ("mpesa_environment", "port")),
        ({"MPESA_SHORTKODE": "174379"}, ()),
    ],
)
def test_what_is_wrong_hides_only_what_depends_on_it(more: dict[str, str], wrong: tuple[str, ...]) -> None:
    write(**more)
    legible = load_what_can_be_read()
    assert legible.sentences
    assert legible.settings
    assert legible.wrong == frozenset(wrong)
    assert legible.settings.telegram_bot_token.get_secret_value() == TOKEN


def test_the_checks_name_settings_that_there_are() -> None:
    needed = {name for check in CHECKS for name in check.needs}
    assert needed <= Settings.model_fields.keys()


async def test_a_check_that_breaks_or_hangs_hides_no_other(http: httpx.AsyncClient) -> None:
    async def breaks(_patient: Patient) -> list[Finding]:
        raise KeyError("what nobody thought of")

    async def hangs(_patient: Patient) -> list[Finding]:
        await asyncio.Event().wait()
        return []

    async def works(_patient: Patient) -> list[Finding]:
        return [ok("well\n and good")]

    checks = [Check("a", breaks), Check("b", hangs, within_s=0.01), Check("c", works)]
    broken, hung, well = await examine(patient(http), checks, frozenset())
    assert (broken.status, "KeyError" in broken.found) == (Status.ERROR, True)
    assert (hung.status, hung.found) == (Status.ERROR, "no answer within 0.01 s")
    assert (well.status, well.found) == (Status.OK, "well and good")


def test_no_secret_is_printed_whoever_quotes_it() -> None:
    write(
        DATABASE_URL="postgresql+asyncpg://someone:canary-of-database@db/trustvoice",
        SECRET_KEY="canary-of-the-key-0123456789abcdefgh",
        SMTP_URL="smtp://me:canary-of-mail@mail.example.org",
    )
    settings = load()
    quoted = [
        "canary-of-database",
        "canary-of-the-key-0123456789abcdefgh",
        "canary-of-mail",
        ENOUGH["MPESA_CONSUMER_SECRET"],
        ENOUGH["MPESA_PASSKEY"],
        TOKEN,
        "254708374149",
    ]
    [line] = scrubbed([Line("a", Status.ERROR, " ".join(quoted), quoted[0])], settings)
    assert not [secret for secret in quoted if secret in line.found + line.remedy]


@pytest.mark.parametrize(
    ("more", "statuses"),
    [
        ({}, ["ok"]),
        ({"MPESA_INITIATOR_NAME": "api", "MPESA_SECURITY_CREDENTIAL": "QUJD"}, ["warning"]),
        ({"MPESA_INITIATOR_NAME": "api", "MPESA_SECURITY_CREDENTIAL": "QUJD", "MPESA_B2C_SHORTCODE": "600999"}, ["ok"]),
        (
            {"MPESA_INITIATOR_NAME": "api", "MPESA_SECURITY_CREDENTIAL": "QUJD", "MPESA_B2C_VERSION": "v1"},
            ["warning", "warning"],
        ),
    ],
)
async def test_a_shortcode_that_was_not_set_and_b2c_v1_are_warnings(
    http: httpx.AsyncClient, more: dict[str, str], statuses: list[str]
) -> None:
    assert [finding.status.value for finding in await daraja.look_at_payouts(patient(http, **more))] == statuses


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"MPESA_BASE_URL": "https://api.safaricom.co.ke"}, "MPESA_BASE_URL is that of production"),
        (
            {"MPESA_ENVIRONMENT": "production", "MPESA_SHORTCODE": "522522", "MPESA_PASSKEY": daraja.SANDBOX_PASSKEY},
            "from the sandbox: MPESA_PASSKEY",
        ),
    ],
)
async def test_a_mix_of_sandbox_and_production_is_an_error(
    http: httpx.AsyncClient, more: dict[str, str], says: str
) -> None:
    [finding] = await daraja.look_at_environment(patient(http, **more))
    assert finding.status is Status.ERROR
    assert says in finding.found


async def test_a_mail_server_that_is_away_is_an_error_and_none_is_fine(http: httpx.AsyncClient) -> None:
    assert (await mail.enter(SmtpServer("127.0.0.1", 1, Privacy.NONE))).status is Status.ERROR
    [off] = await mail.look(patient(http))
    assert off.status is Status.OK


def test_the_command_prints_lines_or_json_and_exits_with_1_on_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write()
    root, level = logging.getLogger(), logging.getLogger().level
    monkeypatch.setattr(root, "handlers", root.handlers.copy())
    for words in (["doctor"], ["doctor", "--json"]):
        monkeypatch.setattr(sys, "argv", ["trustvoice", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 1
    root.setLevel(level)
    structlog.reset_defaults()
    said = capsys.readouterr()
    for_people, _, for_programs = said.out.partition("to look at.\n")
    assert "✗ telegram token" in for_people
    assert "→" in for_people
    lines: list[dict[str, Any]] = json.loads(for_programs)
    assert {"name", "status", "found", "remedy"} == set(lines[0])
    assert {line["status"] for line in lines} <= {"ok", "warning", "error"}
    assert all(bool(line["remedy"]) is (line["status"] != "ok") for line in lines)
    assert said.err == ""
