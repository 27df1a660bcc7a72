"""Studies, drafts, submissions and withdrawals."""

import sqlalchemy as sa
from alembic import op

revision = "u0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "study",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("answer_size", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "draft",
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
        sa.Column("study", sa.Text, nullable=False),
        sa.Column("tag", sa.LargeBinary(8), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("draft_study", "draft", ["study"])
    op.create_table(
        "submission",
        sa.Column("study", sa.Text, primary_key=True),
        sa.Column("pseudonym", sa.Text, primary_key=True),
        sa.Column("locator", sa.Text, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("receipt", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("own", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("submission_locator", "submission", ["locator"])
    op.create_index("submission_receipt", "submission", ["receipt"], unique=True)
    op.create_table(
        "withdrawal",
        sa.Column("study", sa.Text, primary_key=True),
        sa.Column("pseudonym", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
