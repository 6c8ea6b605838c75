import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import respx
import structlog

from fundraising.log_context import following
from trustvoice.running.worker import payment_in
from trustvoice.watching import logs

PHONE = "254708374149"
BOT_TOKEN = "7012345678:AAHcanaryTokenThatNobodyMaySee_12345"
CALLBACK_TOKEN = "3fa9" * 16
CHANGED = ["", "httpx", "httpcore", "aiohttp.access"]

Stderr = Callable[[], str]
log = logging.getLogger("bot.giving.donate")


@pytest.fixture(autouse=True)
def _leave_logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in CHANGED}
    before = list(root.handlers)
    monkeypatch.setattr(root, "handlers", before.copy())
    yield
    for handler in [handler for handler in root.handlers if handler not in before]:
        handler.close()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def stderr(capsys: pytest.CaptureFixture[str]) -> Stderr:
    """What was written to it since it was last asked for."""
    return lambda: capsys.readouterr().err


def event_in(line: str) -> dict[str, object]:
    event = json.loads(line)
    assert isinstance(event, dict)
    return event


def log_a_failure(message: str, *values: str) -> None:
    try:
        raise_with(*values)
    except ValueError:
        log.exception(message)


def raise_with(value: str, cause: str = "") -> None:
    raise ValueError(value) from KeyError(cause)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("phone 254708374149 paid", "phone 254…149 paid"),
        ("phone 254110374149 paid", "phone 254…149 paid"),
        ("+254708374149", "+254…149"),
        ("+254 708 374 149", "+254 … 149"),
        ("0708374149,0110374149", "0…149,0…149"),
        ("0708-374-149", "0…-149"),
        ("?phone=%2B254708374149", "?phone=%2B254…149"),
        ("?phone=%20254708374149", "?phone=%20254…149"),
        ("ws_CO_07022026153024404708374149", "ws_CO_070220261…"),
        (f"POST /bot{BOT_TOKEN}/getMe", "POST /bot…/getMe"),
        (f"/webhooks/daraja/{CALLBACK_TOKEN}", "/webhooks/daraja/…"),
        (f"/webhooks/daraja/{CALLBACK_TOKEN.upper()}", "/webhooks/daraja/…"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("authorization: bearer abc.def", "authorization: bearer …"),
        ("Authorization: Basic Y2FuYXJ5OmNhbmFyeQ==", "Authorization: Basic …"),
    ],
)
def test_what_is_private_is_masked(text: str, masked: str) -> None:
    assert logs.redact(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "receipt TKM4H7X2QP",
        "AG_20191219_00005797af5d7d75f652",
        "29115-34620561-1",
        "2026-11-22T20:47:58.123456Z",
        "20261122204758",
        "KES 1,250,000 of donation 17",
        "Basic information",
        "127.0.0.1:8001",
        "e58ed763-928c-4155-bee9-fdbaaadc15f3",
    ],
)
def test_what_is_not_private_is_left_alone(text: str) -> None:
    assert logs.redact(text) == text


def canaries_in(text: str) -> list[str]:
    return [canary for canary in (PHONE, PHONE[3:], BOT_TOKEN, BOT_TOKEN[-12:], CALLBACK_TOKEN) if canary in text]


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_canaries_do_not_get_through_by_any_way(log_format: str, stderr: Stderr, tmp_path: Path) -> None:
    file = tmp_path / "t.log"
    logging.getLogger().handlers.clear()  # pytest's own raises where arguments do not fit
    logs.configure("json" if log_format == "json" else "console", file)
    nested = {"phone": PHONE, PHONE: [int(PHONE), (BOT_TOKEN,)], "url": httpx.URL(f"https://x/{CALLBACK_TOKEN}")}
    log.info("%s %s %s %s", PHONE, BOT_TOKEN, CALLBACK_TOKEN, nested)
    log.info("number %d, list %s", int(PHONE), [PHONE])
    log.info("extra", extra={"phone": PHONE, "number": int(PHONE), "nested": nested, "raw": PHONE.encode()})
    log.info(PHONE, stack_info=True)
    log.info("these do not fit %d", PHONE)
    structlog.get_logger("ours").info("event", phone=PHONE, nested=nested)
    log_a_failure("while paying", f"{PHONE} {BOT_TOKEN}", CALLBACK_TOKEN)
    for written in (stderr(), file.read_text()):
        assert "while paying" in written
        assert "ValueError" in written
        assert "these do not fit" in written
        assert canaries_in(written) == []


