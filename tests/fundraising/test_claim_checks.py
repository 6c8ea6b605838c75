"""A donor's M-Pesa code, put to Transaction Status: it books only what surely is this donation's payment."""

import pytest

from fundraising.statuses import DonationStatus
from mpesa.outcome import Unknown
from mpesa.payouts import StatusQuestion
from tests.fakes import status_result
from tests.fundraising.house import House

PAYER = "254708374149 - WANJIKU"


async def claimed(house: House) -> str:
    """The token of M-Pesa's answer about the code that the donor sent."""
    house.mpesa.pushes.append(Unknown("timeout"))
    await house.give(500)
    for _ in range(4):
        await house.wait(minutes=5)
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


async def test_somebody_elses_payment_is_left_to_the_treasurer(house: House) -> None:
    token = await claimed(house)
    for payer in ("254711111111 - OTIENO", "2547 ***** 149"):
        body = status_result(shillings=500, receipt="TKM1AB2CD3", payer=payer)
        await house.use_cases.paying.mailbox.status_result(token, body)
    assert (await house.donation()).status is DonationStatus.PENDING
    assert await house.held("campaign:1") == await house.held("suspense") == 0


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
