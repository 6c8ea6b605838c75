"""Every case has its sentence, and nothing that people wrote becomes markup."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from fundraising import refusals as rules
from fundraising.campaigns import Campaign
from fundraising.giving.donation import Donation
from fundraising.giving.drafts import Draft
from fundraising.giving.news import Waiting
from fundraising.ledger.accounts import Kind
from fundraising.ledger.balances import balance
from fundraising.ledger.progress import Progress
from fundraising.money import Money
from fundraising.news import Alarm
from fundraising.refusals import Refused
from fundraising.statuses import DonationStatus, Push, Review, Stop, StopCause
from letters import alarms, refusals, times
from letters.giving import asking, campaigns, failures, history, prompt, results
from letters.language import translate
from letters.times import in_words
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from tests.letters.reasons import OF_GIFTS

_ = translate("en")
NASTY = "<b>& {friends}"
TAGS = re.compile(r"</?(b|code)>")
CAMPAIGN = Campaign(1, "slug", NASTY, "1 < 2 & {so} on", Money.shillings(50_000), is_open=True)
PROGRESS = Progress(CAMPAIGN, {"KES": balance("KES", {Kind.CAMPAIGN: (1_250_000, 0, 0)})}, givers=3)
NOW = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
PENDING = Donation(
    7, "ABCDEFGHIJ", 1, 1, Money.shillings(500), DonationStatus.PENDING, Push.ACCEPTED, NOW, NOW, receipt="TKM1AAAAAA"
)
DRAFT = Draft(3, 1, CAMPAIGN, Money.shillings(500), Msisdn.parse("0708374149"), None)
WITH_ARGUMENTS: dict[type[Refused], Refused] = {
    rules.AmountOutOfRange: rules.AmountOutOfRange(Money.shillings(1), Money.shillings(250_000)),
    rules.CampaignClosed: rules.CampaignClosed(NASTY),
    rules.AmbiguousAmount: rules.AmbiguousAmount([Money.shillings(10_005), Money.shillings(15_000)]),
    rules.PhoneRests: rules.PhoneRests(timedelta(hours=20)),
    rules.TooManyPrompts: rules.TooManyPrompts(timedelta(hours=20)),
    rules.PhoneBusy: rules.PhoneBusy(timedelta(seconds=41.2)),
    rules.TooEarlyToTryAgain: rules.TooEarlyToTryAgain(timedelta(seconds=100)),
    rules.NotAllowed: rules.NotAllowed("treasurer"),
    rules.PayoutOutOfRange: rules.PayoutOutOfRange(*map(Money.shillings, (10, 250_000, 500_000, 400_000))),
    rules.InsufficientFunds: rules.InsufficientFunds(Money.shillings(1), Money.shillings(2)),
    rules.MoreThanAvailable: rules.MoreThanAvailable(Money.shillings(1), Money.shillings(2)),
    rules.LooksSaved: rules.LooksSaved(3, "Maji", "0733 123 456"),
    rules.ReplacedSince: rules.ReplacedSince(12),
    rules.RetryCannotHelp: rules.RetryCannotHelp("failed", "recipient_not_registered"),
    rules.MoreMustAgree: rules.MoreMustAgree(3),
    rules.PayoutsBlocked: rules.PayoutsBlocked(Money.shillings(5)),
    rules.LooksDuplicate: rules.LooksDuplicate(12),
    rules.PayoutAltered: rules.PayoutAltered(12),
    rules.AlreadyDecided: rules.AlreadyDecided("approved", "Otieno"),
    rules.NotRetryable: rules.NotRetryable("processing"),
    rules.TooLateToCancel: rules.TooLateToCancel("processing"),
    rules.SendingFrozen: rules.SendingFrozen((Stop(1, StopCause.BOOKS, "suspense", None, None, datetime.now(UTC)),)),
    rules.StillInQuarantine: rules.StillInQuarantine(3),
    rules.BadBulkFile: rules.BadBulkFile([(2, "phone"), (3, "amount")]),
}


def kinds_of_refusal(kind: type[Refused] = Refused) -> list[type[Refused]]:
    return [found for sub in kind.__subclasses__() for found in (sub, *kinds_of_refusal(sub))]


@pytest.mark.parametrize("kind", kinds_of_refusal())
def test_every_refusal_has_a_sentence_that_fits_a_pop_up_if_titles_are_short(kind: type[Refused]) -> None:
    sentence = refusals.sentence(_, WITH_ARGUMENTS.get(kind) or kind())
    assert sentence.endswith(".")
    assert len(sentence) <= 200
    assert "&amp;" not in sentence


def test_refusals_name_what_they_are_about() -> None:
    assert NASTY in refusals.sentence(_, WITH_ARGUMENTS[rules.CampaignClosed])
    assert "KES 1 to KES 250,000" in refusals.sentence(_, WITH_ARGUMENTS[rules.AmountOutOfRange])
    assert "in 42 seconds" in refusals.sentence(_, WITH_ARGUMENTS[rules.PhoneBusy])


@pytest.mark.parametrize("reason", OF_GIFTS)
def test_every_reason_of_mpesa_has_a_sentence(reason: Reason) -> None:
    assert reason.value in failures.HAPPENED
    donation = Donation(
        7, "A", 1, 1, Money.shillings(500), DonationStatus.FAILED, Push.ACCEPTED, NOW, NOW, failure=reason
    )
    text = failures.failed(_, donation, PROGRESS)
    assert failures.HAPPENED[reason.value] in text
    assert "no money left your account" in text.lower()


def test_no_sentence_stands_for_a_reason_that_mpesa_does_not_give() -> None:
    assert set(failures.HAPPENED) == set(OF_GIFTS)
    assert set(OF_GIFTS) >= failures.SURELY_NOTHING_TAKEN


def test_after_silence_of_the_phone_nobody_says_that_nothing_was_taken() -> None:
    unsure = {Reason.NO_ANSWER, Reason.EXPIRED, Reason.NOT_DELIVERED, Reason.ALREADY_RECEIVED}
    assert not unsure & failures.SURELY_NOTHING_TAKEN


@pytest.mark.parametrize("alarm", list(Alarm))
def test_every_alarm_names_the_row_and_nothing_private(alarm: Alarm) -> None:
    assert " 4711" in alarms.alarm(_, alarm, 4711)


EVERYTHING = [
    campaigns.listed(_, [PROGRESS]),
    campaigns.card(_, PROGRESS),
    asking.ask_amount(_, PROGRESS),
    asking.ask_known_phone(_, DRAFT),
    asking.summary(_, DRAFT),
    asking.came_too_late(_, DRAFT),
    results.completed(_, PENDING, PROGRESS),
    results.completed_late(_, PENDING, PROGRESS),
    results.receipt(_, PENDING, PROGRESS),
    results.suspended(_, PENDING, PROGRESS),
    results.no_word(_, PENDING, PROGRESS),
    failures.failed(_, PENDING, PROGRESS),
    history.history(_, [PENDING], {1: NASTY}),
    *(prompt.meanwhile(_, PENDING, NASTY, "0708 374 149", waiting) for waiting in Waiting),
]


@pytest.mark.parametrize("text", EVERYTHING)
def test_a_title_full_of_markup_is_only_text(text: str) -> None:
    assert "&lt;b&gt;&amp; {friends}" in text
    assert "<" not in TAGS.sub("", text)
    assert NASTY in unescape(TAGS.sub("", text))


@pytest.mark.parametrize("push", list(Push))
@pytest.mark.parametrize("review", [None, *Review])
@pytest.mark.parametrize("status", list(DonationStatus))
def test_the_waiting_message_has_words_for_every_state(
    status: DonationStatus, review: Review | None, push: Push
) -> None:
    donation = Donation(7, "REF", 1, 1, Money.shillings(500), status, push, NOW, NOW, needs_review=review)
    assert "KES 500 for <b>Water</b>" in prompt.state(_, donation, "Water", "0708 374 149")


def test_unknown_never_sounds_like_failed_or_paid() -> None:
    silent = Donation(
        7, "REF", 1, 1, Money.shillings(500), DonationStatus.PENDING, Push.UNKNOWN, NOW, NOW, Review.NO_WORD
    )
    for text in (prompt.state(_, silent, "Water", "0708 374 149"), results.no_word(_, silent, PROGRESS)):
        assert not re.search("failed|did not go through|received", text)


@pytest.mark.parametrize(
    ("percent", "shown"), [(0, "░" * 10), (9, "░" * 10), (25, "▓▓" + "░" * 8), (100, "▓" * 10), (340, "▓" * 10)]
)
def test_the_bar_never_overflows(percent: int, shown: str) -> None:
    assert campaigns.bar(percent) == shown


def test_a_long_story_is_cut_at_a_word() -> None:
    campaign = Campaign(1, "s", "T", "word " * 400, Money.shillings(1), is_open=True)
    card = campaigns.card(_, Progress(campaign, {"KES": balance("KES", {})}, 0))
    assert card.endswith("word …")
    assert len(card) < 900


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 second"), (41.2, "42 seconds"), (60, "1 minute"), (61, "2 minutes")]
)
def test_a_wait_is_never_said_too_short(seconds: float, said: str) -> None:
    assert in_words(_, timedelta(seconds=seconds)) == said


def test_days_are_kenyas() -> None:
    assert times.day(_, NOW) == "23 Nov 2026"
