"""What people must look at: a row for each finding, so that none hides another

Revision: 0018
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant, only_where

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", Id, nullable=False),
        sa.Column("payment_kind", sa.Text(), nullable=False),
        sa.Column("payment_id", Id, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("closed_at", Instant, nullable=True),
        sa.Column("closed_by", Id, nullable=True),
        sa.CheckConstraint("payment_kind IN ('donation', 'payout')", name=op.f("ck_questions_payment_kind")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_questions_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    payment = ("payment_kind", "payment_id")
    op.create_index("ix_questions_payment", "questions", payment)
    op.create_index("ix_questions_open", "questions", (*payment, "why"), unique=True, **only_where("closed_at IS NULL"))
    op.execute(  # since when is not known any more
        "INSERT INTO questions (payment_kind, payment_id, why, since) "
        "SELECT 'donation', id, needs_review, created_at FROM donations WHERE needs_review IS NOT NULL"
    )
    op.execute(
        "INSERT INTO questions (payment_kind, payment_id, why, since) "
        "SELECT 'payout', id, needs_review, created_at FROM payouts WHERE needs_review IS NOT NULL"
    )
