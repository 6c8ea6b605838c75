"""One table of evidence, of whatever is said about a donation or a payout, and one of tokens

Revision: 0016
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant, only_where

revision = "0016"
down_revision = "0015"

# A word about a donor's code proved nothing about an attempt: it is of the donation that the code was sent for.
EVIDENCE_OF_PAYOUTS = """
INSERT INTO evidence (key, source, payment_kind, payment_id, person_id, token_hash, says, code, reason, amount_minor,
    receipt, body_sealed, received_at, verdict)
SELECT said.key,
    CASE WHEN asked.claim_id IS NOT NULL AND said.source = 'status' THEN 'claim' ELSE said.source END,
    CASE WHEN said.attempt_id IS NOT NULL THEN 'attempt' WHEN claims.id IS NOT NULL THEN 'donation' END,
    coalesce(said.attempt_id, claims.donation_id),
    said.person_id, said.token_hash,
    CASE said.says WHEN 'paid' THEN 'succeeded' ELSE said.says END,
    said.code, said.reason, said.amount_minor, said.receipt, said.body_sealed, said.received_at, said.verdict
FROM payout_evidence AS said
LEFT JOIN payout_tokens AS asked ON asked.token_hash = said.token_hash
LEFT JOIN claims ON claims.id = asked.claim_id
ORDER BY said.id
"""
TOKENS_OF_DONATIONS = "INSERT INTO tokens SELECT token_hash, 'push', donation_id FROM callback_tokens"
TOKENS_OF_PAYOUTS = """
INSERT INTO tokens
SELECT token_hash, CASE WHEN claim_id IS NOT NULL THEN 'claim' ELSE purpose END, coalesce(attempt_id, claim_id)
FROM payout_tokens
"""


def upgrade() -> None:
    join_evidence()
    join_tokens()


def join_evidence() -> None:
    """Rows about donations keep their ids: alarms name them. Nothing names those about payouts."""
    op.drop_index("ix_evidence_donation", "evidence")
    op.execute("ALTER TABLE evidence RENAME COLUMN donation_id TO payment_id")
    op.execute("ALTER TABLE evidence ADD COLUMN payment_kind TEXT")
    person = "INTEGER" if on_sqlite() else "BIGINT"
    refers = "CONSTRAINT fk_evidence_person_id REFERENCES people (id)"
    op.execute(f"ALTER TABLE evidence ADD COLUMN person_id {person} {refers}")
    op.execute("UPDATE evidence SET payment_kind = 'donation' WHERE payment_id IS NOT NULL")
    op.execute(EVIDENCE_OF_PAYOUTS)
    op.drop_table("payout_evidence")
    op.create_index("ix_evidence_payment", "evidence", ["payment_id"], **only_where("payment_id IS NOT NULL"))
    unproven = only_where("verdict IN ('hint', 'unmatched')")
    op.create_index("ix_evidence_unproven", "evidence", ["received_at"], **unproven)


def join_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("about_id", Id, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_tokens")),
        sqlite_with_rowid=False,
    )
    op.execute(TOKENS_OF_DONATIONS)
    op.execute(TOKENS_OF_PAYOUTS)
    if on_sqlite():
        remake_balance_tables()
    else:
        op.drop_constraint("fk_balance_questions_token_hash", "balance_questions")
        columns = ["token_hash"], ["token_hash"]
        op.create_foreign_key("fk_balance_questions_token_hash", "balance_questions", "tokens", *columns)
    op.drop_table("callback_tokens")
    op.drop_table("payout_tokens")


def remake_balance_tables() -> None:
    """SQLite cannot change what a column refers to; renamed, a table takes along what refers to it."""
    op.create_table(
        "new_questions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("answered_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["token_hash"], ["tokens.token_hash"], name=op.f("fk_balance_questions_token_hash")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_balance_questions")),
    )
    op.create_table(
        "new_seen",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("available_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["token_hash"], ["new_questions.token_hash"], name=op.f("fk_balances_seen_token_hash")),
        sa.PrimaryKeyConstraint("token_hash", "account", name=op.f("pk_balances_seen")),
    )
    op.execute("INSERT INTO new_questions SELECT token_hash, shortcode, asked_at, answered_at FROM balance_questions")
    op.execute("INSERT INTO new_seen SELECT token_hash, account, available_minor FROM balances_seen")
    op.drop_table("balances_seen")
    op.drop_table("balance_questions")
    op.rename_table("new_questions", "balance_questions")
    op.rename_table("new_seen", "balances_seen")
    op.create_index(op.f("ix_balance_questions_asked_at"), "balance_questions", ["asked_at"])


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
