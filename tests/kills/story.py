"""What a life is about, and how M-Pesa behaves in it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fundraising.use_cases import UseCases


@dataclass(frozen=True)
class Story:
    """`act`: what a person does, once more after each start: nobody knows what of it was heard before.

    `pays`: what the donor, or M-Pesa, does. `speaks`: of itself. `answers`: when it is asked.
    """

    name: str
    act: Callable[[UseCases], Awaitable[object]]
    pays: bool = True
    speaks: bool = True
    answers: bool = True
