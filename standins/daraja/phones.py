"""How each number behaves: one push or payout after the other, then always the same."""

from collections import deque
from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import UNSET, UnsetType

from standins.shapes import Behaviour, PayoutBehaviour

B = TypeVar("B", Behaviour, PayoutBehaviour)


class Phones(Generic[B]):
    def __init__(self, ordinary: B) -> None:
        self._ordinary: B = ordinary
        self._next: dict[str, deque[B]] = {}
        self._always: dict[str, B] = {}

    def script(self, phone: str, following: Sequence[B], always: B | UnsetType) -> None:
        self._next.setdefault(phone, deque()).extend(following)
        if always is not UNSET:
            self._always[phone] = always

    def peek(self, phone: str) -> B:
        waiting = self._next.get(phone)
        return waiting[0] if waiting else self._always.get(phone, self._ordinary)

    def take(self, phone: str) -> B:
        behaviour = self.peek(phone)
        if self._next.get(phone):
            self._next[phone].popleft()
        return behaviour

    def reset(self) -> None:
        self._next.clear()
        self._always.clear()
