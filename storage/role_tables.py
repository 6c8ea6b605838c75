"""Who gave or took which role, and when."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Named, Table, Text, TypedColumns

from storage.columns import Id, Instant
from storage.tables import metadata, one_of


class RoleChangeColumns(TypedColumns):
    """Stays for ever: what was given by whom, and who agreed. One that takes effect later waits until it has."""

    id = Column(Id, primary_key=True)
    action: Named[str] = Column(Text)
    person_id: Named[int] = Column(Id, ForeignKey("people.id"))
    role: Named[str | None] = Column(Text)
    chat_id: Named[int | None] = Column(BigInteger)  # that was linked
    by_id: Named[int | None] = Column(Id, ForeignKey("people.id"))  # NULL: at the server, or from its settings
    confirmer_id: Named[int | None] = Column(Id, ForeignKey("people.id"))
    said_at: Named[datetime] = Column(Instant)
    due_at: Named[datetime | None] = Column(Instant)  # if not at once
    done_at: Named[datetime | None] = Column(Instant)  # NULL: not yet, or never


role_changes = Table(
    "role_changes",
    metadata,
    RoleChangeColumns,
    CheckConstraint("confirmer_id <> by_id", name="two_people"),
    one_of("action", "give", "take", "link"),
)
