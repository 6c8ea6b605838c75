"""`trustvoice check --payout`: a request like any other, which others approve."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
import respx

from fundraising.money import Money
from fundraising.people import phones
from fundraising.people.roles import Role
from fundraising.refusals import InsufficientFunds
from tests.databases import opened
from tests.fakes import FakeMpesa, FakePayouts, b2c_result, callback
from tests.trustvoice.env_file import settings
from trustvoice.bootstrap import Program, bootstrap
from trustvoice.rehearsal import check
from trustvoice.rehearsal import check_payout as checking
from trustvoice.rehearsal.check import Failed
from trustvoice.rehearsal.check_payout import Wanted, check_payout

PAYS = {"MPESA_INITIATOR_NAME": "api-user", "MPESA_SECURITY_CREDENTIAL": "QUJD"}
WANTED = Wanted("0712345678", 10, "Akinyi Otieno", maker=1001, campaign_id=None)
CHECKER = 2


@dataclass
class Office:
    program: Program
    payouts: FakePayouts
    mpesa: FakeMpesa
    said: list[str] = field(default_factory=list)
    waits: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, line: str) -> None:
        self.said.append(line)
        if "waits for 1 other" in line:
            self.waits.set()

    async def checked(self, wanted: Wanted = WANTED) -> None:
        await check_payout(self.program, wanted, self.say)

    async def asked_for(self) -> int:
        async with asyncio.timeout(5):
            await self.waits.wait()
        [payout] = await self.program.use_cases.paying.requests.list()
        return payout.id

    async def work(self) -> None:
        for worker in self.program.workers:
            if worker.lane == "mpesa":
                await worker.start_due()
                await worker.finish(timedelta(seconds=5))


@pytest.fixture
async def office(
    nothing_set_and_a_folder_to_itself: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    monkeypatch.setattr(checking, "LOOK_EVERY_S", 0.001)
    mpesa, payouts = FakeMpesa(), FakePayouts()
    async with opened("inline", tmp_path) as database:
        program = bootstrap(settings(**PAYS), "k" * 40, mpesa, payouts, database=database)
        house = program.use_cases
        await house.campaigns.add("Water", Money.shillings(1000))
        donor = await house.donors.without_chat("somebody")
        await house.donations.start(donor.id, 1, Money.shillings(500), phones.parse("0708374149"))
        await house.paying.mailbox.prompt_result(mpesa.token(), callback())
        for number, role in enumerate((Role.MAKER, Role.CHECKER), start=1001):
            await house.staff.add(number, f"Person {number}", role, by=None)
        for owner in (9001, 9002):
            await house.staff.add(owner, f"Owner {owner}", Role.OWNER, by=None)
        with respx.mock() as web:
            web.get("https://give.example.org/healthz").respond(200)
            yield Office(program, payouts, mpesa)


async def test_it_waits_for_another_persons_approval_and_follows_the_payout_to_its_end(office: Office) -> None:
    running = asyncio.create_task(office.checked())
    payout_id = await office.asked_for()
    await office.work()
    assert office.payouts.sent == []
    assert not running.done()
    await office.program.use_cases.paying.approvals.approve(payout_id, CHECKER)
    await office.work()
    [sent] = office.payouts.sent
    result = b2c_result(sent.originator_id, 0, shillings=10)
    await office.program.use_cases.paying.mailbox.payment_result(office.payouts.token(), result)
    await running
    assert "in the name of Person 1001" in office.said[1]
    assert "receipt" in office.said[-1]
    assert "712345678" not in "".join(office.said)


async def test_a_gift_of_another_amount_ends_the_check_with_where_the_money_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "LOOK_EVERY_S", 0.001)
    started = asyncio.Event()

    def say(line: str) -> None:
        if "the push is" in line:
            started.set()

    running = asyncio.create_task(check.check_configured(office.program, "0711001001", 1, say))
    async with asyncio.timeout(5):
        await started.wait()
    paid = callback("ws_CO_2", shillings=50, receipt="UKS1AAAAAA")
    await office.program.use_cases.paying.mailbox.prompt_result(office.mpesa.token(), paid)
    with pytest.raises(Failed, match=r"pending: KES 50 \(receipt UKS1AAAAAA\) arrived.* suspense"):
        await running


async def test_a_rejected_payout_fails_the_check(office: Office) -> None:
    running = asyncio.create_task(office.checked())
    payout_id = await office.asked_for()
    await office.program.use_cases.paying.approvals.reject(payout_id, CHECKER, "not today")
    with pytest.raises(Failed, match="is rejected"):
        await running


async def test_who_asks_has_to_be_a_maker_and_one(office: Office) -> None:
    with pytest.raises(Failed, match="number 1002 may ask"):
        await office.checked(replace(WANTED, maker=1002))
    with pytest.raises(Failed, match=r"Person 1001 \(1001\), Owner 9001 \(9001\), Owner 9002 \(9002\)"):
        await office.checked(replace(WANTED, maker=None))
    assert await office.program.use_cases.paying.requests.list() == []


async def test_the_rules_of_payouts_hold(office: Office) -> None:
    with pytest.raises(InsufficientFunds):
        await office.checked(replace(WANTED, shillings=600))
