"""What people said about payouts whose outcome M-Pesa never told, with its statement in hand."""

from collections import defaultdict


class PeopleSay:
    def __init__(self) -> None:
        self._paid: defaultdict[str, set[int]] = defaultdict(set)
        self._unpaid: defaultdict[str, set[int]] = defaultdict(set)

    def hear(self, originator_id: str, person_id: int, paid: bool) -> None:
        """Counts from the moment at which it is said, because it may be heard although no answer comes back."""
        (self._paid if paid else self._unpaid)[originator_id].add(person_id)

    def paid(self, originator_id: str) -> bool:
        return len(self._paid[originator_id]) > 1

    def unpaid(self, originator_id: str) -> bool:
        return len(self._unpaid[originator_id]) > 1
