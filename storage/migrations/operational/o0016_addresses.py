"""Whose sign of life frees a parked message, and under which address each tenant is reached."""

import sqlalchemy as sa
from alembic import op

revision = "o0016"
down_revision = "o0015"

_PARKED = sa.text("state = 'parked'")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("awaits", sa.Text))
    op.create_index(
        "outbox_awaits",
        "outbox",
        ["awaits"],
        sqlite_where=_PARKED,
        postgresql_where=_PARKED,
    )
    op.create_table(
        "service_url",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
    )
