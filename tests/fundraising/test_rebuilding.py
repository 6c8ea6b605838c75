"""Courses that a restore may take beside the straight one: other orders, other losses, life going on meanwhile."""

import pytest

from fundraising import journal as intents
from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.refusals import NotRetryable, StillInQuarantine
from fundraising.statuses import PayoutReview, PayoutStatus
from mpesa.msisdn import Msisdn
from storage.journal import Journal
from tests.fundraising.drill import Drill, payout
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER

GIFTS = 2


async def wait_for_word(drill: Drill, house: House) -> None:
    for _ in range(6):
        await house.work()
        await drill.bank.answer_questions(house.use_cases)
        drill.clock.forward(minutes=2)


async def test_a_payment_that_was_waiting_to_be_sent_does_not_keep_sending_frozen_for_ever(drill: Drill) -> None:
    house = await drill.begin(GIFTS)
    drill.bank.away = True
    await drill.pay(house, 1, told=False)
    copy = drill.back_up()
    drill.bank.away = False
    house = await drill.lose_and_restore(house, copy)
    await drill.settle(house)
    assert await drill.unfreeze(house)
    await house.work()
    assert len(drill.bank.sent) == 1, "it was never sent before, so now it is"
    await house.database.close()


async def test_donations_that_go_on_do_not_hold_up_a_payment_that_is_made_again(drill: Drill) -> None:
    house = await drill.begin(gifts=0)
    copy = drill.back_up()
    await drill.give(house, 1, 10_000, told=True)
    await drill.pay(house, 1, told=True)
    drill.bank.took.clear()  # M-Pesa does not tell of the donation any more
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()
    for minute in range(40):  # a busy campaign: somebody is always about to pay
        await drill.give(house, 100 + minute, 500, told=False)
        drill.bank.took.clear()
        await house.work()
        await drill.bank.answer_questions(house.use_cases)
        drill.clock.forward(hours=1)
    assert (await payout(house, 1)).status is PayoutStatus.COMPLETED
    await house.database.close()


async def test_a_retry_is_not_taken_for_the_attempt_before_it_whichever_is_read_first(drill: Drill) -> None:
    house = await drill.begin(GIFTS)
    copy = drill.back_up()
    drill.bank.refuse = True
    await drill.pay(house, 1, told=False)
    await drill.fail_and_retry(house, 1)
    calls = len(drill.bank.sent)
    put_retry_first(house.journal)
    house = await drill.lose_and_restore(house, copy)
    await drill.settle(house)
    found = await payout(house, 1)
    assert (found.status, found.needs_review) == (PayoutStatus.COMPLETED, None)
    with pytest.raises(NotRetryable):
        await house.use_cases.paying.approvals.retry(1, MAKER)
    assert len(drill.bank.sent) == calls
    assert await house.use_cases.self_check.problems() == []
    await house.database.close()


async def test_a_request_for_another_campaign_is_not_taken_for_the_lost_payout_of_the_same_id(drill: Drill) -> None:
    house = await drill.begin(gifts=0)
    other = await house.use_cases.campaigns.add("Desks", Money.shillings(500_000))
    await drill.give(house, 1, 10_000, told=True, campaign_id=other.id)
    copy = drill.back_up()
    await drill.give(house, 2, 10_000, told=True)
    await drill.pay(house, 1, told=False)
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()
    same = Order(other.id, Money.shillings(1001), Msisdn.parse(f"01{1:08}"), "Recipient 1")
    new = await house.use_cases.paying.requests.request(same, MAKER, despite_duplicate=True)
    await wait_for_word(drill, house)
    assert (await payout(house, new.id)).status is PayoutStatus.PENDING
    assert await house.held(f"campaign:{other.id}") == 10_000
    assert await house.held("campaign:1") == 8_999
    assert await house.use_cases.self_check.problems() == []
    await house.database.close()


def put_retry_first(journal: Journal | None) -> None:
    """As when each was sent by another machine, whose file has a name of its own."""
    assert journal
    [file] = journal.files()
    first, other = file.with_name(f"{file.name[:10]}-a.journal"), file.with_name(f"{file.name[:10]}-b.journal")
    for line in file.read_bytes().splitlines():
        is_retry = (
            line
            and isinstance(entry := intents.decode(line.partition(b" ")[2]), intents.PaymentIntent)
            and entry.number > 1
        )
        with (first if is_retry else other).open("ab") as out:
            out.write(line + b"\n")
    file.unlink()


async def test_attempts_of_a_payout_whose_id_was_given_away_meanwhile_stay_attempts_of_one(drill: Drill) -> None:
    house = await drill.begin(gifts=0)
    copy = drill.back_up()
    await drill.give(house, 1, 10_000, told=True)
    drill.bank.refuse = True
    await drill.pay(house, 1, told=False)
    await drill.fail_and_retry(house, 1)
    calls = len(drill.bank.sent)
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()
    await drill.give(house, 2, 10_000, told=True)
    await house.use_cases.paying.requests.request(
        Order(1, Money.shillings(50), Msisdn.parse("0112999999"), "Other"), MAKER
    )
    await wait_for_word(drill, house)
    await wait_for_word(drill, house)
    listed = await house.use_cases.paying.requests.list(limit=10)
    assert sorted(each.status for each in listed) == [PayoutStatus.COMPLETED, PayoutStatus.PENDING]
    assert len(drill.bank.sent) == calls
    assert await house.use_cases.self_check.problems() == []
    await house.database.close()


