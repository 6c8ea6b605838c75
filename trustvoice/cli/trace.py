"""`trustvoice trace`: what happened to one payment, from the tap to the receipt, from the database."""

from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trustvoice.cli import output
from trustvoice.cli.common import Json, in_house

if TYPE_CHECKING:
    from fundraising.audit.story.events import Story


def trace(
    payment: Annotated[
        list[str],
        typer.Argument(help="donation 17, payout 3, or a receipt, reference, CheckoutRequestID or ConversationID."),
    ],
    as_json: Json = False,
) -> None:
    """Tell what happened to one payment: what was said of it, booked, told to whom, and is still to do."""
    from letters import story as letters
    from letters.language import translate

    story = in_house(lambda house: house.use_cases.stories.told(payment))
    if as_json:
        output.as_json(shown(story))
    else:
        output.lines(unescape(line) for line in letters.lines(translate(None), story))


def shown(story: "Story") -> dict[str, Any]:
    """Moments in UTC; amounts are major units, integers when whole."""
    return {
        "payment": story.payment,
        "amount": story.amount.major,
        "currency": story.amount.currency,
        "status": story.status,
        "needs_review": story.needs_review,
        "receipt": story.receipt,
        "events": [{"at": utc(event.at), "what": event.what, **flat(event.facts)} for event in story.events],
        "waiting": [
            {"job": each.job, "run_at": utc(each.run_at) if each.run_at else None, "attempt": each.attempt}
            for each in story.waiting
        ],
    }


def flat(facts: Any) -> dict[str, Any]:
    from fundraising.money import Money

    plain: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, Money):
            plain |= {name: value.major, "currency": value.currency}
        else:
            plain[name] = value
    return plain


def utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
