"""How people want to be reminded, and what they have been told unasked of late.

    room = await operational.preferences.take_room(told)

A day has room for so many messages (`dialogs.groups.reminders.fits`). Whoever wants to
send one takes its place first; two dispatchers that want the last place at once
get it once. What somebody was told is forgotten after some weeks (`dialogs.retention.TOLD`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    Time,
    delete,
    func,
    insert,
    select,
    update,
)

from dialogs.groups.reminders import SWITCHES, Switch, Unasked, fits
from dialogs.groups.working_hours import Quiet
from storage.crypto.digests import Digests
from storage.database import Database, Write, replacing
from storage.operational.retention import who_was_asked

_TABLES = MetaData()
_PERSON = Table("person", _TABLES, Column("id", Text, primary_key=True))
_PREFERENCE = Table(
    "preference",
    _TABLES,
    Column("person", Text, primary_key=True),
    Column("paused_until", Date),
    Column("switched_off", Text),
    Column("opens", Time),
    Column("closes", Time),
)
_TOLD = Table(
    "told",
    _TABLES,
    Column("person", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("kind", Text),
    Column("message", Text),
    Column("day", Date),
    Column("number", Integer),
)
_QUIET = Table(
    "quiet_hours",
    _TABLES,
    Column("peer_group", Text, ForeignKey("peer_group.id"), primary_key=True),
    Column("since", Time),
    Column("until", Time),
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody has chosen; nothing, to begin with."""

    paused_until: date | None = None
    off: frozenset[Switch] = field(default_factory=frozenset)
    opens: time | None = None
    closes: time | None = None
    """Working hours by the person's clock, where they are not the usual ones."""


@dataclass(frozen=True, slots=True)
class Notified:
    """One unasked message to a person."""

    person: str
    about: str
    """Which reminder of which occasion: never the same twice."""
    kind: Unasked
    message: str
    """What sends it, which may have to try more than once."""
    day: date
    """By the person's own calendar."""


Room: TypeAlias = Literal["taken", "full", "told"]
"""There was room, and it is taken now; there is none; or another has told them already."""


_PUT_PREFERENCE = replacing(_PREFERENCE, "person")
_PUT_QUIET = replacing(_QUIET, "peer_group")


def _lock(connection: Connection, person: str) -> None:
    """Alone with a person until the transaction ends."""
    connection.execute(select(_PERSON.c.id).where(_PERSON.c.id == person).with_for_update())


def _lock_day(connection: Connection, person: str) -> None:
    """Alone with what a person is told until the transaction ends. PostgreSQL would write on a
    person's row that it was locked, and by which transaction: so in which order they were asked."""
    if connection.dialect.name == "postgresql":
        number = func.hashtextextended(f"told/{person}", 0)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def _of(connection: Connection, person: str) -> Preferences:
    row = connection.execute(
        select(_PREFERENCE).where(_PREFERENCE.c.person == person)
    ).one_or_none()
    return _read(row) if row else Preferences()


def _read(row: Row[Any]) -> Preferences:
    off = frozenset(each for each in SWITCHES if each in row.switched_off.split())
    return Preferences(row.paused_until, off, row.opens, row.closes)


class PreferenceStore:
    """What everyone has chosen, and been told."""

    def __init__(self, database: Database, digests: Digests) -> None:
        self._database = database
        self._digests = digests

    def _names(self, person: str) -> tuple[str, str]:
        """What somebody is called here: of what they were asked by colleagues, by a digest."""
        return person, who_was_asked(self._digests, person)

    def change(self, person: str, how: Callable[[Preferences], Preferences]) -> Write:
        """Put other preferences in the place of somebody's, whom we remember."""

        def step(connection: Connection) -> None:
            _lock(connection, person)
            new = how(_of(connection, person))
            values = {
                "person": person,
                "paused_until": new.paused_until,
                "switched_off": " ".join(sorted(new.off)),
                "opens": new.opens,
                "closes": new.closes,
            }
            connection.execute(_PUT_PREFERENCE[connection.dialect.name], values)

        return step

    def set_quiet(self, group: str, quiet: Quiet | None) -> Write:
        """The hours in which a group's members are not written to, or none."""

        def step(connection: Connection) -> None:
            if quiet is None:
                connection.execute(delete(_QUIET).where(_QUIET.c.peer_group == group))
            else:
                values = {"peer_group": group, "since": quiet.since, "until": quiet.until}
                connection.execute(_PUT_QUIET[connection.dialect.name], values)

        return step

    def forget_about(self, of: str, occasion: str) -> Write:
        """Forget that anybody was told of an occasion, but not that their day had a message."""
        about = _TOLD.c.about.like(f"%/{of}/{occasion}/%")
        return lambda c: c.execute(update(_TOLD).where(about).values(about=_TOLD.c.message))

    async def of(self, person: str) -> Preferences:
        """What somebody has chosen."""
        return await self._database.read(lambda c: _of(c, person))

    async def quiet(self, group: str) -> Quiet | None:
        """The hours in which a group's members are not written to."""

        def work(connection: Connection) -> Quiet | None:
            row = connection.execute(
                select(_QUIET).where(_QUIET.c.peer_group == group)
            ).one_or_none()
            return Quiet(row.since, row.until) if row else None

        return await self._database.read(work)

    async def take_room(self, told: Notified, *, always: bool = False) -> Room:
        """Take a place in the person's day; again for the same message changes nothing.

        `always`: also where the day is full.
        """

        name, asked = self._names(told.person)

        def work(connection: Connection) -> Room:
            _lock_day(connection, told.person)
            mine = _TOLD.c.person.in_((name, asked))
            by = connection.scalar(select(_TOLD.c.message).where(mine, _TOLD.c.about == told.about))
            if by is not None:
                return "taken" if by == told.message else "told"
            today = connection.scalars(
                select(_TOLD.c.kind).where(mine, _TOLD.c.day == told.day)
            ).all()
            if not always and not fits(told.kind, today):
                return "full"
            connection.execute(
                insert(_TOLD).values(
                    person=asked if told.kind == "colleague" else name,
                    about=told.about,
                    kind=told.kind,
                    message=told.message,
                    day=told.day,
                    number=len(today),
                )
            )
            return "taken"

        return await self._database.write(work)

    async def give_back(self, told: Notified) -> None:
        """Free the place again: it certainly was not sent."""
        mine = _TOLD.c.person.in_(self._names(told.person)), _TOLD.c.about == told.about
        await self._database.write(lambda c: c.execute(delete(_TOLD).where(*mine)))

    async def today(self, person: str, day: date) -> Sequence[Unasked]:
        """What somebody was told on a day, in order."""
        statement = (
            select(_TOLD.c.kind)
            .where(_TOLD.c.person.in_(self._names(person)), _TOLD.c.day == day)
            .order_by(_TOLD.c.number)
        )
        return await self._database.read(lambda c: c.scalars(statement).all())

    async def told_by(self, person: str, about: str) -> str | None:
        """What told somebody of something, if it is not forgotten."""
        statement = select(_TOLD.c.message).where(_TOLD.c.person == person, _TOLD.c.about == about)
        return await self._database.read(lambda c: c.scalar(statement))

    async def last_told(self, person: str) -> str | None:
        """What the last reminder to somebody was about, if it is not forgotten."""
        statement = (
            select(_TOLD.c.about)
            .where(_TOLD.c.person == person, _TOLD.c.kind.not_in(("news", "notice", "colleague")))
            .order_by(_TOLD.c.day.desc(), _TOLD.c.number.desc())
            .limit(1)
        )
        return await self._database.read(lambda c: c.scalar(statement))
