"""Catalogues: every text can be translated, and a language that has no catalogue reads English."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from letters.language import LOCALE, load, translate

CATALOGUE = """
msgid "{amount} for <b>{title}</b>."
msgstr "{amount} kwa <b>{title}</b>."

msgid "{count:,} donor"
msgid_plural "{count:,} donors"
msgstr[0] "mfadhili {count:,}"
msgstr[1] "wafadhili {count:,}"
"""
KEYWORDS = {"_": None, "noted": None, "plural": (1, 2)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "sw" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE)
    return tmp_path


def test_a_catalogue_is_read_as_it_lies_there(folder: Path) -> None:
    _ = load(folder)["sw"]
    assert _("{amount} for <b>{title}</b>.", amount="KES 5", title="<Maji>") == "KES 5 kwa <b>&lt;Maji&gt;</b>."
    assert _.plural("{count:,} donor", "{count:,} donors", 1) == "mfadhili 1"
    assert _.plural("{count:,} donor", "{count:,} donors", 1200) == "wafadhili 1,200"


def test_what_is_not_translated_stays_english(folder: Path) -> None:
    assert load(folder)["sw"]("Cancel") == "Cancel"


@pytest.mark.parametrize("tag", [None, "", "en", "de", "pt-br", "x"])
def test_other_languages_read_english(tag: str | None) -> None:
    assert translate(tag).code == "en"


def test_a_tag_with_a_region_finds_its_language(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letters.language.LANGUAGES", load(folder))
    assert translate("sw-KE").code == translate("SW").code == "sw"


def test_the_template_for_translators_holds_every_text() -> None:
    """When this fails, `make messages` brings it up to date."""
    found = extract_from_dir(LOCALE.parent, keywords=KEYWORDS)
    texts = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    with (LOCALE / "messages.pot").open("rb") as file:
        template = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in read_po(file) if entry.id}
    assert texts == template
