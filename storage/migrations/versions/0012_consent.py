"""What two people decide together is one table, whatever it is about

Revision: 0012
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Instant, microseconds, only_where

revision = "0012"
down_revision = "0011"

MATTER = ("kind", "subject", "version")
LASTS_FROM_NOW = timedelta(days=7)
WHEN = ("created_at", "expires_at", "confirmed_at", "withdrawn_at")
COLUMNS = ("id", *MATTER, "answer", "proposer_id", "confirmer_id", *WHEN)
consents = sa.table("consents", *map(sa.column, COLUMNS))


def upgrade() -> None:
    make_table()
    op.add_column("donations", sa.Column("asked_minor", sa.BigInteger(), nullable=True))
    keep_what_was_asked()
    keep_role_proposals()
    keep_suspense_proposals()
    keep_words_of_reviews()
    keep_word_to_unfreeze()
    count_on_from_here()
    op.drop_table("role_proposals")
    op.drop_index("ix_suspense_proposals_decided", "suspense_proposals")
    op.drop_table("suspense_proposals")
    with op.batch_alter_table("switch") as switch:
        switch.drop_constraint(op.f("fk_switch_unfreeze_asked_by"), type_="foreignkey")
        switch.drop_column("unfreeze_asked_by")


def make_table() -> None:
    op.create_table(
        "consents",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("proposer_id", Id, nullable=True),
        sa.Column("confirmer_id", Id, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("confirmed_at", Instant, nullable=True),
        sa.Column("withdrawn_at", Instant, nullable=True),
        sa.CheckConstraint("confirmer_id <> proposer_id", name=op.f("ck_consents_two_people")),
        sa.CheckConstraint("(confirmer_id IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_consents_confirmed")),
        sa.CheckConstraint("confirmer_id IS NULL OR withdrawn_at IS NULL", name=op.f("ck_consents_withdrawn")),
        sa.CheckConstraint("kind IN ('role', 'suspense', 'review', 'unfreeze')", name=op.f("ck_consents_kind")),
        sa.ForeignKeyConstraint(["confirmer_id"], ["people.id"], name=op.f("fk_consents_confirmer_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["people.id"], name=op.f("fk_consents_proposer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    decided, open_words = "confirmer_id IS NOT NULL", "confirmer_id IS NULL AND withdrawn_at IS NULL"
    op.create_index("ix_consents_decided", "consents", MATTER, unique=True, **only_where(decided))
    one_word = (*MATTER, "proposer_id")
    op.create_index("ix_consents_one_word", "consents", one_word, unique=True, **only_where(open_words))


def rows(query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]


def keep(words: list[dict[str, Any]]) -> None:
    """The newest word of each person stands; each decision about the same matter is a version of its own."""
    expires_at = microseconds(datetime.now(UTC) + LASTS_FROM_NOW)
    decided: Counter[tuple[str, str]] = Counter()
    standing: dict[tuple[str, str, int | None], dict[str, Any]] = {}
    for word in words:
        matter = (word["kind"], word["subject"])
        word |= {"version": decided[matter], "expires_at": expires_at, "withdrawn_at": None}
        if word["confirmer_id"] is not None:
            decided[matter] += word["kind"] == "role"
            continue
        earlier = standing.get((*matter, word["proposer_id"]))
        if earlier:
            earlier["withdrawn_at"] = word["created_at"]
        standing[(*matter, word["proposer_id"])] = word
    for word in words:
        op.get_bind().execute(sa.insert(consents).values({name: word[name] for name in COLUMNS if name in word}))


def keep_what_was_asked() -> None:
    op.execute(
        "UPDATE donations SET asked_minor = (SELECT max(o.asked_minor) FROM suspense_proposals o "
        "WHERE o.cause = 'receipt:' || donations.receipt AND o.confirmer_id IS NOT NULL) "
        "WHERE receipt IN (SELECT receipt FROM suspense)"
    )


def keep_role_proposals() -> None:
    """Under their ids: buttons and waiting jobs name them."""
    words = []
    for row in rows("SELECT * FROM role_proposals ORDER BY id"):
        change = {
            "action": row["action"],
            "person_id": row["person_id"],
            "role": row["role"],
            "chat_id": row["chat_id"],
        }
        words.append(
            {
                "id": row["id"],
                "kind": "role",
                "subject": json.dumps(change, separators=(",", ":")),
                "answer": "yes",
                "proposer_id": row["proposer_id"],
                "confirmer_id": row["confirmer_id"],
                "created_at": row["created_at"],
                "confirmed_at": row["created_at"] if row["confirmer_id"] else None,  # when is not known any more
            }
        )
    keep(words)


def keep_suspense_proposals() -> None:
    count_on_from_here()
    said = rows(
        "SELECT 'suspense' AS kind, cause AS subject, coalesce(CAST(campaign_id AS TEXT), 'returned') AS answer, "
        "proposer_id, confirmer_id, created_at, confirmed_at FROM suspense_proposals ORDER BY id"
    )
    keep(said)
    op.execute(
        "UPDATE consents SET withdrawn_at = created_at WHERE kind = 'suspense' AND confirmer_id IS NULL "
        "AND withdrawn_at IS NULL AND subject IN "
        "(SELECT subject FROM consents WHERE kind = 'suspense' AND confirmer_id IS NOT NULL)"
    )


def keep_words_of_reviews() -> None:
    """One person's word about a payment that is still open."""
    keep(
        rows(
            "SELECT 'review' AS kind, CAST(e.attempt_id AS TEXT) AS subject, "
            "CASE e.says WHEN 'paid' THEN 'succeeded' ELSE e.says END AS answer, "
            "e.person_id AS proposer_id, NULL AS confirmer_id, e.received_at AS created_at, NULL AS confirmed_at "
            "FROM payout_evidence e JOIN attempts a ON a.id = e.attempt_id WHERE e.source = 'people' "
            "AND e.verdict = 'noted' AND e.person_id IS NOT NULL AND a.state IN ('sending', 'accepted', 'unknown') "
            "ORDER BY e.id"
        )
    )


def keep_word_to_unfreeze() -> None:
    keep(
        rows(
            "SELECT 'unfreeze' AS kind, '1' AS subject, 'yes' AS answer, unfreeze_asked_by AS proposer_id, "
            "NULL AS confirmer_id, frozen_at AS created_at, NULL AS confirmed_at FROM switch "
            "WHERE unfreeze_asked_by IS NOT NULL AND frozen_at IS NOT NULL"
        )
    )


def count_on_from_here() -> None:
    """Rows that came with an id of their own do not move PostgreSQL's count."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('consents', 'id'), coalesce(max(id), 0) + 1, false) FROM consents"
        )
