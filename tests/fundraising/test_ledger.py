"""Money moves from one account to another, once for each cause, and is promised only where it is."""

import pytest
from sqlalchemy.exc import IntegrityError

from fundraising.ledger import accounts, posting, reservations
from fundraising.ledger.causes import Donation, Payment
from fundraising.ledger.posting import Transfer
from fundraising.money import Money
from fundraising.refusals import InsufficientFunds, PayoutsBlocked
from storage.database import Database
from tests.databases import any_database
from tests.fakes import FakeClock

GIFT = Transfer(Donation(1), accounts.OUTSIDE, accounts.campaign(1), Money.shillings(1000))


async def post(database: Database, *transfers: Transfer) -> None:
    await database.write(lambda conn: posting.post(conn, transfers, FakeClock()()))


@pytest.mark.parametrize("minor", [0, -1])
@any_database
async def test_money_moves_forward_or_not_at_all(database: Database, minor: int) -> None:
    with pytest.raises(ValueError, match="forward"):
        await post(database, Transfer(Donation(1), accounts.OUTSIDE, accounts.campaign(1), Money(minor)))


async def test_one_cause_moves_money_once(database: Database) -> None:
    await post(database, GIFT)
    with pytest.raises(IntegrityError):
        await post(database, GIFT)
    assert await database.read(lambda conn: posting.balance(conn, accounts.campaign(1))) == GIFT.amount


async def test_all_that_is_there_may_be_promised_and_not_a_cent_more(database: Database) -> None:
    await post(database, GIFT)
    with pytest.raises(InsufficientFunds):
        await database.write(lambda conn: reservations.reserve(conn, 1, Money(100_001)))
    await database.write(lambda conn: reservations.reserve(conn, 1, GIFT.amount))
    with pytest.raises(InsufficientFunds):
        await database.write(lambda conn: reservations.reserve(conn, 1, Money(1)))


async def test_a_campaign_that_owes_a_single_cent_promises_nothing(database: Database) -> None:
    await post(database, GIFT, Transfer(Payment(1, 1), accounts.receivable(1), accounts.OUTSIDE, Money(1)))
    with pytest.raises(PayoutsBlocked):
        await database.write(lambda conn: reservations.reserve(conn, 1, Money.shillings(10)))


async def test_a_promise_that_was_not_made_cannot_be_taken_back(database: Database) -> None:
    await post(database, GIFT)
    with pytest.raises(IntegrityError):
        await database.write(lambda conn: reservations.release(conn, 1, Money(1)))
