"""A donor's M-Pesa code, put to Transaction Status: it books only what surely is this donation's payment."""

from datetime import timedelta
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from fundraising.giving.settlement import Settlement
from fundraising.money import Money
from fundraising.statuses import DonationStatus, Review
from mpesa.codes import Reason
from mpesa.outcome import Failed, Succeeded, Unknown
from mpesa.payouts import StatusQuestion
from storage.tables import evidence
from tests.databases import any_database
from tests.fakes import callback, status_result
from tests.fundraising.house import PHONE, House

PAYER = "254708374149 - WANJIKU"


async def lost(house: House, shillings: int) -> None:
    """A donation of which M-Pesa never says how it ended."""
    house.mpesa.pushes.append(Unknown("timeout"))
    await house.give(shillings)
    for _ in range(4):
        await house.wait(minutes=5)


async def claimed(house: House) -> str:
    """The token of M-Pesa's answer about the code that the donor sent."""
    await lost(house, 500)
    assert await house.use_cases.claims.claim(1, "TKM1AB2CD3")
    await house.work()
    [question] = house.payouts.asked
    assert isinstance(question, StatusQuestion)
    assert question.receipt == "TKM1AB2CD3"
    return house.payouts.question_token()


@pytest.mark.parametrize("payer", [PAYER, "0708374149 - WANJIKU"])
async def test_a_code_that_mpesa_confirms_credits_the_donation(house: House, payer: str) -> None:
    token = await claimed(house)
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=payer)
    for _ in range(2):
        await house.use_cases.paying.mailbox.status_result(token, body)
    donation = await house.donation()
    assert (donation.status, donation.receipt) == (DonationStatus.COMPLETED, "TKM1AB2CD3")
    assert await house.held("campaign:1") == 500


async def test_another_amount_is_suspended_in_full(house: House) -> None:
    token = await claimed(house)
    body = status_result(shillings=300, receipt="TKM1AB2CD3", payer=PAYER)
    await house.use_cases.paying.mailbox.status_result(token, body)
    assert (await house.held("campaign:1"), await house.held("suspense")) == (0, 300)


@pytest.mark.parametrize(
    "said",
    [
        {"payer": "254711111111 - OTIENO"},
        {"payer": "2547 ***** 149"},
        {"paid_at": 20261122115400},
        {"paid_at": 20261122130000},
        {"paid_at": None},
    ],
    ids=["another's", "masked", "before the donation", "in the future", "at no known time"],
)
async def test_money_that_came_to_us_and_fits_no_gift_is_suspended_for_the_one_it_was_sent_for(
    house: House, said: dict[str, Any]
) -> None:
    token = await claimed(house)
    body = status_result(shillings=500, receipt="TKM1AB2CD3", **{"payer": PAYER, **said})
    for _ in range(2):
        await house.use_cases.paying.mailbox.status_result(token, body)
    donation = await house.donation()
    assert (donation.status, donation.needs_review) == (DonationStatus.PENDING, Review.CLAIMED)
    assert (await house.held("campaign:1"), await house.held("suspense")) == (0, 500)
    assert "suspended" in await house.told()
    assert "suspense" in await house.told("TellOwners")


async def test_of_several_gifts_the_one_that_it_fits_gets_it(house: House) -> None:
    await house.give(700)
    await house.hear(callback(code=1, shillings=700))
    token = await claimed(house)
    paid_at = kenyan(house, minutes=-20)
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=PAYER, paid_at=paid_at)
    await house.use_cases.paying.mailbox.status_result(token, body)
    assert (await house.donation(2)).receipt == "TKM1AB2CD3"
    assert (await house.held("campaign:1"), await house.held("suspense")) == (500, 0)


async def test_what_may_be_of_two_gifts_waits_a_day_and_is_suspended_then(house: House) -> None:
    await house.give(500)
    await house.hear(callback(code=1))
    await house.use_cases.own_phones.shared(1, PHONE)
    token = await claimed(house)
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=PAYER, paid_at=kenyan(house, minutes=-20))
    await house.use_cases.paying.mailbox.status_result(token, body)
    assert (await house.held("campaign:1"), await house.held("suspense")) == (0, 0)
    asked = len(house.payouts.asked)
    for _ in range(25):
        await house.wait(hours=1)
    assert len(house.payouts.asked) == asked + 1
    again = house.payouts.question_token()
    await house.use_cases.paying.mailbox.status_result(again, body)
    assert (await house.held("campaign:1"), await house.held("suspense")) == (0, 500)


async def test_a_code_that_is_booked_is_not_asked_about_a_day_later(house: House) -> None:
    token = await claimed(house)
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=PAYER)
    await house.use_cases.paying.mailbox.status_result(token, body)
    asked = len(house.payouts.asked)
    for _ in range(30):
        await house.wait(hours=1)
    assert len(house.payouts.asked) == asked


def kenyan(house: House, minutes: float) -> int:
    moment = house.clock().astimezone(ZoneInfo("Africa/Nairobi")) + timedelta(minutes=minutes)
    return int(moment.strftime("%Y%m%d%H%M%S"))


