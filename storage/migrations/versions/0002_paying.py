"""Paying: people and roles, payouts, approvals, attempts, reservations, the switch

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant, only_where

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "floats",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("available_minor", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_floats")),
    )
    op.create_table(
        "ngos",
        sa.Column("id", Id, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ngos")),
    )
    op.create_table(
        "people",
        sa.Column("id", Id, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "accounts",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "batches",
        sa.Column("id", Id, nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("requester_id", Id, nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_batches_campaign_id")),
        sa.ForeignKeyConstraint(["requester_id"], ["people.id"], name=op.f("fk_batches_requester_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("file_key", name=op.f("uq_batches_file_key")),
    )
    op.create_table(
        "payout_drafts",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("campaign_id", Id, nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=True),
        sa.Column("moved_at", Instant, nullable=False),
        sa.CheckConstraint("status IN ('open', 'confirmed', 'cancelled')", name=op.f("ck_payout_drafts_status")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_payout_drafts_campaign_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_payout_drafts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_drafts")),
    )
    op.create_index(
        "ix_payout_drafts_one_open", "payout_drafts", ["person_id"], unique=True, **only_where("status = 'open'")
    )
    op.create_table(
        "payout_evidence",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("attempt_id", Id, nullable=True),
        sa.Column("claim_id", Id, nullable=True),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_payout_evidence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_evidence")),
        sa.UniqueConstraint("key", name=op.f("uq_payout_evidence_key")),
    )
    op.create_table(
        "role_proposals",
        sa.Column("id", Id, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("proposer_id", Id, nullable=True),
        sa.Column("confirmer_id", Id, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("action IN ('give', 'take', 'link')", name=op.f("ck_role_proposals_action")),
        sa.CheckConstraint("confirmer_id <> proposer_id", name=op.f("ck_role_proposals_two_people")),
        sa.ForeignKeyConstraint(["confirmer_id"], ["people.id"], name=op.f("fk_role_proposals_confirmer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_role_proposals_person_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["people.id"], name=op.f("fk_role_proposals_proposer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_proposals")),
    )
    op.create_table(
        "roles",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('viewer', 'maker', 'checker', 'owner')", name=op.f("ck_roles_role")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roles_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_roles")),
    )
    op.create_table(
        "switch",
        sa.Column("id", Id, nullable=False),
        sa.Column("frozen_because", sa.Text(), nullable=True),
        sa.Column("frozen_by", Id, nullable=True),
        sa.Column("frozen_at", Instant, nullable=True),
        sa.Column("unfreeze_asked_by", Id, nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_switch_one_row")),
        sa.ForeignKeyConstraint(["frozen_by"], ["people.id"], name=op.f("fk_switch_frozen_by")),
        sa.ForeignKeyConstraint(["unfreeze_asked_by"], ["people.id"], name=op.f("fk_switch_unfreeze_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switch")),
    )
    op.create_table(
        "payouts",
        sa.Column("id", Id, nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("ngo_id", Id, nullable=True),
        sa.Column("batch_id", Id, nullable=True),
        sa.Column("draft_id", Id, nullable=True),
        sa.Column("requester_id", Id, nullable=False),
        sa.Column("recipient_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_message", sa.Text(), nullable=False),
        sa.Column("needs_review", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("approvals_needed", sa.BigInteger(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("decided_by", Id, nullable=True),
        sa.Column("completed_at", Instant, nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'rejected', 'cancelled', 'processing', 'completed', 'failed')",
            name=op.f("ck_payouts_status"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payouts_amount")),
        sa.CheckConstraint("approvals_needed > 0", name=op.f("ck_payouts_approvals")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_payouts_batch_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_payouts_campaign_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_payouts_decided_by")),
        sa.ForeignKeyConstraint(["draft_id"], ["payout_drafts.id"], name=op.f("fk_payouts_draft_id")),
        sa.ForeignKeyConstraint(["ngo_id"], ["ngos.id"], name=op.f("fk_payouts_ngo_id")),
        sa.ForeignKeyConstraint(["requester_id"], ["people.id"], name=op.f("fk_payouts_requester_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_payouts_draft_id")),
        sa.UniqueConstraint("id", "requester_id", name=op.f("uq_payouts_id_requester_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_payouts_receipt")),
    )
    op.create_index(op.f("ix_payouts_batch_id"), "payouts", ["batch_id"])
    op.create_index("ix_payouts_phone_index", "payouts", ["phone_index", "created_at"])
    op.create_index("ix_payouts_status", "payouts", ["status", "id"])
    op.create_table(
        "approvals",
        sa.Column("payout_id", Id, nullable=False),
        sa.Column("requester_id", Id, nullable=False),
        sa.Column("approver_id", Id, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("approver_id <> requester_id", name=op.f("ck_approvals_four_eyes")),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name=op.f("fk_approvals_approver_id")),
        sa.ForeignKeyConstraint(
            ["payout_id", "requester_id"], ["payouts.id", "payouts.requester_id"], name=op.f("fk_approvals_payout_id")
        ),
        sa.PrimaryKeyConstraint("payout_id", "approver_id", name=op.f("pk_approvals")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", Id, nullable=False),
        sa.Column("payout_id", Id, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("originator_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("asked_at", Instant, nullable=True),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=True),
        sa.CheckConstraint(
            "state IN ('sending', 'waiting', 'accepted', 'unknown', 'succeeded', 'failed')",
            name=op.f("ck_attempts_state"),
        ),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_attempts_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("originator_id", name=op.f("uq_attempts_originator_id")),
        sa.UniqueConstraint("payout_id", "number", name=op.f("uq_attempts_payout_id_number")),
    )
    op.create_index(op.f("ix_attempts_conversation_id"), "attempts", ["conversation_id"])
    op.create_index(
        "ix_attempts_one_open",
        "attempts",
        ["payout_id"],
        unique=True,
        **only_where("state IN ('sending', 'waiting', 'accepted', 'unknown')"),
    )
    op.create_index(op.f("ix_attempts_payout_id"), "attempts", ["payout_id"])
    op.create_table(
        "notices",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payout_id", Id, nullable=True),
        sa.Column("batch_id", Id, nullable=True),
        sa.Column("reason_asked_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_notices_batch_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_notices_payout_id")),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_batch_id"), "notices", ["batch_id"])
    op.create_index(op.f("ix_notices_payout_id"), "notices", ["payout_id"])
    op.create_table(
        "payout_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("attempt_id", Id, nullable=True),
        sa.Column("claim_id", Id, nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_payout_tokens_attempt_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_payout_tokens_claim_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_payout_tokens")),
    )
    with op.batch_alter_table("balances") as balances:
        balances.add_column(sa.Column("reserved_minor", sa.BigInteger(), server_default="0", nullable=False))
        balances.create_check_constraint(
            "reserved", "reserved_minor = 0 OR reserved_minor BETWEEN 0 AND in_minor - out_minor"
        )
    op.execute("INSERT INTO switch (id) VALUES (1)")
