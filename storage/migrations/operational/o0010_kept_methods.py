"""Methods as they were when sessions began, and which of them a session goes by."""

import sqlalchemy as sa
from alembic import op

revision = "o0010"
down_revision = "o0009"


def upgrade() -> None:
    op.create_table(
        "kept_method",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    )
    # None for what began before: it goes by the method that has its id.
    op.add_column("session", sa.Column("method", sa.Text))
