"""What a group has kept says in which month, and whether the office may find it."""

import sqlalchemy as sa
from alembic import op

revision = "o0029"
down_revision = "o0028"


def upgrade() -> None:
    op.add_column("collected", sa.Column("month", sa.Date))
    op.add_column(
        "collected", sa.Column("for_office", sa.Boolean, server_default=sa.false(), nullable=False)
    )