@respx.mock
async def test_telegrams_addresses_are_not_logged_by_httpx(stderr: Stderr) -> None:
    logs.configure("console")
    respx.get(url__regex=r".*getMe").respond(200)
    async with httpx.AsyncClient() as client:
        await client.get(f"https://api.telegram.org/bot{BOT_TOKEN}/getMe")
    assert stderr() == ""


def test_a_warning_of_httpx_is_logged_without_the_token(stderr: Stderr) -> None:
    logs.configure("console")
    logging.getLogger("httpx").warning("https://api.telegram.org/bot%s/getMe", BOT_TOKEN)
    assert "https://api.telegram.org/bot…/getMe" in stderr()


def test_aiohttps_access_log_is_off() -> None:
    logs.configure("console")
    assert not logging.getLogger("aiohttp.access").isEnabledFor(logging.INFO)


def test_a_line_of_json_has_time_in_utc_level_logger_and_event(stderr: Stderr) -> None:
    logs.configure("json")
    log.warning("donation %s is late", 17, extra={"attempt": 3})
    event = event_in(stderr())
    at = datetime.fromisoformat(str(event.pop("timestamp")))
    assert at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert event == {"level": "warning", "logger": "bot.giving.donate", "event": "donation 17 is late", "attempt": 3}


def test_a_line_for_people_has_them_too(stderr: Stderr) -> None:
    logs.configure("console")
    log.warning("donation %s is late", 17, extra={"attempt": 3})
    at, rest = stderr().split(" ", 1)
    assert at.endswith("Z")
    assert rest == "warning bot.giving.donate: donation 17 is late attempt=3\n"


def test_debug_is_not_logged(stderr: Stderr) -> None:
    logs.configure("console")
    log.debug("detail")
    assert stderr() == ""


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("control", ["\n", "\r", "\x1b[2J", "\x00", "\x85", "\u2028", "\u202e"])
def test_a_message_cannot_write_a_line_of_its_own(log_format: str, control: str, stderr: Stderr) -> None:
    logs.configure("json" if log_format == "json" else "console")
    forged = f"Amina{control}2026-01-01T00:00:00Z info webhooks.mpesa: paid"
    log.info("donor %s", forged, extra={"name_given": forged})
    written = stderr()
    assert len(written.splitlines()) == 1
    assert control[0] not in written.removesuffix("\n")


