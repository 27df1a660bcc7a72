"""Groups of colleagues: where they belong, who is in them, and when they meet.

    circle = await operational.groups.circle(group_id)
    async with operational.begin() as transaction:
        transaction.also(operational.groups.save(replace(circle, members=...)))

A circle is read whole and saved whole. Whoever saves one that somebody else has
saved in between gets `Stale`, and begins again from a fresh read: so the last seat
is given once. Tables of other rooms that hang on a group, a member or a meeting
refer to them with ON DELETE CASCADE; `destroy` then leaves nothing behind.
"""

import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
    update,
)

from dialogs.signup import Membership
from storage.database import (
    Database,
    Json,
    Stale,
    Step,
    Utc,
    for_each_dialect,
    replacing,
    to_json,
)

__all__ = ["Circle", "Group", "Groups", "Meeting", "Membership", "channel_of"]

GroupState: TypeAlias = Literal["living", "ended"]
MeetingState: TypeAlias = Literal["planned", "held", "cancelled"]

THREAD = ";messageid="
"""What stands between a channel and the thread in a conversation's id."""

_TABLES = MetaData()
_GROUP = Table(
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
    Column("retention", Date),
    Column("calendar_key", Text),
    Column("state", Text),
    Column("version", Integer),
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
    Column("standing", Text),
    Column("position", Integer),
    Column("asked_until", Utc),
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


def _new_id() -> str:
    return secrets.token_hex(16)


def _new_key() -> str:
    """Unguessable: an address that needs no sign-in."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Colleagues who meet by a method, for as long as the group lives."""

    name: str
    method: str
    language: str
    timezone: str
    """An IANA zone that exists."""
    conversation: Json
    """How to reach the group: `asdict` of the gateway's Conversation."""
    place: str
    """That conversation's id, thread included; only one living group belongs to each."""
    facilitator: str
    size_min: int
    """Fewer than this are warned of, and never stopped."""
    size_max: int
    created: date
    retention: date
    """The last day on which anything of the group is kept."""
    card: str | None = None
    """The activity that holds the sign-up card, once it is there."""
    id: str = field(default_factory=_new_id)
    calendar_key: str = field(default_factory=_new_key)
    state: GroupState = "living"
    version: int = 0


@dataclass(frozen=True, slots=True)
class Meeting:
    """`number` counts from 1 in the order of planning; `sequence` how often it was changed."""

    number: int
    starts_at: datetime
    minutes: int
    sequence: int = 0
    state: MeetingState = "planned"
    id: str = field(default_factory=_new_id)
    calendar_key: str = field(default_factory=_new_key)


@dataclass(frozen=True, slots=True)
class Circle:
    """A group, and its members and meetings, as they stood at one moment.

    Members are in the order in which they came; meetings by number.
    """

    group: Group
    members: tuple[Membership, ...] = ()
    meetings: tuple[Meeting, ...] = ()

    @property
    def joined(self) -> tuple[Membership, ...]:
        return tuple(member for member in self.members if member.standing == "joined")

    @property
    def planned(self) -> tuple[Meeting, ...]:
        """The meetings to come or under way, by time."""
        planned = (meeting for meeting in self.meetings if meeting.state == "planned")
        return tuple(sorted(planned, key=lambda meeting: meeting.starts_at))

    def member(self, person: str) -> Membership | None:
        return next((member for member in self.members if member.person == person), None)

    def meeting(self, meeting_id: str) -> Meeting | None:
        return next((meeting for meeting in self.meetings if meeting.id == meeting_id), None)

    def coming(self, now: datetime) -> tuple[Meeting, ...]:
        """The planned meetings that have not begun, by time."""
        return tuple(meeting for meeting in self.planned if meeting.starts_at >= now)

    def next_meeting(self, now: datetime) -> Meeting | None:
        """The first of those."""
        return next(iter(self.coming(now)), None)


def channel_of(place: str) -> str:
    """The conversation's id without the thread."""
    return place.partition(THREAD)[0]


_PUT_MEMBERS = replacing(_MEMBER, "peer_group", "person")
_PUT_MEETINGS = replacing(_MEETING, "id")
_LIST_LEADER = for_each_dialect(lambda insert: insert(_LEADER).on_conflict_do_nothing())


class Groups:
    """Every group. What writes is a step for `Transaction.also`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, circle: Circle) -> Step:
        """A new group. IntegrityError where a living one belongs to the same place."""

        def step(connection: Connection) -> None:
            connection.execute(insert(_GROUP).values(_columns(circle.group)))
            _put(connection, circle)

        return step

    def save(self, circle: Circle) -> Step:
        """The circle as it was read and then changed. Raises `Stale`.

        A meeting that the circle no longer has stays; one is cancelled, not taken away.
        """

        def step(connection: Connection) -> None:
            group = circle.group
            new = replace(group, version=group.version + 1)
            statement = update(_GROUP).where(*_as_read(group)).values(_columns(new))
            if connection.execute(statement).rowcount == 0:
                raise Stale
            _put(connection, circle)

        return step

    def destroy(self, circle: Circle) -> Step:
        """Leave nothing of a group. Raises `Stale`, also where nothing was left already."""

        def step(connection: Connection) -> None:
            if connection.execute(delete(_GROUP).where(*_as_read(circle.group))).rowcount == 0:
                raise Stale

        return step

    def hold(self, meeting_id: str) -> Step:
        """A planned meeting has been held; again, or of one that was cancelled, nothing changes."""

        def step(connection: Connection) -> None:
            group = connection.scalar(
                update(_MEETING)
                .where(_MEETING.c.id == meeting_id, _MEETING.c.state == "planned")
                .values(state="held")
                .returning(_MEETING.c.peer_group)
            )
            # Whoever has read the circle before must not put the old state back.
            connection.execute(
                update(_GROUP).where(_GROUP.c.id == group).values(version=_GROUP.c.version + 1)
            )

        return step

    def set_card(self, group_id: str, activity: str) -> Step:
        """Where the sign-up card stands from now on."""
        values = {"card": activity, "version": _GROUP.c.version + 1}
        statement = update(_GROUP).where(_GROUP.c.id == group_id).values(values)
        return lambda c: c.execute(statement)

    def list_leader(self, person: str, office: str) -> Step:
        """Somebody leads an office: the id of a team, a channel or a chat."""
        values = {"person": person, "office": office}
        return lambda c: c.execute(_LIST_LEADER[c.dialect.name], values)

    def unlist_leader(self, person: str, office: str) -> Step:
        """Somebody leads an office no more."""
        listed = _LEADER.c.person == person, _LEADER.c.office == office
        return lambda c: c.execute(delete(_LEADER).where(*listed))

    async def circle(self, group_id: str) -> Circle | None:
        """A group with its members and meetings."""

        def work(connection: Connection) -> Circle | None:
            row = connection.execute(select(_GROUP).where(_GROUP.c.id == group_id)).one_or_none()
            return None if row is None else _circle(connection, _group(row))

        return await self._database.read(work)

    async def at_place(self, conversation_id: str) -> list[Group]:
        """The living group of this chat or thread; else those of the same channel, by name."""
        channel = channel_of(conversation_id)
        of_channel = or_(
            _GROUP.c.place == channel,
            _GROUP.c.place.startswith(channel + THREAD, autoescape=True),
        )
        groups = await self._living(of_channel)
        exact = [group for group in groups if group.place == conversation_id]
        return exact or groups

    async def of_person(self, person: str) -> list[Group]:
        """The living groups in which somebody has a seat or waits for one, by name."""
        theirs = select(_MEMBER.c.peer_group).where(_MEMBER.c.person == person)
        return await self._living(_GROUP.c.id.in_(theirs))

    async def led_by(self, person: str) -> list[Group]:
        """The living groups that somebody facilitates, by name."""
        return await self._living(_GROUP.c.facilitator == person)

    async def with_calendar(self, key: str) -> tuple[Circle, tuple[Meeting, ...]] | None:
        """The meetings that a calendar's key opens: one, or all of a group."""

        def work(connection: Connection) -> tuple[Circle, tuple[Meeting, ...]] | None:
            of_meeting = select(_MEETING.c.peer_group).where(_MEETING.c.calendar_key == key)
            row = connection.execute(
                select(_GROUP).where(or_(_GROUP.c.calendar_key == key, _GROUP.c.id.in_(of_meeting)))
            ).one_or_none()
            if row is None:
                return None
            circle = _circle(connection, _group(row))
            one = tuple(m for m in circle.meetings if m.calendar_key == key)
            return circle, one or circle.meetings

        return await self._database.read(work)

    async def leads(self, person: str, offices: Collection[str]) -> bool:
        """Whether somebody is listed as the leader of one of these offices."""
        statement = select(_LEADER.c.office).where(
            _LEADER.c.person == person, _LEADER.c.office.in_(offices)
        )
        return await self._database.read(lambda c: c.execute(statement).first() is not None)

    async def all(self) -> list[Group]:
        """Every group that is not destroyed, ended ones too."""

        def work(connection: Connection) -> list[Group]:
            rows = connection.execute(select(_GROUP).order_by(_GROUP.c.created, _GROUP.c.id))
            return [_group(row) for row in rows]

        return await self._database.read(work)

    async def _living(self, where: Any) -> list[Group]:
        def work(connection: Connection) -> list[Group]:
            rows = connection.execute(
                select(_GROUP)
                .where(_GROUP.c.state == "living", where)
                .order_by(_GROUP.c.name, _GROUP.c.id)
            )
            return [_group(row) for row in rows]

        return await self._database.read(work)


def _as_read(group: Group) -> tuple[ColumnElement[bool], ...]:
    return _GROUP.c.id == group.id, _GROUP.c.version == group.version


def _columns(group: Group) -> dict[str, object]:
    return {**asdict(group), "conversation": to_json(group.conversation)}


def _put(connection: Connection, circle: Circle) -> None:
    group = circle.group.id
    people = [member.person for member in circle.members]
    connection.execute(
        delete(_MEMBER).where(_MEMBER.c.peer_group == group, _MEMBER.c.person.not_in(people))
    )
    members = [
        {**asdict(member), "peer_group": group, "position": position}
        for position, member in enumerate(circle.members)
    ]
    meetings = [{**asdict(meeting), "peer_group": group} for meeting in circle.meetings]
    for statement, rows in ((_PUT_MEMBERS, members), (_PUT_MEETINGS, meetings)):
        if rows:
            connection.execute(statement[connection.dialect.name], rows)


def _group(row: Row[Any]) -> Group:
    return Group(**{**row._asdict(), "conversation": json.loads(row.conversation)})


def _circle(connection: Connection, group: Group) -> Circle:
    members = connection.execute(
        select(_MEMBER).where(_MEMBER.c.peer_group == group.id).order_by(_MEMBER.c.position)
    )
    meetings = connection.execute(
        select(_MEETING).where(_MEETING.c.peer_group == group.id).order_by(_MEETING.c.number)
    )
    return Circle(
        group,
        tuple(Membership(m.person, m.name, m.standing, m.asked_until) for m in members),
        tuple(
            Meeting(m.number, m.starts_at, m.minutes, m.sequence, m.state, m.id, m.calendar_key)
            for m in meetings
        ),
    )
