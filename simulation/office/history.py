"""What happened at an office: the facts over time, and every message that nobody asked for."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from dialogs.groups.appointments import Times
from dialogs.groups.group import Group, Meeting
from dialogs.groups.working_hours import Quiet
from storage.operational.preferences import Preferences

Value = TypeVar("Value")

Kind: TypeAlias = str
"""Of a reminder (`day_before`), of news (`moved`), of times (`slot:called_off`), or `phase`."""
REMINDERS = ("invitation", "log_form", "day_before", "soon", "try", "used")
AT_ONCE = ("moved", "cancelled", "ended", "slot:called_off")
"""What goes at any hour, because somebody may be waiting for it at this minute."""
KEPT_FOR_THEM = ("asked", "slot:set", "colleague", "again")
"""What comes at their hours, though their day is full."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a message tells of: a group or an offer, and a meeting or a time of it."""

    kind: Kind
    of: str
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One message in a personal chat that its reader did not ask for at that moment."""

    at: datetime
    """By the clock of the machine, in UTC."""
    person: str
    parts: tuple[Part, ...]
    text: str
    put_off: bool = False
    """They had asked to hear it later."""

    def __str__(self) -> str:
        kinds = ", ".join(part.kind for part in self.parts)
        return f"{self.person[:4]} got {kinds} at {self.at:%a %Y-%m-%d %H:%M:%S} UTC"


class Course(Generic[Value]):
    """One value as it was over time."""

    def __init__(self) -> None:
        self.changes: list[tuple[datetime, Value]] = []

    def note(self, at: datetime, value: Value) -> None:
        if not self.changes or self.changes[-1][1] != value:
            self.changes.append((at, value))

    def at(self, moment: datetime) -> Value | None:
        """As it was then, with what had changed at that very moment."""
        n = bisect_right(self.changes, moment, key=lambda change: change[0])
        return self.changes[n - 1][1] if n else None

    def during(self, since: datetime, until: datetime) -> Iterator[Value | None]:
        """Every value that it had in that time."""
        yield self.at(since)
        yield from (value for at, value in self.changes if since < at <= until)

    def is_still(self, since: datetime, until: datetime) -> bool:
        return all(not since < at <= until for at, _ in self.changes)


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another: the bot was down, or the machine's clock was wrong."""

    since: datetime
    until: datetime

    def touches(self, since: datetime, until: datetime) -> bool:
        return self.since <= until and since <= self.until


@dataclass(frozen=True, slots=True)
class Talk:
    """A session that is under way; `None` where there is none."""

    meeting: int
    pace: Literal["live", "days"]


@dataclass(frozen=True, slots=True)
class Offered:
    """Whom somebody could choose to ask, and who was asked."""

    at: datetime
    by: str
    titles: Mapping[str, str]
    """What stood beside each, by id."""
    asked: tuple[str, ...] = ()


@dataclass(slots=True)
class History:
    """All of it. People are told apart by their ids."""

    zones: Mapping[str, ZoneInfo]
    """Where everyone works."""
    told: list[Told] = field(default_factory=list)
    posted: list[tuple[datetime, str, str]] = field(default_factory=list)
    """Phases that the clock opened or closed in a group: when, which group, what it says."""
    groups: dict[str, Course[Group | None]] = field(
        default_factory=lambda: defaultdict[str, Course[Group | None]](Course)
    )
    quiet: dict[str, Course[Quiet | None]] = field(
        default_factory=lambda: defaultdict[str, Course[Quiet | None]](Course)
    )
    talks: dict[str, Course[Talk | None]] = field(
        default_factory=lambda: defaultdict[str, Course[Talk | None]](Course)
    )
    times: dict[str, Course[tuple[Times, ZoneInfo] | None]] = field(
        default_factory=lambda: defaultdict[str, Course[tuple[Times, ZoneInfo] | None]](Course)
    )
    chosen: dict[str, Course[Preferences]] = field(
        default_factory=lambda: defaultdict[str, Course[Preferences]](Course)
    )
    offered: list[Offered] = field(default_factory=list)
    themes: dict[str, Course[str]] = field(
        default_factory=lambda: defaultdict[str, Course[str]](Course)
    )
    """What each gladly answers about; empty where they took it back."""
    unkept: dict[str, Course[Group | None]] = field(
        default_factory=lambda: defaultdict[str, Course[Group | None]](Course)
    )
    """What talks and rehearsals hang on that keep nothing."""
    over: list[tuple[datetime, str]] = field(default_factory=list)
    """When such a one ended, and what it hung on."""
    leaked: list[str] = field(default_factory=list)
    """What stood in the end in the chat of somebody who should not have it."""
    taken_along: int = 0
    """How many groups took a summary along."""
    forms: list[tuple[datetime, int]] = field(default_factory=list)
    """After each night, how many log forms there are whose meeting is long past."""
    changed: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    """Meetings that were moved or called off: when, which of which group, and by whom."""
    down: list[Span] = field(default_factory=list)
    wrong: list[Span] = field(default_factory=list)
    """While the machine's clock was wrong, and until the night after that."""
    left: list[str] = field(default_factory=list)
    """What is left in the tables when everything is over."""
    begins: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))
    ends: datetime = field(default_factory=lambda: datetime.max.replace(tzinfo=UTC))

    def group(self, of: str, at: datetime) -> Group | None:
        return self.groups[of].at(at) if of in self.groups else None

    def meetings(self) -> Iterator[tuple[Group, Meeting]]:
        """Every meeting with its group, as both were in the end."""
        for course in self.groups.values():
            known = [group for _, group in course.changes if group is not None]
            latest = {m.id: (group, m) for group in known for m in group.meetings}
            yield from latest.values()

    def is_calm(self, since: datetime, until: datetime) -> bool:
        """Whether the bot was up and its clock right, for all of that time."""
        within = self.begins <= since and until <= self.ends
        return within and not any(s.touches(since, until) for s in (*self.down, *self.wrong))

    def is_wrong(self, at: datetime) -> bool:
        """Whether the machine's clock was wrong then."""
        return any(span.touches(at, at) for span in self.wrong)
