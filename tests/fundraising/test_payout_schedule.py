"""When a payout is sent again, when M-Pesa is asked about it, and what counts towards a recipient's day."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from fundraising.money import Money
from fundraising.paying import orders
from fundraising.paying.orders import Order
from fundraising.paying.payout import Payout
from fundraising.paying.tasks import AskAboutPayout, SendPayout
from fundraising.refusals import PayoutOutOfRange
from fundraising.statuses import AttemptState, PayoutStatus
from mpesa.codes import Reason
from mpesa.outcome import Failed, Unknown
from tests.databases import any_database
from tests.fakes import callback
from tests.fundraising.treasury import MAKER, OWNER, RECIPIENT, Treasury


async def test_a_busy_mpesa_is_tried_at_longer_and_longer_intervals(treasury: Treasury) -> None:
    treasury.house.payouts.sends.extend([Failed(Reason.BUSY, "500.003.02")] * 6)
    await treasury.send()
    for tried, pause in enumerate((5, 30, 120, 600, 600), start=1):
        await treasury.house.wait(seconds=pause - 1)
        assert len(treasury.house.payouts.sent) == tried
        await treasury.house.wait(seconds=1.5)
        assert len(treasury.house.payouts.sent) == tried + 1


async def test_mpesa_is_asked_on_the_schedule_and_then_hourly(treasury: Treasury) -> None:
    treasury.house.payouts.sends.append(Unknown("timeout"))
    await treasury.send()
    for asked, gap in enumerate((60, 120, 300, 900, 3600, 3600)):
        await treasury.house.wait(seconds=gap - 2)
        assert len(treasury.house.payouts.asked) == asked
        await treasury.house.wait(seconds=2.5)
        assert len(treasury.house.payouts.asked) == asked + 1


async def test_a_call_that_takes_long_is_neither_doubted_nor_made_again_by_another_worker(treasury: Treasury) -> None:
    house = treasury.house
    look_again: list[datetime | None] = []
    meanwhile: list[AttemptState] = []

    async def others_look() -> None:
        house.clock.forward(seconds=50)
        job = SendPayout(1, (await treasury.payout()).version - 1)
        look_again.append(await house.use_cases.paying.sending.send(job, 2))
        await house.use_cases.paying.asking.ask(AskAboutPayout(1, hinted=True), 1)
        [attempt] = await treasury.attempts()
        meanwhile.append(attempt.state)

    house.payouts.before_answering = others_look
    await treasury.send()
    [attempt] = await treasury.attempts()
    assert all(look_again)
    assert [*meanwhile, attempt.state] == [AttemptState.SENDING, AttemptState.ACCEPTED]
    assert len(house.payouts.sent) == 1


async def rich(treasury: Treasury, campaign_id: int, gifts: int) -> None:
    """Gifts of KES 250,000, which M-Pesa takes minutes apart."""
    house = treasury.house
    for _ in range(gifts):
        await house.wait(minutes=5)
        pushed = len(house.mpesa.pushed) + 1
        await house.use_cases.donations.start(1, campaign_id, Money.shillings(250_000), RECIPIENT)
        await house.hear(callback(f"ws_CO_{pushed}", shillings=250_000, receipt=f"TKM{pushed}AAAAAA"))


@any_database
async def test_what_failed_does_not_count_towards_the_recipients_day(treasury: Treasury) -> None:
    await rich(treasury, 1, 2)
    for _ in range(2):
        await treasury.send(250_000)
        await treasury.result(1)
    await treasury.send(250_000)
    assert (await treasury.request(250_000)).status is PayoutStatus.PENDING


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
async def test_two_campaigns_at_once_pay_nobody_more_than_a_day_allows(
    treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_day = orders.check_day

    def and_then_slowly(conn: Connection, *others: Any) -> None:
        check_day(conn, *others)
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT pg_sleep(0.2)"))

    await treasury.house.use_cases.campaigns.add("Second", Money.shillings(50_000))
    await rich(treasury, 1, 2)
    await rich(treasury, 2, 1)
    await treasury.request(250_000)
    monkeypatch.setattr(orders, "check_day", and_then_slowly)

    async def ask(campaign_id: int, by: int) -> Payout:
        order = Order(campaign_id, Money.shillings(250_000), RECIPIENT, "Akinyi Otieno")
        return await treasury.house.use_cases.paying.requests.request(order, by, despite_duplicate=True)

    answers = await asyncio.gather(ask(1, MAKER), ask(2, OWNER), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == [Payout.__name__, PayoutOutOfRange.__name__]
