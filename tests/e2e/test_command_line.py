"""What the command line says, to people and to programs, and with which exit code."""

import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from standins.shapes import Behaviour
from tests.e2e.commands import Ran, trustvoice
from tests.e2e.house import House, on_sqlite
from tests.trustvoice.env_file import KEY, OTHER_KEY
from trustvoice.rehearsal.child import LOOPBACK

pytestmark = pytest.mark.asyncio(loop_scope="package")
ESSENTIALS = {
    "TELEGRAM_BOT_TOKEN": "7000000001:AAOnlyForTestsAndNowhereElse000000",
    "MPESA_CONSUMER_KEY": "consumer-key-canary",
    "MPESA_CONSUMER_SECRET": "consumer-secret-canary",
    "MPESA_SHORTCODE": "174379",
    "MPESA_PASSKEY": "passkey-canary",
    "PUBLIC_URL": "https://give.example",
}


async def ran(folder: Path, *words: str, **changed: str) -> Ran:
    """With what is needed set, and nothing else; what is changed to "" is not set."""
    environment = {name: value for name, value in (ESSENTIALS | changed).items() if value}
    return await trustvoice(*words, env=environment, folder=folder)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        listening.listen()
        yield listening.getsockname()[1]


async def test_run_without_any_settings_says_how_to_start_the_demo(tmp_path: Path) -> None:
    said = await trustvoice("run", env={}, folder=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "make demo" in said.complaints
    assert "Traceback" not in said.complaints
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", ""),
        ("TELEGRAM_BOT_TOKEN", "wrong-canary"),
        ("MPESA_SHORTCODE", "17437wrong-canary"),
        ("PUBLIC_URL", "give.example"),
        ("DATABASE_URL", "postgres://someone:wrong-canary@db/trustvoice"),
        ("SECRET_KEY", "wrong-canary"),
        ("PORT", "http"),
        ("STK_QUERY_SCHEDULE", "soon"),
    ],
)
async def test_a_wrong_setting_is_named_and_its_value_is_not(tmp_path: Path, name: str, value: str) -> None:
    said = await ran(tmp_path, "run", **{name: value})
    assert (said.code, said.out) == (2, "")
    assert said.complaints.startswith(f"{name} ")
    assert "canary" not in said.complaints
    assert "Traceback" not in said.complaints


async def test_a_wrong_setting_ends_every_command_with_2(tmp_path: Path) -> None:
    for words in (["verify", "--json"], ["campaign", "list"], ["db", "upgrade"]):
        assert (await ran(tmp_path, *words, MPESA_SHORTCODE="abc")).code == 2


async def test_a_taken_port_is_named(tmp_path: Path, taken_port: int) -> None:
    said = await ran(tmp_path, "run", PORT=str(taken_port), TELEGRAM_API_URL="http://127.0.0.1:1")
    assert said.code == 2
    assert f"PORT {taken_port}" in said.complaints
    assert "Traceback" not in said.complaints


async def test_a_log_file_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("no folder")
    said = await ran(tmp_path, "run", LOG_FILE="logs/trustvoice.log")
    assert said.code == 2
    assert said.complaints.startswith("LOG_FILE logs/trustvoice.log cannot be written: ")
    assert said.complaints.count("\n") == 1


async def test_settings_that_others_can_read_are_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in ESSENTIALS.items()))
    for mode in (0o666, 0o644, 0o640):
        (tmp_path / ".env").chmod(mode)
        said = await trustvoice("campaign", "list", env={}, folder=tmp_path)
        assert (said.code, said.out) == (2, "")
        assert said.complaints == ".env holds secrets, and others can read it. Run: chmod 600 .env\n"
    (tmp_path / ".env").chmod(0o600)
    assert (await trustvoice("campaign", "list", env={}, folder=tmp_path)).code == 0
    (tmp_path / ".env").write_text("PORT 80\n")
    (tmp_path / ".env").chmod(0o644)
    all_at_once = (await trustvoice("campaign", "list", env={}, folder=tmp_path)).complaints.splitlines()
    assert [said.split()[0] for said in all_at_once[:3]] == [".env", ".env,", "TELEGRAM_BOT_TOKEN"]


