"""Daily reconciliation: what M-Pesa says it holds, days reported, money in suspense decided

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant, only_where

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    add_shortcode_to_floats()
    op.create_table(
        "balance_questions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("answered_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["token_hash"], ["payout_tokens.token_hash"], name=op.f("fk_balance_questions_token_hash")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_balance_questions")),
    )
    op.create_index(op.f("ix_balance_questions_asked_at"), "balance_questions", ["asked_at"])
    op.create_table(
        "balances_seen",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("available_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_hash"], ["balance_questions.token_hash"], name=op.f("fk_balances_seen_token_hash")
        ),
        sa.PrimaryKeyConstraint("token_hash", "account", name=op.f("pk_balances_seen")),
    )
    op.create_table(
        "reports",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reports")),
    )
    op.create_table(
        "suspense_proposals",
        sa.Column("id", Id, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("campaign_id", Id, nullable=True),
        sa.Column("proposer_id", Id, nullable=False),
        sa.Column("confirmer_id", Id, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("confirmed_at", Instant, nullable=True),
        sa.Column("asked_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("confirmer_id <> proposer_id", name=op.f("ck_suspense_proposals_two_people")),
        sa.CheckConstraint(
            "(action = 'assign') = (campaign_id IS NOT NULL)", name=op.f("ck_suspense_proposals_campaign")
        ),
        sa.CheckConstraint("action IN ('assign', 'refunded')", name=op.f("ck_suspense_proposals_action")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_suspense_proposals_campaign_id")),
        sa.ForeignKeyConstraint(["confirmer_id"], ["people.id"], name=op.f("fk_suspense_proposals_confirmer_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["people.id"], name=op.f("fk_suspense_proposals_proposer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspense_proposals")),
    )
    op.create_index(
        "ix_suspense_proposals_decided",
        "suspense_proposals",
        ["cause"],
        unique=True,
        **only_where("confirmer_id IS NOT NULL"),
    )


def add_shortcode_to_floats() -> None:
    """A part of the primary key: the few rows are read before their table is made anew."""
    rows = op.get_bind().execute(sa.text("SELECT '' AS shortcode, account, available_minor, seen_at FROM floats"))
    kept = [dict(row) for row in rows.mappings()]
    op.drop_table("floats")
    floats = op.create_table(
        "floats",
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("available_minor", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shortcode", "account", name=op.f("pk_floats")),
    )
    op.bulk_insert(floats, kept)
