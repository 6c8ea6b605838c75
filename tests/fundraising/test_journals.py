"""What journals tell after a restore, and what is done where they tell nothing: apart, begun later, lost."""

import asyncio
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError

from fundraising import journal
from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.paying.payout import attempts_of
from fundraising.paying.tasks import SendPayout
from fundraising.refusals import NotRetryable
from fundraising.statuses import AttemptState, DonationStatus, PayoutReview, PayoutStatus, StopCause
from mpesa.client import PushAccepted, StkPush
from mpesa.msisdn import Msisdn
from mpesa.outcome import Outcome, Unknown
from storage import backup, open_database
from storage.journal import Journal
from storage.vault import Vault, WrongKey
from tests.databases import PostgresServer
from tests.fakes import sealed_before
from tests.fundraising.drill import Drill, leave_one_approved, payout
from tests.fundraising.house import SECRET
from tests.fundraising.treasury import CHECKER, MAKER, OWNER

GIFTS = 2
VAULT = Vault(SECRET)
PHONE = journal.place("phone", "ABCDEFGHIJKLMNOPQRS")


def test_what_an_older_release_wrote_down_can_be_read() -> None:
    assert journal.open_text(VAULT, sealed_before(VAULT, b"254712345678"), PHONE) == "254712345678"


@pytest.mark.parametrize("there", [("names.1", "ABCDEFGHIJKLMNOPQRS"), ("phone", "ABCDEFGHIJKLMNOPQRZ")])
def test_what_was_written_down_of_one_payment_does_not_open_for_another(there: tuple[str, str]) -> None:
    with pytest.raises(WrongKey):
        journal.open_text(VAULT, VAULT.seal_text("254712345678", PHONE), journal.place(*there))


async def test_a_replica_notices_what_another_one_sent_from_the_journal_that_they_share(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "replica1")
    house = await drill.begin(GIFTS)
    approved = await leave_one_approved(house)
    copy = drill.back_up()
    await house.database.close()
    monkeypatch.setattr("socket.gethostname", lambda: "replica2")
    house = await drill.open()
    await house.work()
    await house.database.close()
    backup.replace_sqlite(drill.path, copy, "old")
    monkeypatch.setattr("socket.gethostname", lambda: "replica1")
    house = await drill.open()
    await drill.settle(house)
    assert len(drill.bank.sent) == 1
    assert (await payout(house, approved)).status is PayoutStatus.COMPLETED
    await house.database.close()


async def test_a_journal_that_began_after_the_backup_tells_nothing_of_what_was_sent_before_it(drill: Drill) -> None:
    house = await drill.begin(GIFTS)
    approved = await leave_one_approved(house)
    copy = drill.back_up()
    drill.clock.forward(minutes=1)
    again = drill.back_up()
    await house.work()  # sent and paid; then the server is lost with its journal
    shutil.rmtree(drill.folder / "journal")
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.after_restore()
    await drill.give(house, 50, 500, told=True)
    drill.clock.forward(minutes=1)

    house = await drill.lose_and_restore(house, again)  # the same backup once more
    await house.use_cases.recovery.after_restore()
    await drill.settle(house)
    await drill.unfreeze(house)
    await house.work()
    assert len(drill.bank.sent) == 1, "it was paid before the journal began"
    assert (await payout(house, approved)).status is PayoutStatus.CANCELLED
    await house.database.close()


async def test_a_restore_that_dies_before_it_has_looked_for_a_journal_is_finished_at_the_next_start(
    drill: Drill,
) -> None:
    house = await drill.begin(GIFTS)
    approved = await leave_one_approved(house)
    copy = drill.back_up()
    await house.work()
    shutil.rmtree(drill.folder / "journal")
    house = await drill.lose_and_restore(house, copy)  # and nothing more of `trustvoice restore`
    await drill.settle(house)
    await drill.unfreeze(house)
    await house.work()
    assert len(drill.bank.sent) == 1
    assert (await payout(house, approved)).status is PayoutStatus.CANCELLED
    await house.database.close()


async def test_what_the_backup_waited_to_send_again_is_noticed_too_when_it_is_put_in_place_by_hand(
    drill: Drill,
) -> None:
    house = await drill.begin(GIFTS)
    drill.bank.away = True
    await drill.pay(house, 1, told=False)
    copy = drill.back_up()
    drill.bank.away = False
    await house.wait(seconds=6)  # now it is sent, under the same id
    assert len(drill.bank.sent) == 1
    await house.database.close()
    backup.replace_sqlite(drill.path, copy, "old")

    house = await drill.open()
    await drill.settle(house)
    [stop] = (await house.use_cases.paying.switch.state()).stops
    assert stop.cause is StopCause.REWOUND
    assert (await payout(house, 1)).status is PayoutStatus.COMPLETED
    await house.database.close()


