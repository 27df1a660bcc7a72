"""What is kept, why, and until when: each kind of row of both databases once (`retention.toml`).

    for kept in ending_with("group"):   # everything that a group takes along when it ends
        ...

The jobs that delete, the certificates, `slett`, docs/personvern.md and docs/operators.md read
this table, so that they cannot say different things. A test holds it against the schema of
both databases. Days are whole days of the calendar.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files
from typing import Final, Literal, TypeAlias

from pydantic import TypeAdapter

Database: TypeAlias = Literal["operational", "urn"]
Thing: TypeAlias = Literal["person", "group", "session", "study", "offer", "publication"]
Job: TypeAlias = Literal[
    "nightly",  # `Clock.nightly`: what has a day of its own
    "destroy_group",  # `Groups.outlive`
    "destroy",  # `Clock.destroy`: a study's retention has passed
    "appointment_begins",  # a time has come
    "close",  # a study is closed
    "sent",  # by the dispatcher, with the sending
    "submitted",  # by whoever answers
    "withdrawn",  # by the code
    "operator",  # by a command
    "beat",  # by the replicas themselves
    "never",
]
ErasureAnswer: TypeAlias = Literal[
    "nothing",  # it is of no person
    "deleted",
    "left",  # the seat, the time or the session is given up, and the row with it
    "unfindable",  # nothing says whose it is
    "stays",  # and the person is told
]
"""What `slett` does with it."""

GROUP: Final = timedelta(days=90)
"""How long a group is kept after its last meeting or use."""
UNPLANNED_GROUP: Final = timedelta(days=365)
"""How long one is kept after it was last used that meets without a plan."""
WARNED: Final = timedelta(days=14)
"""How long before its end a group's facilitator is told."""
FORM_WITHOUT_MEETING: Final = timedelta(days=30)
"""How long a log form is kept that was written while no meeting was planned."""
UNFINISHED: Final = timedelta(days=10)
"""How long a talk that keeps nothing waits to be brought to its end."""
NOTE: Final = timedelta(days=365)
"""How long somebody's own note is kept after it was written, whatever becomes of the group."""
CASE_HEARD: Final = timedelta(days=30)
"""How long who brought a case can tell how it went, after they were asked."""
SEEN: Final = timedelta(days=1)
SENT: Final = timedelta(days=70)
"""So long a key sends nothing again, though a clock was a month behind, and then a month ahead."""
TOLD: Final = timedelta(days=21)
"""Longer than any reminder waits for its moment, holidays included: so it comes only once."""
IDLE: Final = timedelta(days=365)
"""How long choices are kept of somebody who takes part in nothing any more."""
AUDIT: Final = timedelta(days=5 * 365)
REPLICA: Final = timedelta(seconds=40)
"""Four beats, and clocks that differ by as much as the doctor allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """One kind of row.

    `names`: the column that names each thing. `ends_with`: the things whose end takes it
    along. `day` or `moment`: the column with its own time, after which it is kept for `days`.
    `rows`: which rows of the table, by one column's values; all, where it is empty.
    """

    table: str
    what: str
    why: str
    until: str
    by: Job
    asked: ErasureAnswer = "nothing"
    database: Database = "operational"
    kind: str = ""
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[Thing, str] = field(default_factory=dict)
    ends_with: tuple[Thing, ...] = ()
    day: str = ""
    moment: str = ""
    days: timedelta = timedelta()
    counted: str = ""
    """What a certificate calls it; empty where it is not counted."""
    holds_person: bool = False
    """Whoever it names is remembered as long as it is there."""

    @property
    def named(self) -> str:
        return f"{self.table}.{self.kind}" if self.kind else self.table


_TIMES: Final[Mapping[str, timedelta]] = {
    "GROUP": GROUP,
    "UNPLANNED_GROUP": UNPLANNED_GROUP,
    "FORM_WITHOUT_MEETING": FORM_WITHOUT_MEETING,
    "UNFINISHED": UNFINISHED,
    "NOTE": NOTE,
    "CASE_HEARD": CASE_HEARD,
    "SEEN": SEEN,
    "SENT": SENT,
    "TOLD": TOLD,
    "IDLE": IDLE,
    "AUDIT": AUDIT,
    "REPLICA": REPLICA,
}
"""What the table calls its times."""
_IN_WORDS: Final = {name: time.days for name, time in _TIMES.items()} | {
    "AUDIT": AUDIT.days // 365,
    "REPLICA": REPLICA.seconds,
}
_row = TypeAdapter(Retained)


def _rows(database: Database) -> tuple[Retained, ...]:
    """The kinds of row of a database, as `retention.toml` has them."""
    with (files(__package__) / "retention.toml").open("rb") as file:
        tables = tomllib.load(file)[database]
    return tuple(
        _row.validate_python(
            row
            | {"database": database, "until": row["until"].format(**_IN_WORDS)}
            | ({"days": _TIMES[row["days"]]} if "days" in row else {})
        )
        for row in tables
    )


OPERATIONAL: Final = _rows("operational")
"""Children before what they hang on."""
URN: Final = _rows("urn")
EVERYTHING: Final = (*OPERATIONAL, *URN)

ROWS: Final[Mapping[Thing, tuple[str, str]]] = {
    "person": ("person", "id"),
    "group": ("peer_group", "id"),
    "session": ("session", "id"),
    "study": ("study", "id"),
    "offer": ("appointment_offer", "id"),
    "publication": ("publication", "key"),
}
"""Where each thing itself lies, and which column is its name."""


def within(thing: Thing) -> Iterator[tuple[Thing, Retained]]:
    """The things whose own rows go with a thing, as a session with its group; and those rows."""
    own = {table: other for other, (table, _) in ROWS.items() if other != thing}
    for kept in OPERATIONAL:
        if thing in kept.ends_with and kept.table in own:
            yield own[kept.table], kept


def ending_with(
    thing: Thing, database: Database = "operational"
) -> Iterator[tuple[Retained, Thing]]:
    """All that goes with a thing, and on which thing within it each hangs; children first."""
    things = thing, *(inner for inner, _ in within(thing))
    for kept in EVERYTHING:
        if kept.database == database:
            yield from ((kept, each) for each in things if each in kept.ends_with)


def aged() -> Iterator[Retained]:
    """What the night deletes by a time of its own."""
    return (kept for kept in OPERATIONAL if kept.by == "nightly" and (kept.day or kept.moment))


def naming_a_person() -> Iterator[Retained]:
    """What names somebody."""
    return (kept for kept in OPERATIONAL if "person" in kept.names)


def holding_a_person() -> Iterator[Retained]:
    """What remembers whoever it names."""
    return (kept for kept in OPERATIONAL if kept.holds_person)


OUTBOX: Final[Mapping[str, tuple[Thing, ...]]] = {
    "nightly": (),
    "close": ("study",),
    "destroy": ("study",),
    "consent": ("person",),  # of a study that is gone nothing is sent
    "invitation": ("study",),
    "close_invitation": (),  # it tells of the end
    "results": ("study",),
    "talk": ("study",),
    "group_signup": ("group",),
    "group_card": ("group",),
    "group_letter": ("group", "person"),
    "group_ask_over": ("group",),
    "destroy_group": ("group",),
    "group_gone": (),  # it tells of the end
    "place_cases": ("group",),
    "case_letter": ("person",),  # of a panel that is gone nothing is told
    "case_closed": ("person",),  # it tells of the end
    "case_told": ("group",),
    "gathering_card": ("session",),
    "phase_card": ("session",),
    "phase_closed": ("session",),
    "status_card": ("session",),
    "session_card": ("session",),
    "plan_deadlines": (),
    "phase_due": ("session",),
    "phase_reminder": ("session",),
    "destroy_forms": ("session",),
    "forget_session": ("session",),  # it takes the session away, and itself
    "panel": ("session", "person"),
    "panel_missing": ("session", "person"),
    "own_part": ("session", "person"),
    "own_reminder": ("session", "person"),
    "own_turn": ("session", "person"),
    "returned": ("session", "person"),
    "leads_now": ("session", "person"),
    "apart_card": ("session", "person"),
    "subgroup_cards": ("session",),
    "colleague_asked": ("session", "person"),
    "answers_due": ("session",),
    "again_due": ("session",),
    "empty_card": (),  # it comes after the end
    "colleague_again": ("session", "person"),
    "rehearse": ("session",),
    "plan_reminders": ("group", "offer"),
    "reminder": ("group", "offer", "person"),
    "appointment_form": ("person",),
    "appointment_offer": ("offer",),
    "appointment_card": (),  # it tells of the end
    "appointment_choose": ("offer", "person"),
    "appointment_list": ("person",),
    "appointment_letter": ("person",),
    "appointment_begins": ("offer",),
    "appointment_close": ("offer",),
}
"""Whose end takes a row of the outbox along that waits or is parked, by the row's kind."""
LOCKED: Final = frozenset({"consent", "case_letter", "empty_card"})
"""Kinds that would name a person beside a study, or beside the meeting that has their case, or
once everything about them is deleted: what they say lies locked, and their chat is a digest that
only the server's secret makes."""
