"""What was told to whom, and indexes: of the donations that are not decided, of the evidence of one donation

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant, only_where

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payment_id", Id, nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("told_at", Instant, nullable=False),
        sa.CheckConstraint("kind IN ('donation', 'payout', 'batch')", name=op.f("ck_told_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
    )
    op.create_index("ix_told_payment", "told", ["kind", "payment_id"])
    op.create_index("ix_donations_pending", "donations", ["created_at"], **only_where("status = 'pending'"))
    op.create_index("ix_evidence_donation", "evidence", ["donation_id"], **only_where("donation_id IS NOT NULL"))
