"""Appointments: times that are offered for a study, and who has chosen which.

    (nobody) --choose--> chosen --choose another--> chosen
    (nobody) --ask--> asking --a time is set--> chosen
    chosen, asking --cancel--> (nobody)     chosen --called off, or it begins--> (nobody)

Of a time that has begun nothing is kept, neither the time nor who had chosen it.
`step` reads no clock; it returns what there is to say.

    oppfolging 60 min 8 plasser: 12.1. kl 9, kl 13, 14.1. kl 9
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from dialogs.groups import planning
from dialogs.writing.door import Stopped, stopped

T = TypeVar("T")
LEAST_SLOTS, MOST_SLOTS = 3, 12
LINE_LIMIT = 2_000
"""Characters of the times, written as one line."""
"""Fewer leave no choice."""
MOST_PLACES = 30
DEFAULT_MINUTES, DEFAULT_PLACES = 60, 12
VENUE_LIMIT = 500
"""Characters of where the times are, and who leads them; Teams' own links have some 300."""
_LINK = re.compile(r"https://[^\s<>\"]+")


# --- An offer -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """A time with room for so many. `alone`: made for one person who asked for it."""

    id: str
    starts_at: datetime
    minutes: int
    places: int
    alone: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Choice:
    """`slot` is None while somebody waits for a time of their own."""

    person: str
    name: str
    """As Teams gave it; for the facilitator alone."""
    slot: str | None


@dataclass(frozen=True, slots=True)
class Times:
    """Slots by time, and choices by person."""

    slots: tuple[Slot, ...] = ()
    choices: tuple[Choice, ...] = ()

    def slot(self, slot_id: str | None) -> Slot | None:
        return next((slot for slot in self.slots if slot.id == slot_id), None)

    def choice(self, person: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.person == person), None)

    def chosen(self, slot: Slot) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.choices if choice.slot == slot.id)

    def is_free(self, slot: Slot) -> bool:
        """Whether anybody can choose it now."""
        return not slot.alone and len(self.chosen(slot)) < slot.places


# --- What happens -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choose:
    person: str
    name: str
    slot: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Would rather have a time of their own."""

    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Cancel:
    person: str


@dataclass(frozen=True, slots=True)
class Set:
    """The facilitator gives somebody who asked a time of their own."""

    person: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class CallOff:
    slot: str


@dataclass(frozen=True, slots=True)
class Begin:
    """It is `at`: what has begun by then is forgotten."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Close:
    """The study can be answered no more: no time serves any purpose."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Whoever offered the times takes them all back; the study can be answered as before."""


Event: TypeAlias = Choose | Ask | Cancel | Set | CallOff | Begin | Close | TakeBack


# --- What there is to say -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Full:
    """Others were quicker. What one had chosen before is kept."""

    kind: Literal["full"] = "full"


@dataclass(frozen=True, slots=True)
class NoSuchTime:
    """It has begun or was called off; or nobody asks for a time of their own any more."""

    kind: Literal["no_such_time"] = "no_such_time"


ChoiceRefusal: TypeAlias = Full | NoSuchTime


def step(times: Times, event: Event) -> tuple[Times, ChoiceRefusal | None]:
    """One event. A refusal changes nothing; neither does what has been done already."""
    match event:
        case Choose(person, name, slot_id):
            return _choose(times, person, name, times.slot(slot_id))
        case Ask(person, name):
            known = times.choice(person)
            if known is not None and known.slot is None:
                return times, None
            return _with(times, Choice(person, name, None)), None
        case Cancel(person):
            return _without(times, {person}), None
        case Set(person, slot):
            asking = times.choice(person)
            if asking is None or asking.slot is not None:
                return times, NoSuchTime()
            ordered = sorted((*times.slots, slot), key=lambda each: each.starts_at)
            changed = replace(times, slots=tuple(ordered))
            return _with(changed, replace(asking, slot=slot.id)), None
        case CallOff(slot_id):
            return _drop(times, {slot_id}), None
        case Close() | TakeBack():
            return Times(), None
        case _:  # Begin
            return _drop(times, {s.id for s in times.slots if s.starts_at <= event.at}), None


def _choose(
    times: Times, person: str, name: str, slot: Slot | None
) -> tuple[Times, ChoiceRefusal | None]:
    known = times.choice(person)
    if slot is None:
        return times, NoSuchTime()
    if known is not None and known.slot == slot.id:
        return times, None
    if not times.is_free(slot):
        return times, Full()
    return _with(times, Choice(person, name, slot.id)), None


def _with(times: Times, choice: Choice) -> Times:
    """In the place of what the same person chose before; a time of their own goes with it."""
    freed = _without(times, {choice.person})
    choices = sorted((*freed.choices, choice), key=lambda each: each.person)
    return replace(freed, choices=tuple(choices))


def _without(times: Times, people: Collection[str]) -> Times:
    kept = tuple(choice for choice in times.choices if choice.person not in people)
    taken = {choice.slot for choice in kept}
    own = {c.slot for c in times.choices if c.person in people} - taken
    slots = tuple(slot for slot in times.slots if not (slot.alone and slot.id in own))
    return Times(slots, kept)


def _drop(times: Times, gone: Collection[str]) -> Times:
    """Without these slots, and without those who had chosen them."""
    slots = tuple(slot for slot in times.slots if slot.id not in gone)
    return Times(slots, tuple(choice for choice in times.choices if choice.slot not in gone))


# --- Who is told --------------------------------------------------------------------------------

