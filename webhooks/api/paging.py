"""Pages of a list."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from pydantic import BaseModel

from webhooks.api.calls import Reply


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


N = TypeVar("N", bound=Numbered)


def page_of(show: Callable[[N], BaseModel], found: Sequence[N], limit: int) -> Reply:
    """`found`: one more than the page holds, where there are more."""
    page = found[:limit]
    return Reply([show(each) for each in page], page[-1].id if len(found) > limit else None)
