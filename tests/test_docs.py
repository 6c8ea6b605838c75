"""The documents hold to the code: what they name is there, and what is there is named."""

import re
from pathlib import Path

import pytest

from bot.table import COMMANDS
from trustvoice.settings.model import IN_FILES, KNOWN, NAMES

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
PACKAGES = ("bot", "fundraising", "letters", "mpesa", "standins", "storage", "trustvoice", "webhooks")
PATHS = re.compile(rf"(?<![\w/.<])(?:{'|'.join((*PACKAGES, 'tests', 'benchmarks', 'deploy', 'docs'))})/[\w./*-]*[\w/*]")
SETTINGS_GIVEN = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
LIKE_A_SETTING = re.compile(r"`((?:TELEGRAM|MPESA|PAYOUT|STK|STATUS|PROMPTS?|SMTP)_[A-Z0-9_]+)(?:=[^`]*)?`")


def folders() -> list[str]:
    """Those with code of ours."""
    found = [file.parent.relative_to(ROOT) for name in PACKAGES for file in (ROOT / name).rglob("*.py")]
    return sorted({folder.as_posix() for folder in found})


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    assert [named for named in PATHS.findall(document.read_text()) if not any(ROOT.glob(named.rstrip("/")))] == []


@pytest.mark.parametrize("folder", folders())
def test_every_folder_with_code_is_in_the_map(folder: str) -> None:
    assert re.search(rf"^ +{folder}/ ", ARCHITECTURE, re.MULTILINE), f"docs/architecture.md has no line for {folder}/"


def test_the_example_of_env_has_every_setting_once_and_no_other() -> None:
    assert sorted(SETTINGS_GIVEN.findall((ROOT / ".env.example").read_text())) == sorted(KNOWN)


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_setting_that_a_document_names_is_one(document: Path) -> None:
    assert set(LIKE_A_SETTING.findall(document.read_text())) - NAMES - IN_FILES == set()


@pytest.mark.parametrize("document", DOCS[1:], ids=lambda path: path.name)
def test_every_document_is_linked_from_another(document: Path) -> None:
    assert any(f"{document.name})" in other.read_text() for other in DOCS if other != document)


def test_the_list_of_commands_says_what_the_bot_does() -> None:
    listed = [
        f"| `/{each.name}` | {each.role or 'everybody'} | {each.text or 'The greeting, and a menu for your role'} |"
        for each in COMMANDS
    ]
    rows = [line for line in (ROOT / "docs" / "commands.md").read_text().splitlines() if line.startswith("| `/")]
    assert rows == listed
