"""Double entry. Money moves from one account to another; per cause and currency the postings add up to zero."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from fundraising.ledger.accounts import OUTSIDE, Account
from fundraising.ledger.causes import Cause, Shortfall, TakenOut
from fundraising.money import Money
from storage import bulk
from storage.tables import balances, postings

GROW = """ON CONFLICT (account, currency) DO UPDATE SET
    in_minor = balances.in_minor + excluded.in_minor, out_minor = balances.out_minor + excluded.out_minor"""


@dataclass(frozen=True, slots=True)
class Transfer:
    cause: Cause  # one moves money once
    source: Account
    target: Account
    amount: Money


def post(conn: Connection, transfers: Sequence[Transfer], now: datetime) -> None:
    """Raises IntegrityError when a cause was posted before."""
    rows = []
    ins: defaultdict[tuple[str, str], int] = defaultdict(int)
    outs: defaultdict[tuple[str, str], int] = defaultdict(int)
    for transfer in transfers:
        minor, currency = transfer.amount.minor, transfer.amount.currency
        if minor <= 0:
            raise ValueError(f"{transfer} moves nothing forward")
        common = {"cause": str(transfer.cause), "currency": currency, "posted_at": now}
        source, target = str(transfer.source), str(transfer.target)
        rows.append({**common, "account": source, "minor": -minor})
        rows.append({**common, "account": target, "minor": minor})
        outs[source, currency] += minor
        ins[target, currency] += minor
    if rows:
        bulk.insert(conn, postings, rows)
        _add_to_balances(conn, ins, outs)


def _add_to_balances(conn: Connection, ins: dict[tuple[str, str], int], outs: dict[tuple[str, str], int]) -> None:
    rows = [
        {"account": key[0], "currency": key[1], "in_minor": ins.get(key, 0), "out_minor": outs.get(key, 0)}
        for key in sorted(ins.keys() | outs.keys())
    ]
    bulk.insert(conn, balances, rows, GROW)


def balance(conn: Connection, account: Account, currency: str = "KES") -> Money:
    found = _row(conn, account, currency)
    return Money(found[0] - found[1], currency)


def _row(conn: Connection, account: Account, currency: str) -> tuple[int, int]:
    where = (balances.c.account == str(account), balances.c.currency == currency)
    row = conn.execute(select(balances.c.in_minor, balances.c.out_minor).where(*where)).one_or_none()
    return (row.in_minor, row.out_minor) if row else (0, 0)


def moved_outside(conn: Connection, cause: TakenOut) -> Money:
    """All that this cause has moved to somebody's M-Pesa, with what the campaign fell short of."""
    p = postings.c
    parts = (str(cause), str(Shortfall(cause)))
    query = select(p.currency, func.sum(p.minor)).where(p.cause.in_(parts), p.account == str(OUTSIDE))
    row = conn.execute(query.group_by(p.currency)).one()
    return Money(int(row[1]), row[0])


def is_posted(conn: Connection, cause: Cause) -> bool:
    return conn.scalar(select(postings.c.cause).where(postings.c.cause == str(cause)).limit(1)) is not None
