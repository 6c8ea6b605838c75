"""E-mail addresses, and which donations get a receipt by e-mail

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("donors", "people", "ngos"):
        op.add_column(table, sa.Column("email_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("payouts", sa.Column("recipient_email_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("donations", sa.Column("receipt_by_mail", sa.Boolean(), server_default=sa.false(), nullable=False))
