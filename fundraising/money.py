"""An integer count of minor units and an ISO 4217 code. Never a float, never two currencies in one sum."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str = "KES"

    @classmethod
    def shillings(cls, whole: int) -> "Money":
        return cls(whole * 100, "KES")

    @property
    def whole_shillings(self) -> int:
        """What M-Pesa takes. Raises ValueError for another currency, and for cents."""
        if self.currency != "KES" or self.minor % 100:
            raise ValueError(f"{self} is not whole shillings")
        return self.minor // 100

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")

    def __str__(self) -> str:
        """`KES 1,500` or `KES 1,500.50`."""
        whole, cents = divmod(abs(self.minor), 100)
        sign = "-" if self.minor < 0 else ""
        return f"{self.currency} {sign}{whole:,}" + (f".{cents:02}" if cents else "")
