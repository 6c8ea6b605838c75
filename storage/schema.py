"""Every table, in one metadata."""

from storage import (
    api_tables,
    consent_tables,
    payout_tables,
    phone_tables,
    question_tables,
    reconciliation_tables,
    role_tables,
    stop_tables,
    story_tables,
    tables,
)

metadata = tables.metadata

__all__ = [
    "api_tables",
    "consent_tables",
    "metadata",
    "payout_tables",
    "phone_tables",
    "question_tables",
    "reconciliation_tables",
    "role_tables",
    "stop_tables",
    "story_tables",
    "tables",
]
