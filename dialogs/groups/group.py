"""A group of colleagues: its members, its meetings, and all that is decided about them.

    (nothing) --plan--> living --end--> ended
    living, ended --its retention passes, and it is not in use--> (nothing)

`found` makes a group, `step` is all that happens to it afterwards. Neither reads a
clock, sends or stores anything: the effects say who is told what, which card is to be
drawn, and that reminders are to be planned anew. Who does something that cannot be
done changes nothing, and hears why.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from dialogs import retention
from dialogs.groups import planning, signup
from dialogs.groups.planning import BadNumber, Plan, Span, size_fault
from dialogs.groups.signup import Membership, Roster
from dialogs.groups.working_hours import Hours, Quiet, QuietHours
from dialogs.sessions.method import After, Frame
from dialogs.studies.study import Language

GroupState: TypeAlias = Literal["living", "ended"]
MeetingState: TypeAlias = Literal["planned", "held", "cancelled"]


def _new_id() -> str:
    return secrets.token_hex(16)


def _new_key() -> str:
    """Unguessable: an address that needs no sign-in."""
    return secrets.token_urlsafe(24)


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

    @property
    def is_cancelled(self) -> bool:
        return self.state == "cancelled"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Colleagues who meet by a method, for as long as the group lives.

    Members are in the order in which they came; meetings by number.
    """

    name: str
    method: str
    language: str
    timezone: str
    """An IANA zone that exists."""
    conversation: Mapping[str, Any]
    """How to reach the group."""
    place: str
    """That conversation's id, thread included; only one living group belongs to each."""
    facilitator: str
    co_leader: str | None = None
    """Somebody with a seat who leads together with the facilitator, and after them."""
    size_min: int
    """Fewer than this are warned of, and never stopped."""
    size_max: int
    created: date
    used: date
    """The last day on which it was planned, or a session of it began."""
    retention: date
    """The last day on which anything of the group is kept."""
    card: str | None = None
    """The activity that holds the sign-up card, once it is there."""
    questionnaire: str | None = None
    """The study that is asked before the first meeting; the one that is paired with it, after
    the last."""
    id: str = field(default_factory=_new_id)
    calendar_key: str = field(default_factory=_new_key)
    state: GroupState = "living"
    version: int = 0
    members: tuple[Membership, ...] = ()
    meetings: tuple[Meeting, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def joined(self) -> tuple[Membership, ...]:
        return tuple(member for member in self.members if member.status == "joined")

    @property
    def planned(self) -> tuple[Meeting, ...]:
        """The meetings to come or under way, by time."""
        planned = (meeting for meeting in self.meetings if meeting.state == "planned")
        return tuple(sorted(planned, key=lambda meeting: meeting.starts_at))

    def follows(self, meeting: Meeting) -> datetime | None:
        """When the meeting before that one ends; None for the first."""
        before = [
            each.ends_at
            for each in self.meetings
            if not each.is_cancelled and each.starts_at < meeting.starts_at
        ]
        return max(before, default=None)

    def begun_at(self, now: datetime) -> Meeting | None:
        """The planned meeting that a session is which begins now: the nearest of those of the
        same day, or that began less than a day ago."""

        def is_near(meeting: Meeting) -> bool:
            is_today = self._day(meeting.starts_at) == self._day(now)
            return is_today or timedelta() <= now - meeting.starts_at < timedelta(days=1)

        near = filter(is_near, self.planned)
        return min(near, key=lambda meeting: abs(meeting.starts_at - now), default=None)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    @property
    def series(self) -> tuple[Meeting, ...]:
        """Every meeting that is not called off, by time."""
        there = (meeting for meeting in self.meetings if not meeting.is_cancelled)
        return tuple(sorted(there, key=lambda meeting: meeting.starts_at))

    def is_to_begin(self, now: datetime) -> bool:
        """Whether the first of its meetings is still to come."""
        return any(first in self.coming(now) for first in self.series[:1])

    def leads(self, person: str) -> bool:
        """Whether somebody may do what only those may who lead."""
        return person in (self.facilitator, self.co_leader)

    def leads_with(self, person: str) -> str | None:
        """Who leads together with whoever begins a meeting."""
        return self.facilitator if person == self.co_leader else self.co_leader

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

    def has_outlived(self, at: datetime) -> bool:
        """Whether its retention has passed: it goes, unless it is in use."""
        return at.astimezone(self.zone).date() > self.retention

    @property
    def kept_until(self) -> date:
        """The last day on which anything of it is kept: it follows use, and counts no meeting
        that was cancelled."""
        met = (m.ends_at.astimezone(self.zone).date() for m in self.meetings if not m.is_cancelled)
        return max([self.used, *met]) + (
            retention.GROUP if self.meetings else retention.UNPLANNED_GROUP
        )


# --- What happens -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """A group as its facilitator wants it."""

    plan: Plan
    language: Language
    timezone: str
    """An IANA zone that exists."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group belongs: `conversation` is how to reach it, and `id` its name there."""

    id: str
    conversation: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMeetings:
    """A series is wanted: a new group, or more meetings of one that has no more.

    `card` is the activity that will show the sign-up card, where there is one already;
    `busy` the groups that whoever plans it leads.
    """

    at: datetime
    by: str
    wish: Wish
    place: Place
    card: str | None = None
    busy: Collection[Group] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """A session is wanted where no group is."""

    at: datetime
    by: str
    method: str
    language: Language
    timezone: str
    """An IANA zone that exists."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """Somebody comes, goes or has not answered, or there is another number of seats.

    `sees`: whoever did it sees at once what came of it, and need not be told.
    """

    at: datetime
    event: signup.Event
    by: str = ""
    sees: bool = False
    hours: Mapping[str, Hours] = field(default_factory=dict)
    """Of those who wait, where they are not the usual ones."""
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol:
    """Somebody takes part in a session: in a group that meets without a plan they belong to it.

    Whoever has a place in a series has signed up for it.
    """

    at: datetime
    person: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A meeting to come begins at another local day and time."""

    at: datetime
    by: str
    meeting: str
    to: tuple[date, time]
    busy: Collection[Group] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """A meeting to come is called off."""

    at: datetime
    by: str
    meeting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """A meeting that was called off is held after all, at the time that it had."""

    at: datetime
    by: str
    meeting: str
    busy: Collection[Group] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMeeting:
    """One meeting more, at a local day and time, as long as the one before it."""

    at: datetime
    by: str
    to: tuple[date, time]
    busy: Collection[Group] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """No more meetings: those to come are called off, and the place is free."""

    at: datetime
    by: str
    is_meeting: bool = False
    """Whether a session of the group is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard:
    """The sign-up card again, where the group belongs; the old one says that it has moved."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """The group has another name, or none."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Somebody with a seat leads the group from now on."""

    at: datetime
    by: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCoLeader:
    """Somebody with a seat is to lead as well. `sees`: they are told elsewhere."""

    at: datetime
    to: str
    sees: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCoLeading:
    """The co-leader says no, or whoever leads goes on alone."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanish:
    """Somebody was taken out of the group's chat: they lead it no more, if another can."""

    at: datetime
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """The group has another language."""

    at: datetime
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A questionnaire belongs to the group's meetings, or none any more."""

    at: datetime
    questionnaire: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A session of the group begins."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The one talk that it was for is over: the place is free, and the night takes it away."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlive:
    """A night has come. `is_meeting`: a session is under way that somebody has gone on with
    since this was asked before."""

    at: datetime
    is_meeting: bool = False


Event: TypeAlias = (
    PlanMeetings
    | SignUp
    | Enrol
    | Move
    | Cancel
    | Restore
    | AddMeeting
    | End
    | PostCard
    | Rename
    | HandOver
    | NameCoLeader
    | EndCoLeading
    | Vanish
    | Speak
    | Tie
    | Use
    | Pass
    | Outlive
)


# --- Why something cannot be done ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another meeting that the facilitator leads is at the same time."""

    starts: datetime
    group: Group
    kind: Literal["overlap"] = "overlap"


@dataclass(frozen=True, slots=True)
class Occupied:
    """The place has a group that still meets."""

    group: Group
    kind: Literal["occupied"] = "occupied"


@dataclass(frozen=True, slots=True)
class Gone:
    """The group has ended, or is no more; or it has no such meeting to come."""

    kind: Literal["gone"] = "gone"


@dataclass(frozen=True, slots=True)
class Meets:
    """The group is in a session: nobody's part in it ends by the way."""

    kind: Literal["meets"] = "meets"


@dataclass(frozen=True, slots=True)
class NoCoLeader:
    """Somebody cannot lead together with the facilitator."""

    why: Literal["not_a_member", "leads_already", "has_co_leader"]
    kind: Literal["no_co_leader"] = "no_co_leader"


Refusal: TypeAlias = planning.Fault | Overlap | Occupied | Gone | Meets | NoCoLeader


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Refusal


# --- What follows -------------------------------------------------------------------------------

News: TypeAlias = Literal[
    "seated",
    "queued",
    "asked",
    "lapsed",
    "few",
    "moved",
    "cancelled",
    "restored",
    "added",
    "ended",
    "leaving",
    "leads",
    "co_leads",
]
"""What somebody is told of in their personal chat."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell somebody of news, and of which meeting where it is of one; `ends`: not after that."""

    person: str
    news: News
    meeting: Meeting | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class AwaitAnswer:
    """Who was asked should have answered by then."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DrawCard:
    """The sign-up card of that activity is drawn anew."""

    card: str


@dataclass(frozen=True, slots=True)
class SendCard:
    """The sign-up card is sent: there is none, or it is to stand further down."""


@dataclass(frozen=True, slots=True)
class PlanReminders:
    """The people or the times are others."""


@dataclass(frozen=True, slots=True)
class Destroy:
    """Leave nothing of the group but a certificate, which counts."""


Effect: TypeAlias = (
    signup.Effect | Refused | Notify | AwaitAnswer | DrawCard | SendCard | PlanReminders | Destroy
)
_Outcome: TypeAlias = tuple[Group, list[Effect]]


def found(frame: Frame, event: PlanMeetings) -> tuple[Group, list[Effect]] | Refused:
    """A new group, of a method with this frame."""
    if fault := _fault(frame, event):
        return Refused(fault)
    wish, day = event.wish, event.at.astimezone(event.wish.zone).date()
    group = Group(
        name=wish.plan.name,
        method=wish.plan.method,
        language=wish.language,
        timezone=wish.timezone,
        conversation=event.place.conversation,
        place=event.place.id,
        facilitator=event.by,
        size_min=wish.plan.least,
        size_max=wish.plan.size,
        created=day,
        used=day,
        retention=day,
        card=event.card,
        meetings=meetings_of(wish),
    )
    group = replace(group, retention=group.kept_until)
    card: Effect = SendCard() if event.card is None else DrawCard(event.card)
    return group, [card, PlanReminders()]


def gathered(frame: Frame, event: Gather) -> Group:
    """A new group that begins without a plan, of a method with this frame."""
    day = event.at.astimezone(ZoneInfo(event.timezone)).date()
    group = Group(
        name="",
        method=event.method,
        language=event.language,
        timezone=event.timezone,
        conversation=event.place.conversation,
        place=event.place.id,
        facilitator=event.by,
        size_min=frame.min_size,
        size_max=frame.max_size,
        created=day,
        used=day,
        retention=day,
    )
    return replace(group, retention=group.kept_until)


def step(frame: Frame, group: Group, event: Event) -> tuple[Group, list[Effect]]:
    """One event. `frame` is that of the method by which the group meets after it."""
    if isinstance(event, Outlive):
        return _outlive(group, event)
    if group.state == "ended":
        return _leave_the_past(group, event)
    if isinstance(event, Pass):
        today = event.at.astimezone(group.zone).date()
        return replace(group, state="ended", retention=today), []
    changed, effects = _happen(frame, group, event)
    changed, led = _led(group, changed)
    effects = [*effects, *led]
    if changed == group and SendCard() not in effects:
        return group, effects
    if _goes_on(group, changed, event.at):  # or they would be asked "after" a second time
        changed = replace(changed, questionnaire=None)
    changed = replace(changed, retention=_kept_until(group, changed, event.at))
    cards = dict.fromkeys(filter(None, (changed.card, group.card)))
    return changed, [*effects, *map(DrawCard, cards), PlanReminders()]


def _kept_until(group: Group, changed: Group, at: datetime) -> date:
    """Where the end comes nearer, because a meeting was cancelled, say, it still leaves time
    for whoever leads to hear of it, and to plan another."""
    warned = at.astimezone(changed.zone).date() + retention.WARNED
    return max(changed.kept_until, min(group.retention, warned))


def _goes_on(group: Group, changed: Group, at: datetime) -> bool:
    """Whether there are meetings again after what was the last one."""
    last, newest = group.series[-1:], changed.series[-1:]
    return any(m.ends_at <= at for m in last) and any(m.ends_at > at for m in newest)


def _leave_the_past(group: Group, event: Event) -> _Outcome:
    """Of a group that has ended one can only be no member any more."""
    if isinstance(event, SignUp) and isinstance(event.event, signup.Leave):
        gone = event.event.person
        left = replace(group, members=tuple(m for m in group.members if m.person != gone))
        return _led(group, left)[0], []
    return group, [Refused(Gone())]


def _happen(frame: Frame, group: Group, event: Event) -> _Outcome:
    match event:
        case PlanMeetings():
            return _go_on(frame, group, event)
        case SignUp():
            return _sign_up(frame, group, event)
        case Enrol(person=person, name=name):
            if group.meetings or group.member(person):
                return group, []
            member = Membership(person, name, since=event.at)
            return replace(group, members=(*group.members, member)), []
        case Move():
            return _move(group, event)
        case Cancel():
            return _change(group, event, state="cancelled")
        case Restore():
            return _restore(group, event)
        case AddMeeting():
            return _add(group, event)
        case End():
            return _end(group, event)
        case _:
            return _changed(group, event)


def _changed(group: Group, event: Event) -> _Outcome:
    """What belongs to the group itself, and not to its seats or meetings."""
    match event:
        case PostCard():
            return replace(group, card=None), [SendCard()]
        case Rename(name=name):
            why = planning.stopped_name(name)
            return (group, [Refused(why)]) if why else (replace(group, name=name.strip()), [])
        case HandOver(by=by, to=to):
            if to not in {member.person for member in group.joined}:
                return group, [Refused(Gone())]
            return replace(group, facilitator=to), [*_to_all(group, "leads", but=by)]
        case NameCoLeader():
            return _name_co_leader(group, event)
        case EndCoLeading():
            return replace(group, co_leader=None), []
        case Vanish(person=person):
            return _vanish(group, person)
        case Speak(language=language):
            return replace(group, language=language), []
        case Tie(questionnaire=study):
            # Once they have met there is nothing to compare with afterwards.
            is_late = study is not None and not group.is_to_begin(event.at)
            return (
                (group, [Refused(Gone())]) if is_late else (replace(group, questionnaire=study), [])
            )
        case _:  # Use
            return replace(group, used=max(group.used, event.at.astimezone(group.zone).date())), []


# --- Who leads ----------------------------------------------------------------------------------


def _led(before: Group, group: Group) -> _Outcome:
    """Where the facilitator gives up a seat, the co-leader leads; nobody leads without one."""
    seats = {member.person for member in group.joined}
    has_left = before.facilitator not in seats and before.member(before.facilitator) is not None
    if has_left and group.facilitator == before.facilitator and group.co_leader in seats:
        return _leads_on(group)
    if group.co_leader not in seats or group.co_leader == group.facilitator:
        return replace(group, co_leader=None), []
    return group, []


def _leads_on(group: Group) -> _Outcome:
    """The co-leader leads in the facilitator's place; all but the one who goes are told."""
    gone, heir = group.facilitator, group.co_leader or group.facilitator
    led = replace(group, facilitator=heir, co_leader=None)
    return led, [*_to_all(led, "leads", but=gone)]


def _vanish(group: Group, person: str) -> _Outcome:
    if person == group.co_leader:
        return replace(group, co_leader=None), []
    has_another = person == group.facilitator and group.co_leader is not None
    return _leads_on(group) if has_another else (group, [])


def _name_co_leader(group: Group, event: NameCoLeader) -> _Outcome:
    to = event.to
    if to == group.co_leader:  # named twice
        return group, []
    if to == group.facilitator:
        return group, [Refused(NoCoLeader("leads_already"))]
    if to not in {member.person for member in group.joined}:
        return group, [Refused(NoCoLeader("not_a_member"))]
    if group.co_leader:
        return group, [Refused(NoCoLeader("has_co_leader"))]
    told = [] if event.sees else [Notify(to, "co_leads")]
    return replace(group, co_leader=to), [*told]


# --- Planning -----------------------------------------------------------------------------------


def fault(frame: Frame, wish: Wish, at: datetime) -> planning.Fault | None:
    """What is wrong with a wish, wherever it is made."""
    return (
        planning.check(wish.plan, wish.zone, at)
        or size_fault(wish.plan.size, frame)
        or size_fault(wish.plan.least, frame)
    )


def overlap(planned: Sequence[Meeting], busy: Iterable[Group]) -> Overlap | None:
    """Where somebody would have to be in two meetings."""
    spans, own = [_span(meeting) for meeting in planned], {meeting.id for meeting in planned}
    for group in busy:
        others = [_span(meeting) for meeting in group.planned if meeting.id not in own]
        if found := planning.overlap(spans, others):
            return Overlap(found[1].starts, group)
    return None


def _fault(frame: Frame, event: PlanMeetings) -> Refusal | None:
    """What hinders a plan at that time."""
    if wrong := fault(frame, event.wish, event.at):
        return wrong
    return overlap(meetings_of(event.wish), event.busy)


def is_planned(group: Group, event: PlanMeetings) -> bool:
    """Whether a plan is what its facilitator has planned already: it was asked for twice."""
    here = [_span(meeting) for meeting in group.coming(event.at)]
    return group.leads(event.by) and here == [_span(m) for m in meetings_of(event.wish)]


def is_occupied(group: Group, by: str, at: datetime) -> bool:
    """Whether somebody can plan nothing where this group belongs."""
    return bool(group.coming(at)) or not group.leads(by)


def _go_on(frame: Frame, group: Group, event: PlanMeetings) -> _Outcome:
    if wrong := fault(frame, event.wish, event.at):
        return group, [Refused(wrong)]
    if is_planned(group, event):
        return group, []
    if is_occupied(group, event.by, event.at):
        return group, [Refused(Occupied(group))]
    new = meetings_of(event.wish, since=len(group.meetings) + 1)
    if clash := overlap(new, event.busy):
        return group, [Refused(clash)]
    wish = event.wish
    longer = replace(
        group,
        name=wish.plan.name or group.name,
        method=wish.plan.method,
        language=wish.language,
        timezone=wish.timezone,
        size_min=wish.plan.least,
        card=event.card,
        # Who met here without a plan has not signed up for a series.
        members=group.members if group.meetings else (),
        meetings=(*group.meetings, *new),
    )
    told = _to_all(longer, "added", but=event.by)
    signed, effects = _sign_up(
        frame, longer, SignUp(at=event.at, event=signup.Resize(wish.plan.size), by=event.by)
    )
    sent = [SendCard()] if event.card is None else []
    return signed, [*told, *effects, *sent]


def meetings_of(wish: Wish, since: int = 1) -> tuple[Meeting, ...]:
    """The meetings of a plan that `fault` finds nothing wrong with."""
    begin = planning.occurrences(wish.plan, wish.zone)
    return tuple(
        Meeting(number, starts, wish.plan.minutes) for number, starts in enumerate(begin, since)
    )


def _span(meeting: Meeting) -> Span:
    return Span(meeting.starts_at, meeting.minutes)


# --- Signing up ---------------------------------------------------------------------------------


def roster(frame: Frame, group: Group) -> Roster:
    """The members as signing up sees them."""
    return Roster(group.size_max, frame.advised_size, group.members)


def _sign_up(frame: Frame, group: Group, event: SignUp) -> _Outcome:
    match event.event:
        case signup.Resize(size) if wrong := size_fault(size, frame):
            return group, [Refused(wrong)]
    after, effects = signup.step(roster(frame, group), event.event, _answers(group, event))
    had = {member.person for member in group.joined}
    members = tuple(
        replace(m, since=event.at) if m.status == "joined" and m.person not in had else m
        for m in after.members
    )
    changed = replace(group, size_max=after.size, members=members)
    told = [
        news
        for news in _news(changed, effects)
        if not (event.sees and news.person == event.by and news.news in ("seated", "queued"))
    ]
    asked = [AwaitAnswer(e.person, e.until) for e in effects if isinstance(e, signup.Asked)]
    return changed, [*effects, *told, *asked]


def _answers(group: Group, event: SignUp) -> dict[str, datetime]:
    """Who in line can be asked now, and until when a seat is kept for each."""
    coming = [meeting.starts_at for meeting in group.coming(event.at)]
    meetings = coming if group.meetings else None
    quiet, usual = QuietHours(group.zone, event.quiet), Hours(group.zone)
    until = {
        member.person: signup.answer_by(
            event.at, event.hours.get(member.person, usual), quiet, meetings
        )
        for member in group.members
        if member.status == "waiting"
    }
    return {person: moment for person, moment in until.items() if moment is not None}


def _news(group: Group, effects: Iterable[signup.Effect]) -> Iterable[Notify]:
    for effect in effects:
        match effect:
            case signup.Seated(person):
                yield Notify(person, "seated")
            case signup.Queued(person):
                yield Notify(person, "queued")
            case signup.Asked(person, until):
                yield Notify(person, "asked", ends=until)
            case signup.Lapsed(person):
                yield Notify(person, "lapsed")
            case signup.Few():
                yield Notify(group.facilitator, "few")


# --- Dates --------------------------------------------------------------------------------------


def _move(group: Group, event: Move) -> _Outcome:
    old = group.meeting(event.meeting)
    if old is None:
        return group, [Refused(Gone())]
    starts = planning.moment(*event.to, group.zone, event.at)
    if not isinstance(starts, datetime):
        return group, [Refused(starts)]
    if clash := overlap([replace(old, starts_at=starts)], event.busy):
        return group, [Refused(clash)]
    return _change(group, event, starts_at=starts)


def _change(group: Group, event: Move | Cancel, **values: Any) -> _Outcome:
    """A meeting to come is another; everyone but whoever did it is told."""
    old = group.meeting(event.meeting)
    if old is None or old not in group.coming(event.at):
        return group, [Refused(Gone())]
    new = replace(old, **values)
    if new == old:
        return group, []
    new = replace(new, sequence=old.sequence + 1)
    changed = _with(group, [new])
    news: News = "cancelled" if new.is_cancelled else "moved"
    told = [*_to_all(changed, news, new, but=event.by)]
    capped, awaited = _capped(changed, event.at)
    return capped, [*told, *awaited]


def _restore(group: Group, event: Restore) -> _Outcome:
    old = group.meeting(event.meeting)
    if old is None or not old.is_cancelled or old.starts_at < event.at:
        return group, [Refused(Gone())]
    if clash := overlap([old], event.busy):
        return group, [Refused(clash)]
    new = replace(old, state="planned", sequence=old.sequence + 1)
    changed = _with(group, [new])
    capped, awaited = _capped(changed, event.at)
    return capped, [*_to_all(changed, "restored", new, but=event.by), *awaited]


def _add(group: Group, event: AddMeeting) -> _Outcome:
    last = max(group.meetings, key=lambda meeting: meeting.number, default=None)
    if last is None:  # it meets without a plan, and is to be planned first
        return group, [Refused(Gone())]
    starts = planning.moment(*event.to, group.zone, event.at)
    if not isinstance(starts, datetime):
        return group, [Refused(starts)]
    coming = group.coming(event.at)
    if starts in {meeting.starts_at for meeting in coming}:  # it was asked for twice
        return group, []
    if len(coming) == planning.MAX_MEETINGS:
        return group, [Refused(BadNumber("meetings", len(coming) + 1, 1, len(coming)))]
    new = Meeting(last.number + 1, starts, last.minutes)
    if clash := overlap([new], event.busy):
        return group, [Refused(clash)]
    changed = replace(group, meetings=(*group.meetings, new))
    capped, awaited = _capped(changed, event.at)
    return capped, [*_to_all(changed, "added", but=event.by), *awaited]


def _capped(group: Group, at: datetime) -> _Outcome:
    """No seat is kept for an answer beyond the next meeting."""
    following = group.next_meeting(at)
    if following is None:
        return group, []
    begins = following.starts_at
    late = {m.person for m in group.members if m.asked_until and m.asked_until > begins}
    members = tuple(
        replace(m, asked_until=begins) if m.person in late else m for m in group.members
    )
    return replace(group, members=members), [AwaitAnswer(each, begins) for each in sorted(late)]


def _end(group: Group, event: End) -> _Outcome:
    if event.is_meeting:
        return group, [Refused(Meets())]
    over = [
        replace(meeting, state="cancelled", sequence=meeting.sequence + 1)
        for meeting in group.coming(event.at)
    ]
    ended = _with(replace(group, state="ended"), over)
    return ended, [*_to_all(group, "ended", but=event.by)]


def _with(group: Group, changed: Iterable[Meeting]) -> Group:
    new = {meeting.id: meeting for meeting in changed}
    return replace(group, meetings=tuple(new.get(m.id, m) for m in group.meetings))


def _to_all(
    group: Group, news: News, meeting: Meeting | None = None, *, but: str
) -> Iterable[Notify]:
    """To everyone in the group or in line for it, but for whoever did it."""
    for member in group.members:
        if member.person != but:
            ends = meeting.starts_at if meeting else member.asked_until
            yield Notify(member.person, news, meeting, ends)


# --- Log forms ----------------------------------------------------------------------------------


def form_ends(group: Group, after: After, now: datetime) -> date:
    """The last day on which a log form that is written now is kept.

    By the calendar, for a meeting need not have a session: some days after the meeting
    that it is for, which is the one under way or the next.
    """
    days = timedelta(days=after.destroy_forms_days)
    for meeting in sorted(group.meetings, key=lambda meeting: meeting.starts_at):
        if meeting.ends_at > now and not meeting.is_cancelled:
            return meeting.ends_at.astimezone(group.zone).date() + days
    return now.astimezone(group.zone).date() + retention.FORM_WITHOUT_MEETING


# --- The end ------------------------------------------------------------------------------------


def _outlive(group: Group, event: Outlive) -> _Outcome:
    """Nothing that is in use is destroyed."""
    today = event.at.astimezone(group.zone).date()
    if not group.has_outlived(event.at):
        return group, []
    if event.is_meeting:
        used = replace(group, used=today)
        return replace(used, retention=used.kept_until), []
    return group, [Destroy()]
