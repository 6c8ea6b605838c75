"""Who gave or took which role, and when

Revision: 0017
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "role_changes",
        sa.Column("id", Id, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("by_id", Id, nullable=True),
        sa.Column("confirmer_id", Id, nullable=True),
        sa.Column("said_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=True),
        sa.Column("done_at", Instant, nullable=True),
        sa.CheckConstraint("confirmer_id <> by_id", name=op.f("ck_role_changes_two_people")),
        sa.CheckConstraint("action IN ('give', 'take', 'link')", name=op.f("ck_role_changes_action")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_role_changes_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_role_changes_by_id")),
        sa.ForeignKeyConstraint(["confirmer_id"], ["people.id"], name=op.f("fk_role_changes_confirmer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_changes")),
    )
