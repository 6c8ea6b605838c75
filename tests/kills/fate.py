"""Where a process dies: SIGKILL, to itself, at one of the points that it passes. Nothing of it runs afterwards."""

import os
import signal
from collections import Counter


class Fate:
    """Points are numbered by kind, such as `before commit 3`. Without `dies_at` it only takes down what it passes."""

    def __init__(self, dies_at: str | None = None):
        self.passed: list[str] = []
        self._dies_at, self._counts = dies_at, Counter[str]()

    def number(self, what: str) -> int:
        self._counts[what] += 1
        return self._counts[what]

    def passes(self, point: str) -> None:
        self.passed.append(point)
        if point == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
