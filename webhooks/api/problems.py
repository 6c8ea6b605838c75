"""What goes wrong, as RFC 9457 tells it. Every refusal becomes an answer here and nowhere else."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web
from pydantic import Field

from fundraising import refusals
from fundraising.refusals import Refused
from fundraising.repeats import Answer
from letters import problems as letters
from letters.language import translate
from webhooks.api.fields import Shape
from webhooks.api.rendering import encode

_ = translate(None)
CONTENT_TYPE = "application/problem+json"
STATUSES: dict[type[Refused], int] = {
    refusals.NotJson: 400,
    refusals.NotAllowed: 403,
    refusals.OwnRequest: 403,
    refusals.NoSuchApiKey: 404,
    refusals.NoSuchCampaign: 404,
    refusals.NoSuchDay: 404,
    refusals.NoSuchDonation: 404,
    refusals.NoSuchDonor: 404,
    refusals.NoSuchNgo: 404,
    refusals.NoSuchPayout: 404,
    refusals.NoSuchPerson: 404,
    refusals.NoSuchStray: 404,
    refusals.NothingToTrace: 404,
    refusals.AlreadyDecided: 409,
    refusals.CampaignClosed: 409,
    refusals.DraftGone: 409,
    refusals.IdempotencyKeyReused: 409,
    refusals.InsufficientFunds: 409,
    refusals.LastOwner: 409,
    refusals.LooksDuplicate: 409,
    refusals.LooksSaved: 409,
    refusals.MoreThanAvailable: 409,
    refusals.NotFrozen: 409,
    refusals.NoMail: 409,
    refusals.NothingToReview: 409,
    refusals.NothingToTryAgain: 409,
    refusals.MoreMustAgree: 409,
    refusals.NotRetryable: 409,
    refusals.NotYourOwnProposal: 409,
    refusals.OwnerKeyNeedsOwner: 409,
    refusals.PayoutAltered: 409,
    refusals.PayoutChanged: 409,
    refusals.ButtonOfAnotherBook: 409,
    refusals.PayoutDraftGone: 409,
    refusals.PayoutsBlocked: 409,
    refusals.PhoneRefused: 409,
    refusals.ProposalGone: 409,
    refusals.ReplacedSince: 409,
    refusals.RetryCannotHelp: 409,
    refusals.SecondPersonNeeded: 409,
    refusals.SendingFrozen: 409,
    refusals.StillInQuarantine: 409,
    refusals.TooLateToCancel: 409,
    refusals.AmountOutOfRange: 422,
    refusals.BadBulkFile: 422,
    refusals.BadCampaign: 422,
    refusals.BadName: 422,
    refusals.BadPayout: 422,
    refusals.NotAnAmount: 422,
    refusals.NoCents: 422,
    refusals.AmbiguousAmount: 422,
    refusals.SeveralPhoneNumbers: 422,
    refusals.NotAnEmailAddress: 422,
    refusals.NotAPhoneNumber: 422,
    refusals.NotTheNgosPhone: 422,
    refusals.PayoutOutOfRange: 422,
    refusals.ReasonNeeded: 422,
    refusals.PhoneBusy: 429,
    refusals.PhoneRests: 429,
    refusals.TooEarlyToTryAgain: 429,
    refusals.TooManyPrompts: 429,
    refusals.ShortOfSpace: 503,
}
FIELDS: dict[type[Refused], str] = {
    refusals.AmountOutOfRange: "amount",
    refusals.InsufficientFunds: "amount",
    refusals.LooksDuplicate: "duplicate_ok",
    refusals.LooksSaved: "duplicate_ok",
    refusals.NotAnAmount: "amount",
    refusals.NotAnEmailAddress: "email",
    refusals.NotAPhoneNumber: "phone_number",
    refusals.NotTheNgosPhone: "recipient_phone",
    refusals.PayoutOutOfRange: "amount",
    refusals.ReasonNeeded: "reason",
}
STATUSES_OF_REQUESTS = {
    "malformed": 400,
    "bad_idempotency_key": 400,
    "unauthenticated": 401,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "still_running": 409,
    "too_large": 413,
    "unsupported_media_type": 415,
    "unsupported_encoding": 415,
    "invalid_fields": 422,
    "internal_error": 500,
    "unavailable": 503,
}
WAITS: dict[type[Refused], timedelta] = {
    refusals.ShortOfSpace: timedelta(minutes=10),
}
WithWait = refusals.PhoneBusy | refusals.PhoneRests | refusals.TooEarlyToTryAgain | refusals.TooManyPrompts


class Fault(Shape):
    """One thing that is wrong."""

    field: str | None = Field(None, description="Its name, with dots on the way down.")
    row: int | None = Field(None, description="Of a list or file: counted from 1, in a file with its first line.")
    reason: str
    remedy: str


class ProblemOut(Shape):
    """RFC 9457. `code` never changes; sentences may. Where one thing is wrong, it stands outside of `errors` too."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    reason: str | None = None
    remedy: str | None = None
    errors: list[Fault] | None = None


@dataclass
class Problem(Exception):
    """A request that goes no further."""

    code: str
    faults: list[Fault] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return STATUSES_OF_REQUESTS[self.code]

    def response(self) -> web.Response:
        body = document(self.status, self.code, letters.of_the_request(_, self.code), self.faults)
        return web.Response(status=self.status, body=body, content_type=CONTENT_TYPE, headers=self.headers)


def of_refusal(refused: Refused) -> web.Response:
    answer = answer_to(refused)
    headers = headers_of(refused)
    return web.Response(status=answer.status, body=answer.body, content_type=CONTENT_TYPE, headers=headers)


def answer_to(refused: Refused) -> Answer:
    status, code = status_of(refused), code_of(type(refused))
    return Answer(status, document(status, code, letters.sentence(_, refused), faults_of(refused)))


def status_of(refused: Refused) -> int:
    return STATUSES[type(refused)]


def code_of(kind: type[Refused]) -> str:
    """`insufficient_funds` of InsufficientFunds."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=A)(?=[A-Z][a-z])", "_", kind.__name__).lower()


def faults_of(refused: Refused) -> list[Fault]:
    if isinstance(refused, refusals.BadBulkFile):
        told = [(row, code, letters.of_a_row(_, code)) for row, code in refused.errors]
        return [Fault(field=None, row=row, reason=code, remedy=remedy) for row, code, remedy in told]
    kind = type(refused)
    name, remedy = FIELDS.get(kind), letters.remedy(_, kind)
    if name is None and remedy is None:
        return []
    row = refused.rows[1] if isinstance(refused, refusals.LooksDuplicate) and refused.rows else None
    return [Fault(field=name, row=row, reason=code_of(kind), remedy=remedy or letters.sentence(_, refused))]


def headers_of(refused: Refused) -> dict[str, str]:
    wait = refused.wait if isinstance(refused, WithWait) else WAITS.get(type(refused))
    return {"Retry-After": str(math.ceil(wait.total_seconds()))} if wait else {}


def document(status: int, code: str, detail: str, faults: list[Fault]) -> bytes:
    told: dict[str, Any] = {"type": f"/problems/{code}", "title": code.replace("_", " ").capitalize()}
    told |= {"status": status, "detail": detail, "code": code}
    if len(faults) == 1:
        told |= faults[0].model_dump(exclude_none=True, exclude={"row"})
    if faults:
        told["errors"] = [fault.model_dump(exclude_none=True) for fault in faults]
    return encode(told)
