"""Phones that M-Pesa was asked to prompt, chats that could not be reached, and codes that fit no gift."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Named, Table, Text, TypedColumns
from sqlalchemy import UniqueConstraint as Unique

from storage.columns import Id, Instant
from storage.tables import metadata


class PhoneColumns(TypedColumns):
    """One row a phone that was ever asked for, locked while a prompt begins: two at once go one after the other."""

    phone_index = Column(LargeBinary, primary_key=True)
    owner_id: Named[int | None] = Column(Id, ForeignKey("donors.id"))  # who shared it as the own contact
    refused_at: Named[datetime | None] = Column(Instant)  # "not me, never again"


class PromptCountColumns(TypedColumns):
    """Prompts to phones that nobody has proven to be theirs, within one minute: by one API key, or by all."""

    name: Named[str] = Column(Text, primary_key=True)
    since: Named[datetime] = Column(Instant)
    count: Named[int] = Column(BigInteger)


class MissedColumns(TypedColumns):
    """A message that a closed chat could not take: the job that would send it, for when the chat opens again."""

    id = Column(Id, primary_key=True)
    chat_id: Named[int] = Column(BigInteger)
    lane: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    payload: Named[str] = Column(Text)
    turn: Named[str | None] = Column(Text)
    missed_at: Named[datetime] = Column(Instant)


class UnknownCodeColumns(TypedColumns):
    """An M-Pesa code that a donor sent and that fits none of the donor's gifts. A treasurer looks."""

    id = Column(Id, primary_key=True)
    donor_id: Named[int] = Column(Id, ForeignKey("donors.id"))
    code: Named[str] = Column(Text)
    sent_at: Named[datetime] = Column(Instant)


phones = Table("phones", metadata, PhoneColumns)
prompt_counts = Table("prompt_counts", metadata, PromptCountColumns)
missed = Table("missed", metadata, MissedColumns, Unique("chat_id", "kind", "payload"))
unknown_codes = Table("unknown_codes", metadata, UnknownCodeColumns, Unique("donor_id", "code"))
Index("ix_missed_chat_id", missed.c.chat_id, missed.c.id)
