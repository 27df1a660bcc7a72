"""The tables of the urn; `migrations/urn` makes them."""

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, select

TABLES = MetaData()
STUDY = Table(
    "study",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("state", Text),
    Column("recipient", Text),
    Column("answer_size", Integer),
)
DRAFT = Table(
    "draft",
    TABLES,
    Column("key", LargeBinary, primary_key=True),
    Column("study", Text),
    Column("tag", LargeBinary),
    Column("document", LargeBinary),
)
SUBMISSION = Table(
    "submission",
    TABLES,
    Column("study", Text, primary_key=True),
    Column("pseudonym", Text, primary_key=True),
    Column("locator", Text),
    Column("verifier", Text),
    Column("receipt", LargeBinary),
    Column("sealed", LargeBinary),
    Column("own", LargeBinary),
    Column("reply", LargeBinary),
)
WITHDRAWAL = Table(
    "withdrawal",
    TABLES,
    Column("study", Text, primary_key=True),
    Column("pseudonym", Text, primary_key=True),
)

REQUESTED = (
    select(WITHDRAWAL.c.pseudonym)
    .where(
        WITHDRAWAL.c.study == SUBMISSION.c.study,
        WITHDRAWAL.c.pseudonym == SUBMISSION.c.pseudonym,
    )
    .exists()
)
"""Whether the withdrawal of a submission was asked for."""
