"""Both databases on a real PostgreSQL, with the roles that `deploy/postgres/roles.sql` makes.

The server is shared, so the names of roles and databases get a suffix of their own.
"""

import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from storage.database import open_database

ROLES = Path(__file__).parents[2] / "deploy/postgres/roles.sql"
NAMES = ("kollegial_owner", "kollegial_bot", "urn_owner", "urn_bot")


@dataclass(frozen=True)
class Hardened:
    """`named` gives SQL the names of this copy."""

    server: str
    suffix: str

    def named(self, sql: str) -> str:
        one, both = r"\bDATABASE (kollegial|urn)\b", "DATABASE kollegial, urn"
        sql = sql.replace(both, f"DATABASE kollegial{self.suffix}, urn{self.suffix}")
        sql = re.sub(one, rf"DATABASE \1{self.suffix}", sql)
        return re.sub(rf"\b({'|'.join(NAMES)})\b", rf"\1{self.suffix}", sql)

    def url(self, role: str, database: str) -> str:
        place = make_url(self.server).set(
            username=role + self.suffix, password=None, database=database + self.suffix
        )
        return place.render_as_string(hide_password=False)

    async def as_superuser(self, database: str, sql: str) -> None:
        name = database + self.suffix if database in {"kollegial", "urn"} else database
        url = make_url(self.server).set(database=name).render_as_string(hide_password=False)
        connection = await asyncpg.connect(url)
        try:
            for statement in filter(str.strip, self.named(sql).split(";\n")):
                await connection.execute(statement)
        finally:
            await connection.close()


@asynccontextmanager
async def hardened(server: str) -> AsyncIterator[Hardened]:
    """What the file makes, with both schemas in it."""
    found = Hardened(server, f"_{uuid.uuid4().hex[:8]}")
    sql = re.sub(r"^--.*$", "", ROLES.read_text("utf-8"), flags=re.MULTILINE)
    sql = re.sub(r":'\w+'", "'a password'", sql) + "\n"
    server_wide, *parts = re.split(r"^\\connect (\w+)$", sql, flags=re.MULTILINE)
    await found.as_superuser("postgres", server_wide)
    for database, part in zip(parts[::2], parts[1::2], strict=True):
        await found.as_superuser(database, part)
    for name, database in (("operational", "kollegial"), ("urn", "urn")):
        opened = await open_database(found.url(f"{database}_owner", database), name)  # type: ignore[arg-type] # it is a Name
        await opened.close()
    try:
        yield found
    finally:
        for database in ("kollegial", "urn"):
            await found.as_superuser("postgres", f"DROP DATABASE {database} WITH (FORCE)")
        await found.as_superuser("postgres", f"DROP ROLE {', '.join(NAMES)}")
