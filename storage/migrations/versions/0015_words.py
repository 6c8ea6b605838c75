"""What people write about a payout is sealed: its purpose, its remarks, why it was rejected

Revision: 0015
"""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0015"
down_revision = "0014"

SEALED = ("purpose_sealed", "remarks_sealed", "note_sealed")
payouts = sa.table("payouts", sa.column("id"), *(sa.column(name, sa.LargeBinary()) for name in SEALED))


def upgrade() -> None:
    for name in SEALED:
        op.add_column("payouts", sa.Column(name, sa.LargeBinary(), nullable=True))
    seal_words()
    op.execute("UPDATE payouts SET status_message = '' WHERE status = 'rejected'")
    for name in ("purpose", "remarks"):
        op.execute(
            f"ALTER TABLE payouts DROP COLUMN {name}"
        )  # batch_alter_table would make the table anew, for nothing


def seal_words() -> None:
    conn, vault = op.get_bind(), context.config.attributes.get("vault")
    query = sa.text("SELECT id, purpose, remarks, status, status_message FROM payouts ORDER BY id")
    for row in conn.execute(query).all():
        assert vault, "what people wrote about payouts can only be sealed with SECRET_KEY"
        words: dict[str, Any] = {"purpose_sealed": row.purpose, "remarks_sealed": row.remarks}
        if row.status == "rejected":
            words["note_sealed"] = row.status_message
        sealed = {name: vault.seal(text.encode(), f"payouts.{name}:{row.id}".encode()) for name, text in words.items()}
        conn.execute(sa.update(payouts).where(payouts.c.id == row.id).values(**sealed))
