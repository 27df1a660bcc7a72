"""Reminders of meetings and appointments: planned ahead, and looked at anew when they ring.

A row of the outbox is an alarm clock and no more. What it is about is read when it
rings, from the source that knows. A meeting that was moved has other rows by then,
and an old row that finds it elsewhere ends without a word.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Protocol, get_args
from zoneinfo import ZoneInfo

from bot.delivery.dispatcher import Work
from bot.delivery.outgoing import digest, plan_row
from bot.delivery.recipients import People
from bot.gateway.events import Conversation, Final, Json, Teams, Unreachable
from bot.gateway.events import Person as EventPerson
from bot.operation import metrics
from bot.operation.clock import Now
from bot.reminders import cards
from bot.reminders.cards import Matter
from bot.ui.dates import near_moment
from bot.ui.texts import Texts
from bot.ui.zones import zone_named
from dialogs.groups import reminders
from dialogs.groups.reminders import (
    KINDS,
    URGENCY,
    WORTH,
    Drop,
    Occasion,
    Reminder,
    ReminderKind,
    Send,
    SourceName,
    Unasked,
    Wait,
    decide,
    not_twice,
    tell,
    window,
)
from dialogs.groups.reminders import Recipient as Whom
from dialogs.groups.working_hours import Quiet, QuietHours
from dialogs.sessions.notes import KeptNote
from dialogs.studies.study import Language
from storage.operational.outbox import Claimed, OutboxMessage
from storage.operational.preferences import Notified, Preferences
from storage.operational.store import Operational

JOINED = 3
"""How many reminders stand on a card beside the first."""
JOINED_WITHIN = timedelta(minutes=1)
"""What is due so soon after it."""
SOURCES: tuple[SourceName, ...] = get_args(SourceName)


def addressed(address: str, person: str) -> Reminder | None:
    """The reminder with an address, or with what `_about` adds to it; None for other words."""
    match address.split("/"):
        case [written, name, of, occasion, *_]:
            kind = next((each for each in KINDS if each == written), None)
            source = next((each for each in SOURCES if each == name), None)
            return Reminder(kind, source, of, occasion, person) if kind and source else None
    return None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a reminder is about, as things are now."""

    occasion: Occasion
    version: int
    """Another after each change of its time."""
    language: Language
    """For those who have chosen none."""
    near: Conversation
    """Where its people were met."""
    matter: Matter


class ReminderSource(Protocol):
    """Knows one sort of occasion."""

    async def find(self, reminder: Reminder) -> Subject | None:
        """What it is about; None where this person need not hear of it (any more)."""
        wanted = await self.wanted(reminder.of)
        return next((subject for each, subject in wanted if each == reminder), None)

    async def wanted(self, of: str) -> list[tuple[Reminder, Subject]]:
        """Every reminder of all occasions of a group or an offer."""

    async def of_person(self, person: str) -> list[str]:
        """The groups or offers with occasions that somebody hears of."""

    async def taken_along(self, reminder: Reminder) -> KeptNote | None:
        """What its reader took along, where that is what they are reminded of."""


@dataclass(frozen=True, slots=True)
class _Alarm:
    """What a row carries."""

    reminder: Json
    version: int
    chain: str = ""
    """The first row of those that put the same reminder off."""
    asked: bool = False
    """Put off by the person, who now waits for it: it needs no room in their day."""


_NAMED = tuple(each.name for each in fields(Reminder))
_CARRIED = tuple(each.name for each in fields(_Alarm))


@dataclass(frozen=True, slots=True)
class _Ringing:
    reminder: Reminder
    subject: Subject
    whom: Whom
    alarm: _Alarm
    now: datetime

    @property
    def told(self) -> Notified:
        day = self.now.astimezone(self.whom.zone).date()
        about = not_twice(self.reminder, self.subject.occasion, self.whom)
        return Notified(self.reminder.person, about, self.reminder.kind, self.alarm.chain, day)

    def decide(self, today: Iterable[reminders.Unasked] = ()) -> Send | Wait | Drop:
        return decide(self.reminder.kind, self.subject.occasion, self.whom, self.now, [*today])


