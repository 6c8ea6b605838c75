"""Phones that may be prompted or not, messages that a closed chat missed, codes that fit no gift

Revision: 0010
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "phones",
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", Id, nullable=True),
        sa.Column("refused_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["donors.id"], name=op.f("fk_phones_owner_id")),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_phones")),
    )
    op.create_table(
        "prompt_counts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_prompt_counts")),
    )
    op.create_table(
        "missed",
        sa.Column("id", Id, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=True),
        sa.Column("missed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed")),
        sa.UniqueConstraint("chat_id", "kind", "payload", name=op.f("uq_missed_chat_id_kind_payload")),
    )
    op.create_index("ix_missed_chat_id", "missed", ["chat_id", "id"])
    op.create_table(
        "unknown_codes",
        sa.Column("id", Id, nullable=False),
        sa.Column("donor_id", Id, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sent_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_unknown_codes_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unknown_codes")),
        sa.UniqueConstraint("donor_id", "code", name=op.f("uq_unknown_codes_donor_id_code")),
    )
    op.add_column("donors", sa.Column("asked_to_share", sa.Boolean(), server_default=sa.false(), nullable=False))
