"""Money of a campaign that is promised to payouts, and what happens when more left than was there."""

from sqlalchemy import ColumnElement, Connection, select, update

from fundraising.ledger import accounts, posting
from fundraising.ledger.accounts import Account
from fundraising.ledger.causes import Cause, Correction, Out, Shortfall, TakenOut
from fundraising.ledger.posting import Transfer
from fundraising.money import Money
from fundraising.refusals import InsufficientFunds, PayoutsBlocked
from storage.tables import balances

b = balances.c


def reserve(conn: Connection, campaign_id: int, amount: Money) -> None:
    """Raises InsufficientFunds, PayoutsBlocked. The condition is part of the write, so that no two promises race."""
    owed = posting.balance(conn, accounts.receivable(campaign_id), amount.currency)
    if owed.minor < 0:
        raise PayoutsBlocked(Money(-owed.minor, owed.currency))
    free = b.in_minor - b.out_minor - b.reserved_minor
    promised = (
        update(balances)
        .where(*_is(campaign_id, amount.currency), free >= amount.minor)
        .values(reserved_minor=b.reserved_minor + amount.minor)
    )
    if not conn.execute(promised).rowcount:
        raise InsufficientFunds(available(conn, campaign_id, amount.currency), amount)


def release(conn: Connection, campaign_id: int, amount: Money) -> None:
    """Raises IntegrityError when more is released than was promised."""
    less = update(balances).where(*_is(campaign_id, amount.currency))
    conn.execute(less.values(reserved_minor=b.reserved_minor - amount.minor))


def take_out(
    conn: Connection, campaign_id: int, amount: Money, cause: TakenOut, to: Account = accounts.OUTSIDE
) -> list[Transfer]:
    """The transfers that book money which M-Pesa has moved out; release its own reservation before.

    What the campaign does not have beyond its other promises goes to its receivable, which blocks its payouts.
    """
    free = max(available(conn, campaign_id, amount.currency, lock=True).minor, 0)
    covered = min(free, amount.minor)
    parts: list[tuple[Cause, Account, int]] = [
        (cause, accounts.campaign(campaign_id), covered),
        (Shortfall(cause), accounts.receivable(campaign_id), amount.minor - covered),
    ]
    return [Transfer(c, source, to, Money(minor, amount.currency)) for c, source, minor in parts if minor]


def give_back(conn: Connection, campaign_id: int, amount: Money, cause: Correction) -> list[Transfer]:
    """The transfers that book what was credited to the campaign and was not its own: it lowers what was raised."""
    returned = accounts.returned(campaign_id)
    out = Transfer(Out(cause), returned, accounts.OUTSIDE, amount)
    return [*take_out(conn, campaign_id, amount, cause, to=returned), out]


def available(conn: Connection, campaign_id: int, currency: str = "KES", lock: bool = False) -> Money:
    """Locked, it stays so until the transaction ends."""
    free = select(b.in_minor - b.out_minor - b.reserved_minor).where(*_is(campaign_id, currency))
    return Money(conn.scalar(free.with_for_update() if lock else free) or 0, currency)


def _is(campaign_id: int, currency: str) -> tuple[ColumnElement[bool], ...]:
    return (b.account == str(accounts.campaign(campaign_id)), b.currency == currency)
