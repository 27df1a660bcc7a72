"""Who has chosen no language is spoken to in one: the first."""

import sqlalchemy as sa
from alembic import op

revision = "o0022"
down_revision = "o0021"


def upgrade() -> None:
    op.add_column("person", sa.Column("met_in", sa.Text))