async def test_the_same_asked_for_anew_under_the_id_of_a_lost_payout_is_not_taken_for_it(drill: Drill) -> None:
    house = await drill.begin(gifts=0)
    copy = drill.back_up()
    await drill.give(house, 1, 10_000, told=True)
    await drill.pay(house, 1, told=True)
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()  # the payment waits for the money that it came from
    await drill.give(house, 2, 10_000, told=True)
    order = Order(1, Money.shillings(1001), Msisdn.parse("0100000001"), "Recipient 1")
    again = await house.use_cases.paying.requests.request(order, MAKER)
    assert again.id == 1
    await wait_for_word(drill, house)
    await wait_for_word(drill, house)
    listed = await house.use_cases.paying.requests.list(limit=10)
    assert sorted(each.status for each in listed) == [PayoutStatus.COMPLETED, PayoutStatus.PENDING]
    assert (await payout(house, again.id)).status is PayoutStatus.PENDING, "nobody has agreed to it"
    await house.database.close()


async def test_a_request_that_was_sent_after_the_backup_cannot_be_rejected_once_the_program_has_started(
    drill: Drill,
) -> None:
    house = await drill.begin(GIFTS)
    order = Order(1, Money.shillings(900), Msisdn.parse("0112345678"), "Amina")
    pending = await house.use_cases.paying.requests.request(order, MAKER)
    copy = drill.back_up()
    await house.use_cases.paying.approvals.approve(pending.id, CHECKER)
    await house.work()
    drill.clock.forward(days=4)  # longer than a request waits for an answer
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()
    assert (await payout(house, pending.id)).status is PayoutStatus.PROCESSING
    await drill.bank.tell_result(house.use_cases, list(drill.bank.sent)[-1])
    assert (await payout(house, pending.id)).status is PayoutStatus.COMPLETED
    assert (await payout(house, pending.id)).needs_review is None
    await house.database.close()


async def test_the_doubt_about_an_attempt_ends_with_the_retry_that_the_journal_tells_of(drill: Drill) -> None:
    house = await drill.begin(GIFTS)
    review = house.use_cases.paying.review
    await drill.pay(house, 1, told=False)
    [originator_id] = drill.bank.sent
    drill.bank.unpaid.add(originator_id)
    drill.clock.forward(hours=25)
    await house.work()
    drill.bank.questions.clear()  # M-Pesa is silent
    assert (await payout(house, 1)).needs_review is PayoutReview.NO_WORD
    copy = drill.back_up()
    await review.decide(1, CHECKER, paid=False)
    await review.decide(1, OWNER, paid=False)
    await house.use_cases.paying.approvals.retry(1, MAKER)
    await house.work()
    house = await drill.lose_and_restore(house, copy)
    await drill.settle(house)
    assert (await payout(house, 1)).status is PayoutStatus.COMPLETED
    assert await drill.unfreeze(house)
    await house.database.close()


async def test_two_people_decide_about_a_payment_that_was_made_again_without_money(drill: Drill) -> None:
    house = await drill.begin(gifts=0)
    copy = drill.back_up()
    await drill.give(house, 1, 10_000, told=True)
    for number in (1, 2):
        await drill.pay(house, number, told=True)
    drill.bank.took.clear()
    drill.bank.sent.clear()  # M-Pesa remembers neither
    house = await drill.lose_and_restore(house, copy)
    await drill.settle(house)
    with pytest.raises(StillInQuarantine):
        await drill.unfreeze(house)
    for _ in range(30):
        await house.work()
        drill.clock.forward(hours=1)
    review = house.use_cases.paying.review
    for payout_id in (1, 2):
        assert (await payout(house, payout_id)).status is PayoutStatus.CANCELLED
        await review.decide(payout_id, CHECKER, paid=payout_id == 1, receipt="TKB1")
        await review.decide(payout_id, OWNER, paid=payout_id == 1, receipt="TKB1")
    assert [(await payout(house, n)).status for n in (1, 2)] == [PayoutStatus.COMPLETED, PayoutStatus.CANCELLED]
    await house.use_cases.paying.review.close(1, OTHER_OWNER)
    assert await drill.unfreeze(house)
    assert await house.use_cases.self_check.problems() == []
    await house.database.close()


async def test_nobody_unfreezes_while_a_payment_of_the_journal_waits_for_its_money(drill: Drill) -> None:
    house = await drill.begin(gifts=0)
    copy = drill.back_up()
    await drill.give(house, 1, 10_000, told=True)
    await drill.pay(house, 1, told=True)
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()
    with pytest.raises(StillInQuarantine):
        await drill.unfreeze(house)
    await drill.settle(house)
    assert await house.use_cases.paying.switch.unfreeze(OTHER_OWNER)
    await house.database.close()
