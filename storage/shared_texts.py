"""What participants agreed to share for research: texts that no longer belong to anyone.

    label = vault.label(group)
    shared = [SharedText(label, "reflection", "alternatives", "I ask first", "adviser", 6)]
    async with operational.begin() as transaction:
        transaction.also(operational.shared_texts.share(shared, group.retention))

No person, no time and no order is kept with them: ids are random, and all texts of
a group are written anew whenever some are added, so that they lie in random
order and are from one transaction. The day until which they are kept is the group's own.
"""

import random
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
)

from storage.database import Database, Step

_SHARED = Table(
    "shared_text",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("group", Text),
    Column("method", Text),
    Column("phase", Text),
    Column("role", Text),
    Column("role_holders", Integer),
    Column("text", Text),
    Column("keep_until", Date),
)
_TEXTS = select(*(column for column in _SHARED.c if column.name != "keep_until"))


@dataclass(frozen=True, slots=True)
class SharedText:
    """A contribution whose writer marked it as shared for research."""

    group: str
    """The group's label, from `Vault.label`; never its id or name."""
    method: str
    phase: str
    """Ids, as the method's file has them."""
    text: str
    role: str | None = None
    """The writer's role in the method, where it has roles."""
    role_holders: int = 0
    """How many of those who took part then had that role."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))


class SharedTexts:
    """Every shared text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def share(self, texts: Sequence[SharedText], keep_until: date) -> Step:
        """A step that keeps texts of one group until a day, that day included."""
        labels = {text.group for text in texts}
        rows = [{**asdict(text), "keep_until": keep_until} for text in texts]

        def step(connection: Connection) -> None:
            if not rows:
                return
            # In the order of ids, so that two who share at once do not lock each other out.
            of_group = _SHARED.c.group.in_(labels)
            before = connection.execute(
                select(_SHARED).where(of_group).order_by(_SHARED.c.id).with_for_update()
            ).all()
            ids = [row.id for row in before]
            connection.execute(delete(_SHARED).where(_SHARED.c.id.in_(ids)))
            anew = [*(row._asdict() for row in before), *rows]
            random.SystemRandom().shuffle(anew)
            connection.execute(insert(_SHARED), anew)

        return step

    async def forget(self, today: date) -> int:
        """Delete what was to be kept until a day before this one; how many texts that were."""
        statement = delete(_SHARED).where(_SHARED.c.keep_until < today)
        return await self._database.write_traceless(lambda c: c.execute(statement).rowcount)

    async def all(self) -> list[SharedText]:
        """Every shared text, ordered by its random id."""

        def work(connection: Connection) -> list[SharedText]:
            rows = connection.execute(_TEXTS.order_by(_SHARED.c.id))
            return [SharedText(**row._asdict()) for row in rows]

        return await self._database.read(work)
