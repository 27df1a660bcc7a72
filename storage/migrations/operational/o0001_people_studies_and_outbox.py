"""People, roles, studies, invitations, messages seen and to be sent, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "o0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("teams_id", sa.Text, nullable=False),
        sa.Column("chat", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("timezone", sa.Text),
    )
    op.create_table(
        "role",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("conversation", sa.Text, primary_key=True),
        sa.Column("activity", sa.Text, primary_key=True),
        sa.Column("study", sa.Text, sa.ForeignKey("study.id"), nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
    )
    op.create_table(
        "seen",
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("seen_at", "seen", ["at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_until", _MOMENT),
    )
    op.create_index("outbox_due", "outbox", ["state", "due_at"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("study", sa.Text),
    )
