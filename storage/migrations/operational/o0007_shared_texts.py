"""Texts that participants agreed to share for research."""

import sqlalchemy as sa
from alembic import op

revision = "o0007"
down_revision = "o0006"


def upgrade() -> None:
    # On SQLite a hidden row id would tell in which order they came.
    op.create_table(
        "shared_text",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("group", sa.Text, nullable=False, index=True),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("role_holders", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("keep_until", sa.Date, nullable=False),
        sqlite_with_rowid=False,
    )
