"""E-mails: text and HTML say the same, what people wrote becomes no markup and no header, nothing private is told."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parsedate_to_datetime
from html import unescape

import pytest

from fundraising.campaigns import Campaign
from fundraising.giving.donation import Donation
from fundraising.money import Money
from fundraising.paying.batches import Batch
from fundraising.paying.cards import Card
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.quorum import Lately
from fundraising.statuses import AttemptState, DonationStatus, PayoutReview, PayoutStatus, Push
from letters.language import translate
from letters.mail import payouts, receipts
from letters.mail.letter import Letter
from letters.mail.message import BadEnvelope, Sender, message
from letters.paying import failures
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from tests.letters.reasons import OF_PAYOUTS

_ = translate("en")
NASTY = "<b>& {friends}\r\nBcc: all@example.org\u2028😀"
NOW = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
PHONE = Msisdn.parse("0712345678")
SENDER = Sender("Maji Safi ❤", "receipts@example.org")
TAGS = re.compile(r"</?(b|code|p|table|tr|th|td|html|head|meta|body|br)( [^<>]*)?>|<!DOCTYPE html>")

GIFT = Donation(
    7, "ABCDEFGHIJ", 1, 1, Money.shillings(500), DonationStatus.COMPLETED, Push.ACCEPTED, NOW, NOW,
    receipt="TKM1AAAAAA", settled_at=NOW,
)  # fmt: skip
CAMPAIGN = Campaign(1, "slug", NASTY, "", Money.shillings(50_000), is_open=True)
PAYOUT = Payout(
    17, 1, None, 3, 1, NASTY, PHONE, Money.shillings(5000), "a private purpose", "private remarks",
    PayoutStatus.COMPLETED, "float_empty", None, 1, 2, "TKB1AAAAAA", NOW, NOW, None,
)  # fmt: skip
FAILED = replace(PAYOUT, status=PayoutStatus.FAILED, receipt=None, completed_at=None)
DOUBTFUL = replace(PAYOUT, status=PayoutStatus.PROCESSING, needs_review=PayoutReview.NO_WORD)
ATTEMPT = Attempt(1, 17, 1, "ABC", "AG_1", AttemptState.UNKNOWN, None, None, None, None, NOW, None)
LATELY = Lately(Money(0), Money(0), Money(0), timedelta(days=1))
CARD = Card(PAYOUT, CAMPAIGN, Money.shillings(100), "Amina", ("Baraka",), None, (ATTEMPT,), LATELY, None, (), "0" * 12)
BATCH = Batch(3, 1, 1, False, None, None, (PAYOUT, FAILED), ("Baraka",))

EVERYTHING = [
    receipts.receipt(_, GIFT, NASTY, late=False),
    receipts.receipt(_, GIFT._replace(receipt=None), NASTY, late=True),
    payouts.completed(_, CARD),
    payouts.completed(_, replace(CARD, payout=replace(PAYOUT, needs_review=PayoutReview.PAID_AFTER_FAILURE))),
    payouts.failed(_, replace(CARD, payout=FAILED)),
    payouts.needs_review(_, replace(CARD, payout=DOUBTFUL)),
    payouts.batch_result(_, BATCH, NASTY),
    payouts.to_recipient(_, PAYOUT, NASTY),
]


@pytest.mark.parametrize("letter", EVERYTHING)
def test_what_people_wrote_is_only_text_and_both_kinds_say_the_same(letter: Letter) -> None:
    assert "<" not in TAGS.sub("", letter.html)
    assert words(unescape(TAGS.sub(" ", letter.html))) == words(letter.text)
    assert "<b>& {friends}" in letter.text


def words(text: str) -> list[str]:
    """Without what only sets names and values apart."""
    return re.findall(r"[\w<>&{}]+", text)


@pytest.mark.parametrize("letter", EVERYTHING)
def test_no_mail_has_a_full_phone_number(letter: Letter) -> None:
    for secret in (PHONE.digits, PHONE.local, PHONE.digits[3:]):
        assert secret not in letter.html + letter.text + letter.subject


@pytest.mark.parametrize("letter", EVERYTHING)
def test_no_title_makes_a_header(letter: Letter) -> None:
    made = message(letter, SENDER, "wanjiku@example.org", "0123", NOW)
    read = message_from_bytes(made.as_bytes(), policy=default)
    assert read.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert read["Subject"] == letter.subject
    assert len(letter.subject.splitlines()) == 1


INJECTIONS = [
    "=?utf-8?q?=0d=0aBcc:=20all@example.org=0d=0a=0d=0aPay=20here?=",
    "=?utf-8?b?DQpCY2M6IGFsbEBleGFtcGxlLm9yZw0KDQpib2R5?=",
    "Water =?utf-8?q?=0d=0aX:=20y?= ❤",
    "\x0bX: y\x00\x85Z: w",
]


@pytest.mark.parametrize("title", INJECTIONS)
def test_a_title_that_looks_encoded_makes_no_header_and_no_body(title: str) -> None:
    letter = receipts.receipt(_, GIFT, title, late=False)
    made = message(letter, Sender(title, "receipts@example.org"), "wanjiku@example.org", "0123", NOW).as_bytes()
    block = made.partition(b"\r\n\r\n")[0]
    begun = [line.partition(b":")[0] for line in block.split(b"\r\n") if not line.startswith(b" ")]
    assert begun == [
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted", b"MIME-Version", b"Content-Type",
    ]  # fmt: skip
    assert b"\n" not in block.replace(b"\r\n", b"")
    assert b"=0d=0a" not in block.lower()
    subject = message_from_bytes(made)["Subject"]  # decoded once, as mail programs do
    assert str(make_header(decode_header(subject))) == letter.subject


def test_an_address_that_would_make_a_header_is_not_sent_to() -> None:
    letter = receipts.receipt(_, GIFT, "Water", late=False)
    for to in ("a@example.org\r\nBcc: b@example.org", "a@example.org\r\n\r\nbody", "a\n@example.org", "é@example.org"):
        with pytest.raises(BadEnvelope):
            message(letter, SENDER, to, "0123", NOW)


def test_the_envelope_says_from_whom_to_whom_when_and_that_a_machine_wrote_it() -> None:
    made = message(receipts.receipt(_, GIFT, "Maji 💧", late=False), SENDER, "wanjiku@example.org", "0123", NOW)
    read = message_from_bytes(made.as_bytes(), policy=default)
    assert (read["From"].addresses[0].display_name, read["From"].addresses[0].addr_spec) == (
        "Maji Safi ❤",
        "receipts@example.org",
    )
    assert (read["To"], read["Message-ID"]) == ("wanjiku@example.org", "<0123@example.org>")
    assert read["Subject"] == "Receipt: KES 500 for Maji 💧"
    assert read["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(read["Date"]) == NOW
    assert read.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert all(len(line) < 998 and line.isascii() for line in made.as_bytes().decode().splitlines())


@pytest.mark.parametrize("title", ["Ünïcödé wörds äre hère " * 4, "a" * 50 + " ❤ b ❤ c ❤" * 5, "مياه نظيفة " * 8])
def test_a_long_subject_in_any_script_is_read_as_it_was_written(title: str) -> None:
    made = message(receipts.receipt(_, GIFT, title, late=False), SENDER, "wanjiku@example.org", "0123", NOW)
    read = message_from_bytes(made.as_bytes(), policy=default)
    assert read["Subject"] == f"Receipt: KES 500 for {title.strip()}"
    assert all(len(line) < 80 for line in made.as_bytes().partition(b"\r\n\r\n")[0].splitlines())


def test_a_receipt_says_amount_campaign_code_and_date_in_kenya() -> None:
    text = receipts.receipt(_, GIFT, "Water", late=False).text
    for line in ("Amount: KES 500", "Campaign: Water", "M-Pesa receipt: TKM1AAAAAA", "Date: 23 Nov 2026"):
        assert f"{line}\n" in text
    assert "no longer holds" not in text


def test_a_receipt_without_a_code_promises_it_and_a_late_one_corrects_what_was_said() -> None:
    text = receipts.receipt(_, GIFT._replace(receipt=None), "Water", late=True).text
    assert "it follows in another e-mail" in text
    assert "An earlier message that it did not go through no longer holds" in text
    assert "M-Pesa receipt:" not in text


def test_a_recipient_reads_what_arrived_and_nothing_internal() -> None:
    text = payouts.to_recipient(_, PAYOUT, "Water").text
    for told in ("KES 5,000 from Water", "2547••••5678", "TKB1AAAAAA", "23 Nov 2026"):
        assert told in text
    assert not re.search("private|Amina|Baraka|Payout|#17|/retry", text)


@pytest.mark.parametrize("reason", OF_PAYOUTS)
def test_a_failure_is_mailed_with_its_reason_and_the_next_step(reason: Reason) -> None:
    text = payouts.failed(_, replace(CARD, payout=replace(FAILED, status_message=reason.value))).text
    assert failures.HAPPENED[reason.value] in text
    assert failures.what_next(_, reason.value) in text
    assert ("/retry 17" in text) is failures.can_be_retried(reason.value)


def test_unknown_never_sounds_like_failed_or_paid() -> None:
    letter = payouts.needs_review(
        _, replace(CARD, payout=replace(DOUBTFUL, receipt=None, completed_at=None), findings=(PayoutReview.NO_WORD,))
    )
    assert "may be paid or not" in letter.text
    assert not re.search("failed|Nothing was paid|is paid", letter.text + letter.subject)


def test_a_bulk_payout_is_counted_by_what_became_of_it() -> None:
    letter = payouts.batch_result(_, BATCH, "Water")
    assert letter.subject == "Bulk payout 3: 1 of 2 paid"
    assert "Paid: 1, together KES 5,000\nFailed: 1\n" in letter.text
