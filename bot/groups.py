"""Carrying out what happens to a group: one change, one transaction, everyone told once.

A circle is read whole, changed by a pure function, and saved whole; whoever is too
late with it begins again from a fresh read. What has to be told because of a change
is rows of the outbox in the same transaction: the card is drawn anew, reminders are
planned anew, and whoever is concerned gets a letter. A press that is delivered twice
changes nothing the second time: its nonce has been seen.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from bot.gateway.events import Conversation, Json, Origin, Person
from bot.methods import Methods, kept
from bot.now import Now
from bot.outgoing import digest
from bot.reminders import plan_row
from bot.zones import zone_named
from dialogs import series, signup
from dialogs.method import Method
from dialogs.series import Plan, Span, size_fault
from dialogs.signup import Roster
from dialogs.study import Language
from storage.database import Stale
from storage.groups import Circle, Group, Meeting, channel_of
from storage.operational import AlreadySeen, Entry, Operational, Transaction
from storage.outbox import Claimed, Message
from storage.sessions import Sessions as StoredSessions

KEPT = timedelta(days=90)
"""How long a group is kept after its last meeting."""
SYSTEM = "the clock"

News: TypeAlias = Literal[
    "seated", "queued", "asked", "lapsed", "few", "moved", "cancelled", "added", "ended"
]
"""What a letter in the personal chat tells of."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A group as its facilitator wants it."""

    plan: Plan
    language: Language
    timezone: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """What somebody did, told apart from everything else that they do: `step` is its nonce."""

    origin: Origin
    step: str

    @property
    def person(self) -> Person:
        return self.origin.person


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
class LeadsHere:
    """Whoever leads an office does not facilitate there."""

    kind: Literal["leads_here"] = "leads_here"


@dataclass(frozen=True, slots=True)
class NoSuchZone:
    written: str
    kind: Literal["no_such_zone"] = "no_such_zone"


@dataclass(frozen=True, slots=True)
class Gone:
    """The group has ended, or is no more; or it has no such meeting to come."""

    kind: Literal["gone"] = "gone"


Obstacle: TypeAlias = series.Fault | Overlap | Occupied | LeadsHere | NoSuchZone | Gone


@dataclass(frozen=True, slots=True)
class Outcome:
    """The circle as it is now, and what there is to say of it; nothing after a second press."""

    circle: Circle
    effects: tuple[signup.Effect, ...] = ()


_Letter: TypeAlias = tuple[str, News, Meeting | None]
"""To whom, what, and of which meeting if of one."""


@dataclass(frozen=True, slots=True)
class _Change:
    circle: Circle
    letters: tuple[_Letter, ...] = ()
    effects: tuple[signup.Effect, ...] = ()
    posts: bool = False
    """Whether the sign-up card is to be sent, because there is none, or further down."""


_How: TypeAlias = Callable[[Circle], _Change | Outcome | Obstacle]


