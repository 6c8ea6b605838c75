"""Column types that both databases share."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, TypeDecorator, text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Id = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself on SQLite


def microseconds(at: datetime | None) -> int | None:
    return None if at is None else (at - EPOCH) // MICROSECOND


def moment(at: int | None) -> datetime | None:
    return None if at is None else EPOCH + at * MICROSECOND


class Instant(TypeDecorator[datetime]):
    """A moment, in UTC, as microseconds since 1970: equal, exact and cheap on both databases."""

    impl, cache_ok = BigInteger, True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        return microseconds(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        return moment(value)


def only_where(condition: str) -> dict[str, Any]:
    """The arguments of an index over some rows only."""
    return {f"{database}_where": text(condition) for database in ("sqlite", "postgresql")}
