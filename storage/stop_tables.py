"""Why nothing is sent, and the one row that whoever sends holds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Named, Table, Text, TypedColumns

from storage.columns import Id, Instant, only_where
from storage.tables import metadata, one_of


class SwitchColumns(TypedColumns):
    """One row. Whoever sends holds it until the intent is committed, whoever stops sending takes it first."""

    id = Column(Id, primary_key=True)


class StopColumns(TypedColumns):
    """One reason why nothing is sent. Several may stand beside each other."""

    id = Column(Id, primary_key=True)
    cause: Named[str] = Column(Text)
    note: Named[str] = Column(Text)  # what its cause leaves open: a code, a person's words
    payout_id: Named[int | None] = Column(Id, ForeignKey("payouts.id"))
    by_id: Named[int | None] = Column(Id, ForeignKey("people.id"))  # NULL: TrustVoice itself
    since: Named[datetime] = Column(Instant)
    lifted_at: Named[datetime | None] = Column(Instant)


switch = Table("switch", metadata, SwitchColumns, CheckConstraint("id = 1", name="one_row"))
stops = Table(
    "stops",
    metadata,
    StopColumns,
    one_of("cause", "person", "initiator", "books", "payout", "altered", "evidence", "restored", "rewound"),
)
Index("ix_stops_standing", stops.c.id, **only_where("lifted_at IS NULL"))