AppointmentNews: TypeAlias = Literal["asked", "set", "called_off", "unanswered"]
"""To the facilitator the first, to who had chosen or asked the rest."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell somebody of what somebody else has changed, and of which time where it is of one."""

    person: str
    news: AppointmentNews
    slot: Slot | None = None


def told(facilitator: str, old: Times, new: Times, event: Event) -> Iterator[Notify]:
    """Who is told of what after an event."""
    match event:
        case Ask():
            yield Notify(facilitator, "asked")
        case Set(person, slot):
            yield Notify(person, "set", slot)
        case CallOff(slot_id) if called_off := old.slot(slot_id):
            for choice in old.chosen(called_off):
                yield Notify(choice.person, "called_off", called_off)
        case Close() | TakeBack():
            for choice in old.choices:
                if chosen := old.slot(choice.slot):
                    yield Notify(choice.person, "called_off", chosen)
                elif isinstance(event, TakeBack):
                    yield Notify(choice.person, "unanswered")
        case Begin() if not new.slots:
            waiting = (choice.person for choice in old.choices if choice.slot is None)
            yield from (Notify(person, "unanswered") for person in waiting)


# --- Reading and checking -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferWish:
    """What somebody wants to offer; local times, in the order in which they were written."""

    study: str
    moments: tuple[tuple[date, time], ...]
    minutes: int = DEFAULT_MINUTES
    places: int = DEFAULT_PLACES


@dataclass(frozen=True, slots=True)
class BadNumber:
    """Outside of `least` to `most`, both allowed."""

    what: Literal["slots", "minutes", "places"]
    number: int
    least: int
    most: int
    kind: Literal["bad_number"] = "bad_number"


@dataclass(frozen=True, slots=True)
class Twice:
    """A time that is there already."""

    day: date
    at: time
    kind: Literal["twice"] = "twice"


@dataclass(frozen=True, slots=True)
class NoSuchStudy:
    kind: Literal["no_such_study"] = "no_such_study"


OfferFault: TypeAlias = planning.Fault | BadNumber | Twice | NoSuchStudy

_MINUTES = re.compile(r"\b(\d{1,4})\s*min\w*\.?", re.IGNORECASE)
_PLACES = re.compile(r"\b(\d{1,4})\s*(?:plass\w*|places?|seats?)\b", re.IGNORECASE)


def read(line: str, studies: Collection[str], today: date) -> OfferWish | OfferFault:
    """The offer that was written; the only study where none is named.

    A time without a day is on the day before it in the line.
    """
    line, minutes = _number(line, _MINUTES, DEFAULT_MINUTES)
    line, places = _number(line, _PLACES, DEFAULT_PLACES)
    word, _, rest = line.strip().partition(" ")
    study = word.strip(":").casefold()
    if study not in studies:
        if len(studies) != 1:
            return NoSuchStudy()
        (study,), rest = studies, line
    moments: list[tuple[date, time]] = []
    for written in filter(str.strip, re.split(r"[,;\n]", rest.strip(" :"))):
        last = moments[-1][0] if moments else None
        found = planning.read_moment(written.strip(" :"), today, last)
        if not isinstance(found, tuple):
            return stopped("times", rest, LINE_LIMIT, anyway=True) or found
        moments.append(found)
    return OfferWish(study, tuple(moments), minutes, places)


def link_in(venue: str) -> str:
    """The address of an online meeting, where one is written; else empty."""
    found = _LINK.search(venue)
    return found[0] if found else ""


def without_link(venue: str) -> str:
    """What is written beside it."""
    return " ".join(_LINK.sub(" ", venue).split())


def venue_fault(venue: str) -> Stopped | None:
    """Why where and with whom is not shown as it was written. An address is no text."""
    return stopped("venue", venue, VENUE_LIMIT) and stopped(
        "venue", without_link(venue), VENUE_LIMIT, anyway=True
    )


def clashing(slot: Slot, spans: Iterable[tuple[T, datetime, datetime]]) -> T | None:
    """The first of those that go on at the same time."""
    return next(
        (n for n, begins, ends in spans if begins < slot.ends_at and slot.starts_at < ends), None
    )


def _number(line: str, pattern: re.Pattern[str], default: int) -> tuple[str, int]:
    """A number with its unit, and the line without it."""
    found = pattern.search(line)
    return (pattern.sub(" ", line, count=1), int(found[1])) if found else (line, default)


def check(wish: OfferWish, zone: ZoneInfo, now: datetime) -> OfferFault | None:
    """Why something cannot be offered, or None."""
    for what, number, least, most in (
        ("slots", len(wish.moments), LEAST_SLOTS, MOST_SLOTS),
        ("minutes", wish.minutes, planning.LEAST_MINUTES, planning.MOST_MINUTES),
        ("places", wish.places, 1, MOST_PLACES),
    ):
        if not least <= number <= most:
            return BadNumber(what, number, least, most)  # type: ignore[arg-type] # one of the three above
    for n, (day, at) in enumerate(wish.moments):
        if (day, at) in wish.moments[:n]:
            return Twice(day, at)
        starts = planning.moment(day, at, zone, now)
        if not isinstance(starts, datetime):
            return starts
    return None


def starts(wish: OfferWish, zone: ZoneInfo) -> list[datetime]:
    """When the times of an offer that `check` finds nothing wrong with begin, in UTC."""
    return sorted(datetime.combine(day, at, zone).astimezone(UTC) for day, at in wish.moments)
