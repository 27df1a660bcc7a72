"""Sessions, their cards, what members write for themselves, and what groups keep."""

import sqlalchemy as sa
from alembic import op

revision = "o0003"
down_revision = "o0002"


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("group", sa.Text, nullable=False, index=True),
        sa.Column("meeting", sa.Integer, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("is_over", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    # One session at a time in each conversation.
    op.create_index(
        "session_place",
        "session",
        ["place"],
        unique=True,
        sqlite_where=sa.text("NOT is_over"),
        postgresql_where=sa.text("NOT is_over"),
    )
    op.create_table(
        "session_card",
        sa.Column("session", sa.Text, sa.ForeignKey("session.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("activity", sa.Text, nullable=False),
    )
    op.create_table(
        "own_page",
        sa.Column("group", sa.Text, primary_key=True),
        sa.Column("meeting", sa.Integer, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "collected",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("group", sa.Text, nullable=False, index=True),
        sa.Column("text", sa.Text, nullable=False),
    )
