"""How many people must agree: splitting a sum over payouts, people or days gains nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fundraising.money import Money
from fundraising.paying import bulk_file
from fundraising.paying.payout import Payout
from fundraising.statuses import PayoutStatus
from mpesa.msisdn import Msisdn
from storage.database import Database
from tests.databases import any_database
from tests.fakes import PAYING
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OWNER, SECOND_CHECKER, Treasury

P = PayoutStatus
TWO_FROM_5000 = ((Money(0), 1), (Money.shillings(5_000), 2))
SOMEBODY_ELSE = Msisdn.parse("0711000111")
SETTINGS = replace(PAYING, quorum=TWO_FROM_5000)


@pytest.fixture
async def house(database: Database) -> House:
    return await House(database, paying=SETTINGS).open()


async def paid(treasury: Treasury, shillings: int, phone: Msisdn = SOMEBODY_ELSE, by: int = OWNER) -> Payout:
    payout = await treasury.request(shillings, phone, by)
    for person in (CHECKER, SECOND_CHECKER)[: payout.approvals_needed]:
        await treasury.approve(payout, person)
    await treasury.house.work()
    await treasury.result(receipt=f"TKB{payout.id}AAAAAA")
    return payout


@any_database
async def test_a_sum_in_parts_takes_as_many_people_as_the_whole(treasury: Treasury) -> None:
    needed = [(await treasury.request(2_490)).approvals_needed for _ in range(4)]
    assert needed == [1, 1, 2, 2]


@any_database
async def test_the_parts_may_go_to_different_people_or_come_from_different_ones(treasury: Treasury) -> None:
    phones = [Msisdn.parse(f"07110001{n:02}") for n in range(3)]
    assert [(await treasury.request(2_490, phone)).approvals_needed for phone in phones] == [1, 1, 2]


@any_database
async def test_one_recipient_of_two_campaigns_and_makers_counts_together(treasury: Treasury) -> None:
    house = treasury.house
    await house.use_cases.campaigns.add("Second", Money.shillings(50_000))
    await paid(treasury, 4_000)
    assert (await treasury.request(500, by=MAKER)).approvals_needed == 1
    assert (await treasury.request(1_000, SOMEBODY_ELSE, MAKER)).approvals_needed == 2


@any_database
async def test_what_was_rejected_called_off_or_failed_does_not_count(treasury: Treasury) -> None:
    paying = treasury.house.use_cases.paying
    await treasury.request(4_990)
    await paying.approvals.reject(1, CHECKER, "not agreed")
    await treasury.request(4_990)
    await paying.requests.cancel(2, MAKER)
    await treasury.send(4_990)
    await treasury.result(1)
    assert (await treasury.request(4_990)).approvals_needed == 1


@any_database
async def test_after_the_window_it_begins_anew(treasury: Treasury) -> None:
    await treasury.request(4_990)
    await treasury.house.wait(hours=23, minutes=59)
    assert (await treasury.request(10)).approvals_needed == 2
    await treasury.house.wait(minutes=2)
    assert (await treasury.request(10)).approvals_needed == 1


@any_database
async def test_a_shorter_window_and_no_cap_are_the_houses_choice(database: Database) -> None:
    settings = replace(SETTINGS, quorum_window=timedelta(hours=1))
    treasury = await Treasury(await House(database, paying=settings).open()).open()
    await treasury.request(4_990)
    await treasury.house.wait(hours=1, seconds=1)
    assert (await treasury.request(4_990)).approvals_needed == 1


@any_database
async def test_beyond_the_days_cap_one_person_more_has_to_agree(database: Database) -> None:
    settings = replace(PAYING, cap_per_day=Money.shillings(6_000))
    treasury = await Treasury(await House(database, paying=settings).open()).open()
    await treasury.request(6_000)
    payout = await treasury.request(10)
    assert (await treasury.approve(payout)).status is P.PENDING
    assert (await treasury.approve(payout, SECOND_CHECKER)).status is P.APPROVED


@any_database
async def test_all_of_a_file_is_agreed_to_as_one_with_what_came_before(treasury: Treasury) -> None:
    file = b"name,phone,amount\nA,0711000222,1000\nB,0711000333,1500\n"
    batches = treasury.house.use_cases.paying.batches
    batch = await batches.request(bulk_file.read(file, 1), MAKER, "message 1")
    assert {payout.approvals_needed for payout in batch.payouts} == {1}
    batch = await batches.request(bulk_file.read(file, 1), MAKER, "message 2", despite_duplicates=True)
    assert {payout.approvals_needed for payout in batch.payouts} == {2}


@any_database
async def test_the_card_says_what_came_before(treasury: Treasury) -> None:
    await treasury.request(3_000, SOMEBODY_ELSE, OWNER)
    await treasury.request(700)
    payout = await treasury.request(900)
    await treasury.request(50)
    lately = (await treasury.house.use_cases.paying.cards.of(payout.id)).lately
    said = (lately.recipient, lately.requester, lately.campaign)
    assert said == (Money.shillings(700), Money.shillings(700), Money.shillings(3_700))
