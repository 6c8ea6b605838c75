"""`trustvoice api-key`, from the words typed to what is printed."""

import json
import re

from tests.trustvoice.test_cli_staff import Trustvoice, add, listed, trustvoice

__all__ = ["trustvoice"]


def test_a_key_is_printed_once_listed_without_itself_and_taken_back(trustvoice: Trustvoice) -> None:
    made = trustvoice("api-key", "create", "--name", "Web shop", "--role", "admin", "--expires-days", "30", "--json")
    key = json.loads(made.out)["key"]
    assert re.fullmatch(r"tv_[0-9a-f]{64}", key)
    assert trustvoice("api-key", "create", "--name", "b", "--role", "viewer").out.startswith("tv_")
    shown = listed(trustvoice, "api-key")
    assert [(each["id"], each["name"], each["role"]) for each in shown] == [
        (1, "Web shop", "admin"),
        (2, "b", "viewer"),
    ]
    assert shown[0]["expires_at"]
    assert key not in json.dumps(shown)
    assert trustvoice("api-key", "revoke", "1").code == 0
    assert [bool(each["revoked_at"]) for each in listed(trustvoice, "api-key")] == [True, False]
    assert "Web shop" in trustvoice("api-key", "list").out


def test_a_key_of_an_owner_needs_one(trustvoice: Trustvoice) -> None:
    refused = trustvoice("api-key", "create", "--name", "a", "--role", "owner")
    assert (refused.code, refused.out) == (1, "")
    assert refused.complaint.startswith("A key with the role owner")
    add(trustvoice, 1001, "Amina", "owner")
    assert trustvoice("api-key", "create", "--name", "a", "--role", "owner", "--person", "1").code == 0


def test_words_that_make_no_sense_make_no_key(trustvoice: Trustvoice) -> None:
    for words in (("--name", " ", "--role", "admin"), ("--name", "a", "--role", "king")):
        assert trustvoice("api-key", "create", *words).code == 2
    assert trustvoice("api-key", "revoke", "7").complaint.startswith("We do not know this API key.")
    assert listed(trustvoice, "api-key") == []
