"""The API user in whose name payouts and questions are made: its password is checked, and locked when guessed at."""

import hmac

from standins.daraja.options import DarajaOptions
from standins.daraja.payout_results import LOCKED, WRONG_INITIATOR
from standins.events import EventLog

TRIES = 3


class Initiator:
    def __init__(self, options: DarajaOptions, events: EventLog) -> None:
        self._options = options
        self._events = events
        self._wrong = 0

    @property
    def is_locked(self) -> bool:
        return self._wrong >= TRIES

    def check(self, name: str, credential: str) -> int | None:
        """The result code that bars what is asked; None lets it through. A right password forgets the wrong ones."""
        if name != self._options.initiator_name:
            return WRONG_INITIATOR
        if self.is_locked:
            return LOCKED
        given = self._options.keys.decrypt(credential)
        if given is not None and hmac.compare_digest(given, self._options.initiator_password.encode()):
            self._wrong = 0
            return None
        self._wrong += 1
        if self._wrong == TRIES:
            self._events.emit("initiator_locked", name=name)
        return WRONG_INITIATOR

    def unlock(self) -> None:
        self._wrong = 0
        self._events.emit("initiator_unlocked", name=self._options.initiator_name)

    def reset(self) -> None:
        self._wrong = 0
