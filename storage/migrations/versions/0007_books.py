"""Which books these are

Revision: 0007
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    books = op.create_table(
        "books",
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_books")),
    )
    op.bulk_insert(books, [{"name": secrets.token_hex(16)}])
