"""How the command line begins: at once for who only asks for help, and in words of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from fundraising import refusals
from fundraising.refusals import Refused
from letters import refusals as letters
from letters.language import translate
from storage import migrate
from tests.letters.test_texts import WITH_ARGUMENTS, kinds_of_refusal
from tests.storage.rows import ROOT
from tests.trustvoice.env_file import ENOUGH
from trustvoice.cli import sentences

HEAVY = ("sqlalchemy", "alembic", "telegram", "aiohttp", "httpx", "pydantic", "cryptography", "structlog")
OF_THE_CHAT = re.compile(r"(?<![\w/])/[a-z_]+")
# Only a button, a message or a request brings these about.
ELSEWHERE = {
    refusals.DraftGone,
    refusals.PayoutDraftGone,
    refusals.NoMail,
    refusals.NothingToTryAgain,
    refusals.ProposalGone,
    refusals.PayoutChanged,
    refusals.RetryCannotHelp,
    refusals.ButtonOfAnotherBook,
    refusals.ReasonNeeded,
    refusals.StillInQuarantine,
    refusals.NoSuchStray,
    refusals.NothingToReview,
}


def test_help_loads_nothing_of_the_house() -> None:
    code = "import sys, trustvoice.cli.main; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(HEAVY) & set(loaded)


def test_a_terminal_without_unicode_is_told_all_the_same(tmp_path: Path) -> None:
    ascii_only = {**ENOUGH, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}

    def said(*words: str) -> str:
        command = [sys.executable, "-m", "trustvoice", "campaign", *words]
        done = subprocess.run(command, env=ascii_only, cwd=tmp_path, capture_output=True, check=True)
        return done.stdout.decode("ascii")

    said("add", "--title", "Säule ✓ maji", "--goal", "5")
    assert r"S\xe4ule \u2713 maji" in said("list")
    assert [each["title"] for each in json.loads(said("list", "--json"))] == ["Säule ✓ maji"]


@pytest.mark.parametrize("goal", ["1e3", "1E3", "NaN", "Infinity", "0.01", "0", "-5", "1,00", "10.001", "٥"])
def test_a_goal_is_written_out_and_more_than_nothing(tmp_path: Path, goal: str) -> None:
    command = [sys.executable, "-m", "trustvoice", "campaign", "add", "--title", "Maji", f"--goal={goal}"]
    environment = {**ENOUGH, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True).returncode == 1


def test_the_newest_version_of_the_tables_is_known_without_alembic() -> None:
    script = ScriptDirectory(str(migrate.MIGRATIONS))
    assert migrate.newest() == script.get_current_head()
    assert set(migrate.versions()) == {each.revision for each in script.walk_revisions()}


@pytest.mark.parametrize("kind", sorted(set(kinds_of_refusal()) - ELSEWHERE, key=str))
def test_no_refusal_at_the_command_line_names_a_command_of_the_chat(kind: type[Refused]) -> None:
    refused = WITH_ARGUMENTS.get(kind) or kind()
    assert not OF_THE_CHAT.search(sentences.of(refused))


def test_what_only_the_chat_brings_about_is_known_as_such() -> None:
    for kind in ELSEWHERE:
        assert OF_THE_CHAT.search(letters.sentence(translate(None), WITH_ARGUMENTS.get(kind) or kind()))
