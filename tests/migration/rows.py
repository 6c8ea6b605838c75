"""Rows as a release wrote them, by the names that its tables had: nothing here knows the tables of today."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Book = tuple[str, str]  # account and currency


class Rows:
    """`now`: the moment at which the release is stopped; all that it wrote lies before."""

    def __init__(self, conn: Connection, now: datetime):
        self._conn, self.now = conn, now
        self.counts: Counter[str] = Counter()
        self._ins: defaultdict[Book, int] = defaultdict(int)
        self._outs: defaultdict[Book, int] = defaultdict(int)
        self._reserved: defaultdict[Book, int] = defaultdict(int)

    def ago(self, **how_long: float) -> datetime:
        return self.now - timedelta(**how_long)

    def put(self, table: str, **values: Any) -> int:
        """Its id, in a table that counts its rows up from 1."""
        stored = {name: kept(value) for name, value in values.items()}
        names, places = ", ".join(stored), ", ".join(f":{name}" for name in stored)
        self._conn.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), stored)
        self.counts[table] += 1
        return self.counts[table]

    def change(self, statement: str, **values: Any) -> None:
        self._conn.execute(text(statement), {name: kept(value) for name, value in values.items()})

    def move(self, cause: str, source: str, target: str, shillings: int, at: datetime) -> None:
        """A posting and its counterpart."""
        for account, minor in ((source, -100 * shillings), (target, 100 * shillings)):
            self.put("postings", cause=cause, account=account, currency="KES", minor=minor, posted_at=at)
        self._outs[source, "KES"] += 100 * shillings
        self._ins[target, "KES"] += 100 * shillings

    def promise(self, account: str, shillings: int) -> None:
        self._reserved[account, "KES"] += 100 * shillings

    def put_balances(self) -> None:
        """When all is posted and promised."""
        for book in sorted(self._ins.keys() | self._outs.keys()):
            sums = {"in_minor": self._ins[book], "out_minor": self._outs[book], "reserved_minor": self._reserved[book]}
            self.put("balances", account=book[0], currency=book[1], **sums)


def kept(value: Any) -> Any:
    return (value - EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value
