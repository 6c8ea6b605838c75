"""What people must look at, and who saw to it."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, Text, TypedColumns

from storage.columns import Id, Instant, only_where
from storage.tables import metadata, one_of


class QuestionColumns(TypedColumns):
    """One finding about one payment. It hides no other, and none hides it."""

    id = Column(Id, primary_key=True)
    payment_kind: Named[str] = Column(Text)
    payment_id: Named[int] = Column(Id)
    why: Named[str] = Column(Text)
    since: Named[datetime] = Column(Instant)
    closed_at: Named[datetime | None] = Column(Instant)
    closed_by: Named[int | None] = Column(Id, ForeignKey("people.id"))  # NULL: what M-Pesa said ended it


questions = Table("questions", metadata, QuestionColumns, one_of("payment_kind", "donation", "payout"))
payment = (questions.c.payment_kind, questions.c.payment_id)
Index("ix_questions_payment", *payment)
Index("ix_questions_open", *payment, questions.c.why, unique=True, **only_where("closed_at IS NULL"))
