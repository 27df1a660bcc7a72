"""What is shared with researchers is answers to a study, in the urn.

Texts that were shared before had no study, no information and no code behind them: they go.
"""

from alembic import op

revision = "o0021"
down_revision = "o0020"


def upgrade() -> None:
    op.drop_table("shared_text")
