"""Reminders of meetings and appointments: planned ahead, and looked at anew when they ring.

A row of the outbox is an alarm clock and no more. What it is about is read when it
rings, from the source that knows. A meeting that was moved has other rows by then,
and an old row that finds it elsewhere ends without a word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Protocol, get_args
from zoneinfo import ZoneInfo

from bot import metrics
from bot.cards import reminders as cards
from bot.cards.reminders import Matter, SourceName
from bot.clock import ZONE
from bot.dispatcher import Work
from bot.gateway.events import Conversation, Final, Json, Teams, Unreachable
from bot.now import Now
from bot.outgoing import digest
from bot.people import People
from bot.zones import zone_named
from dialogs import reminders
from dialogs.reminders import KINDS, Drop, Kind, Occasion, Send, Wait, decide, window
from dialogs.reminders import Person as Whom
from dialogs.study import Language
from storage.operational import Operational
from storage.outbox import Claimed, Message
from storage.preferences import Told

SOURCES: tuple[SourceName, ...] = get_args(SourceName)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One kind of reminder, of one occasion, to one person."""

    kind: Kind
    source: SourceName
    of: str
    """The group or the offer that the occasion belongs to."""
    occasion: str
    person: str

    @property
    def address(self) -> str:
        """All but the person, in one word."""
        return f"{self.kind}/{self.source}/{self.of}/{self.occasion}"


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


class Source(Protocol):
    """Knows one sort of occasion."""

    async def find(self, reminder: Reminder) -> Subject | None:
        """What it is about; None where this person need not hear of it (any more)."""

    async def wanted(self, of: str) -> list[tuple[Reminder, Subject]]:
        """Every reminder of all occasions of a group or an offer."""


def plan_row(source: SourceName, of: str, now: datetime) -> Message:
    """Have reminders planned: whenever the people or the times of a group or an offer change."""
    return Message(token_hex(16), "plan_reminders", {}, {"source": source, "of": of}, now)


@dataclass(frozen=True, slots=True)
class _Alarm:
    """What a row carries."""

    reminder: Json
    version: int
    chain: str = ""
    """The first row of those that put the same reminder off."""
    asked: bool = False
    """Put off by the person, who now waits for it: it needs no room in their day."""


@dataclass(frozen=True, slots=True)
class _Ringing:
    reminder: Reminder
    subject: Subject
    whom: Whom
    alarm: _Alarm
    now: datetime

    @property
    def told(self) -> Told:
        day = self.now.astimezone(self.whom.zone).date()
        about = _about(self.reminder, self.subject.occasion, self.whom)
        return Told(self.reminder.person, about, self.reminder.kind, self.alarm.chain, day)

    def decide(self, today: Iterable[reminders.Unasked] = ()) -> Send | Wait | Drop:
        return decide(self.reminder.kind, self.subject.occasion, self.whom, self.now, [*today])