def test_an_exceptions_message_cannot_write_a_line_of_its_own(stderr: Stderr) -> None:
    logs.configure("console")
    log_a_failure("broken", "Amina\n2026-01-01T00:00:00Z info webhooks.mpesa: paid")
    first, *others = stderr().splitlines()
    assert first.endswith("error bot.giving.donate: broken")
    assert any("webhooks.mpesa: paid" in other for other in others)
    assert all(other.startswith("    ") for other in others)


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("name", ["mpesa.client", "webhooks.mpesa"])
def test_what_passes_between_mpesa_and_us_is_found_by_grep(log_format: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "logs" / "trustvoice.log"
    logs.configure("json" if log_format == "json" else "console", file)
    logging.getLogger(name).info("push for donation 17 accepted")
    logging.getLogger(name).info("M-Pesa callback stored")
    log.info("something else")
    found = [written for written in file.read_text().splitlines() if "M-Pesa" in written]
    assert len(found) == 2
    assert "M-Pesa: push for donation 17 accepted" in found[0]
    assert "M-Pesa: M-Pesa" not in found[1]


def test_the_file_gets_the_same_lines_as_stderr(stderr: Stderr, tmp_path: Path) -> None:
    logs.configure("json", tmp_path / "deep" / "down" / "t.log")
    log.info("Harambee ya Mwalimu Ngũgĩ")
    assert (tmp_path / "deep" / "down" / "t.log").read_text() == (written := stderr())
    assert "Ngũgĩ" in written


def test_text_that_is_not_valid_unicode_is_logged_all_the_same(tmp_path: Path) -> None:
    program = (
        "import logging, pathlib; from trustvoice.watching import logs; "
        "logs.configure('console', pathlib.Path('t.log')); "
        "logging.getLogger('t').info('broken ' + chr(0xD800) + ' name')"
    )  # in a process of its own: what runs the tests could not pass such text on
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True)
    assert "broken" in (tmp_path / "t.log").read_text()


def test_the_file_is_renamed_when_full_and_only_the_last_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 1000)
    logs.configure("console", tmp_path / "t.log")
    for number in range(200):
        log.info("line %s", number)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["t.log", *(f"t.log.{number}" for number in range(1, 6))]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())
    assert "line 199" in (tmp_path / "t.log").read_text()


def test_configuring_again_writes_each_line_once(stderr: Stderr) -> None:
    logs.configure("console")
    logs.configure("json")
    log.info("once")
    assert event_in(stderr())["event"] == "once"


def test_what_another_handler_notes_on_the_record_is_not_logged_twice(stderr: Stderr) -> None:
    other = logging.StreamHandler(io.StringIO())
    other.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.getLogger().addHandler(other)
    logs.configure("json")
    log.info("once")
    assert set(event_in(stderr())) == {"timestamp", "level", "logger", "event"}


def test_facts_that_the_message_tells_are_not_told_again_for_people(stderr: Stderr) -> None:
    logs.configure("console")
    facts = {"mpesa_call": "stk_push", "http_status": 200, "mpesa_message": "all is well"}
    text = " ".join(f"{key}={value}" for key, value in facts.items())
    logging.getLogger("mpesa").info("M-Pesa %s", text, extra={**facts, "attempt": 2})
    assert stderr().split(" ", 1)[1] == f"info mpesa: M-Pesa {text} attempt=2\n"


def test_a_fact_that_only_begins_like_one_in_the_message_is_told(stderr: Stderr) -> None:
    logs.configure("console")
    log.info("attempt=35 of many", extra={"attempt": 3})
    assert stderr().endswith("attempt=35 of many attempt=3\n")


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_every_line_written_on_behalf_of_a_payment_carries_its_name(log_format: str, stderr: Stderr) -> None:
    logs.configure("json" if log_format == "json" else "console")
    with following("donation", 17):
        log.info("pushed")
        structlog.get_logger("ours").info("told")
    log.info("something else")
    first, second, other = stderr().splitlines()
    wanted = "payment=donation:17" if log_format == "console" else '"payment": "donation:17"'
    assert wanted in first
    assert wanted in second
    assert "donation:17" not in other


async def test_the_name_goes_along_into_tasks_and_threads(stderr: Stderr) -> None:
    logs.configure("console")
    with following("payout", 3):
        await asyncio.gather(asyncio.create_task(speak()), asyncio.to_thread(log.info, "from a thread"))
    assert stderr().count("payment=payout:3") == 2


async def speak() -> None:
    log.info("from a task")


@pytest.mark.parametrize(
    ("payload", "name"),
    [({"donation_id": 17, "donor_id": 4}, "donation:17"), ({"payout_id": 3, "batch_id": 1}, "payout:3"), ({}, None)],
)
def test_a_job_is_followed_by_what_its_payload_names(payload: dict[str, int], name: str | None) -> None:
    assert payment_in(payload) == name
