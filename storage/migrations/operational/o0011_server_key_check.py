"""By what the server's key is known to be the right one."""

import sqlalchemy as sa
from alembic import op

revision = "o0011"
down_revision = "o0010"


def upgrade() -> None:
    op.create_table(
        "server_key_check",
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
