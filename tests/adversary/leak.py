"""Everything that a leak of the server hands over."""

import json
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

Row: TypeAlias = dict[str, Any]
PAGE = 4096


@dataclass
class Leak:
    """What the adversary gets. Who wrote what is not in here."""

    people: list[str]
    chats: list[tuple[datetime, str]]
    """Teams' own record of who chatted with the bot when; not of what they said."""
    exports: list[tuple[datetime, frozenset[str], frozenset[str]]]
    """When each export was made, its pseudonyms, and those it calls withdrawn."""
    log: str
    tables: dict[str, list[Row]]
    """The rows of each table, as `urn.submission`, with what they tell of their place."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Where each person sits on the network; empty where the server cannot see it."""
    files: dict[str, bytes] = field(default_factory=dict)
    """The files as they lay there: main file, write-ahead log, of both databases."""

    @cached_property
    def chatted(self) -> Counter[str]:
        """How often each person chatted."""
        return Counter(person for _, person in self.chats)

    @cached_property
    def pseudonyms(self) -> list[str]:
        stored = {row["pseudonym"] for row in self.tables["urn.submission"]}
        asked = {row["pseudonym"] for row in self.tables["urn.withdrawal"]}
        return sorted(stored.union(asked, *(names | gone for _, names, gone in self.exports)))


def copy_sqlite(database: Path, to: Path) -> Path:
    """What `cp` finds while the program runs, or after it was killed."""
    to.mkdir(parents=True, exist_ok=True)
    for name in database.name, f"{database.name}-wal":
        if (file := database.with_name(name)).exists():
            shutil.copyfile(file, to / name)
    return to / database.name


def sqlite_tables(database: Path) -> dict[str, list[Row]]:
    """Every row of every table, with its rowid where it has one."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = {}
    for (name,) in names:
        try:
            rows = connection.execute(f"SELECT rowid AS rowid, * FROM {name}").fetchall()
        except sqlite3.OperationalError:  # WITHOUT ROWID
            rows = connection.execute(f"SELECT * FROM {name}").fetchall()
        tables[f"{database.stem}.{name}"] = [
            dict(row) | {"nth": nth} for nth, row in enumerate(rows)
        ]
    connection.close()
    return tables


async def postgres_tables(url: str, stem: str) -> dict[str, list[Row]]:
    """Every row of every table, with the transaction and the place it is from."""
    connection = await asyncpg.connect(url)
    names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = {}
    for (name,) in names:
        rows = await connection.fetch(
            f"SELECT *, xmin::text::bigint AS xmin, xmax::text::bigint AS xmax, "
            f"ctid::text AS ctid FROM {name}"
        )
        tables[f"{stem}.{name}"] = [
            dict(row) | {"nth": nth, "ctid": tuple(json.loads(f"[{row['ctid'][1:-1]}]"))}
            for nth, row in enumerate(rows)
        ]
    await connection.close()
    return tables
