"""What a handler of the API is given, and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from fundraising.people.api_keys import ApiKey
from fundraising.people.roles import Role
from fundraising.repeats import Turn
from fundraising.use_cases import UseCases

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Call:
    """A request whose sender, path, query and body have been checked."""

    use_cases: UseCases
    key: ApiKey
    ids: Mapping[str, int] = field(default_factory=dict)  # of the path
    query: BaseModel | None = None
    body: BaseModel | None = None
    table: bytes | None = None  # the body, where it was a CSV or XLSX file
    wants_csv: bool = False
    turn: Turn | None = None  # of a request with an Idempotency-Key
    sent_as: str = ""  # names this request, and its repeats, among all requests

    @property
    def by(self) -> int:
        """The person who acts."""
        return self.key.person.id

    @property
    def sees_people(self) -> bool:
        """Who decides where money goes must be able to compare names and whole numbers; nobody else needs them."""
        return self.key.may(Role.MAKER) or self.key.may(Role.CHECKER)

    def body_as(self, kind: type[M]) -> M:
        assert isinstance(self.body, kind), "the route names this kind of body"
        return self.body

    def query_as(self, kind: type[M]) -> M:
        assert isinstance(self.query, kind), "the route names this kind of query"
        return self.query


@dataclass(frozen=True)
class Reply:
    """`cursor`: where the next page of a list begins."""

    content: BaseModel | Sequence[BaseModel]
    cursor: int | None = None
    table: bytes | None = None  # the same as a CSV file, where that is wanted
