"""What the first release had begun is carried out after: waiting jobs, half-given consents, spool and journal."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from fundraising.paying.payout import Payout
from fundraising.people.roles import Role
from fundraising.repeats import Answer
from fundraising.statuses import DonationStatus, PayoutStatus, Push
from letters.mail.message import Sender
from mpesa.outcome import Succeeded
from storage import tables
from storage.journal import Journal
from storage.spool import Spool
from tests.bot.telegram import FakeTelegram
from tests.bot.world import World
from tests.fakes import PAYING
from tests.migration.old import Old
from tests.migration.release_1 import STUCK, files, people
from tests.migration.release_1.donations import WATER
from tests.migration.release_1.people import CHECKER, OTHER_CHECKER, OTHER_OWNER, OWNER, chat_of
from tests.trustvoice.postbox import Postbox
from tests.trustvoice.postbox import opened as opened_postbox
from trustvoice.jobs import mail_worker
from trustvoice.mail import smtp_url
from trustvoice.mail.mailer import Mailer
from trustvoice.running.inbox import INBOX, ClearInbox, HandleUpdate, Inbox
from trustvoice.running.spooling import Spooling
from trustvoice.running.worker import Worker
from webhooks.mpesa import receivers

COMES_BACK = {"CheckBooks", "ClearRepeats", "ClearInbox", "AskBalanceFor", "Reconcile", "AskMpesa", "AskAboutPayout"}


@pytest.fixture
async def box() -> AsyncIterator[Postbox]:
    async with opened_postbox() as box:
        yield box


@pytest.fixture
async def world(old: Old, telegram: FakeTelegram, box: Postbox) -> AsyncIterator[World]:
    """Every worker that there is, over the old database."""
    house = await old.migrate()
    world = World(old.database, telegram, PAYING)
    world.mpesa.queries.extend([Succeeded(None)] * 9)
    inbox = Inbox(old.database, house.vault, world.clock)
    mailer = Mailer(smtp_url.parse(box.url), Sender("Maji Safi", "receipts@example.org"))
    handle = inbox.handled_by(world.updates.handle)
    reading = Worker(old.database, world.clock, INBOX).on(HandleUpdate, handle).on(ClearInbox, inbox.clear)
    world.workers += [reading, mail_worker(old.database, world.clock, world.use_cases, mailer)]
    await world.app.initialize()
    await world.app.start()
    yield world
    await world.app.stop()
    await world.app.shutdown()


async def test_every_waiting_job_is_carried_out(
    old: Old, world: World, box: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "trustvoice.running.worker"):
        await world.work()
    assert caplog.text == ""
    left = await old.database.read(lambda conn: conn.execute(select(tables.jobs)).all())
    assert {job.kind for job in left if job.run_at} <= COMES_BACK
    assert [job.kind for job in left if job.run_at and job.run_at <= world.clock()] == []
    assert [job.kind for job in left if job.run_at is None] == ["SendPayout"]
    assert {mail["To"] for mail in box.mails} == {
        "wanjiku@example.org",
        f"person{people.MAKER}@example.org",
        "akinyi@example.org",
    }
    told = {shown.chat_id for shown in world.telegram.messages.values()}
    chats = {chat_of(person) for person in (OWNER, OTHER_OWNER, CHECKER, people.MAKER)}
    assert told == {people.DONOR_CHAT, people.RECIPIENT_CHAT, 2000 + OWNER, *chats}
    for waited in ("with evidence that waits", "with an answer that waits", "asked"):
        donation = await world.use_cases.donations.find(old.release.gifts[waited].id)
        assert donation.status is DonationStatus.COMPLETED, waited
    assert (await payout(world, old.release.orders["expiring"].id)).status is PayoutStatus.CANCELLED
    assert (await payout(world, files.NEW_PAYOUT + 1)).status is PayoutStatus.PROCESSING
    assert await world.use_cases.self_check.problems() == [STUCK]


async def test_what_was_approved_is_sent_when_the_second_owner_unfreezes(old: Old, world: World) -> None:
    await world.work()
    assert world.payouts.sent == []
    assert await world.use_cases.paying.switch.unfreeze(OTHER_OWNER)
    await world.work()
    sent = [old.release.orders[each].shillings for each in ("approved", "waiting", "to be sent again")]
    assert sorted(payment.shillings for payment in world.payouts.sent) == sent, "not what its bulk payout holds back"
    assert await world.use_cases.self_check.problems() == [STUCK]


async def test_what_one_person_said_waits_for_the_second(old: Old, world: World) -> None:
    suspense, paying, staff = world.use_cases.suspense, world.use_cases.paying, world.use_cases.staff
    assert await suspense.decide("s2", OTHER_CHECKER, WATER)
    assert await suspense.decide("s3", OTHER_OWNER, WATER)
    assert not await suspense.decide("s1", CHECKER, WATER)
    assert not await suspense.decide("c4", CHECKER, None)
    reviewed = await paying.review.decide(old.release.orders["unknown"].id, OTHER_CHECKER, paid=True)
    assert reviewed.status is PayoutStatus.COMPLETED
    approved = await paying.approvals.approve(old.release.orders["pending"].id, OTHER_CHECKER)
    assert approved.status is PayoutStatus.APPROVED
    assert [proposal.id for proposal in await staff.waiting()] == [2, 3, 4]
    await staff.confirm(2, OWNER)
    await staff.confirm(3, OTHER_OWNER)
    roles = {person.id: person.roles for person in await staff.all()}
    assert Role.MAKER in roles[people.VIEWER]
    assert OTHER_CHECKER not in roles
    assert await world.use_cases.self_check.problems() == [STUCK]


async def test_keys_and_what_was_answered_to_them_are_known(world: World) -> None:
    key = await world.use_cases.api_keys.recognise(people.API_KEY)
    assert key is not None
    assert (key.name, key.person.id) == ("key of a admin", people.MAKER)
    again = await world.use_cases.repeats.take_on(key.id, b"answered", b"a request")
    assert again == Answer(201, b'{"id":1}')


async def test_spooled_callbacks_are_stored(old: Old, world: World, tmp_path: Path) -> None:
    gifts, orders = old.release.gifts, old.release.orders
    files.fill_spool(tmp_path / "spool", world.clock(), gifts, orders)

    async def can_store() -> bool:
        return True

    vault = (await old.migrate()).vault
    spooling = Spooling(receivers(world.use_cases), Spool(tmp_path / "spool"), vault, world.clock, can_store)
    assert await spooling.drain()
    await spooling.close()
    for spooled in ("with a spooled callback", "with a callback set aside"):
        assert (await world.use_cases.donations.find(gifts[spooled].id)).status is DonationStatus.COMPLETED
    paid = await payout(world, orders["spooled"].id)
    assert (paid.status, paid.receipt) == (PayoutStatus.COMPLETED, "TKB1SPOOLD")
    assert [path for path in (tmp_path / "spool").rglob("*") if path.is_file()] == []
    assert await world.use_cases.self_check.problems() == [STUCK]


async def test_what_only_the_journal_knows_is_made_again(old: Old, tmp_path: Path) -> None:
    files.fill_journal(tmp_path / "journal", old.release.rows, old.release.book, old.release.orders)
    house = await old.migrate(Journal(tmp_path / "journal", old.clock))
    assert await house.use_cases.recovery.at_start() == 2
    donation = await house.donation(files.NEW_DONATION)
    assert (donation.status, donation.push) == (DonationStatus.PENDING, Push.ACCEPTED)
    assert donation.checkout_index == house.vault.index("ws_CO_9001")
    made = await house.use_cases.paying.requests.find(files.NEW_PAYOUT + 2)
    assert (made.status, made.needs_review) == (PayoutStatus.PROCESSING, None)
    assert (made.recipient_name, made.amount.whole_shillings) == ("Akinyi Otieno", 700)
    assert await house.use_cases.self_check.problems() == [STUCK]


async def payout(world: World, payout_id: int) -> Payout:
    return await world.use_cases.paying.requests.find(payout_id)