class ReminderService:
    """Plans them, and sends them when they ring."""

    def __init__(
        self,
        operational: Operational,
        teams: Teams,
        sources: Mapping[SourceName, ReminderSource],
        now: Now,
    ) -> None:
        self._operational = operational
        self._preferences = operational.preferences
        self._teams = teams
        self._people = People(operational, teams)
        self._sources = sources
        self._now = now

    @property
    def kinds(self) -> Mapping[str, Work]:
        """What the dispatcher has them do."""
        return {"plan_reminders": self.plan, "reminder": self.ring}

    async def plan(self, message: Claimed) -> None:
        """A row for each person and kind that still serves a purpose; those there are stay.

        The key holds what the time depends on. A row that has rung already rings again,
        for the clock may have been wrong then, or a pause: what was told is not said twice.
        """
        source: SourceName = message.payload["source"]
        people: dict[str, Whom] = {}
        rows = []
        for reminder, subject in await self._sources[source].wanted(message.payload["of"]):
            if reminder.person not in people:
                people[reminder.person] = await self.whom(reminder.person, subject.occasion.zone)
            serves = window(reminder.kind, subject.occasion, people[reminder.person])
            if self._now() < serves.closes:
                alarm = _Alarm(_carried(reminder), subject.version)
                parts = reminder.person, reminder.address, str(subject.version)
                key = digest("first", *parts, serves.opens.isoformat())
                rows.append(_row(key, alarm, serves.opens, serves.closes))
        async with self._operational.begin() as transaction:
            transaction.enqueue_again(rows)

    async def change(self, who: EventPerson, how: Callable[[Preferences], Preferences]) -> None:
        """What somebody chooses for themselves; what is planned for them depends on it."""
        plans = await self._plans(who.id)
        async with self._operational.begin() as transaction:
            transaction.remember(who.id, who.teams_id)
            transaction.run(self._operational.preferences.change(who.id, how))
            transaction.enqueue_all(plans)

    async def keep_quiet(self, group: str, quiet: Quiet | None) -> None:
        """A group's quiet hours, or none any more."""
        async with self._operational.begin() as transaction:
            transaction.run(self._operational.preferences.set_quiet(group, quiet))
            transaction.enqueue(plan_row("meeting", group, self._now()))

    async def _plans(self, person: str) -> list[OutboxMessage]:
        """Have everything planned anew that somebody hears of: their hours are others."""
        return [
            plan_row(name, of, self._now())
            for name, source in self._sources.items()
            for of in await source.of_person(person)
        ]

    async def ring(self, message: Claimed) -> None:
        """Send what is to be sent now; put the rest off, or let go of it."""
        alarm = _Alarm(**message.payload)
        alarm = replace(alarm, chain=alarm.chain or message.id)
        reminder = Reminder(**alarm.reminder)
        subject = await self._sources[reminder.source].find(reminder)
        if subject is None or (subject.version != alarm.version and not alarm.asked):
            return
        whom = await self.whom(reminder.person, subject.occasion.zone)
        ringing = _Ringing(reminder, subject, whom, alarm, self._now())
        decision = ringing.decide()
        if isinstance(decision, Send):
            match await self._preferences.take_room(ringing.told, always=alarm.asked):
                case "told":
                    return
                case "full":
                    told = ringing.told
                    decision = ringing.decide(await self._preferences.today(told.person, told.day))
        match decision:
            case Send():
                await self._send(ringing, message.id)
            case Wait(until):
                key = digest("waiting", message.id, until.isoformat())
                await self._ring_at(until, ringing, key)
            case Drop(reason):
                _dropped(reminder.kind, reason)

    async def put_off(self, reminder: Reminder, nonce: str) -> datetime | None:
        """Say it again later, once for each `nonce`; None where no later moment helps."""
        subject = await self._sources[reminder.source].find(reminder)
        if subject is None:
            return None
        whom = await self.whom(reminder.person, subject.occasion.zone)
        until = reminders.put_off(reminder.kind, subject.occasion, whom, self._now())
        if until:
            alarm = _Alarm(_carried(reminder), subject.version, asked=True)
            ringing = _Ringing(reminder, subject, whom, alarm, self._now())
            told = ringing.told
            # Whoever told them first says it again; what is planned meanwhile does not.
            by = await self._preferences.told_by(told.person, told.about) or ""
            ringing = replace(ringing, alarm=replace(alarm, chain=by))
            key = digest("asked", reminder.person, nonce, reminder.address)
            await self._ring_at(until, ringing, key)
        return until

    async def may_tell(
        self, person: str, message: Claimed, quiet: QuietHours, news: str, *, of: str = ""
    ) -> bool:
        """Whether to write to somebody unasked now: the one door for all that is no reminder.

        Where it is no time for it, the row comes again when it is. With a yes a place in
        their day is taken: `not_told` gives it back. What is told once of the same thing is
        told by one row alone; `of` names the thing.
        """
        whom, ends = await self.whom(person, quiet.zone), message.payload.get("ends")
        told = self._told(whom, person, message, news, of)

        def decision(today: Sequence[Unasked] = ()) -> Send | Wait | Drop:
            until = datetime.fromisoformat(ends) if ends else None
            urgency = URGENCY.get(news, "room")
            return tell(urgency, whom, quiet, self._now(), ends=until, today=today)

        decided = decision()
        if isinstance(decided, Send):
            room = await self._preferences.take_room(told)
            if room != "full":
                return room == "taken"
            decided = decision(await self._preferences.today(person, told.day))
        match decided:
            case Wait(until):
                key = digest("waiting", message.id, until.isoformat())
                row = OutboxMessage(key, message.kind, message.conversation, message.payload, until)
                async with self._operational.begin() as transaction:
                    transaction.enqueue(row)
            case Drop(reason):
                metrics.dispatched(message.kind, f"dropped: {reason}")
        return False

    async def not_told(
        self, person: str, message: Claimed, zone: ZoneInfo, news: str, *, of: str = ""
    ) -> None:
        """It certainly did not reach them."""
        whom = await self.whom(person, zone)
        await self._preferences.give_back(self._told(whom, person, message, news, of))

    def _told(self, whom: Whom, person: str, message: Claimed, news: str, of: str) -> Notified:
        day = self._now().astimezone(whom.zone).date()
        kind: Unasked = "notice" if URGENCY.get(news, "room") == "room" else "news"
        if news in ("phase", "colleague", "again"):
            kind = "phase" if news == "phase" else "colleague"
        return Notified(person, f"{kind}/{of or message.id}", kind, message.id, day)

    async def whom(self, person: str, zone: ZoneInfo) -> Whom:
        """What the reminders of a person go by; `zone` where Teams has told no other."""
        known = await self._operational.person(person)
        chosen = await self._preferences.of(person)
        theirs = zone_named(known.timezone) if known and known.timezone else None
        whom = Whom(theirs or zone, paused_until=chosen.paused_until, off=chosen.off)
        if chosen.opens and chosen.closes:
            return replace(whom, opens=chosen.opens, closes=chosen.closes)
        return whom

    async def _ring_at(self, until: datetime, ringing: _Ringing, key: str) -> None:
        closes = window(ringing.reminder.kind, ringing.subject.occasion, ringing.whom).closes
        async with self._operational.begin() as transaction:
            transaction.enqueue(_row(key, ringing.alarm, until, closes))

    async def _with_it(self, ringing: _Ringing, row: str) -> list[_Ringing]:
        """What else they would hear this morning: it stands on the same card.

        It takes no place of its own in the day, and is not said again when its row rings.
        """
        person, soon = ringing.reminder.person, ringing.now + JOINED_WITHIN
        found: list[_Ringing] = []
        known = {ringing.subject.occasion.zone: ringing.whom}
        for source in self._sources.values():
            for of in await source.of_person(person):
                for reminder, subject in await source.wanted(of):
                    if reminder.person != person or reminder == ringing.reminder:
                        continue
                    zone = subject.occasion.zone
                    if zone not in known:
                        known[zone] = await self.whom(person, zone)
                    alarm = _Alarm(_carried(reminder), subject.version, chain=f"with {row}")
                    found.append(_Ringing(reminder, subject, known[zone], alarm, ringing.now))
        due = [
            each
            for each in found
            if each.reminder.kind != "soon"
            and isinstance(replace(each, now=soon).decide(), Send)
            and each.subject.occasion.quiet_hours.after(ringing.now) <= ringing.now
        ]
        due.sort(key=lambda each: WORTH.index(each.reminder.kind))
        return [
            each
            for each in due[:JOINED]
            if await self._preferences.take_room(each.told, always=True) == "taken"
        ]

    async def _send(self, ringing: _Ringing, row: str) -> None:
        together = [ringing]
        if ringing.reminder.kind != "soon":
            together += await self._with_it(ringing, row)
        try:
            await self._deliver(together)
        except Unreachable:
            await self._give_back(together)
            raise
        except Final:
            # They have not installed us, or want nothing from us: no administrator needs to
            # look at each reminder that they do not get.
            await self._give_back(together)
            _dropped(ringing.reminder.kind, "unreachable")

    async def _give_back(self, together: Iterable[_Ringing]) -> None:
        for each in together:
            await self._preferences.give_back(each.told)

    async def _deliver(self, together: Sequence[_Ringing]) -> None:
        first = together[0]
        person, subject = first.reminder.person, first.subject
        say = await self._people.say(person, subject.language)
        letters = [await self._letter(say, each) for each in together]
        summary = ". ".join(cards.summary(say, *letter) for letter in letters)
        card = (
            cards.together(say, letters) if len(letters) > 1 else cards.reminder(say, *letters[0])
        )
        await self._people.tell(person, subject.near, card, summary)

    async def _letter(self, say: Texts, ringing: _Ringing) -> tuple[cards.Letter, str]:
        """With the note, which no row carries: it is read only now, for the card alone."""
        reminder, subject = ringing.reminder, ringing.subject
        letter = cards.Letter(
            reminder.kind,
            reminder.source,
            reminder.address,
            subject.matter,
            await self._sources[reminder.source].taken_along(reminder),
        )
        starts, zone = subject.occasion.starts, subject.occasion.zone
        return letter, near_moment(say, starts, ringing.whom.zone, ringing.now, zone)


def _row(key: str, alarm: _Alarm, due_at: datetime, closes: datetime) -> OutboxMessage:
    is_bulk = alarm.reminder["kind"] != "soon"
    carried = {name: getattr(alarm, name) for name in _CARRIED}
    # Members of a group are known; in which meeting a case has its place is locked.
    hidden = alarm.reminder["person"] if alarm.reminder["source"] == "case" else ""
    return OutboxMessage(key, "reminder", {}, carried, due_at, closes, is_bulk, hidden)


def _carried(reminder: Reminder) -> Json:
    """As a row carries it; `dataclasses.asdict` copies all of it once more."""
    return {name: getattr(reminder, name) for name in _NAMED}


def _dropped(kind: ReminderKind, reason: str) -> None:
    metrics.dispatched(f"reminder.{kind}", f"dropped: {reason}")