async def test_a_prompt_that_the_backup_waited_to_send_again_is_not_sent_twice(drill: Drill) -> None:
    house = await drill.begin(gifts=0)
    drill.bank.away = True
    await drill.give(house, 1, 700, told=False)
    copy = drill.back_up()
    drill.bank.away = False
    await house.wait(seconds=6)
    await house.database.close()
    backup.replace_sqlite(drill.path, copy, "old")
    house = await drill.open()
    await drill.settle(house)
    assert len(drill.bank.took) == 1
    assert (await house.donation(1)).status is DonationStatus.COMPLETED
    await house.database.close()


async def test_without_a_journal_what_was_under_way_in_the_backup_may_have_been_retried_since(drill: Drill) -> None:
    drill.keeps_a_journal = False
    house = await drill.begin(GIFTS)
    drill.bank.refuse = True
    await drill.pay(house, 1, told=False)
    copy = drill.back_up()
    await drill.fail_and_retry(house, 1)  # and paid
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.after_restore()
    await drill.settle(house)
    assert (await payout(house, 1)).status is PayoutStatus.FAILED, "M-Pesa says so of the attempt that we know"
    assert await drill.unfreeze(house)
    with pytest.raises(NotRetryable):
        await house.use_cases.paying.approvals.retry(1, MAKER)
    assert (await payout(house, 1)).needs_review is PayoutReview.RESTORED
    await house.use_cases.paying.review.close(1, OWNER)
    await house.database.close()


async def test_replicas_that_start_at_once_on_an_older_database_make_everything_again_once(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    drill = Drill(tmp_path)
    journal = Journal(tmp_path / "journal", drill.clock)
    url = await postgres.fresh()
    before = drill.house(open_database(await postgres.fresh()), journal)
    await drill.furnish(before, gifts=4)
    await drill.pay(before, 1, told=True)
    await before.database.close()

    replicas = [drill.house(open_database(url), journal, seed) for seed in (2, 3)]
    made = await asyncio.gather(*(each.use_cases.recovery.at_start() for each in replicas))
    assert max(made) == 5
    await drill.settle(replicas[0])
    assert (await payout(replicas[1], 1)).status is PayoutStatus.COMPLETED
    assert await replicas[1].use_cases.self_check.problems() == []
    for each in replicas:
        await each.database.close()


async def test_a_prompt_whose_answer_never_came_is_not_sent_again_from_an_older_database(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take_and_say_nothing(push: StkPush) -> Outcome[PushAccepted]:
        await take(push)
        return Unknown("timeout")

    house, take = await drill.begin(gifts=0), drill.bank.stk_push
    drill.bank.away = True
    await drill.give(house, 1, 700, told=False)
    copy = drill.back_up()
    drill.bank.away = False
    with monkeypatch.context() as patched:
        patched.setattr(drill.bank, "stk_push", take_and_say_nothing)
        await house.wait(seconds=6)
    await house.database.close()
    backup.replace_sqlite(drill.path, copy, "old")
    house = await drill.open()
    await drill.settle(house)
    assert len(drill.bank.took) == 1
    await house.database.close()


async def test_what_cannot_be_read_back_to_be_written_down_is_not_sent_and_not_in_doubt(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await drill.begin(GIFTS)
    approved = await leave_one_approved(house)
    read = house.database.read

    async def gone(_fn: object) -> NoReturn:
        monkeypatch.setattr(house.database, "read", read)
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    sending, job = house.use_cases.paying.sending, SendPayout(approved, (await payout(house, approved)).version)
    monkeypatch.setattr(house.database, "read", gone)
    again = await sending.send(job, 1)
    assert again
    assert not drill.bank.sent
    [attempt] = await house.database.read(lambda conn: attempts_of(conn, approved))
    assert attempt.state is AttemptState.WAITING
    await house.database.close()


async def test_what_people_wrote_about_a_payment_is_sealed_in_the_journal_and_made_again_from_it(drill: Drill) -> None:
    house = await drill.begin(GIFTS)
    copy = drill.back_up()
    order = Order(
        1, Money.shillings(700), Msisdn.parse("0112345678"), "Amina", "operation on the knee", "knee of Amina"
    )
    asked = await house.use_cases.paying.requests.request(order, MAKER)
    await house.use_cases.paying.approvals.approve(asked.id, CHECKER)
    await house.work()
    assert house.journal
    assert not any(b"knee" in file.read_bytes() for file in house.journal.files())
    house = await drill.lose_and_restore(house, copy)
    await house.use_cases.recovery.at_start()
    made = await payout(house, asked.id)
    assert (made.purpose, made.remarks) == (order.purpose, order.remarks)
    assert await house.use_cases.self_check.problems() == []
    await house.database.close()
