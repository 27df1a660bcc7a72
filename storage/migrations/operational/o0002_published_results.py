"""Results that were given back to those who took part."""

import sqlalchemy as sa
from alembic import op

revision = "o0002"
down_revision = "o0001"


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("study", sa.Text, sa.ForeignKey("study.id"), primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("results", sa.Text, nullable=False),
    )
    op.create_table(
        "picture",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("png", sa.LargeBinary, nullable=False),
    )
