"""The treasurer's texts: every case has its sentence, and nothing that people wrote becomes markup."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from fundraising.campaigns import Campaign
from fundraising.ledger.balances import Balance, Standing
from fundraising.money import Money
from fundraising.paying.batch_facts import Facts
from fundraising.paying.batches import Batch
from fundraising.paying.bulk_file import Row
from fundraising.paying.cards import Card, Warning
from fundraising.paying.doable import Act
from fundraising.paying.drafts import PayoutDraft
from fundraising.paying.orders import Order
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.quorum import Lately
from fundraising.paying.records import PayoutRecord
from fundraising.people.changes import Action, Change
from fundraising.people.ngos import Ngo
from fundraising.people.roles import Person, Role
from fundraising.people.staff import Proposal
from fundraising.statuses import (
    AttemptState,
    DonationStatus,
    PayoutReview,
    PayoutStatus,
    Push,
    Review,
    Stop,
    StopCause,
)
from fundraising.stops import State
from letters import states
from letters.books import balance, report
from letters.language import translate
from letters.paying import asking, bulk, bulk_result, failures, news, payouts, refusals, reviews
from letters.people import admins, campaigns, ngos, switch
from letters.spreadsheets import plain
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from tests.letters.reasons import OF_PAYOUTS

_ = translate("en")
NASTY = "<b>& {friends}"
TAGS = re.compile(r"</?(b|code|pre)>")
NOW = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
PHONE = Msisdn.parse("0712345678")
CAMPAIGN = Campaign(1, "slug", NASTY, "", Money.shillings(50_000), is_open=True)
STANDING = Standing(CAMPAIGN, {"KES": Balance(*[Money.shillings(10_000)] * 4)})
PAYOUT = Payout(
    17, 1, None, 3, 1, NASTY, PHONE, Money.shillings(5000), NASTY, "Payout", PayoutStatus.PENDING, "", None, 1, 2, None,
    NOW, None, None,
)  # fmt: skip
ATTEMPT = Attempt(1, 17, 1, "ABC", "AG_1", AttemptState.FAILED, "float_empty", "1", None, None, NOW, NOW)
LATELY = Lately(Money.shillings(1), Money.shillings(2), Money.shillings(3), timedelta(days=1))
CARD = Card(
    PAYOUT, CAMPAIGN, Money.shillings(1), NASTY, (NASTY,), NASTY, (ATTEMPT,), LATELY, NASTY, tuple(Warning), "0" * 12
)
DRAFT = PayoutDraft(3, 1, CAMPAIGN, Money.shillings(500), PHONE, NASTY)
FROZEN = State((Stop(1, StopCause.PERSON, NASTY, None, 1, datetime(2026, 1, 1, tzinfo=UTC), NASTY),))
PERSON = Person(1, NASTY, frozenset(Role), (5,))
PROPOSAL = Proposal(1, Change(Action.GIVE, 1, Role.CHECKER), PERSON, 2)
LINK = Proposal(2, Change(Action.LINK, 1, chat_id=6), PERSON, 2)
BATCH = Batch(1, 1, 1, False, None, None, (PAYOUT,), (NASTY,))
FACTS = Facts(frozenset({0}), frozenset({0}), {0: NASTY})
RECORD = PayoutRecord(PAYOUT, None, None, NASTY, ())
OTHERWISE = replace(CARD, payout=replace(PAYOUT, mpesa_name="IRENE ABDI"))
SAME_NAME = replace(CARD, payout=replace(PAYOUT, mpesa_name=NASTY))
ROWS = [Row(2, Order(1, Money.shillings(50), PHONE, NASTY))]
REJECTED = replace(CARD, payout=replace(PAYOUT, status=PayoutStatus.REJECTED, note=NASTY))

EVERYTHING = [
    payouts.summary(_, DRAFT, STANDING, NASTY),
    payouts.changed_meanwhile(_, DRAFT, STANDING, "IRENE ABDI"),
    payouts.looks_duplicate(_, DRAFT, STANDING, None, 1),
    payouts.please_decide(_, CARD),
    payouts.decided(_, REJECTED),
    payouts.history(_, CARD),
    payouts.listed(_, [RECORD], {1: NASTY}),
    payouts.doable(_, Act.RETRY, [RECORD], {1: NASTY}),
    news.completed(_, CARD),
    news.completed(_, SAME_NAME),
    news.other_name(_, OTHERWISE),
    news.agreed(_, CARD),
    news.failed(_, CARD),
    news.rejected(_, REJECTED),
    news.cancelled(_, CARD),
    news.to_recipient(_, PAYOUT, NASTY),
    asking.how_much(_, STANDING),
    asking.requested(_, CARD),
    bulk.summary(_, ROWS, STANDING, FACTS),
    bulk.please_decide(_, BATCH, FACTS, CARD),
    bulk.progress(_, BATCH, NASTY),
    bulk.agreed(_, BATCH),
    bulk.result(_, replace(BATCH, payouts=(replace(PAYOUT, status=PayoutStatus.FAILED),)), NASTY),
    switch.unfrozen(_, [NASTY, NASTY], 2),
    switch.frozen(_, NASTY),
    switch.please_agree(_, NASTY),
    balance.frozen_line(_, FROZEN),
    admins.person(_, PERSON),
    admins.added(_, NASTY, Role.MAKER),
    admins.proposed(_, PROPOSAL),
    admins.please_confirm(_, PROPOSAL),
    admins.please_confirm(_, LINK),
    admins.done(_, PROPOSAL),
    admins.removed(_, NASTY, Role.MAKER),
    ngos.added(_, Ngo(1, NASTY, PHONE, None)),
    campaigns.added(_, CAMPAIGN),
    campaigns.closed(_, CAMPAIGN),
    report.report(_, [STANDING]),
]


@pytest.mark.parametrize("text", EVERYTHING)
def test_a_name_full_of_markup_is_only_text(text: str) -> None:
    assert "&lt;b&gt;&amp; {friends}" in text
    assert "<" not in TAGS.sub("", text)
    assert NASTY in unescape(TAGS.sub("", text))


@pytest.mark.parametrize("text", [bulk.table(_, ROWS), bulk.pays_twice(_, ROWS, [(3, 2)])])
def test_a_table_of_names_full_of_markup_is_only_text_and_as_wide_as_a_phone(text: str) -> None:
    assert "&lt;b&gt;&amp; {fr…" in text
    assert "<" not in TAGS.sub("", text)
    [table] = re.findall("<pre>(.*?)</pre>", text, re.S)
    assert max(len(unescape(line)) for line in table.splitlines()) <= 31


@pytest.mark.parametrize("reason", OF_PAYOUTS)
def test_every_reason_of_mpesa_is_told_with_what_to_do(reason: Reason) -> None:
    card = replace(CARD, payout=replace(PAYOUT, status=PayoutStatus.FAILED, status_message=reason.value))
    text = news.failed(_, card)
    assert failures.HAPPENED[reason.value] in text
    assert "free in the campaign again" in text
    assert ("Retry" in text) is failures.can_be_retried(reason.value)


def test_no_sentence_stands_for_a_reason_that_mpesa_does_not_give() -> None:
    assert set(failures.HAPPENED) == set(OF_PAYOUTS)
    assert set(failures.NEXT) <= set(OF_PAYOUTS)


WHY_NOT = [("expired", "Nobody decided in time."), ("cancelled", "It was called off.")]


@pytest.mark.parametrize(("noted", "told"), WHY_NOT)
def test_the_result_of_many_says_in_words_why_a_line_was_not_paid(noted: str, told: str) -> None:
    ended = replace(PAYOUT, status=PayoutStatus.CANCELLED, status_message=noted)
    [_heads, line] = bulk_result.result(_, replace(BATCH, payouts=(ended,))).decode().splitlines()
    assert line.endswith(f",cancelled,,{told},,")


def test_every_status_state_review_and_warning_has_words() -> None:
    assert set(states.PAYOUTS) == set(PayoutStatus)
    assert set(states.DONATIONS) == set(DonationStatus)
    assert set(states.ATTEMPTS) == set(AttemptState)
    assert set(states.PUSHES) == set(Push)
    assert set(states.REVIEWS) == {*Review, *PayoutReview}
    assert set(reviews.WHY) == set(PayoutReview)
    assert set(payouts.WARNINGS) == set(Warning)
    assert set(admins.ROLES) == set(Role)


@pytest.mark.parametrize("status", list(PayoutStatus))
def test_a_card_has_words_for_every_status(status: PayoutStatus) -> None:
    card = replace(CARD, payout=replace(PAYOUT, status=status, needs_review=PayoutReview.NO_WORD))
    assert states.payout(_, status) in payouts.history(_, card)


def test_unknown_never_sounds_like_failed_or_paid() -> None:
    unknown = replace(ATTEMPT, state=AttemptState.UNKNOWN)
    silent = replace(PAYOUT, status=PayoutStatus.PROCESSING, needs_review=PayoutReview.NO_WORD)
    text = news.needs_review(_, replace(CARD, payout=silent, attempts=(unknown,), findings=(PayoutReview.NO_WORD,)))
    assert "may be paid or not" in text
    assert "nothing is sent again" in text
    assert not re.search("failed|Nothing was paid", text)


@pytest.mark.parametrize("code", list(refusals.FAULTS))
def test_every_fault_of_a_file_is_a_sentence(code: str) -> None:
    text = refusals.fault(_, 4, code)
    assert text.startswith("Line 4: ")
    assert text.endswith(".")


def test_a_file_full_of_faults_still_fits_one_message() -> None:
    longest = max(refusals.FAULTS, key=lambda code: len(refusals.FAULTS[code]))
    assert len("\n".join([refusals.fault(_, 1000, longest)] * refusals.MOST_FAULTS)) < 4000


def test_the_largest_file_fits_one_message() -> None:
    row = Row(1000, Order(1, Money.shillings(250_000), PHONE, "W" * 80))
    all_of_it = Facts(frozenset(range(1000)), frozenset(range(1000)), dict.fromkeys(range(1000), "I" * 60))
    assert len(bulk.summary(_, [row] * 1000, STANDING, all_of_it)) < 4096
    many = replace(BATCH, payouts=(replace(PAYOUT, recipient_name="W" * 80),) * 1000)
    assert len(bulk.please_decide(_, many, all_of_it, CARD)) < 4096


def test_what_approvals_are_still_missing_is_told() -> None:
    assert "Approvals: 1 of 2" in payouts.please_decide(_, CARD)


@pytest.mark.parametrize("text", ["=1+1", "+254", "-5", "@x", "\t="])
def test_a_spreadsheet_calculates_nothing(text: str) -> None:
    assert plain(text) == f"'{text}"
