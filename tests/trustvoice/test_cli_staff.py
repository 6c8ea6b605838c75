"""`trustvoice admin` and `trustvoice ngo`, from the words typed to what is printed, on an SQLite file."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import structlog

from tests.trustvoice.env_file import ENOUGH
from trustvoice.cli import main as cli


@dataclass(frozen=True)
class Ran:
    code: object
    out: str
    complaints: str  # below what was logged

    @property
    def complaint(self) -> str:
        return self.complaints.splitlines()[-1]


Trustvoice = Callable[..., Ran]


@pytest.fixture
def trustvoice(
    nothing_set_and_a_folder_to_itself: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Trustvoice]:
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    root, level = logging.getLogger(), logging.getLogger().level
    monkeypatch.setattr(root, "handlers", root.handlers.copy())

    def trustvoice(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["trustvoice", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Ran(ended.value.code, said.out, said.err)

    yield trustvoice
    root.setLevel(level)
    structlog.reset_defaults()


def add(trustvoice: Trustvoice, telegram: int, name: str, role: str) -> Ran:
    return trustvoice("admin", "add", "--telegram", str(telegram), "--name", name, "--role", role)


def listed(trustvoice: Trustvoice, *words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(trustvoice(*words, "list", "--json").out)
    return found


def test_a_person_gets_a_role_and_the_id_is_all_that_is_printed(trustvoice: Trustvoice) -> None:
    added = add(trustvoice, 1001, " Amina ", "maker")
    assert (added.code, added.out) == (0, "1\n")
    assert listed(trustvoice, "admin") == [{"id": 1, "name": "Amina", "roles": ["maker"], "telegram": [1001]}]


def test_a_second_role_goes_to_the_same_person(trustvoice: Trustvoice) -> None:
    add(trustvoice, 1001, "Amina", "owner")
    again = add(trustvoice, 1001, "Somebody", "maker")
    assert again.out == "1\n"
    assert again.complaint.startswith("This person is known as Amina, and the name stays. To rename: trustvoice admin")
    assert listed(trustvoice, "admin") == [{"id": 1, "name": "Amina", "roles": ["maker", "owner"], "telegram": [1001]}]


def test_a_person_is_renamed_in_what_was_decided_before_too(trustvoice: Trustvoice) -> None:
    assert add(trustvoice, 1002, "Owner 1002", "owner").complaints == ""
    assert trustvoice("admin", "rename", "1", "--name", " Cherono Kiprop ") == Ran(0, "", "")
    assert [person["name"] for person in listed(trustvoice, "admin")] == ["Cherono Kiprop"]
    assert trustvoice("admin", "rename", "1", "--name", " ").code == 2
    assert add(trustvoice, 1002, "Cherono Kiprop", "maker").complaints == ""


@pytest.mark.parametrize("role", ["maker", "checker", "owner"])
def test_where_there_are_two_owners_one_of_them_has_to_confirm_who_may_approve(
    trustvoice: Trustvoice, role: str
) -> None:
    assert add(trustvoice, 1001, "Amina", "owner").out == "1\n"
    assert add(trustvoice, 1002, "Baraka", "owner").out == "2\n"
    proposed = add(trustvoice, 1003, "Chao", role)
    assert (proposed.code, proposed.out) == (0, "Proposal 1: an owner confirms it in the bot with /admins.\n")
    removed = trustvoice("admin", "remove", "2", "--role", "owner")
    assert (removed.code, removed.out) == (0, "Proposal 2: an owner confirms it in the bot with /admins.\n")
    assert [person["name"] for person in listed(trustvoice, "admin")] == ["Amina", "Baraka"]


def test_a_role_is_taken_but_not_from_the_only_owner(trustvoice: Trustvoice) -> None:
    add(trustvoice, 1001, "Amina", "owner")
    add(trustvoice, 1002, "Baraka", "viewer")
    assert trustvoice("admin", "remove", "2", "--role", "viewer").code == 0
    refused = trustvoice("admin", "remove", "1", "--role", "owner")
    assert (refused.code, refused.out) == (1, "")
    assert refused.complaint.startswith("This is the only owner")
    assert [person["roles"] for person in listed(trustvoice, "admin")] == [["owner"]]


def test_a_person_who_is_not_there_cannot_lose_a_role(trustvoice: Trustvoice) -> None:
    refused = trustvoice("admin", "remove", "7", "--role", "maker")
    assert refused.code == 1
    assert refused.complaint.startswith("There is no person with this id.")


@pytest.mark.parametrize(
    ("option", "value"), [("--telegram", "@amina"), ("--telegram", "0"), ("--name", " "), ("--role", "king")]
)
def test_words_that_make_no_sense_change_nothing(trustvoice: Trustvoice, option: str, value: str) -> None:
    words = {"--telegram": "1001", "--name": "Amina", "--role": "maker"} | {option: value}
    refused = trustvoice("admin", "add", *(word for pair in words.items() for word in pair))
    assert (refused.code, refused.out) == (2, "")
    assert f"Invalid value for {option}" in refused.complaints.replace("'", "")
    assert option != "--role" or "king is not one of viewer, maker, checker, owner" in refused.complaints
    assert listed(trustvoice, "admin") == []


def test_people_are_shown_in_a_table_with_whatever_their_names_contain(trustvoice: Trustvoice) -> None:
    add(trustvoice, 1001, "Amina [/red]", "maker")
    head, line = trustvoice("admin", "list").out.splitlines()
    assert head.split() == ["id", "name", "roles", "telegram"]
    assert line.split() == ["1", "Amina", "[/red]", "maker", "1001"]


def test_an_ngo_is_saved_and_its_number_is_masked_unless_asked_for(trustvoice: Trustvoice) -> None:
    added = trustvoice("ngo", "add", "--name", "Maji Safi", "--phone", "0708 374 149", "--telegram", "2001")
    assert (added.code, added.out) == (0, "1\n")
    assert listed(trustvoice, "ngo") == [{"id": 1, "name": "Maji Safi", "phone": "2547••••4149"}]
    in_full = json.loads(trustvoice("ngo", "list", "--json", "--full").out)
    assert in_full == [{"id": 1, "name": "Maji Safi", "phone": "254708374149"}]
    assert trustvoice("ngo", "list").out.splitlines()[1].split() == ["1", "Maji", "Safi", "2547••••4149"]


def test_an_address_for_e_mail_is_kept_shown_and_forgotten(trustvoice: Trustvoice) -> None:
    words = ("--telegram", "1001", "--name", "Amina", "--role", "maker", "--email")
    assert trustvoice("admin", "add", *words, "amina@example.org").out == "1\n"
    assert trustvoice("admin", "email", "1").out == "amina@example.org\n"
    assert trustvoice("admin", "email", "1", "off").code == 0
    assert trustvoice("admin", "email", "1").out == "none\n"
    for refused in (
        trustvoice("admin", "add", *words, "amina"),
        trustvoice("admin", "email", "1", "amina"),
        trustvoice("ngo", "add", "--name", "Maji", "--phone", "0708374149", "--email", "maji"),
    ):
        assert (refused.code, refused.out) == (1, "")
        assert refused.complaint.startswith("That is not an e-mail address.")
    assert trustvoice("admin", "email", "7", "a@b.org").complaint.startswith("There is no person with this id.")
    assert trustvoice("ngo", "add", "--name", "Maji", "--phone", "0708374149", "--email", "m@b.org").out == "1\n"


def test_an_ngo_without_a_kenyan_mobile_number_or_a_name_is_refused(trustvoice: Trustvoice) -> None:
    refused = trustvoice("ngo", "add", "--name", "Maji Safi", "--phone", "12345")
    assert (refused.code, refused.out) == (1, "")
    assert refused.complaint.startswith("That is not a Kenyan mobile number.")
    assert trustvoice("ngo", "add", "--name", " ", "--phone", "0708374149").code == 1
    assert listed(trustvoice, "ngo") == []
