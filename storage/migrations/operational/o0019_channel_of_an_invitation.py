"""A study is found by the channel in which it was announced, whatever the thread."""

import sqlalchemy as sa
from alembic import op

revision = "o0019"
down_revision = "o0018"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("channel", sa.Text, nullable=False, server_default=""))
    invitation = sa.table(
        "invitation", sa.column("conversation", sa.Text), sa.column("channel", sa.Text)
    )
    connection = op.get_bind()
    for place in connection.scalars(sa.select(invitation.c.conversation).distinct()).all():
        channel = place.partition(";messageid=")[0]
        here = invitation.c.conversation == place
        connection.execute(invitation.update().where(here).values(channel=channel))
    op.create_index("invitation_channel", "invitation", ["channel"])
