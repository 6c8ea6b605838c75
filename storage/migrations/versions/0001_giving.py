"""Giving: campaigns, donors, donations, evidence, ledger, jobs, the Telegram inbox

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant, only_where

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "balances",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("in_minor", sa.BigInteger(), nullable=False),
        sa.Column("out_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "currency", name=op.f("pk_balances")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", Id, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("goal_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("closed_at", Instant, nullable=True),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_campaigns_status")),
        sa.CheckConstraint("goal_minor > 0", name=op.f("ck_campaigns_goal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaigns_slug")),
    )
    op.create_table(
        "donors",
        sa.Column("id", Id, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("unreachable_since", Instant, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donors")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_donors_chat_id")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("donation_id", Id, nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("key", name=op.f("uq_evidence_key")),
    )
    op.create_index("ix_evidence_waiting", "evidence", ["id"], **only_where("verdict IS NULL"))
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", Id, nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=True),
        sa.Column("run_at", Instant, nullable=True),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("kind", "payload", name=op.f("uq_jobs_kind_payload")),
    )
    op.create_index(op.f("ix_jobs_lane_run_at_id"), "jobs", ["lane", "run_at", "id"])
    op.create_index(op.f("ix_jobs_turn_id"), "jobs", ["turn", "id"], **only_where("turn IS NOT NULL"))
    op.create_table(
        "postings",
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("posted_at", Instant, nullable=False),
        sa.CheckConstraint("minor <> 0", name=op.f("ck_postings_minor")),
        sa.PrimaryKeyConstraint("cause", "account", "currency", name=op.f("pk_postings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "telegram_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_telegram_updates")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", Id, nullable=False),
        sa.Column("donor_id", Id, nullable=False),
        sa.Column("campaign_id", Id, nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=True),
        sa.Column("moved_at", Instant, nullable=False),
        sa.CheckConstraint("status IN ('open', 'confirmed', 'cancelled')", name=op.f("ck_drafts_status")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_drafts_campaign_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_drafts_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_one_open", "drafts", ["donor_id"], unique=True, **only_where("status = 'open'"))
    op.create_table(
        "donations",
        sa.Column("id", Id, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("donor_id", Id, nullable=False),
        sa.Column("draft_id", Id, nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("needs_review", sa.Text(), nullable=True),
        sa.Column("push", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("checkout_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("checkout_index", sa.LargeBinary(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("negative_code", sa.Text(), nullable=True),
        sa.Column("negative_at", Instant, nullable=True),
        sa.Column("asked_at", Instant, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("pushed_at", Instant, nullable=False),
        sa.Column("settled_at", Instant, nullable=True),
        sa.CheckConstraint(
            "push IN ('sending', 'waiting', 'accepted', 'refused', 'unknown')", name=op.f("ck_donations_push")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'completed', 'failed', 'refunded')", name=op.f("ck_donations_status")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_donations_amount")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_donations_campaign_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_donations_donor_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_donations_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donations")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_donations_draft_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_donations_receipt")),
        sa.UniqueConstraint("reference", name=op.f("uq_donations_reference")),
    )
    op.create_index(op.f("ix_donations_checkout_index"), "donations", ["checkout_index"])
    op.create_index("ix_donations_donor_id", "donations", ["donor_id", "id"])
    op.create_index(
        "ix_donations_givers", "donations", ["campaign_id", "donor_id"], **only_where("status = 'completed'")
    )
    op.create_index("ix_donations_phone_index", "donations", ["phone_index", "created_at"])
    op.create_table(
        "callback_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("donation_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_callback_tokens_donation_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_callback_tokens")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claims",
        sa.Column("id", Id, nullable=False),
        sa.Column("donation_id", Id, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_claims_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("donation_id", "code", name=op.f("uq_claims_donation_id_code")),
    )
    op.create_table(
        "suspense",
        sa.Column("id", Id, nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("donation_id", Id, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_suspense_amount")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_suspense_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspense")),
        sa.UniqueConstraint("receipt", name=op.f("uq_suspense_receipt")),
    )

    for statement in IMMUTABLE_POSTINGS[op.get_bind().dialect.name]:
        op.execute(statement)


REFUSE = "a posting is never changed or deleted: post a correction"
IMMUTABLE_POSTINGS = {
    "sqlite": [
        f"CREATE TRIGGER postings_no_{verb.lower()} BEFORE {verb} ON postings "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_posting_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSE}'; END $$",
        "CREATE TRIGGER postings_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON postings "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_posting_change()",
    ],
}
