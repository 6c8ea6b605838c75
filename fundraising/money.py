"""An integer count of minor units and an ISO 4217 code. Never a float, never two currencies in one sum."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str = "KES"

    @classmethod
    def shillings(cls, whole: int) -> "Money":
        return cls(whole * 100, "KES")

    @classmethod
    def of_major(cls, major: Decimal, currency: str = "KES") -> "Money":
        """Raises ValueError for more than two decimals, and for what is no finite number."""
        minor = major * 100
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise ValueError(f"{major} is not an amount of money")
        return cls(int(minor), currency)

    @property
    def major(self) -> int | Decimal:
        """As other programs read it: an integer when it is whole."""
        return self.minor // 100 if self.minor % 100 == 0 else Decimal(self.minor) / 100

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
