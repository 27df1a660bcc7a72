"""Who leads which office, and so does not facilitate there."""

import sqlalchemy as sa
from alembic import op

revision = "o0008"
down_revision = "o0007"


def upgrade() -> None:
    op.create_table(
        "office_leader",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("office", sa.Text, primary_key=True),
    )
