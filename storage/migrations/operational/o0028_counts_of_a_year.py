"""How many meetings were held in a year, by method: of no group, and of nobody."""

import sqlalchemy as sa
from alembic import op

revision = "o0028"
down_revision = "o0027"


def upgrade() -> None:
    op.create_table(
        "year_count",
        sa.Column("year", sa.Date, primary_key=True),
        sa.Column("method", sa.Text, primary_key=True),
        sa.Column("begun", sa.Integer, nullable=False),
        sa.Column("meetings", sa.Integer, nullable=False),
    )
