"""Groups, their members and their meetings."""

import sqlalchemy as sa
from alembic import op

revision = "o0004"
down_revision = "o0003"

_MOMENT = sa.DateTime(timezone=True)
_LIVING = sa.text("state = 'living'")


def upgrade() -> None:
    op.create_table(
        "peer_group",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("card", sa.Text),
        sa.Column("facilitator", sa.Text, nullable=False, index=True),
        sa.Column("size_min", sa.Integer, nullable=False),
        sa.Column("size_max", sa.Integer, nullable=False),
        sa.Column("created", sa.Date, nullable=False),
        sa.Column("retention", sa.Date, nullable=False),
        sa.Column("calendar_key", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index(
        "peer_group_place",
        "peer_group",
        ["place"],
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    )
    op.create_table(
        "membership",
        sa.Column("peer_group", sa.Text, _of_group(), primary_key=True),
        sa.Column("person", sa.Text, primary_key=True, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("asked_until", _MOMENT),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("peer_group", sa.Text, _of_group(), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("calendar_key", sa.Text, nullable=False, unique=True),
    )


def _of_group() -> sa.ForeignKey:
    return sa.ForeignKey("peer_group.id", ondelete="CASCADE")