class Reminders:
    """Plans them, and sends them when they ring."""

    def __init__(
        self,
        operational: Operational,
        teams: Teams,
        sources: Mapping[SourceName, Source],
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
        """A row for each person and kind that still serves a purpose; those there are stay."""
        source: SourceName = message.payload["source"]
        people: dict[str, Whom] = {}
        rows = []
        for reminder, subject in await self._sources[source].wanted(message.payload["of"]):
            if reminder.person not in people:
                people[reminder.person] = await self.whom(reminder.person, subject.occasion.zone)
            serves = window(reminder.kind, subject.occasion, people[reminder.person])
            if self._now() < serves.closes:
                alarm = _Alarm(asdict(reminder), subject.version)
                key = digest("first", reminder.person, reminder.address, str(subject.version))
                rows.append(_row(key, alarm, serves.opens, serves.closes))
        async with self._operational.begin() as transaction:
            transaction.enqueue_all(rows)

    async def ring(self, message: Claimed) -> None:
        """Send what is to be sent now; put the rest off, or let go of it."""
        alarm = _Alarm(**message.payload)
        alarm = replace(alarm, chain=alarm.chain or message.id)
        reminder = Reminder(**alarm.reminder)
        subject = await self._sources[reminder.source].find(reminder)
        if subject is None or subject.version != alarm.version:
            return
        whom = await self.whom(reminder.person, subject.occasion.zone)
        ringing = _Ringing(reminder, subject, whom, alarm, self._now())
        decision = ringing.decide()
        if isinstance(decision, Send) and not alarm.asked:
            match await self._preferences.take_room(ringing.told):
                case "told":
                    return
                case "full":
                    told = ringing.told
                    decision = ringing.decide(await self._preferences.today(told.person, told.day))
        match decision:
            case Send():
                await self._send(ringing)
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
            alarm = _Alarm(asdict(reminder), subject.version, asked=True)
            ringing = _Ringing(reminder, subject, whom, alarm, self._now())
            await self._ring_at(until, ringing, digest("asked", reminder.person, nonce))
        return until

    async def room_for(self, person: str, message: Claimed) -> bool:
        """Whether a session that waits for somebody may say so today; then they have been told."""
        whom = await self.whom(person, ZONE)
        day = self._now().astimezone(whom.zone).date()
        if whom.paused_until and day < whom.paused_until:
            return False
        told = Told(person, f"phase/{message.id}", "phase", message.id, day)
        return await self._preferences.take_room(told) == "taken"

    async def note_news(self, person: str, message: Claimed, zone: ZoneInfo) -> None:
        """They are told what cannot wait: their day has that much less room for reminders."""
        await self._preferences.take_room(await self._news(person, message, zone))

    async def forget_news(self, person: str, message: Claimed) -> None:
        """It certainly did not reach them."""
        await self._preferences.give_back(await self._news(person, message, ZONE))

    async def _news(self, person: str, message: Claimed, zone: ZoneInfo) -> Told:
        whom = await self.whom(person, zone)
        day = self._now().astimezone(whom.zone).date()
        return Told(person, f"news/{message.id}", "news", message.id, day)

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

    async def _send(self, ringing: _Ringing) -> None:
        try:
            await self._deliver(ringing)
        except Unreachable:
            await self._preferences.give_back(ringing.told)
            raise
        except Final as error:
            # They have not installed us, or want nothing from us: no administrator needs to
            # look at each reminder that they do not get.
            await self._preferences.give_back(ringing.told)
            _dropped(ringing.reminder.kind, error.code)

    async def _deliver(self, ringing: _Ringing) -> None:
        reminder, subject = ringing.reminder, ringing.subject
        say = await self._people.say(reminder.person, subject.language)
        letter = cards.Letter(reminder.kind, reminder.source, reminder.address, subject.matter)
        when = cards.when(say, subject.occasion.starts, ringing.whom.zone, ringing.now)
        chat = await self._people.chat(reminder.person, subject.near)
        await self._teams.send_card(
            chat, cards.reminder(say, letter, when), cards.summary(say, letter, when)
        )


def _about(reminder: Reminder, occasion: Occasion, whom: Whom) -> str:
    """What must not be said twice.

    Nobody is invited twice to a meeting that moved, for they were told of that; nor
    are they to prepare anew for one that moved by an hour.
    """
    starts = occasion.starts.astimezone(whom.zone)
    match reminder.kind:
        case "invitation":
            return f"{reminder.address}/"
        case "soon":
            return f"{reminder.address}/{starts.isoformat()}"
    return f"{reminder.address}/{starts.date().isoformat()}"


def _row(key: str, alarm: _Alarm, due_at: datetime, closes: datetime) -> Message:
    is_bulk = alarm.reminder["kind"] != "soon"
    return Message(key, "reminder", {}, asdict(alarm), due_at, closes, is_bulk)


def _dropped(kind: Kind, reason: str) -> None:
    metrics.dispatched(f"reminder.{kind}", f"dropped: {reason}")
