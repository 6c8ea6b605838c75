"""How each phone's owner behaves: one push after the other, then always the same."""

from collections import deque

from msgspec import UNSET

from standins.shapes import Behaviour, PhoneScript


class Phones:
    def __init__(self) -> None:
        self._next: dict[str, deque[Behaviour]] = {}
        self._always: dict[str, Behaviour] = {}

    def script(self, phone: str, script: PhoneScript) -> None:
        self._next.setdefault(phone, deque()).extend(script.next)
        if script.always is not UNSET:
            self._always[phone] = script.always

    def peek(self, phone: str) -> Behaviour:
        waiting = self._next.get(phone)
        return waiting[0] if waiting else self._always.get(phone, Behaviour())

    def take(self, phone: str) -> Behaviour:
        behaviour = self.peek(phone)
        if self._next.get(phone):
            self._next[phone].popleft()
        return behaviour

    def reset(self) -> None:
        self._next.clear()
        self._always.clear()
