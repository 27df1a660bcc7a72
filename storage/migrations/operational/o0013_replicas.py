"""Which replicas run: they share what Teams allows the tenant."""

import sqlalchemy as sa
from alembic import op

revision = "o0013"
down_revision = "o0012"


def upgrade() -> None:
    op.create_table(
        "replica",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
