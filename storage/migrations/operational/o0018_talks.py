"""Pseudonyms that researchers invite to a talk, and what they are told."""

import sqlalchemy as sa
from alembic import op

revision = "o0018"
down_revision = "o0017"


def upgrade() -> None:
    op.create_table(
        "talk",
        sa.Column("study", sa.Text, sa.ForeignKey("study.id"), primary_key=True),
        sa.Column("pseudonyms", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    )
