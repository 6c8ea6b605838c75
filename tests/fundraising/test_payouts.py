"""Asking for money to go out: promised at once, within limits, agreed to by another person."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.paying.payout import ask_people
from fundraising.people.roles import Role
from fundraising.refusals import (
    AlreadyDecided,
    InsufficientFunds,
    LooksDuplicate,
    NotAllowed,
    NotRetryable,
    OwnRequest,
    PayoutChanged,
    PayoutOutOfRange,
    TooLateToCancel,
)
from fundraising.statuses import PayoutReview, PayoutStatus
from mpesa.outcome import Unknown
from storage.database import Database
from storage.payout_tables import approvals, payouts
from tests.databases import any_database
from tests.fakes import PAYING, callback
from tests.fundraising.house import PHONE, House
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER, RECIPIENT, SECOND_CHECKER, Treasury

P = PayoutStatus


async def test_a_payout_is_promised_agreed_sent_and_booked(treasury: Treasury) -> None:
    payout = await treasury.request(1000)
    assert (payout.status, await treasury.held()) == (P.PENDING, (50_000, 1000))
    assert treasury.house.payouts.sent == []
    assert (await treasury.approve(payout)).status is P.APPROVED
    await treasury.house.work()
    assert (await treasury.payout()).status is P.PROCESSING
    [sent] = treasury.house.payouts.sent
    assert (sent.shillings, sent.phone, len(sent.originator_id)) == (1000, RECIPIENT, 19)
    await treasury.result()
    done = await treasury.payout()
    assert (done.status, done.receipt) == (P.COMPLETED, "TKB1AAAAAA")
    assert await treasury.held() == (49_000, 0)
    assert (await treasury.house.use_cases.campaigns.standing(1)).balance.raised == Money.shillings(50_000)


async def test_the_requester_never_approves_not_even_past_the_rules(treasury: Treasury) -> None:
    payout = await treasury.request(by=OWNER)
    with pytest.raises(OwnRequest):
        await treasury.approve(payout, by=OWNER)
    row = insert(approvals).values(payout_id=1, requester_id=OWNER, approver_id=OWNER, created_at=payout.created_at)
    with pytest.raises(IntegrityError):
        await treasury.house.database.write(lambda conn: conn.execute(row).rowcount)
    lie = insert(approvals).values(payout_id=1, requester_id=MAKER, approver_id=OWNER, created_at=payout.created_at)
    with pytest.raises(IntegrityError):
        await treasury.house.database.write(lambda conn: conn.execute(lie).rowcount)


async def test_roles_are_checked_when_it_happens(treasury: Treasury) -> None:
    payout = await treasury.request()
    with pytest.raises(NotAllowed):
        await treasury.request(by=CHECKER)
    with pytest.raises(NotAllowed):
        await treasury.approve(payout, by=MAKER)
    await treasury.takes(CHECKER, Role.CHECKER)
    with pytest.raises(NotAllowed):
        await treasury.approve(payout, by=CHECKER)
    assert (await treasury.payout()).status is P.PENDING


async def test_two_checkers_at_the_same_instant_send_once(treasury: Treasury) -> None:
    payout = await treasury.request()
    both = [treasury.approve(payout, by=person) for person in (CHECKER, SECOND_CHECKER)]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyDecided", "Payout"]
    await treasury.house.work()
    assert len(treasury.house.payouts.sent) == 1


async def test_two_payouts_racing_for_one_balance_are_one(treasury: Treasury) -> None:
    both = [treasury.request(30_000), treasury.request(30_000)]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["InsufficientFunds", "Payout"]
    assert await treasury.held() == (50_000, 30_000)


async def test_a_button_of_another_version_decides_nothing(treasury: Treasury) -> None:
    payout = await treasury.request()
    with pytest.raises(PayoutChanged):
        await treasury.house.use_cases.paying.approvals.approve(payout.id, CHECKER, mac="0" * 12)
    mac = treasury.house.use_cases.paying.approvals.mac(payout)
    assert (await treasury.house.use_cases.paying.approvals.approve(payout.id, CHECKER, mac)).status is P.APPROVED
    with pytest.raises(AlreadyDecided) as decided:
        await treasury.house.use_cases.paying.approvals.approve(payout.id, SECOND_CHECKER, mac)
    assert decided.value.by == "Person 2"


async def test_reject_cancel_and_expiry_release_the_money(treasury: Treasury) -> None:
    paying = treasury.house.use_cases.paying
    for _ in range(3):
        await treasury.request(10_000)
    rejected = await paying.approvals.reject(1, CHECKER, "wrong recipient")
    assert (rejected.status, rejected.note) == (P.REJECTED, "wrong recipient")
    with pytest.raises(NotAllowed):
        await paying.requests.cancel(2, OWNER)
    assert (await paying.requests.cancel(2, MAKER)).status is P.CANCELLED
    await treasury.house.wait(days=3, seconds=1)
    assert (await treasury.payout(3)).status is P.CANCELLED
    assert await treasury.held() == (50_000, 0)


async def test_limits_duplicates_and_shortage_are_refused_before_anything_is_written(treasury: Treasury) -> None:
    requests = treasury.house.use_cases.paying.requests
    for shillings in (9, 250_001):
        with pytest.raises(PayoutOutOfRange):
            await treasury.request(shillings)
    with pytest.raises(InsufficientFunds) as short:
        await treasury.request(50_001)
    assert short.value.available == Money.shillings(50_000)
    await treasury.request(500)
    with pytest.raises(LooksDuplicate):
        await requests.request(Order(1, Money.shillings(500), RECIPIENT, "Akinyi"), MAKER)
    assert await treasury.held() == (50_000, 500)


async def test_more_people_have_to_agree_when_the_sum_is_large(database: Database) -> None:
    quorum = ((Money(0), 1), (Money.shillings(20_000), 2))
    treasury = await Treasury(await House(database, paying=replace(PAYING, quorum=quorum)).open()).open()
    payout = await treasury.request(20_000)
    assert (await treasury.approve(payout, CHECKER)).status is P.PENDING
    assert (await treasury.approve(payout, CHECKER)).status is P.PENDING
    assert (await treasury.approve(payout, SECOND_CHECKER)).status is P.APPROVED


async def test_one_person_is_enough_below_that(database: Database) -> None:
    quorum = ((Money(0), 1), (Money.shillings(20_000), 2))
    treasury = await Treasury(await House(database, paying=replace(PAYING, quorum=quorum)).open()).open()
    assert (await treasury.approve(await treasury.request(19_999), CHECKER)).status is P.APPROVED


@any_database
async def test_nobody_is_promised_more_in_a_kenyan_day_than_mpesa_allows(treasury: Treasury) -> None:
    house = treasury.house
    for number in (2, 3):
        await house.give(250_000)
        await house.hear(callback(f"ws_CO_{number}", shillings=250_000, receipt=f"TKM{number}AAAAAA"))
    for _ in range(2):
        await treasury.request(250_000)
    with pytest.raises(PayoutOutOfRange):
        await treasury.request(10)
    await house.use_cases.paying.approvals.reject(1, CHECKER, "wrong recipient")
    await treasury.request(10)
    await house.wait(hours=12, minutes=1)  # past midnight in Nairobi, not in Greenwich
    await treasury.request(250_000)


@any_database
async def test_the_same_again_looks_duplicate_for_ten_minutes_and_while_the_first_stands(treasury: Treasury) -> None:
    paying, same = treasury.house.use_cases.paying, Order(1, Money.shillings(500), RECIPIENT, "Akinyi Otieno")
    await paying.requests.request(same, MAKER)
    await paying.approvals.reject(1, CHECKER, "wrong recipient")
    await paying.requests.request(same, MAKER)
    with pytest.raises(LooksDuplicate):
        await paying.requests.request(same, MAKER)
    await treasury.house.wait(minutes=11)
    await paying.requests.request(same, MAKER)


@any_database
async def test_what_is_approved_only_an_owner_calls_back_and_what_is_under_way_nobody(treasury: Treasury) -> None:
    cancel = treasury.house.use_cases.paying.requests.cancel
    await treasury.approve(await treasury.request())
    with pytest.raises(NotAllowed):
        await cancel(1, MAKER)
    await treasury.house.work()
    with pytest.raises(TooLateToCancel):
        await cancel(1, OWNER)
    assert await treasury.held() == (50_000, 1000)


@any_database
async def test_the_requester_is_not_asked_to_agree_to_an_own_request(treasury: Treasury) -> None:
    await treasury.request(by=OWNER)
    asked = [job["chat_id"] for job in await treasury.house.jobs("AskChecker")]
    assert sorted(asked) == [1000 + person for person in (CHECKER, SECOND_CHECKER, OTHER_OWNER)]


@any_database
async def test_a_button_fits_one_amount_one_phone_and_one_name_only(treasury: Treasury) -> None:
    mac, payout = treasury.house.use_cases.paying.approvals.mac, await treasury.request(1000)
    other = await treasury.request(2000, phone=PHONE)
    changed = [
        replace(payout, amount=other.amount),
        replace(payout, phone=other.phone),
        replace(payout, recipient_name="Somebody Else"),
        replace(payout, version=2),
        replace(payout, id=2),
    ]
    assert mac(payout) not in {mac(each) for each in changed}


@any_database
async def test_a_retry_takes_a_maker_a_seen_failure_and_nothing_that_people_must_look_at(treasury: Treasury) -> None:
    retry = treasury.house.use_cases.paying.approvals.retry
    await treasury.send()
    await treasury.result(1)
    payout = await treasury.payout()
    with pytest.raises(NotAllowed):
        await retry(1, CHECKER)
    with pytest.raises(PayoutChanged):
        await retry(1, MAKER, payout.version - 1)
    await treasury.house.database.write(
        lambda conn: ask_people(conn, 1, PayoutReview.OTHER_AMOUNT, treasury.house.clock())
    )
    with pytest.raises(NotRetryable):
        await retry(1, MAKER, payout.version)
    assert await treasury.held() == (50_000, 0)


@any_database
async def test_the_receipt_of_what_two_people_knew_as_paid_is_kept_when_it_comes(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    await treasury.house.wait(hours=25)
    for person in (CHECKER, SECOND_CHECKER):
        await treasury.house.use_cases.paying.review.decide(1, person, paid=True)
    assert (await treasury.payout()).receipt is None
    await treasury.result(0)
    assert (await treasury.payout()).receipt == "TKB1AAAAAA"
    assert await treasury.held() == (49_000, 0)


async def test_what_people_write_about_a_payout_is_sealed_where_it_lies(treasury: Treasury) -> None:
    order = Order(1, Money.shillings(700), RECIPIENT, "Akinyi Otieno", "operation on the knee", "for Akinyi's knee")
    paying = treasury.house.use_cases.paying
    payout = await paying.requests.request(order, MAKER)
    rejected = await paying.approvals.reject(payout.id, CHECKER, "the knee is well again")
    assert (payout.purpose, payout.remarks, rejected.note) == (order.purpose, order.remarks, "the knee is well again")
    rows = await treasury.house.database.read(lambda conn: str(conn.execute(select(payouts)).all()))
    assert "knee" not in rows
