"""Carrying out what a group decides: one change, one transaction, everyone told once.

A group is read whole, changed by `dialogs.groups.group.step`, and saved whole; whoever
is too late with it begins again from a fresh read. What follows from a change is rows of
the outbox in the same transaction. A press that is delivered twice changes nothing the
second time: its nonce has been seen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal, TypeAlias
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from bot.delivery.outgoing import case_closed, digest, place_cases, plan_row
from bot.gateway.events import Conversation, Json, Origin, Person
from bot.operation.clock import Now
from bot.sessions.methods import Methods, kept
from bot.ui.zones import zone_named
from dialogs.groups import group as rules
from dialogs.groups import signup
from dialogs.groups.cases import queued
from dialogs.groups.group import (
    AwaitAnswer,
    Destroy,
    DrawCard,
    Effect,
    End,
    Event,
    Gone,
    Group,
    Notify,
    Occupied,
    Outlive,
    Place,
    PlanMeetings,
    PlanReminders,
    Refused,
    SendCard,
    SignUp,
    Wish,
    found,
    step,
)
from dialogs.groups.signup import Roster
from dialogs.groups.working_hours import Hours
from dialogs.sessions.method import Frame, Method
from dialogs.studies.study import LANGUAGES, Language
from storage.database import Stale
from storage.operational.cases import CaseStore
from storage.operational.groups import channel_of
from storage.operational.outbox import Claimed, OutboxMessage
from storage.operational.sessions import SessionStore as StoredSessions
from storage.operational.store import AlreadySeen, Operational, Transaction


@dataclass(frozen=True, slots=True)
class Pressed:
    """What somebody did, told apart from everything else that they do: `step` is its nonce."""

    origin: Origin
    step: str

    @property
    def person(self) -> Person:
        return self.origin.person


@dataclass(frozen=True, slots=True)
class LeadsHere:
    """Whoever leads an office does not facilitate there."""

    kind: Literal["leads_here"] = "leads_here"


@dataclass(frozen=True, slots=True)
class NoSuchZone:
    written: str
    kind: Literal["no_such_zone"] = "no_such_zone"


Refusal: TypeAlias = rules.Refusal | LeadsHere | NoSuchZone


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """The group as it is now."""

    group: Group


class GroupService:
    """Every group, over its storage."""

    def __init__(
        self,
        operational: Operational,
        sessions: StoredSessions,
        methods: Methods,
        hours: Callable[[str, ZoneInfo], Awaitable[Hours]],
        now: Now,
        *,
        cases: CaseStore,
    ) -> None:
        self._hours = hours
        self._operational = operational
        self._sessions = sessions
        self._cases = cases
        self._methods = methods
        self.now = now
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """One change of a group at a time, so that eight at once need not try again."""

    async def get(self, group: str) -> Group | None:
        return await self._operational.groups.get(group)

    def frame(self, group: Group) -> Frame:
        return self.method(group).frame

    def method(self, group: Group) -> Method:
        return self._methods.get(group.method)

    def name(self, group: Group, language: Language) -> str:
        """What a group is called: as its method, where nobody has named it."""
        return group.name or self.method(group).title[language]

    def roster(self, group: Group) -> Roster:
        """The members as signing up sees them."""
        return rules.roster(self.frame(group), group)

    # Planning

    async def hindrance(self, origin: Origin) -> Occupied | LeadsHere | None:
        """Why somebody can plan nothing here, whatever they would plan."""
        if await self.leads_at(origin.person.id, origin.conversation):
            return LeadsHere()
        here = await self._here(origin.conversation)
        is_occupied = here and rules.is_occupied(here, origin.person.id, self.now())
        return Occupied(here) if here and is_occupied else None

    async def against(self, origin: Origin, wish: Wish) -> Refusal | None:
        """Why it could not be planned now, where nothing hinders that."""
        if zone_named(wish.timezone) is None:
            return NoSuchZone(wish.timezone)
        if wrong := rules.fault(self._frame(wish), wish, self.now()):
            return wrong
        busy = await self._operational.groups.led_by(origin.person.id)
        return rules.overlap(rules.meetings_of(wish), busy)

    async def plan(
        self, pressed: Pressed, wish: Wish, card: str | None = None
    ) -> GroupChanged | Refusal:
        """A new group where it was asked for, or more meetings of the one that has no more.

        `card` is the activity that will show the sign-up card, where there is one already.
        """
        place, by = pressed.origin.conversation, pressed.person.id
        if zone_named(wish.timezone) is None:
            return NoSuchZone(wish.timezone)
        if await self.leads_at(by, place):
            return rules.fault(self._frame(wish), wish, self.now()) or LeadsHere()
        event = PlanMeetings(
            at=self.now(),
            by=by,
            wish=wish,
            place=Place(place.id, asdict(place)),
            card=card,
            busy=await self._operational.groups.led_by(by),
        )
        here = await self._here(place)
        if here is None:
            return await self._found(event, pressed)
        return await self.act(here.id, event, pressed)

    def _frame(self, wish: Wish) -> Frame:
        return self._methods.get(wish.plan.method).frame

    async def _here(self, place: Conversation) -> Group | None:
        """The living group of just this chat or thread."""
        groups = await self._operational.groups.at_place(place.id)
        return next((group for group in groups if group.place == place.id), None)

    async def leads_at(self, person: str, place: Conversation) -> bool:
        """Whether somebody is listed as the leader of this channel's, chat's or team's office."""
        offices = {channel_of(place.id), place.team or place.id}
        return await self._operational.groups.leads(person, offices)

    async def _found(self, event: PlanMeetings, pressed: Pressed) -> GroupChanged | Refusal:
        decided = found(self._frame(event.wish), event)
        if isinstance(decided, Refused):
            return decided.why
        group, effects = decided
        try:
            async with self._operational.begin() as transaction:
                self._note(transaction, pressed)
                method = kept(self.method(group))
                transaction.run(self._operational.methods.keep(method, group.created))
                transaction.run(self._operational.groups.add(group))
                transaction.enqueue_all(self._rows(group, effects))
        except (AlreadySeen, IntegrityError):
            # Pressed twice, or somebody else was quicker.
            here = await self._here(pressed.origin.conversation)
            return await self.act(here.id, event, pressed) if here else Gone()
        return GroupChanged(group)

    # Everything else

    async def act(
        self, group_id: str, event: Event, pressed: Pressed | None = None
    ) -> GroupChanged | Refusal:
        """Let something happen to a group; again from a fresh read where another was quicker."""
        async with self._changing.setdefault(group_id, asyncio.Lock()):
            while True:
                try:
                    return await self._try(group_id, event, pressed)
                except Stale:
                    continue

    async def expire(self, message: Claimed) -> None:
        """Somebody who was asked should have answered by now."""
        now = self.now()
        await self.act(message.payload["group"], SignUp(at=now, event=signup.Expire(now)))

    async def outlive(self, message: Claimed) -> None:
        """A group may have passed its retention date; what is in use is kept.

        A session in which nothing has happened since this was asked before is not in use.
        """
        group_id, seen = message.payload["group"], message.payload.get("seen")
        session = await self._sessions.under_way(group_id)
        is_meeting = session is not None and session != seen
        outcome = await self.act(group_id, Outlive(at=self.now(), is_meeting=is_meeting))
        if is_meeting and isinstance(outcome, GroupChanged):
            retention = outcome.group.retention
            due = datetime.combine(retention + timedelta(days=1), time(), outcome.group.zone)
            key = digest("destroy_group", group_id, retention.isoformat())
            row = OutboxMessage(key, "destroy_group", {}, {"group": group_id, "seen": session}, due)
            async with self._operational.begin() as transaction:
                transaction.enqueue(row)

    async def _try(
        self, group_id: str, event: Event, pressed: Pressed | None
    ) -> GroupChanged | Refusal:
        """Raises `Stale`."""
        group = await self.get(group_id)
        if group is None:
            return Gone()
        frame = self._frame(event.wish) if isinstance(event, PlanMeetings) else self.frame(group)
        if isinstance(event, SignUp):
            quiet = await self._operational.preferences.quiet(group.id)
            event = replace(event, hours=await self._hours_of(group), quiet=quiet)
        if isinstance(event, End):
            session = await self._sessions.under_way(group.id)
            event = replace(event, is_meeting=session is not None)
        changed, effects = step(frame, group, event)
        for effect in effects:
            if isinstance(effect, Refused):
                return effect.why
        saved = replace(changed, version=group.version + 1)
        rows = [*self._rows(saved, effects)]
        if changed == group and not rows and Destroy not in map(type, effects):
            return GroupChanged(group)
        if Destroy in map(type, effects):
            rows += await self._closing(group)
        try:
            async with self._operational.begin() as transaction:
                if pressed:
                    self._note(transaction, pressed)
                self._save(transaction, changed, effects)
                transaction.enqueue_all(rows)
        except AlreadySeen:
            return GroupChanged(group)
        return GroupChanged(saved)

    async def _closing(self, group: Group) -> list[OutboxMessage]:
        """Who has brought a case to a panel that goes is told."""
        there = queued(await self._cases.of_group(group.id))
        titles = {code: self.name(group, code) for code in LANGUAGES}
        owners = sorted({case.person for case in there})
        return [case_closed(group, titles, person, self.now()) for person in owners]

    async def _hours_of(self, group: Group) -> dict[str, Hours]:
        """When those who wait for a seat can be asked."""
        waiting = [m.person for m in group.members if m.status == "waiting"]
        return {person: await self._hours(person, group.zone) for person in waiting}

    def _save(self, transaction: Transaction, group: Group, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Destroy):
                transaction.run(self._sessions.let_notes_go(group.id))
                transaction.run(self._operational.groups.destroy(group, self.now()))
                if group.card:
                    about = {"card": group.card, "language": group.language}
                    place, key = dict(group.conversation), self._key(group, "gone")
                    row = OutboxMessage(key, "group_gone", place, about, self.now())
                    transaction.enqueue(row)
                return
            if isinstance(effect, Notify) and effect.news == "moved" and effect.meeting:
                days = timedelta(days=self.method(group).after.destroy_forms_days)
                day = effect.meeting.ends_at.astimezone(group.zone).date()
                transaction.run(self._sessions.keep_forms(group.id, day + days))
        transaction.run(self._operational.groups.save(group))

    def _note(self, transaction: Transaction, pressed: Pressed) -> None:
        origin, person = pressed.origin, pressed.person
        chat = asdict(origin.conversation) if origin.is_personal else None
        transaction.see(pressed.step, person.id, self.now())
        transaction.remember(person.id, person.teams_id, chat, origin.timezone, origin.spoken)

    def _rows(self, group: Group, effects: Iterable[Effect]) -> Iterator[OutboxMessage]:
        """What follows from a change. `group` has the version after it.

        Keys outlive their rows: they are digests, and tell of no group and of nobody.
        """
        now, about = self.now(), {"group": group.id}
        for effect in effects:
            match effect:
                case DrawCard(card):
                    key = self._key(group, "card", card)
                    yield OutboxMessage(key, "group_card", {}, {**about, "card": card}, now)
                case SendCard():
                    place = dict(group.conversation)
                    yield OutboxMessage(
                        self._key(group, "signup"), "group_signup", place, about, now
                    )
                case PlanReminders():
                    yield plan_row("meeting", group.id, now)
                    if self.method(group).has_queue:
                        yield place_cases(group, now, str(group.version))
                case AwaitAnswer(person, until):
                    key = self._key(group, "over", person)
                    yield OutboxMessage(key, "group_ask_over", {}, about, until)
                case Notify(person, news):
                    key = self._key(group, news, person)
                    yield OutboxMessage(
                        key, "group_letter", {}, _told(group, effect), now, effect.ends
                    )

    def _key(self, group: Group, *parts: str) -> str:
        return digest(f"{group.id}:{group.version}", *parts)


def _told(group: Group, news: Notify) -> Json:
    about: Json = {"group": group.id, "person": news.person, "news": news.news}
    if news.ends:
        about["ends"] = news.ends.isoformat()
    if meeting := news.meeting:
        about |= {"meeting": meeting.id, "sequence": meeting.sequence}
    return about
