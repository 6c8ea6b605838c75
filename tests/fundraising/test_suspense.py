"""Money that fits nothing leaves suspense when two people say the same, by new postings, once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from fundraising.audit.movements import Kind
from fundraising.audit.story.events import What
from fundraising.money import Money
from fundraising.people.roles import Role
from fundraising.refusals import NoSuchCampaign, NoSuchStray, NotAllowed, SecondPersonNeeded
from fundraising.statuses import DonationStatus, Review
from mpesa.outcome import Succeeded
from storage.consent_tables import consents
from storage.database import Database
from storage.tables import donations
from tests.databases import PostgresServer, any_database, opened
from tests.fakes import callback
from tests.fundraising.day import TODAY
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OWNER, SECOND_CHECKER, Treasury


@pytest.fixture(params=["inline", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    postgres: PostgresServer | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    async with opened(request.param, tmp_path, postgres) as database:
        yield database


@pytest.fixture
async def stray(treasury: Treasury) -> Treasury:
    """KES 299 instead of 300 for the second donation."""
    await treasury.house.give(300)
    await treasury.house.hear(callback("ws_CO_2", shillings=299, receipt="TKM2AAAAAA"))
    return treasury


async def decide(treasury: Treasury, by: int, campaign_id: int | None = 1, key: str = "s1") -> bool:
    return await treasury.house.use_cases.suspense.decide(key, by, campaign_id)


async def held(treasury: Treasury) -> tuple[int, int, int]:
    house = treasury.house
    return await house.held("campaign:1"), await house.held("suspense"), await house.held("outside")


async def test_two_people_give_it_to_a_campaign(stray: Treasury) -> None:
    [found] = await stray.house.use_cases.suspense.waiting(10)
    assert (found.key, str(found.cause), found.amount, found.donation_id, found.reason) == (
        "s1",
        "receipt:TKM2AAAAAA",
        Money.shillings(299),
        2,
        "other_amount",
    )
    assert not await decide(stray, CHECKER)
    assert await held(stray) == (50_000, 299, -50_299)
    assert await decide(stray, OWNER)
    assert await held(stray) == (50_299, 0, -50_299)
    assert await stray.house.use_cases.suspense.waiting(10) == []
    assert (await stray.house.use_cases.campaigns.standing(1)).balance.raised == Money.shillings(50_299)


async def test_what_was_sent_back_leaves_the_books(stray: Treasury) -> None:
    await decide(stray, CHECKER, None)
    assert await decide(stray, SECOND_CHECKER, None)
    assert await held(stray) == (50_000, 0, -50_000)


async def test_one_person_is_not_two(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    with pytest.raises(SecondPersonNeeded):
        await decide(stray, CHECKER)
    assert await held(stray) == (50_000, 299, -50_299)


async def test_two_who_say_different_things_decide_nothing(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    assert not await decide(stray, SECOND_CHECKER, None)
    [found] = await stray.house.use_cases.suspense.waiting(10)
    said = [(each.proposer_id, each.campaign_id) for each in found.proposals]
    assert said == [(CHECKER, 1), (SECOND_CHECKER, None)]
    assert await held(stray) == (50_000, 299, -50_299)


async def test_what_is_decided_is_not_decided_again(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    await decide(stray, OWNER)
    for campaign_id in (1, None):
        with pytest.raises(NoSuchStray):
            await decide(stray, SECOND_CHECKER, campaign_id)
    assert await held(stray) == (50_299, 0, -50_299)


async def test_of_two_who_agree_at_once_one_decides(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    answers = await asyncio.gather(decide(stray, SECOND_CHECKER), decide(stray, OWNER), return_exceptions=True)
    assert [answer for answer in answers if answer is True] == [True]
    assert [type(answer) for answer in answers if answer is not True] == [NoSuchStray]
    assert await held(stray) == (50_299, 0, -50_299)


async def test_a_maker_decides_nothing_and_money_goes_to_no_campaign_that_is_not_there(stray: Treasury) -> None:
    with pytest.raises(NotAllowed):
        await decide(stray, MAKER)
    with pytest.raises(NoSuchCampaign):
        await decide(stray, CHECKER, 99)
    for key in ("s2", "c1", "x1", "s", "", "s1e9", "s" + "9" * 30):
        with pytest.raises(NoSuchStray):
            await decide(stray, CHECKER, key=key)


async def test_what_came_beyond_what_was_credited_is_decided_alike(treasury: Treasury) -> None:
    house = treasury.house
    house.mpesa.queries.append(Succeeded(None))
    await house.give(300)
    await house.wait(seconds=31)  # a question's answer tells no amount: 300 are credited
    await house.hear(callback("ws_CO_2", shillings=350, receipt="TKM2AAAAAA"))
    assert await held(treasury) == (50_300, 50, -50_350)
    [found] = await house.use_cases.suspense.waiting(10)
    assert (found.key, found.amount, found.donation_id) == ("c2", Money.shillings(50), 2)
    await decide(treasury, CHECKER, key="c2")
    assert await decide(treasury, OWNER, key="c2")
    assert await held(treasury) == (50_350, 0, -50_350)


async def test_the_database_keeps_the_two_people_apart(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    alone = consents.update().values(confirmer_id=CHECKER, confirmed_at=stray.house.clock())
    with pytest.raises(IntegrityError):
        await stray.house.database.write(lambda conn: conn.execute(alone).rowcount)


async def test_the_self_check_sees_a_decision_that_nobody_made(stray: Treasury) -> None:
    house: House = stray.house
    await decide(stray, CHECKER)
    agreed = consents.update().values(confirmer_id=OWNER, confirmed_at=house.clock())
    await house.database.write(lambda conn: conn.execute(agreed).rowcount)
    [problem] = await house.use_cases.self_check.problems()
    assert problem == "two people decided on receipt:TKM2AAAAAA, but its money is not booked out of suspense"
    back = consents.update().values(confirmer_id=None, confirmed_at=None)
    await house.database.write(lambda conn: conn.execute(back).rowcount)


async def test_given_to_its_own_campaign_the_donation_is_completed_with_what_arrived(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    await decide(stray, OWNER)
    donation = await stray.house.donation(2)
    assert (donation.status, donation.needs_review) == ("completed", None)
    assert (donation.amount, donation.receipt) == (Money.shillings(299), "TKM2AAAAAA")
    assert await stray.house.jobs("TellDecided") == [
        {"donor_id": 1, "donation_id": 2, "cause": "receipt:TKM2AAAAAA"},
    ]
    decision = await stray.house.use_cases.suspense.decision("receipt:TKM2AAAAAA")
    assert (decision.amount, decision.campaign_id) == (Money.shillings(299), 1)
    assert (await stray.house.use_cases.reconciliation.of(TODAY)).came(Kind.DONATIONS, "KES").count == 2


async def test_its_story_still_tells_what_was_asked_for(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    await decide(stray, OWNER)
    story = await stray.house.use_cases.stories.of_donation(2)
    [created] = [event for event in story.events if event.what is What.CREATED]
    assert (created.facts["amount"], story.amount) == (Money.shillings(300), Money.shillings(299))


@pytest.mark.parametrize("campaign_id", [None, 2])
async def test_sent_back_or_given_elsewhere_the_donation_is_failed_for_good(
    stray: Treasury, campaign_id: int | None
) -> None:
    house = stray.house
    await house.use_cases.campaigns.add("Books for Lodwar", Money.shillings(1000))
    await decide(stray, CHECKER, campaign_id)
    await decide(stray, OWNER, campaign_id)
    donation = await house.donation(2)
    assert (donation.status, donation.needs_review, donation.receipt) == ("failed", None, "TKM2AAAAAA")
    assert len(await house.jobs("TellDecided")) == 1
    house.mpesa.queries.append(Succeeded(None))  # a forged callback makes us ask, and M-Pesa knows of a success
    await house.hear(callback("ws_CO_2"), token=None)
    await house.wait(minutes=2)
    assert (await house.donation(2)).status == "failed"
    assert await house.held("campaign:1") == 50_000


async def test_of_two_payments_the_donation_waits_for_the_second_decision(stray: Treasury) -> None:
    await stray.house.hear(callback("ws_CO_2", shillings=250, receipt="TKM3AAAAAA"))
    for key, campaign_id in (("s1", None), ("s2", 1)):
        donation = await stray.house.donation(2)
        assert (donation.status, donation.needs_review) == ("pending", "other_amount")
        await decide(stray, CHECKER, campaign_id, key)
        await decide(stray, OWNER, campaign_id, key)
    donation = await stray.house.donation(2)
    assert (donation.status, donation.needs_review, donation.amount) == ("completed", None, Money.shillings(250))
    assert await held(stray) == (50_250, 0, -50_250)


async def test_a_second_payment_that_is_decided_needs_nobody_any_more(treasury: Treasury) -> None:
    await treasury.house.hear(callback(shillings=50_000, receipt="TKM9AAAAAA"))
    assert (await treasury.house.donation()).needs_review == "second_payment"
    await decide(treasury, CHECKER)
    await decide(treasury, OWNER)
    donation = await treasury.house.donation()
    assert (donation.status, donation.needs_review, donation.amount) == ("completed", None, Money.shillings(50_000))
    assert await held(treasury) == (100_000, 0, -100_000)


async def test_a_receipt_by_mail_goes_out_when_it_is_decided_for_whom_asked_for_one(stray: Treasury) -> None:
    by_mail = donations.update().values(receipt_by_mail=True)
    await stray.house.database.write(lambda conn: conn.execute(by_mail).rowcount)
    await decide(stray, CHECKER)
    await decide(stray, OWNER)
    assert await stray.house.jobs("MailReceipt") == [{"donation_id": 2, "late": False}]


async def test_the_others_who_may_decide_are_asked_for_their_word(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    asked = await stray.house.jobs("AskSecondPerson")
    assert asked == [{"chat_id": chat, "key": "s1"} for chat in (1003, 1004, 1005)]


async def test_the_word_of_somebody_who_lost_the_role_counts_no_more(stray: Treasury) -> None:
    await decide(stray, CHECKER)
    await stray.takes(CHECKER, Role.CHECKER)
    assert not await decide(stray, SECOND_CHECKER)
    assert await held(stray) == (50_000, 299, -50_299)
    assert await decide(stray, OWNER)


@any_database
async def test_what_lies_in_suspense_still_waits_for_people_when_the_right_amount_comes_too(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=300))
    await house.hear(callback(shillings=500, receipt="TKM2BBBBBB"))
    donation = await house.donation()
    assert (donation.status, donation.needs_review) == (DonationStatus.COMPLETED, Review.OTHER_AMOUNT)
    assert (await house.held("campaign:1"), await house.held("suspense")) == (500, 300)
