"""A group's meetings can have a questionnaire before the first and after the last."""

import sqlalchemy as sa
from alembic import op

revision = "o0024"
down_revision = "o0023"


def upgrade() -> None:
    op.add_column("peer_group", sa.Column("questionnaire", sa.Text))
