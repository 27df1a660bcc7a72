"""Somebody can lead a group together with its facilitator."""

import sqlalchemy as sa
from alembic import op

revision = "o0025"
down_revision = "o0024"


def upgrade() -> None:
    op.add_column("peer_group", sa.Column("co_leader", sa.Text))
