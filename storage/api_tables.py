"""The tables of the HTTP API: its keys, and what was answered to requests that may come again."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Named, Table, Text, TypedColumns, UniqueConstraint

from storage.columns import Id, Instant
from storage.tables import metadata, one_of


class ApiKeyColumns(TypedColumns):
    """Whoever knows the key acts as the person, as far as the key's role goes."""

    id = Column(Id, primary_key=True)
    key_hash: Named[bytes] = Column(LargeBinary, unique=True)
    name_sealed: Named[bytes] = Column(LargeBinary)
    role: Named[str] = Column(Text)
    person_id: Named[int] = Column(Id, ForeignKey("people.id"), index=True)
    created_at: Named[datetime] = Column(Instant)
    expires_at: Named[datetime | None] = Column(Instant)
    last_used_at: Named[datetime | None] = Column(Instant)  # to the minute
    revoked_at: Named[datetime | None] = Column(Instant)
    mac: Named[bytes | None] = Column(LargeBinary)


class RepeatColumns(TypedColumns):
    """A request that carried an Idempotency-Key."""

    id = Column(Id, primary_key=True)
    api_key_id: Named[int] = Column(Id, ForeignKey("api_keys.id"))
    key_hash: Named[bytes] = Column(LargeBinary)
    request_hash: Named[bytes] = Column(LargeBinary)  # the same key with another request is a mistake
    attempt: Named[int] = Column(BigInteger)  # counts who took it on: only the latest may act or answer
    leased_until: Named[datetime] = Column(Instant)
    made_id: Named[int | None] = Column(Id)  # set by the transaction that acted: of the donation, payout or batch
    status: Named[int | None] = Column(BigInteger)  # of the answer; NULL until there is one
    answer_sealed: Named[bytes | None] = Column(LargeBinary)
    created_at: Named[datetime] = Column(Instant, index=True)


api_keys = Table("api_keys", metadata, ApiKeyColumns, one_of("role", "viewer", "maker", "checker", "owner", "admin"))
repeats = Table("repeats", metadata, RepeatColumns, UniqueConstraint("api_key_id", "key_hash"))