class Groups:
    """Every group, over its storage."""

    def __init__(
        self, operational: Operational, sessions: StoredSessions, methods: Methods, now: Now
    ) -> None:
        self._operational = operational
        self._sessions = sessions
        self._methods = methods
        self.now = now
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """One change of a group at a time, so that eight at once need not try again."""

    async def circle(self, group: str) -> Circle | None:
        return await self._operational.groups.circle(group)

    def method(self, group: Group) -> Method:
        return self._methods.get(group.method)

    def name(self, group: Group, language: Language) -> str:
        """What a group is called: as its method, where nobody has named it."""
        return group.name or self.method(group).title[language]

    def roster(self, circle: Circle) -> Roster:
        """The members as signing up sees them."""
        advised = self.method(circle.group).frame.advised_size
        return Roster(circle.group.size_max, advised, circle.members)

    # Planning

    async def hindrance(self, origin: Origin) -> Occupied | LeadsHere | None:
        """Why somebody can plan nothing here, whatever they would plan."""
        if await self.leads_at(origin.person.id, origin.conversation):
            return LeadsHere()
        here = await self._here(origin.conversation)
        if here is None:
            return None
        is_theirs = here.group.facilitator == origin.person.id
        return Occupied(here.group) if here.coming(self.now()) or not is_theirs else None

    async def suits(self, origin: Origin, wish: Wish) -> bool:
        """Whether it could be planned now, where nothing hinders that."""
        is_right = self._fault(wish) is None
        return is_right and not await self._overlap(origin.person.id, _spans(wish))

    async def plan(
        self, pressed: Pressed, wish: Wish, card: str | None = None
    ) -> Outcome | Obstacle:
        """A new group where it was asked for, or more meetings of the one that has no more.

        `card` is the activity that will show the sign-up card, where there is one already.
        """
        if obstacle := await self._obstacle(pressed, wish):
            return obstacle
        here = await self._here(pressed.origin.conversation)
        if here and here.coming(self.now()):
            return self._taken(here, pressed, wish)
        if overlap := await self._overlap(pressed.person.id, _spans(wish)):
            return overlap
        if here:
            return await self._go_on(pressed, here.group, wish, card)
        return await self._found(pressed, wish, card)

    async def _here(self, place: Conversation) -> Circle | None:
        """The living group of just this chat or thread."""
        for group in await self._operational.groups.at_place(place.id):
            if group.place == place.id:
                return await self.circle(group.id)
        return None

    def _taken(self, here: Circle, pressed: Pressed, wish: Wish) -> Outcome | Occupied:
        """Somebody's own group, asked for once more; or one that is in the way."""
        is_theirs = here.group.facilitator == pressed.person.id
        is_same = _times(here.coming(self.now())) == _times(_meetings(wish))
        return Outcome(here) if is_theirs and is_same else Occupied(here.group)

    async def _obstacle(self, pressed: Pressed, wish: Wish) -> Obstacle | None:
        fault = self._fault(wish)
        if fault is None and await self.leads_at(pressed.person.id, pressed.origin.conversation):
            return LeadsHere()
        return fault

    def _fault(self, wish: Wish) -> series.Fault | NoSuchZone | None:
        zone, frame = zone_named(wish.timezone), self._methods.get(wish.plan.method).frame
        if zone is None:
            return NoSuchZone(wish.timezone)
        return (
            series.check(wish.plan, zone, self.now())
            or size_fault(wish.plan.size, frame)
            or size_fault(wish.plan.least, frame)
        )

    async def leads_at(self, person: str, place: Conversation) -> bool:
        """Whether somebody is listed as the leader of this channel's, chat's or team's office."""
        offices = {channel_of(place.id), place.team or place.id}
        return await self._operational.groups.leads(person, offices)

    async def _overlap(
        self, facilitator: str, planned: Sequence[Span], *, but: str = ""
    ) -> Overlap | None:
        """Where a facilitator would have to be in two meetings; `but` is the id of one of them."""
        for group in await self._operational.groups.led_by(facilitator):
            circle = await self.circle(group.id)
            meetings = [m for m in circle.planned if m.id != but] if circle else []
            others = [Span(meeting.starts_at, meeting.minutes) for meeting in meetings]
            if found := series.overlap(planned, others):
                return Overlap(found[1].starts, group)
        return None

    async def _found(self, pressed: Pressed, wish: Wish, card: str | None) -> Outcome | Obstacle:
        place, today = pressed.origin.conversation, self.now().date()
        group = Group(
            name=wish.plan.name,
            method=wish.plan.method,
            language=wish.language,
            timezone=wish.timezone,
            conversation=asdict(place),
            place=place.id,
            facilitator=pressed.person.id,
            size_min=wish.plan.least,
            size_max=wish.plan.size,
            created=today,
            retention=today,
            card=card,
        )
        circle = _kept(Circle(group, (), _meetings(wish)))
        try:
            async with self._operational.begin() as transaction:
                self._note(transaction, pressed)
                method = kept(self.method(group))
                transaction.also(self._operational.methods.keep(method, today))
                transaction.also(self._operational.groups.add(circle))
                transaction.enqueue_all(self._rows(circle, _Change(circle, posts=card is None)))
        except (AlreadySeen, IntegrityError):
            # Pressed twice, or somebody else was quicker.
            here = await self._here(place)
            return self._taken(here, pressed, wish) if here else Gone()
        return Outcome(circle)

    async def _go_on(
        self, pressed: Pressed, here: Group, wish: Wish, card: str | None
    ) -> Outcome | Obstacle:
        def change(circle: Circle) -> _Change | Outcome | Obstacle:
            is_theirs = circle.group.facilitator == pressed.person.id
            if circle.coming(self.now()) or not is_theirs:
                return self._taken(circle, pressed, wish)
            new = _meetings(wish, since=len(circle.meetings) + 1)
            group = replace(
                circle.group,
                name=wish.plan.name or circle.group.name,
                method=wish.plan.method,
                language=wish.language,
                timezone=wish.timezone,
                size_min=wish.plan.least,
                card=card,
            )
            longer = _kept(replace(circle, group=group, meetings=(*circle.meetings, *new)))
            signed = self._signed(longer, signup.Resize(wish.plan.size))
            told = _to_all(longer, "added", but=pressed)
            return replace(signed, letters=(*told, *signed.letters), posts=card is None)

        return await self._change(here.id, change, pressed)

    # Signing up

    async def join(self, group: str, pressed: Pressed) -> Outcome | Obstacle:
        person = pressed.person
        return await self._sign(group, signup.Join(person.id, person.name), pressed)

    async def leave(self, group: str, pressed: Pressed) -> Outcome | Obstacle:
        return await self._sign(group, signup.Leave(pressed.person.id), pressed)

    async def resize(self, group: str, size: int, pressed: Pressed) -> Outcome | Obstacle:
        """Another number of seats; nobody loses one."""

        def change(circle: Circle) -> _Change | Obstacle:
            fault = size_fault(size, self.method(circle.group).frame)
            return fault or self._signed(circle, signup.Resize(size), pressed)

        return await self._change(group, change, pressed)

    async def expire(self, message: Claimed) -> None:
        """Somebody who was asked should have answered by now."""
        event = signup.Expire(self.now())
        await self._change(message.payload["group"], lambda circle: self._signed(circle, event))

    async def _sign(self, group: str, event: signup.Event, pressed: Pressed) -> Outcome | Obstacle:
        return await self._change(
            group, lambda circle: self._signed(circle, event, pressed), pressed
        )

    def _signed(
        self, circle: Circle, event: signup.Event, pressed: Pressed | None = None
    ) -> _Change:
        now, group = self.now(), circle.group
        following = circle.next_meeting(now)
        until = signup.answer_by(
            now, ZoneInfo(group.timezone), following.starts_at if following else None
        )
        roster, effects = signup.step(self.roster(circle), event, until)
        changed = replace(
            circle, group=replace(group, size_max=roster.size), members=roster.members
        )
        letters = [*_letters(group, effects)]
        if pressed and pressed.origin.is_personal:  # they see there what came of it
            answers = [(pressed.person.id, news, None) for news in ("seated", "queued")]
            letters = [letter for letter in letters if letter not in answers]
        return _Change(changed, tuple(letters), tuple(effects))

    # Dates

    async def move(
        self, group: str, meeting: str, to: tuple[date, time], pressed: Pressed
    ) -> Outcome | Obstacle:
        """A meeting to come begins at another local day and time."""
        circle = await self.circle(group)
        found = circle.meeting(meeting) if circle else None
        if circle is None or found is None:
            return Gone()
        starts = series.moment(*to, ZoneInfo(circle.group.timezone), self.now())
        if not isinstance(starts, datetime):
            return starts
        facilitator = circle.group.facilitator
        if overlap := await self._overlap(facilitator, [Span(starts, found.minutes)], but=meeting):
            return overlap
        return await self._remake(
            group, meeting, "moved", pressed, lambda old: replace(old, starts_at=starts)
        )

    async def cancel(self, group: str, meeting: str, pressed: Pressed) -> Outcome | Obstacle:
        """A meeting to come is called off."""
        return await self._remake(group, meeting, "cancelled", pressed, _cancelled)

    async def _remake(
        self,
        group: str,
        meeting: str,
        news: News,
        pressed: Pressed,
        how: Callable[[Meeting], Meeting],
    ) -> Outcome | Obstacle:
        def change(circle: Circle) -> _Change | Obstacle:
            old = circle.meeting(meeting)
            if old is None or old not in circle.coming(self.now()):
                return Gone()
            new = how(old)
            if new == old:
                return _Change(circle)
            new = replace(new, sequence=old.sequence + 1)
            changed = _kept(_with(circle, [new]))
            return _Change(changed, _to_all(changed, news, new, but=pressed))

        return await self._change(group, change, pressed)

    async def end(self, group: str, pressed: Pressed) -> Outcome | Obstacle:
        """No more meetings: those to come are called off, and the place is free."""

        def change(circle: Circle) -> _Change:
            over = [
                replace(_cancelled(meeting), sequence=meeting.sequence + 1)
                for meeting in circle.coming(self.now())
            ]
            ended = replace(circle, group=replace(circle.group, state="ended"))
            return _Change(_with(ended, over), _to_all(circle, "ended", but=pressed))

        return await self._change(group, change, pressed)

    async def post(self, group: str, pressed: Pressed) -> Outcome | Obstacle:
        """The sign-up card again, where the group belongs; the old one says that it has moved."""

        def change(circle: Circle) -> _Change:
            cardless = replace(circle, group=replace(circle.group, card=None))
            return _Change(cardless, posts=True)

        return await self._change(group, change, pressed)

    # Retention

    async def destroy(self, message: Claimed) -> None:
        """A group has passed its retention date: leave only a certificate."""
        circle = await self.circle(message.payload["group"])
        if circle is None or self.now().date() <= circle.group.retention:
            return  # done already, or kept for longer by now
        certificate = (
            f"destroyed a group: {len(circle.members)} members, {len(circle.meetings)} meetings"
        )
        async with self._operational.begin() as transaction:
            transaction.also(self._sessions.destroy(circle.group.id))
            transaction.also(self._operational.groups.destroy(circle))
            transaction.audit(Entry(self.now(), SYSTEM, certificate))

    # One change

    async def _change(
        self, group_id: str, how: _How, pressed: Pressed | None = None
    ) -> Outcome | Obstacle:
        """Change a living group; again from a fresh read where another replica was quicker."""
        async with self._changing.setdefault(group_id, asyncio.Lock()):
            while True:
                try:
                    return await self._try(group_id, how, pressed)
                except Stale:
                    continue

    async def _try(self, group_id: str, how: _How, pressed: Pressed | None) -> Outcome | Obstacle:
        """Raises `Stale`."""
        groups = self._operational.groups
        circle = await groups.circle(group_id)
        if circle is None or circle.group.state == "ended":
            return Gone()
        change = how(circle)
        if not isinstance(change, _Change):
            return change
        if change.circle == circle and not change.posts:
            return Outcome(circle, change.effects)
        version = circle.group.version + 1
        saved = replace(change.circle, group=replace(change.circle.group, version=version))
        try:
            async with self._operational.begin() as transaction:
                if pressed:
                    self._note(transaction, pressed)
                transaction.also(groups.save(change.circle))
                transaction.enqueue_all(self._rows(saved, change, circle.group.card))
        except AlreadySeen:
            return Outcome(circle)
        return Outcome(saved, change.effects)

    def _note(self, transaction: Transaction, pressed: Pressed) -> None:
        origin, person = pressed.origin, pressed.person
        chat = asdict(origin.conversation) if origin.is_personal else None
        transaction.see(pressed.step, person.id, self.now())
        transaction.remember(person.id, person.teams_id, chat, origin.timezone)

    def _rows(
        self, circle: Circle, change: _Change, old_card: str | None = None
    ) -> Iterator[Message]:
        """What follows from a change. `circle` has the version after it."""
        group, now = circle.group, self.now()
        stamp = f"{group.id}:{group.version}"
        for card in filter(None, {group.card, old_card}):
            about: Json = {"group": group.id, "card": card}
            yield Message(f"group_card:{stamp}:{card}", "group_card", {}, about, now)
        if change.posts:
            about = {"group": group.id}
            yield Message(f"group_signup:{stamp}", "group_signup", group.conversation, about, now)
        yield plan_row("meeting", group.id, now)
        for person, news, meeting in change.letters:
            member = circle.member(person)
            ends = meeting.starts_at if meeting else member.asked_until if member else None
            about = {"group": group.id, "person": person, "news": news}
            if meeting:
                about |= {"meeting": meeting.id, "sequence": meeting.sequence}
            key = digest(stamp, person, news)
            yield Message(key, "group_letter", {}, about, now, ends)
        for effect in change.effects:
            if isinstance(effect, signup.Asked):
                key = digest(stamp, effect.person, "over")
                yield Message(key, "group_ask_over", {}, {"group": group.id}, effect.until)


