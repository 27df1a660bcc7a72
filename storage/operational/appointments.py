"""Appointments for a study: what is offered, and who has chosen what until it begins.

    offer = await operational.appointments.offer(offer_id)
    async with operational.begin() as transaction:
        transaction.run(operational.appointments.save(replace(offer, times=...)))

Like a group, an offer is read whole and saved whole, and whoever is too late with
it gets `Stale`. Nothing here is joined to the urn, and a time that has begun has no
row any more (docs/adr/0019-reminders.md).
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    delete,
    insert,
    select,
    true,
    update,
)

from dialogs.groups.appointments import Choice, Slot, Times
from storage.database import Database, Json, Stale, Utc, Write, to_json

_TABLES = MetaData()
_OFFER = Table(
    "appointment_offer",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("study", Text),
    Column("conversation", Text),
    Column("facilitator", Text),
    Column("language", Text),
    Column("timezone", Text),
    Column("venue", Text),
    Column("card", Text),
    Column("list", Text),
    Column("version", Integer),
)
_SLOT = Table(
    "appointment_slot",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("offer", Text, ForeignKey("appointment_offer.id")),
    Column("starts_at", Utc),
    Column("minutes", Integer),
    Column("places", Integer),
    Column("alone", Boolean),
)
_CHOICE = Table(
    "appointment_choice",
    _TABLES,
    Column("offer", Text, ForeignKey("appointment_offer.id"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("name", Text),
    Column("slot", Text),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Times that a facilitator offers for a study."""

    study: str
    conversation: Json
    """Where it was offered, and how to reach that again."""
    facilitator: str
    language: str
    timezone: str
    """An IANA zone that exists."""
    times: Times
    venue: str = ""
    """Where the times are, and who leads them, in the facilitator's words."""
    card: str | None = None
    """The activity that shows the offer there, once it does."""
    list: str | None = None
    """The activity in the facilitator's personal chat that names who has chosen what."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    version: int = 0


class AppointmentStore:
    """Every offer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, offer: Offer) -> Write:
        """A new offer."""

        def step(connection: Connection) -> None:
            connection.execute(insert(_OFFER).values(_columns(offer)))
            _put(connection, offer)

        return step

    def save(self, offer: Offer) -> Write:
        """The offer as it was read and then changed. Raises `Stale`."""

        def step(connection: Connection) -> None:
            statement = update(_OFFER).where(*_as_read(offer))
            newer = replace(offer, version=offer.version + 1)
            if connection.execute(statement.values(_columns(newer))).rowcount == 0:
                raise Stale
            connection.execute(delete(_CHOICE).where(_CHOICE.c.offer == offer.id))
            connection.execute(delete(_SLOT).where(_SLOT.c.offer == offer.id))
            _put(connection, offer)

        return step

    def set_card(self, offer_id: str, activity: str) -> Write:
        """Where the offer stands from now on."""
        return _set(offer_id, card=activity)

    def set_list(self, offer_id: str, activity: str) -> Write:
        """Where the facilitator reads who has chosen what, from now on."""
        return _set(offer_id, list=activity)

    def destroy(self, offer: Offer) -> Write:
        """Leave nothing of an offer. Raises `Stale`, also where nothing was left already."""

        def step(connection: Connection) -> None:
            if connection.execute(delete(_OFFER).where(*_as_read(offer))).rowcount == 0:
                raise Stale

        return step

    async def offer(self, offer_id: str) -> Offer | None:
        """An offer with its times and who has chosen them."""

        return next(iter(await self._some(_OFFER.c.id == offer_id)), None)

    async def with_slot(self, slot_id: str) -> Offer | None:
        """The offer that a time belongs to."""
        of = select(_SLOT.c.offer).where(_SLOT.c.id == slot_id)
        return next(iter(await self._some(_OFFER.c.id.in_(of))), None)

    async def all(self) -> Sequence[Offer]:
        """Every offer, by its study and then at random."""
        return await self._some(true())

    async def _some(self, where: ColumnElement[bool]) -> list[Offer]:
        """Whole offers: three statements, however many they are."""

        def work(connection: Connection) -> list[Offer]:
            rows = connection.execute(
                select(_OFFER).where(where).order_by(_OFFER.c.study, _OFFER.c.id)
            ).all()
            ids = select(_OFFER.c.id).where(where)
            slots: dict[str, list[Slot]] = defaultdict(list)
            choices: dict[str, list[Choice]] = defaultdict(list)
            in_order = select(_SLOT).where(_SLOT.c.offer.in_(ids))
            for s in connection.execute(in_order.order_by(_SLOT.c.starts_at, _SLOT.c.id)):
                slots[s.offer].append(Slot(s.id, s.starts_at, s.minutes, s.places, s.alone))
            chosen = select(_CHOICE).where(_CHOICE.c.offer.in_(ids)).order_by(_CHOICE.c.person)
            for c in connection.execute(chosen):
                choices[c.offer].append(Choice(c.person, c.name, c.slot))
            return [
                _offer(row, Times(tuple(slots[row.id]), tuple(choices[row.id]))) for row in rows
            ]

        return await self._database.read(work)


def _set(offer_id: str, **values: str) -> Write:
    statement = update(_OFFER).where(_OFFER.c.id == offer_id)
    return lambda c: c.execute(statement.values(version=_OFFER.c.version + 1, **values))


def _as_read(offer: Offer) -> tuple[Any, Any]:
    return _OFFER.c.id == offer.id, _OFFER.c.version == offer.version


def _columns(offer: Offer) -> dict[str, object]:
    values = {name: getattr(offer, name) for name in _OFFER.c.keys()}  # noqa: SIM118 - columns are no mapping
    return values | {"conversation": to_json(offer.conversation)}


def _put(connection: Connection, offer: Offer) -> None:
    for table, things in ((_SLOT, offer.times.slots), (_CHOICE, offer.times.choices)):
        if things:
            rows = [{**asdict(thing), "offer": offer.id} for thing in things]
            connection.execute(insert(table), rows)


def _offer(row: Row[Any], times: Times) -> Offer:
    return Offer(**{**row._asdict(), "conversation": json.loads(row.conversation), "times": times})
