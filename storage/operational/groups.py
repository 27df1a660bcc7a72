"""Groups of colleagues: where they belong, who is in them, and when they meet.

    group = await operational.groups.get(group_id)
    async with operational.begin() as transaction:
        transaction.run(operational.groups.save(replace(group, members=...)))

A group is read whole and saved whole. Whoever saves one that somebody else has
saved in between gets `Stale`, and begins again from a fresh read: so the last seat
is given once. Tables of other rooms that hang on a group, a member or a meeting
are in the table of `dialogs.retention`, by which `destroy` leaves nothing behind.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    delete,
    distinct,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from dialogs.groups.group import Group, Meeting
from dialogs.groups.signup import Membership
from storage.database import (
    Database,
    Stale,
    Utc,
    Write,
    for_each_dialect,
    replacing,
    to_json,
)
from storage.operational.retention import ending

THREAD = ";messageid="
"""What stands between a channel and the thread in a conversation's id."""

_TABLES = MetaData()
GROUP = Table(
    "peer_group",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("name", Text),
    Column("method", Text),
    Column("language", Text),
    Column("timezone", Text),
    Column("conversation", Text),
    Column("place", Text),
    Column("card", Text),
    Column("facilitator", Text),
    Column("size_min", Integer),
    Column("size_max", Integer),
    Column("created", Date),
    Column("used", Date),
    Column("retention", Date),
    Column("calendar_key", Text),
    Column("state", Text),
    Column("version", Integer),
    Column("questionnaire", Text),
    Column("co_leader", Text),
)
_LEADER = Table(
    "office_leader",
    _TABLES,
    Column("person", Text, primary_key=True),
    Column("office", Text, primary_key=True),
)
_MEMBER = Table(
    "membership",
    _TABLES,
    Column("peer_group", Text, ForeignKey("peer_group.id"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("name", Text),
    Column("status", Text),
    Column("position", Integer),
    Column("asked_until", Utc),
    Column("since", Utc),
)
_MEETING = Table(
    "meeting",
    _TABLES,
    Column("id", Text, primary_key=True),
    Column("peer_group", Text, ForeignKey("peer_group.id")),
    Column("number", Integer),
    Column("starts_at", Utc),
    Column("minutes", Integer),
    Column("sequence", Integer),
    Column("state", Text),
    Column("calendar_key", Text),
)


def channel_of(place: str) -> str:
    """The conversation's id without the thread."""
    return place.partition(THREAD)[0]


_PUT_MEMBERS = replacing(_MEMBER, "peer_group", "person")
_PUT_MEETINGS = replacing(_MEETING, "id")
_LIST_LEADER = for_each_dialect(lambda insert: insert(_LEADER).on_conflict_do_nothing())


class GroupStore:
    """Every group. What writes is a step for `Transaction.run`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, group: Group) -> Write:
        """A new group. IntegrityError where a living one belongs to the same place."""

        def step(connection: Connection) -> None:
            connection.execute(insert(GROUP).values(_columns(group)))
            _put(connection, group)

        return step

    def save(self, group: Group) -> Write:
        """The group as it was read and then changed. Raises `Stale`.

        A meeting that the group no longer has stays; one is cancelled, not taken away.
        """

        def step(connection: Connection) -> None:
            new = replace(group, version=group.version + 1)
            statement = update(GROUP).where(*_as_read(group)).values(_columns(new))
            if connection.execute(statement).rowcount == 0:
                raise Stale
            _put(connection, group)

        return step

    def destroy(self, group: Group, now: datetime) -> Write:
        """Leave nothing of a group but a certificate. Raises `Stale`, also where nothing was left
        already."""
        newer = update(GROUP).where(*_as_read(group)).values(version=group.version + 1)
        destroyed = ending("group", group.id, "a group", now)

        def step(connection: Connection) -> None:
            if connection.execute(newer).rowcount == 0:
                raise Stale
            destroyed(connection)

        return step

    def hold(self, meeting_id: str) -> Write:
        """A planned meeting has been held; again, or of one that was cancelled, nothing changes."""

        def step(connection: Connection) -> None:
            group = connection.scalar(
                update(_MEETING)
                .where(_MEETING.c.id == meeting_id, _MEETING.c.state == "planned")
                .values(state="held")
                .returning(_MEETING.c.peer_group)
            )
            # Whoever has read the group before must not put the old state back.
            connection.execute(
                update(GROUP).where(GROUP.c.id == group).values(version=GROUP.c.version + 1)
            )

        return step

    def set_card(self, group_id: str, activity: str) -> Write:
        """Where the sign-up card stands from now on."""
        values = {"card": activity, "version": GROUP.c.version + 1}
        statement = update(GROUP).where(GROUP.c.id == group_id).values(values)
        return lambda c: c.execute(statement)

    def untie(self, study: str) -> Write:
        """A questionnaire is no more: no group's meetings have it."""
        values = {"questionnaire": None, "version": GROUP.c.version + 1}
        statement = update(GROUP).where(GROUP.c.questionnaire == study).values(values)
        return lambda c: c.execute(statement)

    def list_leader(self, person: str, office: str) -> Write:
        """Somebody leads an office: the id of a team, a channel or a chat."""
        values = {"person": person, "office": office}
        return lambda c: c.execute(_LIST_LEADER[c.dialect.name], values)

    def unlist_leader(self, person: str, office: str) -> Write:
        """Somebody leads an office no more."""
        listed = _LEADER.c.person == person, _LEADER.c.office == office
        return lambda c: c.execute(delete(_LEADER).where(*listed))

    async def leaders(self) -> list[tuple[str, str]]:
        """Everybody who leads an office, and which."""

        def work(connection: Connection) -> list[tuple[str, str]]:
            rows = connection.execute(select(_LEADER).order_by(_LEADER.c.person, _LEADER.c.office))
            return [(row.person, row.office) for row in rows]

        return await self._database.read(work)

    async def get(self, group_id: str) -> Group | None:
        """A group by its id."""
        return next(iter(await self._some(GROUP.c.id == group_id)), None)

    async def at_place(self, conversation_id: str) -> list[Group]:
        """The living group of this chat or thread; else those of the same channel, by name."""
        channel = channel_of(conversation_id)
        of_channel = or_(
            GROUP.c.place == channel,
            GROUP.c.place.startswith(channel + THREAD, autoescape=True),
        )
        groups = await self._living(of_channel)
        exact = [group for group in groups if group.place == conversation_id]
        return exact or groups

    async def of_person(self, person: str) -> list[Group]:
        """The living groups in which somebody has a seat or waits for one, by name."""
        theirs = select(_MEMBER.c.peer_group).where(_MEMBER.c.person == person)
        return await self._living(GROUP.c.id.in_(theirs))

    async def ever_of(self, person: str) -> list[Group]:
        """The same, and those that have ended."""
        theirs = select(_MEMBER.c.peer_group).where(_MEMBER.c.person == person)
        return await self._some(GROUP.c.id.in_(theirs))

    async def living(self) -> list[Group]:
        """Every group that meets, by name."""
        return await self._living(true())

    async def led_by(self, person: str) -> list[Group]:
        """The living groups that somebody facilitates, by name."""
        return await self._living(GROUP.c.facilitator == person)

    async def leading(self, person: str) -> list[Group]:
        """The same, and those in which somebody leads together with another."""
        return await self._living(or_(GROUP.c.facilitator == person, GROUP.c.co_leader == person))

    async def with_two(self) -> list[Group]:
        """The living groups that two lead together, by name."""
        return await self._living(GROUP.c.co_leader.is_not(None))

    async def ever_led_by(self, person: str) -> list[Group]:
        """The same, and those that have ended."""
        return await self._some(GROUP.c.facilitator == person)

    async def asked(self, study: str) -> int:
        """How many people have a seat in the groups that a questionnaire is tied to."""
        seats = (
            select(func.count(distinct(_MEMBER.c.person)))
            .join_from(_MEMBER, GROUP)
            .where(GROUP.c.questionnaire == study, _MEMBER.c.status == "joined")
        )
        return await self._database.read(lambda c: c.execute(seats).scalar_one())

    async def with_calendar(self, key: str) -> tuple[Group, tuple[Meeting, ...]] | None:
        """The meetings that a calendar's key opens: one, or all of a group."""

        of_meeting = select(_MEETING.c.peer_group).where(_MEETING.c.calendar_key == key)
        found = await self._some(or_(GROUP.c.calendar_key == key, GROUP.c.id.in_(of_meeting)))
        for group in found:
            one = tuple(m for m in group.meetings if m.calendar_key == key)
            return group, one or group.meetings
        return None

    async def leads(self, person: str, offices: Collection[str]) -> bool:
        """Whether somebody is listed as the leader of one of these offices."""
        statement = select(_LEADER.c.office).where(
            _LEADER.c.person == person, _LEADER.c.office.in_(offices)
        )
        return await self._database.read(lambda c: c.execute(statement).first() is not None)

    async def past(self, day: date) -> list[tuple[str, date, ZoneInfo]]:
        """The groups whose retention passed before a day; when, and by which clock."""
        statement = (
            select(GROUP.c.id, GROUP.c.retention, GROUP.c.timezone)
            .where(GROUP.c.retention < day)
            .order_by(GROUP.c.retention, GROUP.c.id)
        )
        return await self._database.read(
            lambda c: [
                (row.id, row.retention, ZoneInfo(row.timezone)) for row in c.execute(statement)
            ]
        )

    async def leaving(self, today: date, day: date) -> list[tuple[str, date, str]]:
        """The living groups whose retention passes before a day; when, and who leads them.
        Not those whose retention has passed: they go at once.
        """
        passes = GROUP.c.retention >= today, GROUP.c.retention < day
        statement = (
            select(GROUP.c.id, GROUP.c.retention, GROUP.c.facilitator)
            .where(GROUP.c.state == "living", *passes)
            .order_by(GROUP.c.retention, GROUP.c.id)
        )
        return await self._database.read(
            lambda c: [(row.id, row.retention, row.facilitator) for row in c.execute(statement)]
        )

    async def that_met_since(self, moment: datetime) -> list[str]:
        """The living groups with a meeting that begins after a moment, past or to come."""
        meet = select(_MEETING.c.peer_group).where(_MEETING.c.starts_at > moment)
        statement = select(GROUP.c.id).where(GROUP.c.state == "living", GROUP.c.id.in_(meet))
        return await self._database.read(lambda c: [*c.scalars(statement.order_by(GROUP.c.id))])

    async def with_a_line(self) -> list[str]:
        """The living groups in which somebody waits for a seat, or one is kept for them."""
        in_line = _MEMBER.c.status.in_(("waiting", "asked"))
        waits = select(_MEMBER.c.peer_group).where(in_line)
        statement = select(GROUP.c.id).where(GROUP.c.state == "living", GROUP.c.id.in_(waits))
        return await self._database.read(lambda c: [*c.scalars(statement.order_by(GROUP.c.id))])

    async def all(self) -> list[Group]:
        """Every group that is not destroyed, ended ones too."""
        return await self._some(true())

    async def _living(self, where: ColumnElement[bool]) -> list[Group]:
        return await self._some(GROUP.c.state == "living", where)

    async def _some(self, *where: ColumnElement[bool]) -> list[Group]:
        """Whole groups, by name: three statements, however many they are."""

        def work(connection: Connection) -> list[Group]:
            rows = connection.execute(
                select(GROUP).where(*where).order_by(GROUP.c.name, GROUP.c.created, GROUP.c.id)
            ).all()
            ids = select(GROUP.c.id).where(*where)
            members = _by_group(connection, _MEMBER, ids, _MEMBER.c.position)
            meetings = _by_group(connection, _MEETING, ids, _MEETING.c.number)
            return [_group(row, members[row.id], meetings[row.id]) for row in rows]

        return await self._database.read(work)


def _as_read(group: Group) -> tuple[ColumnElement[bool], ...]:
    return GROUP.c.id == group.id, GROUP.c.version == group.version


def _columns(group: Group) -> dict[str, object]:
    values = {column.name: getattr(group, column.name) for column in GROUP.c}
    return values | {"conversation": to_json(dict(group.conversation))}


def _put(connection: Connection, group: Group) -> None:
    people = [member.person for member in group.members]
    connection.execute(
        delete(_MEMBER).where(_MEMBER.c.peer_group == group.id, _MEMBER.c.person.not_in(people))
    )
    members = [
        {**asdict(member), "peer_group": group.id, "position": position}
        for position, member in enumerate(group.members)
    ]
    meetings = [{**asdict(meeting), "peer_group": group.id} for meeting in group.meetings]
    for statement, rows in ((_PUT_MEMBERS, members), (_PUT_MEETINGS, meetings)):
        if rows:
            connection.execute(statement[connection.dialect.name], rows)


def _by_group(
    connection: Connection, table: Table, groups: Select[Any], order: ColumnElement[Any]
) -> dict[str, list[Row[Any]]]:
    """The rows of some groups, each group's in order."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    statement = select(table).where(table.c.peer_group.in_(groups)).order_by(order)
    for row in connection.execute(statement):
        found[row.peer_group].append(row)
    return found


def _group(row: Row[Any], members: Iterable[Row[Any]], meetings: Iterable[Row[Any]]) -> Group:
    return Group(
        **{**row._asdict(), "conversation": json.loads(row.conversation)},
        members=tuple(
            Membership(m.person, m.name, m.status, m.asked_until, m.since) for m in members
        ),
        meetings=tuple(
            Meeting(m.number, m.starts_at, m.minutes, m.sequence, m.state, m.id, m.calendar_key)
            for m in meetings
        ),
    )