async def test_another_code_or_a_payment_under_way_or_a_failed_question_proves_nothing(house: House) -> None:
    token = await claimed(house)
    for body in (
        status_result(shillings=500, receipt="TKM9ZZZZZZ", payer=PAYER),
        status_result("Authorized", shillings=500, receipt="TKM1AB2CD3", payer=PAYER),
        status_result(code=25),
        b'{"odd": 1}',
    ):
        await house.use_cases.paying.mailbox.status_result(token, body)
    assert (await house.donation()).status is DonationStatus.PENDING


async def test_without_the_token_an_answer_about_a_code_moves_nothing(house: House) -> None:
    await claimed(house)
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=PAYER)
    for token in (None, "f" * 64):
        await house.use_cases.paying.mailbox.status_result(token, body)
    assert (await house.donation()).status is DonationStatus.PENDING


@pytest.mark.parametrize(
    "said",
    [
        {"payee": "254799999999 - A COUSIN"},
        {"payee": ""},
    ],
    ids=["to somebody else", "to nobody named"],
)
async def test_a_payment_that_may_be_for_something_else_is_kept_for_the_treasurer(
    house: House, said: dict[str, Any]
) -> None:
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=PAYER, **said)
    await house.use_cases.paying.mailbox.status_result(await claimed(house), body)
    assert (await house.donation()).status is DonationStatus.PENDING
    kept = select(evidence.c.verdict, evidence.c.receipt)
    assert await house.database.read(lambda conn: conn.execute(kept).all()) == [("noted", "TKM1AB2CD3")]
    assert "claim" in await house.told("TellOwners")


async def test_a_payment_that_a_query_settled_is_not_credited_again_by_its_code(house: House) -> None:
    house.mpesa.queries.append(Succeeded(None))
    await house.give(500)
    await house.wait(seconds=31)
    house.clock.forward(minutes=5)
    await lost(house, 500)
    assert await house.use_cases.claims.claim(1, "TKM1AB2CD3")
    await house.work()
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=PAYER, paid_at=20261122120700)
    await house.use_cases.paying.mailbox.status_result(house.payouts.question_token(), body)
    assert await house.held("campaign:1") == 500


async def test_a_claim_that_waits_is_booked_as_it_was_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await claimed(house)

    def broken(*_: object) -> NoReturn:
        raise OperationalError("lock", None, Exception("timed out"))

    with monkeypatch.context() as patched:
        patched.setattr(Settlement, "settle", broken)
        body = status_result(shillings=300, receipt="TKM1AB2CD3", payer=PAYER)
        await house.use_cases.paying.mailbox.status_result(token, body)
    await house.work()
    assert (await house.held("campaign:1"), await house.held("suspense")) == (0, 300)


async def test_after_five_codes_no_more_are_put_to_mpesa(house: House) -> None:
    await lost(house, 500)
    for n in range(20):
        assert await house.use_cases.claims.claim(1, f"TKM1AB{n:04}")
    await house.work()
    assert len(house.payouts.asked) == 5


async def test_a_question_that_was_not_taken_is_put_again_for_a_day(house: House) -> None:
    house.payouts.questions.extend([Failed(Reason.NOT_REACHED, ""), Unknown("timeout")] * 20)
    await lost(house, 500)
    assert await house.use_cases.claims.claim(1, "TKM1AB2CD3")
    await house.work()
    for asked, wait in enumerate((31, 121, 601, 3601, 3601), start=1):
        assert len(house.payouts.asked) == asked
        await house.wait(seconds=wait)
    for _ in range(30):
        await house.wait(hours=1, seconds=1)
    assert len(house.payouts.asked) == 28 + 1  # once more, a day after the code came


async def test_a_refused_initiator_freezes_and_is_not_used_for_codes_until_it_is_mended(house: House) -> None:
    house.payouts.questions.append(Failed(Reason.INITIATOR_REFUSED, "2001"))
    await lost(house, 500)
    assert await house.use_cases.claims.claim(1, "TKM1AB2CD3")
    for _ in range(5):
        await house.wait(hours=1, seconds=1)
    assert (await house.use_cases.paying.switch.state()).is_frozen
    assert len(house.payouts.asked) == 1


@any_database
async def test_a_payment_that_may_be_another_donors_with_the_same_phone_is_kept_for_the_treasurer(house: House) -> None:
    token = await claimed(house)
    other = await house.use_cases.donors.arrive(78, "Otieno", "en")
    await house.use_cases.donations.start(other.id, 1, Money.shillings(500), PHONE)
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=PAYER, paid_at=kenyan(house, minutes=0))
    await house.use_cases.paying.mailbox.status_result(token, body)
    assert (await house.donation()).status is DonationStatus.PENDING
    assert await house.held("campaign:1") == 0


@pytest.mark.parametrize(("minutes", "is_credited"), [(-4.9, True), (-5.1, False)])
async def test_mpesas_clock_may_be_five_minutes_behind_and_no_more(
    house: House, minutes: float, is_credited: bool
) -> None:
    token = await claimed(house)
    begun = (await house.donation()).created_at.astimezone(ZoneInfo("Africa/Nairobi")) + timedelta(minutes=minutes)
    paid_at = int(begun.strftime("%Y%m%d%H%M%S"))
    body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=PAYER, paid_at=paid_at)
    await house.use_cases.paying.mailbox.status_result(token, body)
    assert ((await house.donation()).status is DonationStatus.COMPLETED) is is_credited
    assert await house.held("suspense") == (0 if is_credited else 500)
