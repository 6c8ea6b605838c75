"""The name of a payment in the log: every line written meanwhile carries `payment=donation:17`."""

from contextlib import AbstractContextManager

from structlog.contextvars import bind_contextvars, bound_contextvars, unbind_contextvars


def name_of(kind: str, payment_id: int) -> str:
    return f"{kind}:{payment_id}"


def following(kind: str, payment_id: int) -> AbstractContextManager[None]:
    return bound_contextvars(payment=name_of(kind, payment_id))


def follow(payment: str) -> None:
    """For the rest of this task."""
    bind_contextvars(payment=payment)


def follow_none() -> None:
    """For a task that was begun on behalf of one payment and goes on with others."""
    unbind_contextvars("payment")


def about(*payments: str) -> dict[str, str]:
    """For a line about some, as `extra`: also where the task's own name does not reach, in a database's thread."""
    return {"payment": " ".join(dict.fromkeys(payments))} if payments else {}
