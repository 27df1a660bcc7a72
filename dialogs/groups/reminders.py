"""Reminders: whether one is to be sent now, later, or not at all.

Each kind has a window: it opens at a local time of the person's, and closes when
its purpose has passed. In it, a reminder waits for the first moment that the
person's pause and working hours, the public holidays, and the group's quiet
hours leave free, on a day that has room for it.

    asleep --wakes up--> Send
                    |--> Wait(until) --wakes up--> ...
                    +--> Drop(reason)

What is no reminder but comes unasked all the same goes by `tell`: only what somebody
waits for at this minute comes at any hour.

Nothing is reckoned ahead for good: what wakes up asks `decide` anew, with the
occasion and the person as they are by then. So a meeting that moved, a week's
stop or a clock that jumped needs no special case.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from dialogs.groups.appointments import Times
from dialogs.groups.cases import Case, queued
from dialogs.groups.group import Group, Meeting
from dialogs.groups.working_hours import (
    Hours,
    Quiet,
    QuietHours,
    first_free,
    local_moment,
    tomorrow,
    working_days_from,
)
from dialogs.studies.questionnaire import Questionnaire

ReminderKind: TypeAlias = Literal[
    "invitation", "log_form", "day_before", "soon", "try", "used", "questionnaire"
]
"""`soon` comes ten minutes before, `try` after the meeting (try your alternative),
`used` some weeks after the last one (what did you use?), `questionnaire` before the
first meeting and after the last."""
KINDS: tuple[ReminderKind, ...] = get_args(ReminderKind)
REMINDS_OF_NOTES: frozenset[ReminderKind] = frozenset({"try", "used"})
"""What is about what somebody took along from a meeting."""
Switch: TypeAlias = ReminderKind | Literal["colleague"]
"""What somebody can switch off: each kind of reminder, and being asked by colleagues."""
SWITCHES: tuple[Switch, ...] = (*KINDS, "colleague")
SourceName: TypeAlias = Literal["meeting", "slot", "case"]
Unasked: TypeAlias = ReminderKind | Literal["news", "notice", "phase", "colleague"]
"""What somebody got without asking. News (a meeting moved) and a colleague's question need no
room in a day, but count; a notice (few have signed up) needs some. `phase` is a session over
days that waits for them."""
Urgency: TypeAlias = Literal["now", "hours", "room"]
"""Of what is told unasked: at any hour; at the person's hours, though their day is full; or
when their day has room as well."""
URGENCY: Mapping[str, Urgency] = {
    "seated": "now",  # of these two, an answer to one's own press
    "queued": "now",
    "moved": "now",
    "cancelled": "now",
    "restored": "now",
    "called_off": "now",
    "ended": "now",  # what was to come is called off
    "leads": "hours",
    "co_leads": "hours",
    "asked": "hours",  # a seat is kept for them
    "colleague": "hours",  # somebody waits for an answer
    "again": "hours",
    "set": "hours",
    "case_placed": "hours",
    "case_moved": "now",
    "case_waits": "hours",
    "case_closed": "hours",
}
"""By the news; of the others there is no hurry."""

SOON = timedelta(minutes=10)
INVITED_BEFORE = timedelta(days=7)
LOG_FORM_BEFORE = 2
"""Working days before the meeting."""
WORTH: tuple[ReminderKind, ...] = (
    *("day_before", "log_form", "try", "invitation", "used", "questionnaire"),
)
"""What is worth more comes first on a morning, and takes the day that holds one message."""
TRY_WITHIN, USED_WITHIN = 3, 5
"""Working days in which it is still worth saying."""
ASKED_WITHIN = timedelta(days=14)
"""How long after the last meeting its questionnaire is asked: less than what was told is known
(`dialogs.retention.TOLD`), or it would come twice."""
PUT_OFF = (timedelta(hours=2), timedelta(minutes=5))
"""How long, where the next working day would be too late."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recipient(Hours):
    """What the reminders of one person go by."""

    off: frozenset[Switch] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A meeting or an appointment, or the days in which a questionnaire is asked.

    Moments are aware; `zone` is the group's.
    """

    starts: datetime
    ends: datetime
    zone: ZoneInfo
    quiet: Quiet | None = None
    used_after: timedelta = timedelta(weeks=4)
    """How long after it to ask what was used."""
    follows: datetime | None = None
    """When the group's meeting before it ends: until then that one is the next."""

    @property
    def quiet_hours(self) -> QuietHours:
        return QuietHours(self.zone, self.quiet)


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens` to before `closes`, in UTC; empty where that is no time at all."""

    opens: datetime
    closes: datetime


NotSentReason: TypeAlias = Literal["off", "late", "no_time", "crowded"]
"""Switched off; its purpose has passed; the pause, holidays or hours leave no time in its
window; or other messages have taken the room of every day that is left."""


@dataclass(frozen=True, slots=True)
class Send:
    """Now."""


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    reason: NotSentReason


# --- When ---------------------------------------------------------------------------------------


def window(kind: ReminderKind, occasion: Occasion, person: Recipient) -> Window:
    """When a reminder serves its purpose.

    Each before the meeting gives way to the next, so that who is reached late
    hears only what still helps.
    """

    def morning(day: date) -> datetime:
        return local_moment(day, person.opens, person.zone)

    def ranked(day: date) -> datetime:
        """In the morning, and what is worth more some seconds earlier."""
        return morning(day) + timedelta(seconds=10 * WORTH.index(kind))

    def next_from(day: date) -> datetime:
        """The same, but not before the meeting is the next one."""
        follows = occasion.follows or occasion.starts
        return max(ranked(day), follows) if follows < occasion.starts else ranked(day)

    first = occasion.starts.astimezone(person.zone).date()
    last = occasion.ends.astimezone(person.zone).date()
    begins = occasion.starts.astimezone(UTC)
    day_before = working_days_from(first, -1)
    prepares = working_days_from(first, -LOG_FORM_BEFORE)
    match kind:
        case "invitation":
            return Window(next_from(first - INVITED_BEFORE), morning(prepares))
        case "log_form":
            return Window(next_from(prepares), morning(day_before))
        case "day_before":
            return Window(ranked(day_before), begins - SOON)
        case "soon":
            return Window(begins - SOON, begins)
        case "try":
            return Window(
                occasion.ends.astimezone(UTC), morning(working_days_from(last, TRY_WITHIN))
            )
        case "questionnaire":
            return Window(max(ranked(first), begins), occasion.ends.astimezone(UTC))
        case _:  # used
            later = working_days_from(last + occasion.used_after - _DAY, 1)
            return Window(ranked(later), morning(working_days_from(later, USED_WITHIN)))


def fits(kind: Unasked, today: Collection[Unasked]) -> bool:
    """Whether a day has room: for one message, and for each that comes ten minutes before."""
    return kind in ("soon", "news", "colleague") or all(sent == "soon" for sent in today)


def tell(
    urgency: Urgency,
    person: Recipient,
    quiet: QuietHours,
    now: datetime,
    *,
    ends: datetime | None = None,
    today: Collection[Unasked] = (),
) -> Send | Wait | Drop:
    """What to do with news that nobody asked for, and that serve no purpose from `ends` on."""
    if urgency == "now":
        return Send()
    free = first_free(now, person, quiet, ends)
    if free is None:
        return Drop("no_time")
    if free > now:
        return Wait(free)
    if urgency == "hours" or fits("notice", today):
        return Send()
    later = first_free(tomorrow(now, person), person, quiet, ends)
    return Wait(later) if later else Drop("crowded")


def decide(
    kind: ReminderKind,
    occasion: Occasion,
    person: Recipient,
    now: datetime,
    today: Collection[Unasked] = (),
) -> Send | Wait | Drop:
    """What to do with a reminder that wakes up at `now`.

    `today` is what the person has got unasked on the day that it is for them.
    A `Wait` ends later than `now`, and inside the window.
    """
    if kind in person.off:
        return Drop("off")
    serves = window(kind, occasion, person)
    if now >= serves.closes:
        return Drop("late")
    free = _free(kind, max(now, serves.opens), serves.closes, occasion, person)
    if free is None:
        return Drop("no_time")
    if free > now:
        return Wait(free)
    if fits(kind, today):
        return Send()
    free = _free(kind, tomorrow(now, person), serves.closes, occasion, person)
    return Wait(free) if free else Drop("crowded")


def put_off(
    kind: ReminderKind, occasion: Occasion, person: Recipient, now: datetime
) -> datetime | None:
    """When to say it again to someone who asks for that; None where no later time helps."""
    closes = window(kind, occasion, person).closes
    for moment in (tomorrow(now, person), *(now + pause for pause in PUT_OFF)):
        if free := _free(kind, moment, closes, occasion, person):
            return free
    return None


def _free(
    kind: ReminderKind, moment: datetime, closes: datetime, occasion: Occasion, person: Recipient
) -> datetime | None:
    return first_free(moment, person, occasion.quiet_hours, closes, at_any=kind == "soon")


# --- Of what ------------------------------------------------------------------------------------

_BEFORE: frozenset[ReminderKind] = frozenset({"invitation", "log_form", "day_before", "soon"})
_FOR_WHO_LEADS: frozenset[ReminderKind] = frozenset({"day_before", "soon"})
"""A facilitator who has no seat prepares no episode, and has nothing to try."""
_OF_TIMES: tuple[ReminderKind, ...] = ("day_before", "soon")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One kind of reminder, of one occasion, to one person."""

    kind: ReminderKind
    source: SourceName
    of: str
    """The group or the offer that the occasion belongs to."""
    occasion: str
    person: str

    @property
    def address(self) -> str:
        """All but the person, in one word."""
        return f"{self.kind}/{self.source}/{self.of}/{self.occasion}"


def of_meetings(group: Group, *, has_form: bool, is_meeting: bool) -> Iterator[Reminder]:
    """Everything that somebody should hear of a group's meetings, past ones included.

    `has_form`: there is a form to prepare with. `is_meeting`: a session is under way. A
    meeting is held from the beginning of its session on, and then not told as coming.
    """
    last = next(reversed(group.series), None)
    for meeting in group.series:
        for kind in KINDS:
            is_wanted = {
                "log_form": has_form,
                "try": not is_meeting,
                "used": meeting == last,  # asked once, not after each meeting
                "questionnaire": False,  # of the whole series: `of_series`
            }.get(kind, True)
            if is_wanted and (kind not in _BEFORE or meeting.state == "planned"):
                for person in sorted(_concerned(group, meeting, kind)):
                    yield Reminder(kind, "meeting", group.id, meeting.id, person)


def _concerned(group: Group, meeting: Meeting, kind: ReminderKind) -> set[str]:
    """Who has a seat, and had it at the meeting where it is over; and who leads."""
    people = {
        member.person
        for member in group.joined
        if kind in _BEFORE or member.since is None or member.since < meeting.ends_at
    }
    return people | {group.facilitator} if kind in _FOR_WHO_LEADS else people


def of_series(
    group: Group, forms: Iterable[Questionnaire], *, is_meeting: bool
) -> Iterator[tuple[Reminder, Meeting, Occasion]]:
    """A questionnaire's forms to everyone who has a seat, each with the meeting that it hangs on.

    The one before, while the first meeting is to come; the one after, to who had their seat at
    the last.
    """
    if not group.series:
        return
    first, last = group.series[0], group.series[-1]
    for form in forms:
        is_before = form.wave == "before"
        meeting = first if is_before else last
        if first.state == "planned" if is_before else not is_meeting:
            for person in sorted(_concerned(group, meeting, "invitation" if is_before else "try")):
                reminder = Reminder("questionnaire", "meeting", group.id, form.id, person)
                yield reminder, meeting, _asked_in(group, form, meeting)


def _asked_in(group: Group, form: Questionnaire, meeting: Meeting) -> Occasion:
    """From the morning of the invitation to the first meeting; or some days after the last."""
    if form.wave == "before":
        day = meeting.starts_at.astimezone(group.zone).date() - INVITED_BEFORE
        return Occasion(local_moment(day, time(), group.zone), meeting.starts_at, group.zone)
    return Occasion(meeting.ends_at, meeting.ends_at + ASKED_WITHIN, group.zone)


def of_times(offer: str, times: Times) -> Iterator[Reminder]:
    """What everyone should hear who has chosen a time."""
    for choice in times.choices:
        if choice.slot is not None:
            for kind in _OF_TIMES:
                yield Reminder(kind, "slot", offer, choice.slot, choice.person)


def of_cases(group: Group, cases: Iterable[Case]) -> Iterator[tuple[Reminder, Meeting]]:
    """What everyone should hear whose case has a place, and who hears nothing of it as a member."""
    members = {member.person for member in group.joined}
    for case in queued(cases):
        meeting = group.meeting(case.meeting)
        hears = case.person in members or group.leads(case.person)
        if meeting and meeting.state == "planned" and not hears:
            for kind in _OF_TIMES:
                yield Reminder(kind, "case", group.id, meeting.id, case.person), meeting


def not_twice(reminder: Reminder, occasion: Occasion, person: Recipient) -> str:
    """What must not be said twice.

    Nobody is invited twice to a meeting that moved, for they were told of that; nor
    are they to prepare anew for one that moved by an hour.
    """
    starts = occasion.starts.astimezone(person.zone)
    match reminder.kind:
        case "invitation":
            return f"{reminder.address}/"
        case "questionnaire":  # whoever is in two groups is asked once
            return f"{reminder.kind}/{reminder.occasion}"
        case "soon":
            return f"{reminder.address}/{starts.isoformat()}"
    return f"{reminder.address}/{starts.date().isoformat()}"
