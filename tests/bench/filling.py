"""A folder of databases, with as much in the urn as one likes."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, Text, create_engine, insert
from sqlalchemy.engine import URL

from bot.operation import demonstration
from dialogs.studies.qsort import answer_size
from dialogs.studies.study import Study
from storage.operational.store import Operational
from storage.urn.store import Urn
from storage.urn.tables import DRAFT, SUBMISSION

DRAFT_BYTES = 4096 + 32
"""The least that a draft takes: what its text is padded to, and what encryption adds."""
SEALING_BYTES = 300
"""What age adds to an answer, about."""
BATCH = 1000


async def prepare(folder: Path, rows: int) -> Study:
    """Databases in `folder` with an open study; half of `rows` are drafts, half submissions."""
    study = await prepare_at(
        folder, *(f"sqlite:///{folder}/{n}.db" for n in ("operational", "urn"))
    )
    _fill(folder / "urn.db", study, DRAFT, {"document": DRAFT_BYTES}, rows // 2)
    copies = dict.fromkeys(("sealed", "own"), answer_size(study) + SEALING_BYTES)
    _fill(folder / "urn.db", study, SUBMISSION, copies, rows // 2)
    return study


async def prepare_at(folder: Path, operational_url: str, urn_url: str) -> Study:
    """Databases with an open study, and nothing in them; its key is in `folder`."""
    operational = await Operational.open(operational_url)
    urn = await Urn.open(urn_url)
    study = await demonstration.prepare(operational, urn, folder, datetime.now(UTC).date())
    await urn.close()
    await operational.close()
    return study


def _fill(file: Path, study: Study, table: Table, sizes: dict[str, int], rows: int) -> None:
    """Rows of random text and bytes: 32 of them where `sizes` does not say how many."""
    engine = create_engine(URL.create("sqlite", database=str(file)))
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
        for size in _batches(rows):
            made = [
                {c.name: _random(c, sizes.get(c.name, 32)) for c in table.columns}
                | {"study": study.id}
                for _ in range(size)
            ]
            connection.execute(insert(table), made)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _batches(rows: int) -> Iterator[int]:
    for begun in range(0, rows, BATCH):
        yield min(BATCH, rows - begun)


def _random(column: Column[Any], size: int) -> str | bytes:
    return (
        secrets.token_hex(size // 2) if isinstance(column.type, Text) else secrets.token_bytes(size)
    )
