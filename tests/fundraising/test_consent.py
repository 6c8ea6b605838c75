"""Who agrees, and to how much: consent counts while its giver has the role, and for all that is decided at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from fundraising.money import Money
from fundraising.paying import agreement
from fundraising.paying.bulk_file import Row
from fundraising.paying.orders import Order
from fundraising.people.api_keys import KeyRole
from fundraising.people.roles import Role
from fundraising.refusals import BadPayout, LooksDuplicate, NoSuchNgo, PayoutDraftGone, SecondPersonNeeded
from fundraising.statuses import PayoutStatus
from mpesa.b2c import B2cAccepted
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from mpesa.outcome import Failed, Succeeded
from storage.database import Database
from storage.payout_tables import payout_drafts
from tests.fakes import PAYING
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER, RECIPIENT, SECOND_CHECKER, Treasury

P = PayoutStatus
ORDER = Order(1, Money.shillings(1000), RECIPIENT, "Akinyi Otieno")


@pytest.fixture
async def strict(database: Database) -> Treasury:
    """From KES 5,000 on two people agree."""
    two = replace(PAYING, quorum=((Money(0), 1), (Money.shillings(5000), 2)))
    return await Treasury(await House(database, paying=two).open()).open()


def lines(count: int, shillings: int, first: int = 0) -> list[Row]:
    people = [Msisdn.parse(f"07123456{n:02}") for n in range(first, first + count)]
    return [Row(n + 2, Order(1, Money.shillings(shillings), phone, "A B")) for n, phone in enumerate(people)]


async def test_the_agreement_of_a_former_checker_does_not_count(strict: Treasury) -> None:
    payout = await strict.request(6000)
    await strict.approve(payout, CHECKER)
    await strict.takes(CHECKER, Role.CHECKER)
    assert (await strict.approve(payout, SECOND_CHECKER)).status is P.PENDING
    house = strict.house
    assert await house.database.read(lambda conn: agreement.count(conn, house.vault, payout.id, house.clock())) == 1
    assert (await strict.approve(payout, OWNER)).status is P.APPROVED


async def test_an_approval_does_not_come_back_to_life_with_the_role_but_can_be_given_anew(strict: Treasury) -> None:
    payout = await strict.request(6000)
    await strict.approve(payout, CHECKER)
    await strict.takes(CHECKER, Role.CHECKER)
    strict.house.clock.forward(minutes=1)
    given = await strict.house.use_cases.staff.add(1000 + CHECKER, "Person 2", Role.CHECKER, by=OWNER)
    assert given
    await strict.house.use_cases.staff.confirm(given.id, by=OTHER_OWNER)
    strict.house.clock.forward(minutes=1)
    assert (await strict.approve(payout, SECOND_CHECKER)).status is P.PENDING
    assert (await strict.approve(payout, CHECKER)).status is P.APPROVED


@pytest.mark.parametrize("end", ["revoked", "expired"])
async def test_what_was_agreed_to_by_an_api_key_counts_while_the_key_holds(strict: Treasury, end: str) -> None:
    use_cases = strict.house.use_cases
    key = await use_cases.api_keys.create("key", "accounting", KeyRole.CHECKER, CHECKER, timedelta(days=1))
    payout = await strict.request(6000)
    await use_cases.paying.approvals.approve(payout.id, CHECKER, key_id=key.id)
    if end == "revoked":
        await use_cases.api_keys.revoke(key.id)
    else:
        strict.house.clock.forward(days=1)
    assert (await strict.approve(payout, SECOND_CHECKER)).status is P.PENDING
    assert (await strict.approve(payout, CHECKER)).status is P.APPROVED, "said anew, in the chat"


async def test_what_an_api_key_agreed_to_is_not_sent_again_after_the_key(treasury: Treasury) -> None:
    use_cases = treasury.house.use_cases
    key = await use_cases.api_keys.create("key", "accounting", KeyRole.CHECKER, None, timedelta(days=1))
    payout = await treasury.request()
    await use_cases.paying.approvals.approve(payout.id, key.person.id, key_id=key.id)
    await treasury.house.work()
    await treasury.result(8)
    treasury.house.clock.forward(days=1)
    with pytest.raises(SecondPersonNeeded):
        await use_cases.paying.approvals.retry(payout.id, MAKER)


async def test_what_a_former_checker_agreed_to_is_not_sent_again(treasury: Treasury) -> None:
    await treasury.send()
    await treasury.result(8)
    await treasury.takes(CHECKER, Role.CHECKER)
    with pytest.raises(SecondPersonNeeded):
        await treasury.house.use_cases.paying.approvals.retry(1, MAKER)


async def test_what_a_former_checker_agreed_to_is_called_off_and_its_money_is_free(treasury: Treasury) -> None:
    await treasury.house.use_cases.paying.switch.freeze(OWNER, "wait")
    await treasury.approve(await treasury.request())
    await treasury.house.work()
    await treasury.takes(CHECKER, Role.CHECKER)
    await unfreeze(treasury)
    assert (await treasury.payout()).status is P.CANCELLED
    assert await treasury.held() == (50_000, 0)
    assert "cancelled" in await treasury.house.told("TellAboutPayout")
    assert not treasury.house.payouts.sent


async def test_what_a_former_checker_agreed_to_is_not_sent_anew_when_mpesa_was_busy(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Failed(Reason.BUSY, "500.003.02"))
    await treasury.send()
    await treasury.takes(CHECKER, Role.CHECKER)
    await treasury.house.wait(minutes=1)
    assert len(treasury.house.payouts.sent) == 1
    assert (await treasury.payout()).status is P.FAILED
    assert await treasury.held() == (50_000, 0)


async def unfreeze(treasury: Treasury) -> None:
    for owner in (OWNER, OTHER_OWNER):
        await treasury.house.use_cases.paying.switch.unfreeze(owner)
    await treasury.house.work()


async def test_the_consent_of_a_former_owner_unfreezes_nothing(treasury: Treasury) -> None:
    switch = treasury.house.use_cases.paying.switch
    await switch.freeze(CHECKER, "looks wrong")
    await switch.unfreeze(OWNER)
    await treasury.house.use_cases.staff.remove(OWNER, Role.OWNER, by=OWNER)
    assert not await switch.unfreeze(OTHER_OWNER)
    assert (await switch.state()).unfreeze_asked_by == OTHER_OWNER


async def test_many_small_payouts_take_as_many_people_as_their_total(strict: Treasury) -> None:
    paying = strict.house.use_cases.paying
    batch = await paying.batches.request(lines(8, 4999), MAKER, "message 1")
    await paying.approvals.approve_batch(batch.id, CHECKER)
    assert (await paying.batches.find(batch.id)).count(P.PENDING) == 8
    await paying.approvals.approve_batch(batch.id, SECOND_CHECKER)
    assert (await paying.batches.find(batch.id)).count(P.APPROVED) == 8


async def test_the_same_file_in_another_message_looks_duplicate(treasury: Treasury) -> None:
    batches = treasury.house.use_cases.paying.batches
    first = await batches.request(lines(2, 100), MAKER, "message 1")
    with pytest.raises(LooksDuplicate):
        await batches.request(lines(2, 100), MAKER, "message 2")
    assert await treasury.held() == (50_000, 200)
    assert (await batches.request(lines(2, 100), MAKER, "message 1")).id == first.id
    assert (await batches.request(lines(2, 100), MAKER, "message 3", despite_duplicates=True)).id != first.id


async def test_two_equal_lines_of_one_file_are_paid_only_when_that_is_meant(treasury: Treasury) -> None:
    batches = treasury.house.use_cases.paying.batches
    with pytest.raises(LooksDuplicate):
        await batches.request(lines(1, 100) * 2, MAKER, "message 1")
    batch = await batches.request(lines(1, 100) * 2, MAKER, "message 1", despite_duplicates=True)
    assert batch.total == Money.shillings(200)


async def test_one_file_at_the_same_instant_is_one_batch(treasury: Treasury) -> None:
    batches = treasury.house.use_cases.paying.batches
    both = [batches.request(lines(2, 100), MAKER, "message 1") for _ in range(2)]
    assert {batch.id for batch in await asyncio.gather(*both)} == {1}
    assert await treasury.held() == (50_000, 200)


async def test_resume_sends_what_waited_for_mpesa_too(treasury: Treasury) -> None:
    paying, payouts = treasury.house.use_cases.paying, treasury.house.payouts
    batch = await paying.batches.request(lines(2, 100), MAKER, "message 1")
    payouts.sends.extend([Succeeded(B2cAccepted("AG_1", "")), Failed(Reason.BUSY, "500.003.02")])
    await paying.approvals.approve_batch(batch.id, CHECKER)
    await treasury.house.work()
    await treasury.result(1, nth=0)
    await treasury.house.wait(minutes=1)
    assert len(payouts.sent) == 2
    await paying.batches.resume(batch.id, MAKER)
    await treasury.house.wait(minutes=1)
    assert len(payouts.sent) == 3


async def test_two_equal_requests_at_the_same_instant_are_one(treasury: Treasury) -> None:
    requests = treasury.house.use_cases.paying.requests
    both = [requests.request(ORDER, by) for by in (MAKER, OWNER)]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["LooksDuplicate", "Payout"]


async def test_one_draft_confirmed_twice_at_the_same_instant_is_one_payout(treasury: Treasury) -> None:
    row = {"person_id": MAKER, "status": "open", "moved_at": treasury.house.clock()}
    await treasury.house.database.write(lambda conn: conn.execute(insert(payout_drafts).values(**row)).rowcount)
    requests = treasury.house.use_cases.paying.requests
    payouts = await asyncio.gather(*(requests.request(ORDER, MAKER, draft_id=1) for _ in range(2)))
    assert {payout.id for payout in payouts} == {1}
    assert await treasury.held() == (50_000, 1000)


async def test_a_draft_or_recipient_that_is_not_there_is_refused(treasury: Treasury) -> None:
    requests = treasury.house.use_cases.paying.requests
    with pytest.raises(PayoutDraftGone):
        await requests.request(ORDER, MAKER, draft_id=7)
    with pytest.raises(NoSuchNgo):
        await requests.request(replace(ORDER, ngo_id=7), MAKER)
    assert await treasury.held() == (50_000, 0)


@pytest.mark.parametrize("blank", [replace(ORDER, remarks="   "), replace(ORDER, recipient_name=" ")])
async def test_remarks_and_names_of_blanks_are_refused(treasury: Treasury, blank: Order) -> None:
    with pytest.raises(BadPayout):
        await treasury.house.use_cases.paying.requests.request(blank, MAKER)
