"""How people want to be reminded, what they were told of late, and quiet hours of groups."""

import sqlalchemy as sa
from alembic import op

revision = "o0005"
down_revision = "o0004"


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("paused_until", sa.Date),
        sa.Column("switched_off", sa.Text, nullable=False),
        sa.Column("opens", sa.Time),
        sa.Column("closes", sa.Time),
    )
    op.create_table(
        "told",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("about", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "quiet_hours",
        sa.Column(
            "peer_group",
            sa.Text,
            sa.ForeignKey("peer_group.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("since", sa.Time, nullable=False),
        sa.Column("until", sa.Time, nullable=False),
    )
