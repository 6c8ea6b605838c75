"""Double entry. Money moves from one account to another; per cause and currency the postings add up to zero."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert  # prints right on SQLite too

from fundraising.money import Money
from storage.tables import balances, postings

OUTSIDE = "outside"  # everybody's own M-Pesa: the one account that is below zero
SUSPENSE = "suspense"


def campaign_account(campaign_id: int) -> str:
    return f"campaign:{campaign_id}"


@dataclass(frozen=True, slots=True)
class Transfer:
    cause: str  # unique: one cause moves money once
    source: str
    target: str
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
        common = {"cause": transfer.cause, "currency": currency, "posted_at": now}
        rows.append({**common, "account": transfer.source, "minor": -minor})
        rows.append({**common, "account": transfer.target, "minor": minor})
        outs[transfer.source, currency] += minor
        ins[transfer.target, currency] += minor
    if rows:
        conn.execute(insert(postings), rows)
        _add_to_balances(conn, ins, outs)


def _add_to_balances(conn: Connection, ins: dict[tuple[str, str], int], outs: dict[tuple[str, str], int]) -> None:
    statement = upsert(balances)
    grown = {
        "in_minor": balances.c.in_minor + statement.excluded.in_minor,
        "out_minor": balances.c.out_minor + statement.excluded.out_minor,
    }
    conn.execute(
        statement.on_conflict_do_update(index_elements=["account", "currency"], set_=grown),
        [
            {"account": key[0], "currency": key[1], "in_minor": ins.get(key, 0), "out_minor": outs.get(key, 0)}
            for key in sorted(ins.keys() | outs.keys())
        ],
    )


def balance(conn: Connection, account: str, currency: str = "KES") -> Money:
    found = _row(conn, account, currency)
    return Money(found[0] - found[1], currency)


def came_in(conn: Connection, account: str, currency: str = "KES") -> Money:
    return Money(_row(conn, account, currency)[0], currency)


def _row(conn: Connection, account: str, currency: str) -> tuple[int, int]:
    where = (balances.c.account == account, balances.c.currency == currency)
    row = conn.execute(select(balances.c.in_minor, balances.c.out_minor).where(*where)).one_or_none()
    return (row.in_minor, row.out_minor) if row else (0, 0)


def came_in_by_currency(conn: Connection, account: str) -> dict[str, Money]:
    b = balances.c
    rows = conn.execute(select(b.currency, b.in_minor).where(b.account == account).order_by(b.currency))
    return {currency: Money(minor, currency) for currency, minor in rows}
