"""What the outbox itself does not know: which key a parked message had."""

from collections.abc import Iterable

from sqlalchemy import select

from storage.operational.outbox import _OUTBOX, Parked
from storage.operational.store import Operational


async def parked_by_key(operational: Operational, keys: Iterable[str]) -> dict[str, Parked]:
    """Everything that is parked, by those of these keys that it had."""
    of_digest = {operational._digests.of(key).hex(): key for key in keys}
    rows = await operational._database.read(
        lambda c: c.execute(select(_OUTBOX.c.id, _OUTBOX.c.key)).all()
    )
    key_of = {row.id: of_digest[row.key] for row in rows if row.key in of_digest}
    return {key_of[each.id]: each for each in await operational.outbox.parked()}
