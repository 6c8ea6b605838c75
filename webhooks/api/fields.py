"""Kinds of values in requests and answers. Amounts are major units and exact: no float ever becomes money."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from fundraising import campaigns, names
from fundraising.campaigns import TITLE_LENGTH
from fundraising.giving import amounts
from fundraising.money import Money
from fundraising.paying import orders
from fundraising.people import emails, phones
from fundraising.refusals import NotAnEmailAddress, NotAPhoneNumber

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
BEYOND = 1_000_000_000_000
WRITTEN = re.compile(r"(?:[1-9][0-9]{0,11}(?:\.[0-9]{1,2})?|0\.(?:0[1-9]|[1-9][0-9]?))")  # above zero, and below that
BIGGEST_ID = 2**63 - 1


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class Given(Shape):
    """What comes in. A field that there is not is refused: whoever misspells `duplicate_ok` must not go unheard."""

    model_config = ConfigDict(extra="forbid")


def exact(value: Any) -> Decimal:
    """Of a JSON number or its text. A float comes here only from a number written with an exponent: see parsing."""
    written = str(value) if isinstance(value, int | Decimal | str) and not isinstance(value, bool) else ""
    if not WRITTEN.fullmatch(written):
        raise PydanticCustomError("amount", "not an amount")
    return Decimal(written)


def whole(value: Any) -> Any:
    """In JSON 1.0 is the same number as 1."""
    if isinstance(value, Decimal | float) and 0 < value <= BIGGEST_ID and value == int(value):
        return int(value)
    return value


def phone(text: str) -> str:
    try:
        phones.parse(text)
    except NotAPhoneNumber as error:
        raise PydanticCustomError("phone_number", "not a phone number") from error
    return text


def email(text: str) -> str:
    try:
        emails.parse(text)
    except NotAnEmailAddress as error:
        raise PydanticCustomError("email", "not an e-mail address") from error
    return text


def telling(text: str) -> str:
    """A name of signs that nobody sees is none."""
    if not names.says_something(text):
        raise PydanticCustomError("characters", "no letter and no digit")
    return text


def printable(text: str) -> str:
    """PostgreSQL stores no NUL, half a surrogate pair is no character, and nobody means the other controls."""
    if UNPRINTABLE.search(text):
        raise PydanticCustomError("characters", "control characters")
    return text


def amount_schema(least: Money, most: Money | None = None) -> JsonSchemaValue:
    """Where there is a most, it is M-Pesa that pays, in whole units. The rules themselves refuse what is beyond."""
    limits = {"maximum": most.major, "multipleOf": 1} if most else {"exclusiveMaximum": BEYOND, "multipleOf": 0.01}
    return {
        "description": "Major units, at most two decimals, as a number or as its text. Exact: never rounded.",
        "examples": [1000],
        "anyOf": [
            {"type": "number", "minimum": least.major, **limits},
            {"type": "string", "pattern": f"^{WRITTEN.pattern}$"},
        ],
    }


PHONE_SCHEMA = {
    "type": "string",
    "pattern": r"^(\+?254|0)[17][0-9]{8}$",
    "description": "A Kenyan mobile number. Blanks and hyphens in it are understood as well.",
    "examples": ["254708374149"],
}
NO_CONTROL_CHARACTERS: JsonDict = {"pattern": r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"}
PRINTABLE = (AfterValidator(printable), Field(json_schema_extra=NO_CONTROL_CHARACTERS))

Exact = Annotated[Decimal, BeforeValidator(exact)]
GoalIn = Annotated[Exact, WithJsonSchema(amount_schema(campaigns.LEAST_GOAL))]
GiftIn = Annotated[Exact, WithJsonSchema(amount_schema(amounts.LEAST, amounts.MOST))]
PaidIn = Annotated[Exact, WithJsonSchema(amount_schema(orders.LEAST, orders.MOST))]
Amount = Annotated[int | Decimal, WithJsonSchema({"type": "number", "description": "Major units."})]
Amounts = Annotated[
    dict[str, int | Decimal],
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "number"}, "description": "By currency."}),
]
PhoneIn = Annotated[str, StringConstraints(max_length=40), AfterValidator(phone), WithJsonSchema(PHONE_SCHEMA)]
Line = Annotated[str, StringConstraints(max_length=100), *PRINTABLE]
Remarks = Annotated[str, StringConstraints(min_length=2, max_length=100), *PRINTABLE]
Title = Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LENGTH), *PRINTABLE]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80), *PRINTABLE, AfterValidator(telling)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200), *PRINTABLE]
Story = Annotated[str, StringConstraints(max_length=4000), *PRINTABLE]
Email = Annotated[
    str, StringConstraints(max_length=254), AfterValidator(email), Field(json_schema_extra={"format": "email"})
]
Id = Annotated[int, Field(strict=True, ge=1, le=BIGGEST_ID), BeforeValidator(whole)]
Moment = datetime


class Page(Given):
    """The newest first; the next page's address is in the `Link` header."""

    limit: int = Field(50, ge=1, le=100)
    cursor: int | None = Field(None, ge=1, le=BIGGEST_ID, description="As the Link header of the page before has it.")


def by_currency(amounts: dict[str, Money]) -> dict[str, int | Decimal]:
    return {currency: money.major for currency, money in amounts.items()}
