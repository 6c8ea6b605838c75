"""In whose name M-Pesa has the number of each payout

Revision: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("payouts", sa.Column("mpesa_name_sealed", sa.LargeBinary(), nullable=True))
