"""What groups keep and share is locked; since when somebody takes part in nothing."""

import sqlalchemy as sa
from alembic import op

revision = "o0015"
down_revision = "o0014"


def upgrade() -> None:
    # What lies in the clear is locked at the next start: the key is not here.
    for table in ("collected", "shared_text"):
        op.add_column(table, sa.Column("key", sa.LargeBinary))
        op.add_column(table, sa.Column("document", sa.LargeBinary))
    op.add_column("person", sa.Column("idle_since", sa.Date))
