"""Times for a study are somewhere, and somebody leads them."""

import sqlalchemy as sa
from alembic import op

revision = "o0023"
down_revision = "o0022"


def upgrade() -> None:
    op.add_column(
        "appointment_offer", sa.Column("venue", sa.Text, server_default="", nullable=False)
    )
