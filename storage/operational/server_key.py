"""Whether the server's key is the one that this database was locked with, and how it is changed.

A value that is known to everybody lies locked in the database, and beside it the secret of
the digests of ids. A key that does not open them would open nothing else either: the bot then
refuses to start, before it locks more with it.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Row,
    Table,
    delete,
    insert,
    select,
    text,
    update,
)

from storage.crypto.digests import SECRET_BYTES
from storage.crypto.vault import Vault
from storage.database import Database
from storage.operational.cases import CASE
from storage.operational.sessions import COLLECTED, PAGE, SESSION, locked

_CHECK = Table(
    "server_key_check",
    MetaData(),
    Column("key", LargeBinary, primary_key=True),
    Column("document", LargeBinary),
)
_WHOSE = "server key check"
_KNOWN = b"kollegial"
_AT_ONCE = 200
"""Rows in one transaction, so that nobody waits long."""


class WrongServerKey(Exception):
    """The database was locked with another key; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "KOLLEGIAL_SERVER_KEY is not the key that this database was locked with. Nothing was "
            "changed. Set the key that was used before; to change it, set NEW,OLD and run "
            "`kollegial key rotate`. If it is lost, what was locked is lost: see docs/operators.md."
        )


class ServerKey:
    """The check value, and everything that is locked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self, vault: Vault, *, note: bool = True) -> bytes:
        """The secret of the digests, which stays when the key is changed.

        Raises `WrongServerKey` where another key is noted; else it will `note` this one.
        """

        def work(connection: Connection) -> bytes:
            secret = b""
            if note and connection.dialect.name == "postgresql":
                # Replicas that start together on a new database must come to the same secret.
                connection.execute(text(f"LOCK TABLE {_CHECK.name} IN SHARE ROW EXCLUSIVE MODE"))
            try:
                for row in connection.execute(select(_CHECK)):
                    secret = vault.unlock(row.key, _WHOSE, row.document).removeprefix(_KNOWN)
                    if secret:
                        return secret
                session = connection.execute(select(SESSION).limit(1)).one_or_none()
                if session is not None:  # from before there was a check
                    vault.unlock(session.key, session.id, session.document)
            except InvalidTag:
                raise WrongServerKey from None
            secret = secrets.token_bytes(SECRET_BYTES)
            if note:
                _note(connection, vault, secret)
            return secret

        return await self._database.write(work)

    async def lock_what_is_clear(self, vault: Vault) -> None:
        """Lock what was written before such rows were locked; again changes nothing."""

        def work(connection: Connection) -> None:
            for row in connection.execute(select(COLLECTED).where(COLLECTED.c.key.is_(None))).all():
                mine, values = COLLECTED.c.id == row.id, locked(vault, row.id, row.text)
                connection.execute(update(COLLECTED).where(mine).values(values))

        await self._database.write(work)

    async def rotate(self, vault: Vault) -> int:
        """Lock everything with the newest key; how many rows that were. Raises `WrongServerKey`.

        It may be interrupted and done again, while the bot runs with both keys.
        """
        secret = await self.check(vault)
        counts = [
            await self._relock(SESSION, ("id",), "id", vault),
            await self._relock(PAGE, ("group", "meeting", "person", "kind"), "person", vault),
            await self._relock(COLLECTED, ("id",), "id", vault),
            await self._relock(CASE, ("id",), "id", vault),
        ]
        # Last: until then the old key is still needed, and a start without it is refused.
        await self._database.write(lambda connection: _note(connection, vault, secret))
        return sum(counts)

    async def _relock(self, table: Table, names: Sequence[str], whose: str, vault: Vault) -> int:
        columns = [table.c[name] for name in names]
        everything = await self._database.read(
            lambda c: [tuple(row) for row in c.execute(select(*columns).order_by(*columns))]
        )
        for first in range(0, len(everything), _AT_ONCE):
            some = everything[first : first + _AT_ONCE]

            def work(connection: Connection, some: list[tuple[Any, ...]] = some) -> None:
                for key in some:
                    mine = [column == value for column, value in zip(columns, key, strict=True)]
                    row = connection.execute(
                        select(table).where(*mine).with_for_update()
                    ).one_or_none()
                    if row is not None:  # destroyed in between
                        document = _relocked(row, whose, vault)
                        connection.execute(update(table).where(*mine).values(document=document))

            await self._database.write(work, patient=True)
        return len(everything)


def _relocked(row: Row[Any], whose: str, vault: Vault) -> bytes:
    return vault.relock(row.key, getattr(row, whose), row.document)


def _note(connection: Connection, vault: Vault, secret: bytes) -> None:
    connection.execute(delete(_CHECK))
    key = Vault.new_row_key()
    document = vault.lock(key, _WHOSE, _KNOWN + secret)
    connection.execute(insert(_CHECK).values(key=key, document=document))
