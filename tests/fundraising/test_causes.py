"""Causes and accounts are stored as they always were, in Python and in SQL, and are read back as what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, literal, select

from fundraising.ledger import accounts, causes
from fundraising.ledger.accounts import Account
from fundraising.ledger.causes import (
    BY_LETTERS,
    Cause,
    Correction,
    Cover,
    Decision,
    Donation,
    Fee,
    Kind,
    Out,
    Payment,
    Receipt,
    Shortfall,
)
from storage.database import Database
from tests.databases import ENOUGH

STORED: dict[str, Cause] = {
    "donation:7": Donation(7),
    "receipt:TKM1AAAAAA": Receipt("TKM1AAAAAA"),
    "correction:7": Correction(7),
    "correction:7:shortfall": Shortfall(Correction(7)),
    "correction:7:out": Out(Correction(7)),
    "decided:receipt:TKM1AAAAAA": Decision(Receipt("TKM1AAAAAA")),
    "decided:correction:7": Decision(Correction(7)),
    "payout:3:2": Payment(3, 2),
    "payout:3:2:shortfall": Shortfall(Payment(3, 2)),
    "fee:9": Fee(9),
    "cover:1:4": Cover(1, 4),
}
ACCOUNTS = {
    "outside": accounts.OUTSIDE,
    "suspense": accounts.SUSPENSE,
    "fees": accounts.FEES,
    "campaign:1": accounts.campaign(1),
    "returned:1": accounts.returned(1),
    "receivable:1": accounts.receivable(1),
}


@pytest.mark.parametrize(("stored", "cause"), STORED.items())
def test_a_cause_is_written_and_read(stored: str, cause: Cause) -> None:
    assert str(cause) == stored
    assert causes.parse(stored) == cause


def test_every_kind_of_cause_is_among_these() -> None:
    assert {BY_LETTERS[stored[: causes.LETTERS]] for stored in STORED} == set(Kind)
    assert {type(cause) for cause in STORED.values()} == set(Cause.__args__)


@pytest.mark.parametrize("stored", ["", "donation", "donation:", "donation:x", "decided:fee:1", "fee:1:2", "gift:1"])
def test_what_is_no_cause_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        causes.parse(stored)


@given(st.text(min_size=1))
def test_whatever_m_pesa_calls_a_receipt_comes_back_whole(receipt: str) -> None:
    assert causes.parse(str(Decision(Receipt(receipt)))) == Decision(Receipt(receipt))


def test_people_read_m_pesas_own_code() -> None:
    assert causes.label(Receipt("TKM1AAAAAA")) == "TKM1AAAAAA"
    assert causes.label(Correction(7)) == "correction:7"


@pytest.mark.parametrize(("stored", "account"), ACCOUNTS.items())
def test_an_account_is_written_and_read(stored: str, account: Account) -> None:
    assert str(account) == stored
    assert accounts.parse(stored) == account


@pytest.mark.parametrize("database", ENOUGH, indirect=True)
async def test_queries_write_them_alike(database: Database) -> None:
    payment, correction = (
        causes.column(Kind.PAYMENT, literal(3), literal(2)),
        causes.column(Kind.CORRECTION, literal(7)),
    )
    pairs = {
        payment: Payment(3, 2),
        causes.shortfall(payment): Shortfall(Payment(3, 2)),
        causes.without_shortfall(causes.shortfall(payment)): Payment(3, 2),
        causes.out(correction): Out(Correction(7)),
        causes.column(Kind.DECISION, correction): Decision(Correction(7)),
        causes.column(Kind.RECEIPT, literal("TKM1AAAAAA")): Receipt("TKM1AAAAAA"),
        accounts.column(accounts.Kind.CAMPAIGN, literal(1)): accounts.campaign(1),
    }
    found = await database.read(lambda conn: list(conn.execute(select(*pairs)).one()))
    assert found == list(map(str, pairs.values()))


@pytest.mark.parametrize("database", ENOUGH, indirect=True)
@pytest.mark.parametrize("stored", STORED)
async def test_queries_tell_the_kinds_apart(database: Database, stored: str) -> None:
    def told(conn: Connection) -> tuple[list[Kind], str]:
        cause = literal(stored)
        fits = {kind: causes.is_of(cause, kind) & causes.lies_with(cause, kind) for kind in Kind}
        letters = conn.scalars(select(causes.letters(cause))).one()
        return [kind for kind, it_is in fits.items() if conn.scalar(select(it_is))], letters

    kinds, letters = await database.read(told)
    assert kinds == [Kind(stored.partition(":")[0])] == [BY_LETTERS[letters]]