async def test_nothing_that_is_written_can_be_read_by_others(tmp_path: Path, taken_port: int) -> None:
    assert (await ran(tmp_path, "campaign", "add", "--title", "Water", "--goal", "5")).code == 0
    for written_by_an_earlier_version in (tmp_path / "data").glob("trustvoice.db*"):
        written_by_an_earlier_version.chmod(0o644)
    (tmp_path / "old.log").touch(0o644)
    for log in ("old.log", "logs/new.log"):
        said = await ran(tmp_path, "run", PORT=str(taken_port), TELEGRAM_API_URL="http://127.0.0.1:1", LOG_FILE=log)
        assert "The server could not listen" in said.complaints
    assert (await ran(tmp_path, "backup")).code == 0
    assert (await ran(tmp_path, "reconcile", "--csv", "day.csv")).out
    modes = {path.relative_to(tmp_path): path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")}
    assert set(modes.values()) == {0}, modes
    assert {Path("data/trustvoice.db"), Path("logs/new.log"), Path("old.log"), Path("day.csv")} <= modes.keys()


async def test_a_database_out_of_reach_is_not_called_a_taken_port(tmp_path: Path) -> None:
    address = "postgresql+asyncpg://someone:secret-canary@127.0.0.1:1/trustvoice"
    for command in ("run", "verify"):
        said = await ran(tmp_path, command, DATABASE_URL=address, SECRET_KEY=KEY)
        assert said.code == 2
        assert "DATABASE_URL" in said.complaints
        assert "PORT" not in said.complaints
        assert "Traceback" not in said.complaints
        assert "canary" not in said.complaints


async def test_another_secret_key_than_the_databases_is_refused(tmp_path: Path) -> None:
    assert (await ran(tmp_path, "db", "upgrade", SECRET_KEY=KEY)).code == 0
    for command in ("run", "verify"):
        said = await ran(tmp_path, command, SECRET_KEY=OTHER_KEY)
        assert said.code == 2
        assert "sealed with another SECRET_KEY" in said.complaints
        assert "Traceback" not in said.complaints


@on_sqlite
async def test_a_second_run_on_the_same_file_is_refused(house: House) -> None:
    said = await house.command("run")
    assert said.code == 2
    assert "already running" in said.complaints
    assert "DATABASE_URL" in said.complaints
    assert "Traceback" not in said.complaints
    assert (await house.readiness())["storage"] == "ok"


async def test_campaigns_are_added_listed_and_closed(tmp_path: Path) -> None:
    added = await ran(tmp_path, "campaign", "add", "--title", "School desks", "--goal", "80,000")
    assert (added.code, added.out) == (0, "1\n")
    assert "Its page: https://give.example/c/school-desks\n" in added.complaints
    assert "In Telegram: https://t.me/YOUR_BOT?start=c_school-desks " in added.complaints
    again = await ran(tmp_path, "campaign", "add", "--title", "School desks", "--goal", "1500.50", "--currency", "KES")
    assert (again.code, again.out) == (0, "2\n")
    assert "Campaign 1 has the same title: donors cannot tell them apart." in again.complaints
    assert (await ran(tmp_path, "campaign", "close", "1")).code == 0
    listed = await ran(tmp_path, "campaign", "list", "--json")
    first, second = json.loads(listed.out)
    assert first.items() >= {"id": 1, "title": "School desks", "status": "closed", "goal": 80000}.items()
    assert second.items() >= {"id": 2, "status": "open", "goal": 1500.5, "raised_amounts": {}}.items()
    assert (first["slug"], second["slug"]) == ("school-desks", "school-desks-2")
    for_people = await ran(tmp_path, "campaign", "list")
    assert "School desks" in for_people.out


async def test_no_slug_or_title_is_cut_in_the_list(tmp_path: Path) -> None:
    title = "Clean water for the many families of northern Turkana"
    assert (await ran(tmp_path, "campaign", "add", "--title", title, "--goal", "80000")).code == 0
    listed = await ran(tmp_path, "campaign", "list", COLUMNS="40")
    assert title in listed.out
    assert "clean-water-for-the-many-families-of-nor" in listed.out


async def test_commands_say_nothing_of_how_the_tables_are_kept(tmp_path: Path) -> None:
    for _ in range(2):  # with tables to be made, and without
        assert await ran(tmp_path, "verify") == Ran(0, "The books hold.\n", "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("trace", "donation", "1"), "There is no donation with this id."),
        (("trace", "payout", "1"), "There is no payout with this id."),
        (("trace", "XYZ"), "Nothing is known by that name."),
        (("campaign", "close", "99"), "There is no campaign with this id. trustvoice campaign list"),
        (("admin", "remove", "9", "--role", "maker"), "There is no person with this id. trustvoice admin list"),
        (("admin", "rename", "9", "--name", "Njeri"), "There is no person with this id. trustvoice admin list"),
        (("ngo", "add", "--name", "A", "--phone", "12"), "That is not a Kenyan mobile number. Write it like"),
    ],
)
async def test_the_command_line_speaks_of_commands_and_not_of_the_chat(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    said = await ran(tmp_path, *words)
    assert (said.code, said.out) == (1, "")
    assert said.complaints.splitlines()[-1].startswith(sentence)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("backup", "--to", "taken/below"), "No backup was made: taken/below cannot be written: "),
        (("restore", "copy", "--yes"), "Nothing was restored: "),
        (("reconcile", "--csv", "taken/below.csv"), "taken/below.csv cannot be written: "),
    ],
)
async def test_a_path_that_cannot_be_used_is_a_sentence(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    (tmp_path / "copy").write_text("no database")
    assert (await ran(tmp_path, "db", "upgrade")).code == 0
    said = await ran(tmp_path, *words)
    assert said.code in (1, 2)
    assert sentence in " ".join(said.complaints.replace("│", " ").split())
    assert "Traceback" not in said.complaints


@pytest.mark.parametrize("name", ["DATABASE_URL", "JOURNAL_DIR", "SPOOL_DIR"])
async def test_a_folder_of_the_settings_that_cannot_be_made_is_a_sentence(
    tmp_path: Path, name: str, taken_port: int
) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    value = "sqlite+aiosqlite:///taken/t.db" if name == "DATABASE_URL" else "taken/below"
    outside = {"TELEGRAM_API_URL": "http://127.0.0.1:1", "PORT": str(taken_port)}
    for secret in ({}, {"SECRET_KEY": KEY}):
        said = await ran(tmp_path, "run", **{name: value}, **secret, **outside)
        assert said.code == 2
        assert "Traceback" not in said.complaints
        if name == "DATABASE_URL":
            assert "taken" in said.complaints.splitlines()[-1]


@pytest.mark.parametrize(
    "words",
    [
        ["close", "99"],
        ["add", "--title", "", "--goal", "5"],
        ["add", "--title", "Desks", "--goal", "much"],
        ["add", "--title", "Desks", "--goal", "-5"],
        ["add", "--title", "Desks", "--goal", "5", "--currency", "EUR"],
    ],
)
async def test_what_the_rules_refuse_is_one_sentence_and_exit_1(tmp_path: Path, words: list[str]) -> None:
    said = await ran(tmp_path, "campaign", *words)
    assert (said.code, said.out) == (1, "")
    assert "Traceback" not in said.complaints
    assert said.complaints.strip().endswith((".", "50000"))


@on_sqlite
async def test_verify_names_a_balance_that_was_tampered_with(house: House, tmp_path: Path) -> None:
    donor = await house.donor()
    await donor.gives(house.slug, Behaviour(do="pay"))
    await donor.reads((await donor.paid()).receipt)
    key = (house.rehearsal.folder / "secret.key").read_text().strip()
    with (
        closing(sqlite3.connect(house.rehearsal.folder / "trustvoice.db")) as real,
        closing(sqlite3.connect(tmp_path / "copy.db")) as copy,
    ):
        real.backup(copy)
        copy.execute("UPDATE balances SET in_minor = in_minor + 100 WHERE account = 'campaign:1'")
        copy.commit()
    address = {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/copy.db", "SECRET_KEY": key}
    said = await ran(tmp_path, "verify", "--json", **address)
    told = json.loads(said.out)
    assert (said.code, told["ok"]) == (1, False)
    assert any("campaign:1" in problem for problem in told["problems"])
    for_people = await ran(tmp_path, "verify", **address)
    assert (for_people.code, "campaign:1" in for_people.out) == (1, True)


async def test_check_runs_a_donation_through_the_stand_ins(tmp_path: Path) -> None:
    said = await trustvoice("check", "--stand-ins", env={}, folder=tmp_path)
    assert said.code == 0, said
    assert {line[0] for line in said.out.splitlines()} == {"✓"}
    assert said.out.rstrip().endswith("The books hold.")
