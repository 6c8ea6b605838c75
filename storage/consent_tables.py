"""What two people decide together, and what each of them said."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Named, Table, Text, TypedColumns

from storage.columns import Id, Instant, only_where
from storage.tables import metadata, one_of


class ConsentColumns(TypedColumns):
    """One person's word about one matter, and who agreed with it. The newest word of a person stands."""

    id = Column(Id, primary_key=True)
    kind: Named[str] = Column(Text)
    subject: Named[str] = Column(Text)  # what it is about, in the words of its kind
    version: Named[int] = Column(BigInteger)  # of what was known of it: a word counts for this one only
    answer: Named[str] = Column(Text)
    proposer_id: Named[int | None] = Column(Id, ForeignKey("people.id"))  # NULL: at the server's command line
    confirmer_id: Named[int | None] = Column(Id, ForeignKey("people.id"))
    created_at: Named[datetime] = Column(Instant)
    expires_at: Named[datetime] = Column(Instant)
    confirmed_at: Named[datetime | None] = Column(Instant)
    withdrawn_at: Named[datetime | None] = Column(Instant)  # another word took its place, or the role was lost


consents = Table(
    "consents",
    metadata,
    ConsentColumns,
    CheckConstraint("confirmer_id <> proposer_id", name="two_people"),
    CheckConstraint("(confirmer_id IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
    CheckConstraint("confirmer_id IS NULL OR withdrawn_at IS NULL", name="withdrawn"),
    one_of("kind", "role", "suspense", "review", "unfreeze"),
)
matter = (consents.c.kind, consents.c.subject, consents.c.version)
Index("ix_consents_decided", *matter, unique=True, **only_where("confirmer_id IS NOT NULL"))
Index(
    "ix_consents_one_word",
    *matter,
    consents.c.proposer_id,
    unique=True,
    **only_where("confirmer_id IS NULL AND withdrawn_at IS NULL"),
)
