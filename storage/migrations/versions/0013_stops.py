"""Why nothing is sent: a row for each cause, in place of the one sentence of the switch

Revision: 0013
"""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant, only_where

revision = "0013"
down_revision = "0012"

CAUSES = ("person", "initiator", "books", "payout", "altered", "evidence", "restored", "rewound")
SENTENCES = (
    ("initiator", r"M-Pesa refuses our initiator: (?P<note>.*)"),
    ("books", r"the books do not hold: (?P<note>.*)"),
    ("payout", r"payout (?P<payout_id>\d+): (?P<note>\w+)"),
    ("evidence", r"a word from M-Pesa about a payout could not be settled.*"),
    ("restored", r"the database was restored from a backup.*"),
    ("rewound", r"the database is older than the journal beside it.*"),
    ("person", r"(?:.* froze them(?:: )?)?(?P<note>.*)"),
)


def upgrade() -> None:
    op.create_table(
        "stops",
        sa.Column("id", Id, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("payout_id", Id, nullable=True),
        sa.Column("by_id", Id, nullable=True),
        sa.Column("since", Instant, nullable=False),
        sa.Column("lifted_at", Instant, nullable=True),
        sa.CheckConstraint(f"cause IN ({', '.join(map(repr, CAUSES))})", name=op.f("ck_stops_cause")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_stops_by_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_stops_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops")),
    )
    op.create_index("ix_stops_standing", "stops", ["id"], **only_where("lifted_at IS NULL"))
    frozen = sa.text("SELECT frozen_because, frozen_by, frozen_at FROM switch WHERE frozen_because IS NOT NULL")
    stops = sa.table("stops", *map(sa.column, ("cause", "note", "payout_id", "by_id", "since")))
    for row in op.get_bind().execute(frozen).mappings().all():
        stop = read(row["frozen_because"]) | {"by_id": row["frozen_by"], "since": row["frozen_at"]}
        op.get_bind().execute(sa.insert(stops).values(stop))
    with op.batch_alter_table("switch") as switch:
        switch.drop_constraint(op.f("fk_switch_frozen_by"), type_="foreignkey")
        for column in ("frozen_because", "frozen_by", "frozen_at"):
            switch.drop_column(column)


def read(sentence: str) -> dict[str, Any]:
    """What the release before wrote as a sentence."""
    for cause, pattern in SENTENCES:
        if found := re.fullmatch(pattern, sentence, re.DOTALL):
            said = found.groupdict()
            payout_id = int(said["payout_id"]) if said.get("payout_id") else None
            return {"cause": cause, "note": said.get("note") or "", "payout_id": payout_id}
    return {"cause": "person", "note": sentence, "payout_id": None}
