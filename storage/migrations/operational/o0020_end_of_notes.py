"""A note to oneself outlives its group, and has an end of its own by the calendar."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "o0020"
down_revision = "o0019"


def upgrade() -> None:
    page = sa.table("own_page", sa.column("until", sa.Date), sa.column("kind", sa.Text))
    until = datetime.now(UTC).date() + timedelta(days=365)
    op.execute(page.update().where(page.c.kind == "note").values(until=until))
    op.create_index("own_page_person", "own_page", ["person"])
