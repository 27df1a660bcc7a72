"""A log form has an end by the calendar, whether or not its meeting had a session."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "o0014"
down_revision = "o0013"


def upgrade() -> None:
    op.add_column("own_page", sa.Column("until", sa.Date))
    op.create_index("own_page_until", "own_page", ["until"])
    page = sa.table("own_page", sa.column("until", sa.Date), sa.column("kind", sa.Text))
    until = datetime.now(UTC).date() + timedelta(days=30)
    op.execute(page.update().where(page.c.kind == "form").values(until=until))
