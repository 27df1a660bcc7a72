"""What a participant answers to an invitation to talk, sealed like the answer beside it."""

import sqlalchemy as sa
from alembic import op

revision = "u0002"
down_revision = "u0001"


def upgrade() -> None:
    op.add_column("submission", sa.Column("reply", sa.LargeBinary))
