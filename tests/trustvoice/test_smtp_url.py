"""SMTP_URL and MAIL_FROM: what they mean, and what is refused."""

import pytest

from letters.mail.message import Sender
from tests.trustvoice.env_file import settings, the_complaint
from trustvoice.mail import smtp_url
from trustvoice.mail.smtp_url import Privacy
from trustvoice.watching.calls import mailer_of

pytestmark = pytest.mark.usefixtures("nothing_set_and_a_folder_to_itself")


@pytest.mark.parametrize(
    ("url", "host", "port", "privacy", "sender"),
    [
        ("smtp://u:p@mail.example.org", "mail.example.org", 587, Privacy.STARTTLS, "u@mail.example.org"),
        ("smtp://me%40x.org:p%40%3A%2F@10.0.0.7:2525", "10.0.0.7", 2525, Privacy.STARTTLS, "me@x.org"),
        ("smtps://me@x.org:p@mail.example.org", "mail.example.org", 465, Privacy.TLS, "me@x.org"),
        ("smtp://mail.example.org:25/", "mail.example.org", 25, Privacy.STARTTLS, "trustvoice@mail.example.org"),
        ("smtp://localhost:25", "localhost", 25, Privacy.NONE, "trustvoice@localhost"),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Privacy.NONE, "trustvoice@[127.0.0.1]"),
        ("smtp://[::1]:25", "::1", 25, Privacy.NONE, "trustvoice@[::1]"),
    ],
)
def test_an_smtp_url_says_where_how_privately_and_from_whom(
    url: str, host: str, port: int, privacy: Privacy, sender: str
) -> None:
    server = smtp_url.parse(url)
    assert (server.host, server.port, server.privacy) == (host, port, privacy)
    assert smtp_url.sender_of(None, server) == Sender("TrustVoice", sender)
    assert "%" not in f"{server.user}{server.password}"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://u:can/ary@h",
        "smtp://u:can#ary@h",
        "smtp://u:canary@h:x",
        "smtp://u:p@h/path",
    ],
)
def test_a_wrong_url_is_refused_without_repeating_it(url: str) -> None:
    complaint = the_complaint(SMTP_URL=url)
    assert complaint.startswith("SMTP_URL must be like smtp://user:password@mail.example.org:587")
    assert complaint.endswith("Your mail provider tells you server, port, user and password.")
    assert "ary" not in complaint


def test_user_and_password_go_together() -> None:
    assert the_complaint(SMTP_URL="smtp://u@h").startswith("SMTP_URL must have both a user and a password")


def test_mail_comes_from_whom_mail_from_names() -> None:
    server = {"SMTP_URL": "smtp://u:p@mail.example.org"}
    for given, name in (("Maji Safi <a@b.org>", "Maji Safi"), ("a@b.org", "TrustVoice")):
        mailer = mailer_of(settings(**server, MAIL_FROM=given))
        assert mailer
        assert mailer.sender == Sender(name, "a@b.org")
    assert the_complaint(**server, MAIL_FROM="a b").startswith("MAIL_FROM must be like receipts@example.org")
    assert the_complaint(SMTP_URL="smtp://ü:p@h").startswith("MAIL_FROM is missing, and the user in SMTP_URL")


def test_the_password_is_in_nothing_that_is_printed() -> None:
    given = settings(SMTP_URL="smtp://u:canary@mail.example.org")
    assert given.smtp_url
    assert "canary" not in f"{given!r} {smtp_url.parse(given.smtp_url.get_secret_value())!r}"


def test_without_a_url_there_is_no_mailer() -> None:
    assert mailer_of(settings()) is None
