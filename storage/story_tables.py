"""What people were told about a payment, kept for whoever asks later what happened."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Named, Table, Text, TypedColumns

from storage.columns import Id, Instant
from storage.tables import metadata, one_of


class ToldColumns(TypedColumns):
    """One row for each message that Telegram, or a mail server, has taken."""

    id = Column(Id, primary_key=True)
    kind: Named[str] = Column(Text)
    payment_id: Named[int] = Column(Id)  # of a donation, a payout or a batch
    audience: Named[str] = Column(Text)
    what: Named[str] = Column(Text)
    chat_id: Named[int | None] = Column(BigInteger)  # NULL: by e-mail
    message_id: Named[int | None] = Column(BigInteger)
    told_at: Named[datetime] = Column(Instant)


told = Table("told", metadata, ToldColumns, one_of("kind", "donation", "payout", "batch"))
Index("ix_told_payment", told.c.kind, told.c.payment_id)
