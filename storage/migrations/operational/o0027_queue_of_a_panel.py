"""Cases that wait with a standing panel."""

import sqlalchemy as sa
from alembic import op

revision = "o0027"
down_revision = "o0026"


def upgrade() -> None:
    op.create_table(
        "queued_case",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("peer_group", sa.Text, sa.ForeignKey("peer_group.id"), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("until", sa.Date),
    )
    op.create_index("queued_case_group", "queued_case", ["peer_group"])
    op.create_index("queued_case_person", "queued_case", ["person"])
