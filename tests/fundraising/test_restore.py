"""The drill: back up, go on, lose the database, put the backup back. Nothing is paid twice, no donation is lost."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from fundraising.ledger import accounts, posting
from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.refusals import NotRetryable, StillInQuarantine
from fundraising.statuses import DonationStatus, PayoutReview, PayoutStatus, StopCause
from mpesa.msisdn import Msisdn
from storage import backup, open_database
from storage.journal import Journal
from tests.databases import PostgresServer
from tests.fundraising.drill import Drill, leave_one_approved
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER


async def test_after_a_restore_two_hundred_donations_and_twenty_payouts_are_found_again(drill: Drill) -> None:
    house = await drill.begin()
    await drill.pay(house, 0, told=True)
    drill.bank.refuse = True
    await drill.pay(house, 1, told=True)  # has failed: it may be retried
    drill.bank.refuse = False
    approved = await leave_one_approved(house)
    copy = drill.folder / "backup.db"
    backup.copy_sqlite(drill.path, copy)

    await house.work()  # the approved one is sent after the backup
    await house.use_cases.paying.approvals.retry(2, MAKER)
    await house.work()
    for number in range(200):
        drill.bank.refuse = number % 4 == 3
        await drill.give(house, 10 + number, 500 + number, told=number % 3 != 0)
    for number in range(18):
        drill.bank.refuse = number % 6 == 5
        await drill.pay(house, 10 + number, told=number % 3 != 0)
    drill.bank.refuse = False
    calls = len(drill.bank.sent)

    house = await drill.lose_and_restore(house, copy)
    assert await house.use_cases.paying.switch.state() is not None
    await house.use_cases.recovery.at_start()
    await house.use_cases.paying.switch.unfreeze(OWNER)
    with pytest.raises(StillInQuarantine):
        await house.use_cases.paying.switch.unfreeze(OTHER_OWNER)
    await drill.settle(house)
    assert await house.use_cases.paying.switch.unfreeze(OTHER_OWNER)
    await drill.settle(house)

    assert len(drill.bank.sent) == calls, "something was sent again"
    assert await house.use_cases.self_check.problems() == []
    assert await net_of_fees(house) == (drill.bank.came_in - drill.bank.went_out) * 100
    payouts = await house.use_cases.paying.requests.list(limit=100)
    paid = [each.amount.whole_shillings for each in payouts if each.status is PayoutStatus.COMPLETED]
    assert sum(paid) == drill.bank.went_out
    assert (await house.use_cases.paying.requests.find(approved)).status is PayoutStatus.COMPLETED
    given = [await house.donation(number) for number in range(1, 211)]
    assert Counter(each.status for each in given) == {DonationStatus.COMPLETED: 160, DonationStatus.FAILED: 50}
    await house.database.close()


async def test_without_a_journal_what_the_backup_holds_as_not_sent_is_never_sent(drill: Drill) -> None:
    drill.keeps_a_journal = False
    house = await drill.begin()
    drill.bank.refuse = True
    await drill.pay(house, 1, told=True)
    drill.bank.refuse = False
    approved = await leave_one_approved(house)
    copy = drill.folder / "backup.db"
    backup.copy_sqlite(drill.path, copy)
    await house.work()  # sent and paid after the backup
    await house.use_cases.paying.approvals.retry(1, MAKER)
    await house.work()
    calls = len(drill.bank.sent)

    house = await drill.lose_and_restore(house, copy)
    assert await house.use_cases.recovery.after_restore() == 2
    await drill.settle(house)
    await house.use_cases.paying.switch.unfreeze(OWNER)
    assert await house.use_cases.paying.switch.unfreeze(OTHER_OWNER)
    assert await house.use_cases.recovery.restored_at(), "buttons from before stay without effect"
    await drill.settle(house)

    assert len(drill.bank.sent) == calls
    assert (await house.use_cases.paying.requests.find(approved)).status is PayoutStatus.CANCELLED
    with pytest.raises(NotRetryable):
        await house.use_cases.paying.approvals.retry(1, MAKER)
    await house.use_cases.paying.review.close(1, OWNER)  # after a look at the statement
    await house.use_cases.paying.approvals.retry(1, MAKER)
    assert await house.use_cases.self_check.problems() == []
    await house.database.close()


async def test_an_old_database_put_in_place_by_hand_is_noticed_at_start_and_nothing_is_sent(drill: Drill) -> None:
    house = await drill.begin()
    copy = drill.folder / "backup.db"
    backup.copy_sqlite(drill.path, copy)
    await drill.pay(house, 1, told=False)
    await drill.give(house, 99, 700, told=False)
    await house.database.close()
    backup.replace_sqlite(drill.path, copy, "old")

    house = await drill.open()
    assert await house.use_cases.recovery.at_start() == 2
    [stop] = (await house.use_cases.paying.switch.state()).stops
    assert stop.cause is StopCause.REWOUND
    await house.work()
    assert await house.use_cases.recovery.at_start() == 0, "nothing is made again twice"
    assert (await house.use_cases.paying.requests.find(1)).status is PayoutStatus.PROCESSING
    assert (await house.donation(11)).status is DonationStatus.COMPLETED, "M-Pesa was asked"
    await house.database.close()


async def test_a_callback_that_comes_after_the_restore_settles_the_donation_that_was_made_again(drill: Drill) -> None:
    house = await drill.begin()
    copy = drill.folder / "backup.db"
    backup.copy_sqlite(drill.path, copy)
    await drill.give(house, 99, 700, told=False)
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()
    await drill.bank.call_back(house.use_cases, "ws_CO_11")
    donation = await house.donation(11)
    assert (donation.status, donation.receipt) == (DonationStatus.COMPLETED, "TKM0000011")
    await house.database.close()


async def test_a_payment_whose_money_is_not_in_the_backup_is_booked_in_full_when_it_was_paid(drill: Drill) -> None:
    house = await drill.begin()
    await leave_one_approved(house)
    copy = drill.folder / "backup.db"
    backup.copy_sqlite(drill.path, copy)
    for number in (70, 71):
        await drill.give(house, number, 200_000, told=True)
    order = Order(1, Money.shillings(250_000), Msisdn.parse("0112345679"), "Amina")
    payout = await house.use_cases.paying.requests.request(order, MAKER)
    await house.use_cases.paying.approvals.approve(payout.id, CHECKER)
    await house.work()
    drill.bank.took.clear()  # M-Pesa does not remember the donations any more
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()
    for _ in range(8):
        await house.work()
        await drill.bank.answer_questions(house.use_cases)
        drill.clock.forward(minutes=2)
    found = await house.use_cases.paying.requests.find(payout.id)
    assert (found.status, found.needs_review) == (PayoutStatus.COMPLETED, PayoutReview.PAID_AFTER_FAILURE)
    assert await house.held("receivable:1") < 0
    assert await house.use_cases.self_check.problems() == []
    await house.database.close()


async def test_what_cannot_be_written_into_the_journal_is_not_sent(drill: Drill) -> None:
    house = await drill.begin()
    shutil.rmtree(drill.folder / "journal")
    (drill.folder / "journal").write_text("no folder")
    calls = len(drill.bank.took)
    await drill.give(house, 50, 500, told=False)
    approved = await leave_one_approved(house)
    await house.work()
    assert (len(drill.bank.took), len(drill.bank.sent)) == (calls, 0)
    (drill.folder / "journal").unlink()
    await house.wait(seconds=6)
    assert (len(drill.bank.took), len(drill.bank.sent)) == (calls + 1, 1)
    assert (await house.use_cases.paying.requests.find(approved)).status is PayoutStatus.PROCESSING
    await house.database.close()


async def net_of_fees(house: House) -> int:
    """Cents that should be at M-Pesa, had it taken no fees."""
    outside, fees = await house.database.read(
        lambda conn: (posting.balance(conn, accounts.OUTSIDE), posting.balance(conn, accounts.FEES))
    )
    return -(outside.minor + fees.minor)


async def test_on_postgresql_everything_is_made_again_under_its_old_ids(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    drill = Drill(tmp_path)
    journal = Journal(tmp_path / "journal", drill.clock)
    lost, empty = [open_database(await postgres.fresh()) for _ in range(2)]  # copies of one template: the same books
    before = drill.house(lost, journal)
    await drill.furnish(before, gifts=3)
    await drill.pay(before, 1, told=True)
    await lost.close()

    after = drill.house(empty, journal, seed=2)
    assert await after.use_cases.recovery.at_start() == 4
    await drill.settle(after)
    assert [(await after.donation(number)).status for number in (1, 2, 3)] == [DonationStatus.COMPLETED] * 3
    assert (await after.use_cases.paying.requests.find(1)).status is PayoutStatus.COMPLETED
    assert len(drill.bank.sent) == 1
    assert await after.use_cases.self_check.problems() == []
    await drill.give(after, 9, 500, told=False)
    assert (await after.donation(4)).amount == Money.shillings(500), "the counter goes on behind the old ids"
    await empty.close()
