"""When to look at a message again, which lane it goes in, and whether its sending had begun."""

import sqlalchemy as sa
from alembic import op

revision = "o0006"
down_revision = "o0005"

_WAITING = sa.text("state = 'due'")
_EXPIRING = sa.text("state = 'due' AND expires_at IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("claimed_until", new_column_name="next_at")
        outbox.add_column(
            sa.Column("is_bulk", sa.Boolean, nullable=False, server_default=sa.false())
        )
        outbox.add_column(sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE outbox SET next_at = due_at WHERE next_at IS NULL")
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("next_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    # Each holds only what waits, so that neither what was sent nor what was parked slows it down.
    for name, columns, where in (
        ("outbox_next", ["is_bulk", "next_at", "id"], _WAITING),
        ("outbox_expiring", ["expires_at"], _EXPIRING),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)
