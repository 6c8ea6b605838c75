"""The .env file: what cannot be read for sure is said, with its line, and never with a value."""

from pathlib import Path

import pytest

from tests.trustvoice.env_file import ENOUGH, KEY, settings, the_complaint
from trustvoice.doctor.visit import visit
from trustvoice.settings.loading import SettingsError, load, nothing_set, strange_names

pytestmark = pytest.mark.usefixtures("nothing_set_and_a_folder_to_itself")
IN_ORDER = "".join(f"{name}={value}\n" for name, value in ENOUGH.items())


def complaints_about(text: str | bytes) -> list[str]:
    Path(".env").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError) as refused:
        load()
    return refused.value.sentences


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
async def test_a_file_saved_as_unicode_by_windows_is_a_sentence_everywhere(encoding: str) -> None:
    [sentence] = complaints_about(IN_ORDER.encode(encoding))
    assert sentence.startswith(".env is UTF-16 text, which Windows also calls Unicode. Save it as UTF-8")
    assert not nothing_set({})
    [line] = await visit()
    assert (line.name, line.status, line.found) == ("settings", "error", sentence.partition(". ")[0])


def test_a_file_in_another_encoding_is_named_with_the_line() -> None:
    [sentence] = complaints_about(f"{IN_ORDER}MAIL_FROM=Säule <a@b.org>\n".encode("latin-1"))
    assert sentence.startswith(f".env is not UTF-8 text in line {len(ENOUGH) + 1}. ")


def test_a_line_that_sets_nothing_is_named_and_not_quoted() -> None:
    found = complaints_about(f"# first\n{IN_ORDER}\n\nPAYOUT_APPROVALS 2canary\nLOW_FLOAT\n=canary\n")
    at = len(ENOUGH) + 4
    assert [sentence.partition(": ")[0] for sentence in found] == [f".env, line {at + n}" for n in range(3)]
    assert all("is not of the form NAME=value." in sentence for sentence in found)
    assert "canary" not in "".join(found)


def test_a_name_that_is_set_twice_is_refused_with_both_lines() -> None:
    [sentence] = complaints_about(f"PAYOUT_APPROVALS=2\n{IN_ORDER}payout_approvals=1\n")
    assert sentence == f".env, lines 1 and {len(ENOUGH) + 2}: PAYOUT_APPROVALS is set more than once. Keep one of them."


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("PAYOUT_APROVALS", "PAYOUT_APPROVALS"),
        ("payout_approval", "PAYOUT_APPROVALS"),
        ("PAYOUT_APPROVERS", "PAYOUT_APPROVALS"),
        ("APPROVALS_EXPIRES", "APPROVAL_EXPIRES"),
        ("SECRETKEY", "SECRET_KEY"),
        ("ADMIN_TELEGRAM_ID", "ADMIN_TELEGRAM_IDS"),
        ("SECRET_KEY_FIEL", "SECRET_KEY_FILE"),
    ],
)
def test_a_slip_of_the_pen_is_refused_with_the_name_that_was_meant(slip: str, meant: str) -> None:
    expected = f"{slip.upper()} in .env is not a setting of TrustVoice. Did you mean {meant}?"
    assert the_complaint(**{slip: "2"}) == expected


def test_a_slip_in_the_environment_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYOUT_APROVALS", "2")
    assert the_complaint() == "PAYOUT_APROVALS is not a setting of TrustVoice. Did you mean PAYOUT_APPROVALS?"
    monkeypatch.setenv("PAYOUT_APROVALS", "")
    monkeypatch.setenv("TELEGRAM_CHAT", "of another program")
    monkeypatch.setenv("PORTS", "8000")
    assert settings().payout_approvals == ((0, 1),)


async def test_what_is_like_none_of_our_names_is_let_through_and_told() -> None:
    settings(PAYOUT_DAY="friday", SENTRY_DSN="x", POSTGRES_PASSWORD="p", COMPOSE_PROJECT_NAME="p", HTTPS_PROXY="p")
    assert strange_names() == ["PAYOUT_DAY", "SENTRY_DSN"]
    told = [(line.status, line.found.split()[0]) for line in await visit() if "no effect here" in line.found]
    assert told == [("warning", "PAYOUT_DAY"), ("warning", "SENTRY_DSN")]


def test_each_secret_may_lie_in_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "TELEGRAM_BOT_TOKEN": "1001:token-in-a-file",
        "MPESA_CONSUMER_KEY": "key-in-a-file",
        "MPESA_CONSUMER_SECRET": "secret-in-a-file",
        "MPESA_PASSKEY": "passkey-in-a-file",
        "MPESA_INITIATOR_PASSWORD": "password in a file",
        "MPESA_SECURITY_CREDENTIAL": "QUJD",
        "SECRET_KEY": KEY,
        "SMTP_URL": "smtp://mail.example.org",
        "DATABASE_URL": "postgresql+asyncpg://user:password@db/trustvoice",
    }
    for name, value in secrets.items():
        Path(name).write_text(f"{value}\n")
    monkeypatch.setenv("SECRET_KEY_FILE", "SECRET_KEY")
    named = {f"{name}_FILE": name for name in secrets if name != "SECRET_KEY"}
    empty = {name: "" for name in secrets if name in ENOUGH}
    given = settings(**empty, **named, MPESA_INITIATOR_NAME="api")
    found = {name: getattr(given, name.lower()) for name in secrets}
    assert {name: getattr(each, "get_secret_value", lambda e=each: e)() for name, each in found.items()} == secrets


def test_a_file_of_a_secret_that_is_of_no_use_is_the_only_complaint() -> None:
    Path("empty").write_text(" \n")
    Path("bytes").write_bytes(b"\xff\xfe")
    said = {
        "no-such-file": "no-such-file cannot be read: No such file or directory.",
        ".": ". cannot be read: Is a directory.",
        "empty": "empty is empty. It holds the secret, and nothing else.",
        "bytes": "bytes is not text. It holds the secret, and nothing else.",
    }
    for path, complaint in said.items():
        assert the_complaint(MPESA_PASSKEY="", MPESA_PASSKEY_FILE=path) == f"MPESA_PASSKEY_FILE {complaint}"
    beside = the_complaint(MPESA_PASSKEY_FILE="empty")
    assert beside == "MPESA_PASSKEY_FILE is set beside the secret itself. Keep one of the two."
