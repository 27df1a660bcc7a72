"""When a group was last used, which how long it is kept follows; since when somebody is in it."""

import sqlalchemy as sa
from alembic import op

revision = "o0012"
down_revision = "o0011"


def upgrade() -> None:
    op.add_column("peer_group", sa.Column("used", sa.Date))
    op.execute("UPDATE peer_group SET used = created")
    op.create_index("peer_group_retention", "peer_group", ["retention"])
    op.execute("ALTER TABLE membership RENAME COLUMN standing TO status")
    op.add_column("membership", sa.Column("since", sa.DateTime(timezone=True)))
