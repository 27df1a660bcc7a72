"""Appointments for studies: what is offered, and who has chosen what."""

import sqlalchemy as sa
from alembic import op

revision = "o0009"
down_revision = "o0008"


def upgrade() -> None:
    op.create_table(
        "appointment_offer",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("study", sa.Text, nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("facilitator", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("card", sa.Text),
        sa.Column("list", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "appointment_slot",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("offer", sa.Text, _of_offer(), nullable=False, index=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("alone", sa.Boolean, nullable=False),
    )
    op.create_table(
        "appointment_choice",
        sa.Column("offer", sa.Text, _of_offer(), primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("slot", sa.Text),
    )


def _of_offer() -> sa.ForeignKey:
    return sa.ForeignKey("appointment_offer.id", ondelete="CASCADE")