def _meetings(wish: Wish, since: int = 1) -> tuple[Meeting, ...]:
    begin = series.occurrences(wish.plan, ZoneInfo(wish.timezone))
    return tuple(
        Meeting(number, starts, wish.plan.minutes) for number, starts in enumerate(begin, since)
    )


def _spans(wish: Wish) -> list[Span]:
    return [Span(meeting.starts_at, meeting.minutes) for meeting in _meetings(wish)]


def _times(meetings: Iterable[Meeting]) -> list[tuple[datetime, int]]:
    return [(meeting.starts_at, meeting.minutes) for meeting in meetings]


def _kept(circle: Circle) -> Circle:
    """Until some time after the last meeting."""
    days = [circle.group.created, *(meeting.starts_at.date() for meeting in circle.meetings)]
    return replace(circle, group=replace(circle.group, retention=max(days) + KEPT))


def _cancelled(meeting: Meeting) -> Meeting:
    return replace(meeting, state="cancelled")


def _with(circle: Circle, changed: Iterable[Meeting]) -> Circle:
    new = {meeting.id: meeting for meeting in changed}
    return replace(circle, meetings=tuple(new.get(m.id, m) for m in circle.meetings))


def _to_all(
    circle: Circle, news: News, meeting: Meeting | None = None, *, but: Pressed
) -> tuple[_Letter, ...]:
    """To everyone in the group or in line for it, but for whoever did it."""
    people = (member.person for member in circle.members)
    return tuple((person, news, meeting) for person in people if person != but.person.id)


def _letters(group: Group, effects: Iterable[signup.Effect]) -> Iterator[_Letter]:
    for effect in effects:
        match effect:
            case signup.Seated(person):
                yield person, "seated", None
            case signup.Queued(person):
                yield person, "queued", None
            case signup.Asked(person):
                yield person, "asked", None
            case signup.Lapsed(person):
                yield person, "lapsed", None
            case signup.Few():
                yield group.facilitator, "few", None
