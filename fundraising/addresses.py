"""Where M-Pesa is to call us back. A tunnel's address changes while the program runs: it is read when it is sent."""

from collections.abc import Callable


class CurrentAddress:
    """Printed, it is the address of that moment: `f"{address}/{token}"` is right for it as for a plain `str`."""

    def __init__(self, read: Callable[[], str]):
        self._read = read

    def __str__(self) -> str:
        return self._read()


Address = str | CurrentAddress
