"""What happened to one payment is told from the database alone, in order, with nothing private in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fundraising.audit.story.events import Event, Story, What
from fundraising.messages import Audience, Kind, Telling
from fundraising.money import Money
from fundraising.refusals import NoSuchDonation, NoSuchPayout, NothingToTrace
from letters import story as letters
from letters.language import translate
from mpesa.codes import Reason
from mpesa.outcome import Failed, Unknown
from storage.database import Database
from tests.databases import PostgresServer, opened
from tests.fakes import callback
from tests.fundraising.house import PHONE, House
from tests.fundraising.treasury import RECIPIENT, Treasury

LONG_ID = "ws_CO_07022026153024404708374149"


on_both = pytest.mark.parametrize("database", ["inline", "postgres"], indirect=True)


@pytest.fixture
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    kind = getattr(request, "param", "inline")
    postgres: PostgresServer | None = request.getfixturevalue("postgres") if kind == "postgres" else None
    async with opened(kind, tmp_path, postgres) as database:
        yield database


def of(story: Story, what: What) -> list[Event]:
    return [event for event in story.events if event.what is what]


async def told(house: House, *words: str) -> Story:
    return await house.use_cases.stories.told(list(words))


def read(story: Story) -> str:
    return "\n".join(letters.lines(translate("en"), story))


@on_both
async def test_a_donation_from_the_tap_to_the_receipt(house: House) -> None:
    donation = await house.give(500)
    await house.hear(callback())
    await house.hear(callback(code=1032), token=None)  # forged
    telling = Telling(Kind.DONATION, donation.id, Audience.DONOR, "completed")
    await house.use_cases.told.note(telling, chat_id=77, message_id=5)
    story = await told(house, "donation", "1")
    assert [event.what for event in story.events] == [
        What.CREATED, What.PROMPTED, What.EVIDENCE, What.SETTLED, What.POSTED, What.POSTED, What.EVIDENCE, What.TOLD,
    ]  # fmt: skip
    proven, forged = of(story, What.EVIDENCE)
    assert (proven.facts["verdict"], proven.facts["receipt"]) == ("credited", "TKM1AAAAAA")
    assert (forged.facts["verdict"], forged.facts["receipt"]) == ("hint", None)
    assert {event.facts["account"]: event.facts["amount"] for event in of(story, What.POSTED)} == {
        "outside": Money(-50_000),
        "campaign:1": Money(50_000),
    }
    assert [event.facts["message_id"] for event in of(story, What.TOLD)] == [5]
    assert {job.job for job in story.waiting} >= {"AskMpesa", "TellDonor"}
    assert (story.status, story.receipt, story.amount.minor) == ("completed", "TKM1AAAAAA", 50_000)


async def test_a_story_shows_no_phone_number(treasury: Treasury) -> None:
    await treasury.house.wait(minutes=3)
    await treasury.house.give(500)
    await treasury.house.hear(callback(LONG_ID, receipt="TKM2AAAAAA"))
    await treasury.send(1000)
    for words in (("donation", "2"), ("payout", "1")):
        story = await told(treasury.house, *words)
        everything = read(story) + repr(story.events)
        for private in (PHONE.digits, PHONE.digits[3:], RECIPIENT.digits[3:], LONG_ID):
            assert private not in everything


async def test_moments_are_told_in_nairobis_time(house: House) -> None:
    await house.give(500)
    assert "22 Nov 2026 12:00:0" in read(await told(house, "donation", "1"))  # 09:00 UTC


@on_both
async def test_a_payout_from_the_request_to_the_receipt(treasury: Treasury) -> None:
    payout = await treasury.send(1000)
    await treasury.result()
    story = await told(treasury.house, "payout", str(payout.id))
    assert [event.what for event in story.events] == [
        What.CREATED, What.APPROVED, What.SENT, What.EVIDENCE, What.POSTED, What.POSTED, What.SENT_ENDED,
        What.COMPLETED,
    ]  # fmt: skip
    text = read(story)
    for part in ("Person 1 asked for KES 1,000", "Person 2 approved it", "paid, TKB1AAAAAA", "booked as paid"):
        assert part in text


async def test_a_rejected_payout_says_by_whom_and_why(treasury: Treasury) -> None:
    payout = await treasury.request()
    await treasury.house.use_cases.paying.approvals.reject(payout.id, 2, "too much")
    story = await told(treasury.house, "payout:1")
    [refused] = of(story, What.REFUSED)
    assert refused.facts == {"status": "rejected", "by": "Person 2", "reason": "too much"}
    assert "Person 2: rejected. too much" in read(story)


async def test_money_that_fits_nothing_is_followed_by_its_receipt(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=300, receipt="TKM9AAAAAA"))
    story = await told(house, "tkm9aaaaaa")
    [stray] = of(story, What.SUSPENDED)
    assert (story.payment, stray.facts["receipt"], str(stray.facts["amount"])) == (
        "donation:1",
        "TKM9AAAAAA",
        "KES 300",
    )
    assert "suspense" in {event.facts["account"] for event in of(story, What.POSTED)}


async def test_what_nobody_has_answered_is_told_as_asked(house: House) -> None:
    house.mpesa.queries.append(Unknown("still processing"))
    await house.give(500)
    await house.wait(seconds=31)
    assert [event.facts["source"] for event in of(await told(house, "donation", "1"), What.EVIDENCE)] == ["query"]


async def test_a_refused_push_says_so(house: House) -> None:
    house.mpesa.pushes.append(Failed(Reason.REFUSED, "400.002.02", "no"))
    await house.give(500)
    text = read(await told(house, "donation", "1"))
    assert "Prompt on the phone: refused by M-Pesa" in text
    assert "Decided: did not go through (refused)" in text


@on_both
async def test_every_name_of_a_payment_leads_to_it(treasury: Treasury) -> None:
    payout = await treasury.send(1000)
    await treasury.result()
    [attempt] = await treasury.attempts(payout.id)
    donation = await treasury.house.donation()
    for name in ("TKM1AAAAAA", donation.reference.lower(), "ws_CO_1", "donation:1"):
        assert (await told(treasury.house, name)).payment == "donation:1"
    for name in ("TKB1AAAAAA", attempt.originator_id, attempt.conversation_id or "", "payout:1"):
        assert (await told(treasury.house, name)).payment == "payout:1"


@pytest.mark.parametrize("words", [("nothing",), ("17",), ("donation",), (), ("payout", "x"), ("a", "b", "c")])
async def test_what_names_nothing_is_refused(house: House, words: tuple[str, ...]) -> None:
    with pytest.raises(NothingToTrace):
        await told(house, *words)


async def test_an_unknown_number_is_refused(house: House) -> None:
    with pytest.raises(NoSuchDonation):
        await told(house, "donation", "99")
    with pytest.raises(NoSuchPayout):
        await told(house, "payout", "9" * 18)


async def test_donation_1_is_not_donation_11(house: House) -> None:
    await house.use_cases.own_phones.shared(1, PHONE)
    for _ in range(11):
        await house.wait(minutes=3)
        await house.give(500)
    first = await told(house, "donation", "1")
    assert sorted(job.job for job in first.waiting) == ["AskMpesa", "ShowWaiting"]
