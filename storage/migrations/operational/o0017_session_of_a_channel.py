"""A session belongs to a channel and not to a thread of it; a group has one at a time."""

import sqlalchemy as sa
from alembic import op

revision = "o0017"
down_revision = "o0016"

_UNDER_WAY = sa.text("NOT is_over")


def upgrade() -> None:
    op.drop_index("session_place", "session")
    session = sa.table(
        "session",
        sa.column("id", sa.Text),
        sa.column("group", sa.Text),
        sa.column("place", sa.Text),
        sa.column("is_over", sa.Boolean),
        sa.column("version", sa.Integer),
    )
    card = sa.table("session_card", sa.column("session", sa.Text))
    connection = op.get_bind()
    newest: set[str] = set()
    living = sa.select(session).where(sa.not_(session.c.is_over))
    for row in connection.execute(living.order_by(session.c.version.desc(), session.c.id)).all():
        if row.group in newest:  # begun by mistake beside the one that went on
            connection.execute(card.delete().where(card.c.session == row.id))
            connection.execute(session.delete().where(session.c.id == row.id))
        newest.add(row.group)
    for row in connection.execute(sa.select(session.c.id, session.c.place)).all():
        channel = row.place.partition(";messageid=")[0]
        if channel != row.place:
            connection.execute(session.update().where(session.c.id == row.id).values(place=channel))
    op.create_index(
        "session_place",
        "session",
        ["place"],
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
    op.create_index(
        "session_of_group",
        "session",
        ["group"],
        unique=True,
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
