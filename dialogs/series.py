"""A series of meetings: what somebody writes to plan one, and when its meetings begin.

    planlegg veiledningsgruppe 3 x 14 dager fra 2027-01-12 kl 09:00

`read` makes a plan of what stood after the command, in any of our languages, and
`check` says what is wrong with one, wherever it was filled in. What is left out is
as the method's frame has it. A fault is a value: it names what was wrong, and the
shell shows a right example with it, which `suggested` keeps as near as it can to
what was written.

Meetings keep their local time: `occurrences` counts days on the calendar, not hours.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from dialogs.method import Frame, Method
from dialogs.text import TooLong, Unstorable, fault
from dialogs.working_hours import local_moment

MAX_MEETINGS = 12
MAX_INTERVAL = 92
"""Days between two meetings: a quarter."""
LEAST_MINUTES, MOST_MINUTES = 15, 480
HORIZON = timedelta(days=2 * 366)
"""How far ahead a meeting may be planned."""
NAME_LIMIT = 60
"""Characters."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`first` and `at` are local; `interval` is the days from one meeting to the next.

    The group is for `least` to `size` members.
    """

    method: str
    first: date
    at: time
    meetings: int
    interval: int
    minutes: int
    least: int
    size: int
    name: str = ""
    """Empty where nobody gave one."""


# --- What can be wrong --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """These words say nothing about a series, or say a second time what was said."""

    words: str
    kind: Literal["not_understood"] = "not_understood"


@dataclass(frozen=True, slots=True)
class Missing:
    what: Literal["date", "time"]
    kind: Literal["missing"] = "missing"


@dataclass(frozen=True, slots=True)
class NoSuchDay:
    """Such as 31 February, or a Monday that is a Tuesday."""

    written: str
    kind: Literal["no_such_day"] = "no_such_day"


@dataclass(frozen=True, slots=True)
class NoSuchTime:
    """Such as 25:00."""

    written: str
    kind: Literal["no_such_time"] = "no_such_time"


@dataclass(frozen=True, slots=True)
class Past:
    day: date
    kind: Literal["past"] = "past"


@dataclass(frozen=True, slots=True)
class TooFar:
    day: date
    kind: Literal["too_far"] = "too_far"


@dataclass(frozen=True, slots=True)
class SkippedHour:
    """The clocks are put forward over it that day."""

    day: date
    at: time
    kind: Literal["skipped_hour"] = "skipped_hour"


@dataclass(frozen=True, slots=True)
class RepeatedHour:
    """The clocks are put back that day, and it comes twice."""

    day: date
    at: time
    kind: Literal["repeated_hour"] = "repeated_hour"


Numbered: TypeAlias = Literal["meetings", "interval", "minutes", "size"]


@dataclass(frozen=True, slots=True)
class BadNumber:
    """Outside of `least` to `most`, both allowed."""

    what: Numbered
    number: int
    least: int
    most: int
    kind: Literal["bad_number"] = "bad_number"


Fault: TypeAlias = (
    NotUnderstood
    | Missing
    | NoSuchDay
    | NoSuchTime
    | Past
    | TooFar
    | SkippedHour
    | RepeatedHour
    | BadNumber
    | TooLong
    | Unstorable
)


# --- Reading ------------------------------------------------------------------------------------

_MONTHS = (
    "januar january",
    "februar february",
    "mars march",
    "april",
    "mai may",
    "juni june",
    "juli july",
    "august",
    "september sept",
    "oktober october",
    "november",
    "desember december",
)
_MONTH = {
    name: number
    for number, names in enumerate(_MONTHS, 1)
    for whole in names.split()
    for name in (whole, whole[:3])
}
_TOMORROW = re.compile(r"(?:i\s+)?mor(?:gen|gon)|tomorrow", re.IGNORECASE)
_WEEKDAY = {
    name: number
    for number, names in enumerate(
        (
            "mandag måndag monday",
            "tirsdag tysdag tuesday",
            "onsdag wednesday",
            "torsdag thursday",
            "fredag friday",
            "lørdag laurdag saturday",
            "søndag sundag sunday",
        )
    )
    for name in names.split()
}
_FILLER = frozenset(
    (
        *(
            "fra",
            "frå",
            "from",
            "til",
            "to",
            "until",
            "og",
            "and",
            "i",
            "in",
            "på",
            "on",
            "at",
            "med",
            "with",
            "for",
        ),
        *("av", "of", "den", "the", "hver", "kvar", "every", "each", "a", "à"),
        *("start", "starter", "startar", "starts", "starting", "gruppe", "group"),
    )
)


def _any(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_HALF = r"(?:\s*[ap]m)?"
_EVERY = r"(?:hver|kvar|every)"
_WEEK = rf"(?:(?:uke|veke|week)\b|(?=(?:{_any(_WEEKDAY)})\b))"
"""What comes every week or second week: a Tuesday as well, which is then read by itself."""
_PIECE = re.compile(
    rf"""
      [«"“](?P<name>[^»"”]*)[»"”]
    | (?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})\b
    | (?:(?:kl|klokka|klokken|at)\b\.?\s*)(?P<marked>\d{{1,2}}(?:[:.]?\d{{2}})?{_HALF})\b
    | (?P<clock>\d{{1,2}}(?::\d{{2}}{_HALF}|\s*[ap]m))\b
    | (?P<minutes>\d{{1,6}})\s*min(?:ut(?:t|ter|tar|e|es))?\b
    | (?P<hours>\d{{1,4}}(?:[.,]5)?)\s*(?:time|timer|timar|hours?)\b
    | (?P<meetings>\d{{1,6}})\s*(?:[x×*]|(?:møter?|ganger|gonger|gang|times?|meetings?)\b)
    | (?P<seats>\d{{1,6}}(?:\s*(?:[-–]|til|to)\s*\d{{1,6}})?)\s*
        (?:plass(?:er|ar)?|seats?|person(?:er|ar|s)?|people|deltak(?:er|ere|ar|arar)|members?)\b
    | (?P<fortnight>(?:annen\s?hver|annan\s?kvar|anna\s?kvar|
        {_EVERY}\s+(?:andre|annen|annan|second|other))\s+{_WEEK})
    | (?P<weekly>{_EVERY}\s+{_WEEK}|(?:ukentlig|vekentleg|kvarveke|weekly)\b)
    | (?P<weeks>\d{{1,6}})\.?\s*(?:uker?|veker?|weeks?)\b
    | (?P<days>\d{{1,6}})\.?\s*(?:dag(?:er|ar)?|days?)\b
    | (?P<dotted>\d{{1,2}}\.\s?\d{{1,2}}(?:\.\s?\d{{4}}\b|\.\d{{2}}\b(?![:.]\d)|\.?(?!\d)))
    | (?P<worded>\d{{1,2}}\.?\s+(?:{_any(_MONTH)})\b\.?(?:\s+\d{{4}}\b)?)
    | (?P<american>(?:{_any(_MONTH)})\s+\d{{1,2}}\b(?:,?\s+\d{{4}}\b)?)
    | (?P<near>(?:i\s+dag|today|i\s+mor(?:gen|gon)|tomorrow)\b)
    | (?P<weekday>(?:{_any(_WEEKDAY)})\b)
    | (?P<word>[^\s,.;]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Tried in this order, wherever the piece before ended."""
_SLOT = {
    "name": "name",
    "iso": "date",
    "dotted": "date",
    "worded": "date",
    "american": "date",
    "near": "date",
    "marked": "time",
    "clock": "time",
    "minutes": "length",
    "hours": "length",
    "meetings": "meetings",
    "seats": "seats",
    "fortnight": "interval",
    "weekly": "interval",
    "weeks": "interval",
    "days": "interval",
    "weekday": "weekday",
}
"""What a piece tells of a series; each is told once."""
_Pieces: TypeAlias = dict[str, tuple[str, str]]
"""By what it tells: the piece's group in the pattern, and what was written."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a line tells; the words in it that tell nothing; and what says a second time."""

    pieces: _Pieces
    words: tuple[str, ...]
    again: tuple[str, ...]

    @property
    def unknown(self) -> str:
        return " ".join(self.words)


def read(line: str, methods: Sequence[Method], today: date) -> Plan | Fault:
    """The plan that was written; the first of `methods` where none is named.

    A day without a year is the next one of that name. Nothing but the words is
    looked at: `check` knows what can be planned.
    """
    told = _told(line)
    if told.again:
        return NotUnderstood(told.again[0])
    method, strange = _method_in(told.words, methods)
    if strange:
        return NotUnderstood(" ".join(strange))
    first = _day(told.pieces, today)
    if not isinstance(first, date):
        return first
    at = _clock(told.pieces)
    return _plan(told.pieces, method, first, at) if isinstance(at, time) else at


def suggested(
    line: str, methods: Sequence[Method], today: date, otherwise: tuple[date, time]
) -> Plan:
    """A right plan near what was written: what was wrong or missing is as usual.

    A day or a time that cannot be read is that of `otherwise`. Whether its first
    meeting can be then, `check` knows.
    """
    told = _told(line)
    method, _ = _method_in(told.words, methods)
    first, at = _day(told.pieces, today), _clock(told.pieces)
    day, clock = otherwise
    written = _plan(
        told.pieces,
        method,
        first if isinstance(first, date) else day,
        at if isinstance(at, time) else clock,
    )
    frame = method.frame
    usual = {"meetings": frame.meetings, "interval": frame.interval_days, "minutes": frame.minutes}
    bad = [wrong.what for wrong in _bad_numbers(written)]
    right = replace(written, **{what: usual[what] for what in bad})  # type: ignore[arg-type] # numbers alone
    if size_fault(right.size, frame) or size_fault(right.least, frame):
        right = replace(right, least=frame.min_size, size=frame.max_size)
    return replace(right, name="") if fault("name", right.name, NAME_LIMIT) else right


def _plan(pieces: _Pieces, method: Method, first: date, at: time) -> Plan:
    """What is left out is as the method's frame has it."""
    frame = method.frame
    return Plan(
        method.id,
        first,
        at,
        int(pieces["meetings"][1]) if "meetings" in pieces else frame.meetings,
        _interval(pieces, frame.interval_days),
        _length(pieces, frame.minutes),
        *_seats(pieces, frame),
        pieces["name"][1] if "name" in pieces else "",
    )


def read_day(line: str, today: date) -> date | Fault:
    """The day that was written, and nothing else; one without a year is the next of that name."""
    pieces = _only(line, {"date", "weekday"})
    return pieces if isinstance(pieces, NotUnderstood) else _day(pieces, today)


def read_moment(line: str, today: date, on: date | None = None) -> tuple[date, time] | Fault:
    """The day and the time that were written, and nothing else.

    Where a day before it was `on`, that one where no day is named, and a weekday is
    the next from there.
    """
    pieces = _only(line, {"date", "weekday", "time"})
    if isinstance(pieces, NotUnderstood):
        return pieces
    day: date | Fault
    if on and "date" not in pieces:
        day = _day(pieces, on) if "weekday" in pieces else on
    else:
        day = _day(pieces, today)
    at = _clock(pieces)
    if not isinstance(day, date):
        return day
    return (day, at) if isinstance(at, time) else at


def _only(line: str, slots: Collection[str]) -> _Pieces | NotUnderstood:
    """What a line tells, where it tells of nothing but these."""
    told = _told(line)
    superfluous = [written for slot, (_, written) in told.pieces.items() if slot not in slots]
    strange = (*told.again, *filter(None, [told.unknown]), *superfluous)
    return NotUnderstood(strange[0]) if strange else told.pieces


def _told(line: str) -> _Told:
    pieces: _Pieces = {}
    words: list[str] = []
    again: list[str] = []
    for found in _PIECE.finditer(line):
        group = found.lastgroup or ""
        slot = _SLOT.get(group)
        if slot in pieces:
            again.append(found[0].strip())
        elif slot:
            pieces[slot] = group, found[group].strip()
        elif found[0].casefold() not in _FILLER:
            words.append(found[0])
    return _Told(pieces, tuple(words), tuple(again))


def _method_in(words: tuple[str, ...], methods: Sequence[Method]) -> tuple[Method, tuple[str, ...]]:
    """The method that is named among these words, else the first; and the words beside its name."""
    small = [word.casefold() for word in words]
    named = [
        (len(title), since, method)
        for method in methods
        for title in map(_telling, (method.id, *method.title.values()))
        for since in range(len(words))
        if title and small[since : since + len(title)] == title
    ]
    if not named:
        return methods[0], words
    length, since, method = max(named, key=lambda found: found[0])
    return method, (*words[:since], *words[since + length :])


def method_named(wanted: str, methods: Iterable[Method]) -> Method | None:
    """The method with this id, or this title in any language; small words do not count."""
    for method in methods:
        if _telling(wanted) in map(_telling, (method.id, *method.title.values())):
            return method
    return None


def _telling(words: str) -> list[str]:
    return [word for word in words.casefold().split() if word not in _FILLER]


def _day(pieces: _Pieces, today: date) -> date | Fault:
    weekday = pieces.get("weekday")
    if "date" not in pieces:
        if weekday is None:
            return Missing("date")
        ahead = (_WEEKDAY[weekday[1].casefold()] - today.weekday()) % 7
        return today + timedelta(days=ahead)
    group, written = pieces["date"]
    found = _dated(group, written, today)
    if found is None:
        return NoSuchDay(written)
    if weekday and _WEEKDAY[weekday[1].casefold()] != found.weekday():
        return NoSuchDay(f"{weekday[1]} {written}")
    return found


def _dated(group: str, written: str, today: date) -> date | None:
    if group == "near":
        return today + timedelta(days=1 if _TOMORROW.fullmatch(written) else 0)
    numbers = [int(number) for number in re.findall(r"\d+", written)]
    match group:
        case "iso":
            *years, month, day = numbers
        case "dotted":
            day, month, *years = numbers
        case _:
            day, *years = numbers
            month = _MONTH[re.findall(r"[^\W\d_]+", written)[0].casefold()]
    if not years:
        return _next(month, day, today)
    is_short = group == "dotted" and years[0] < 100  # 12.1.27
    return _existing(years[0] + 2000 if is_short else years[0], month, day)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next(month: int, day: int, today: date) -> date | None:
    """The first such day from today; 29 February may be years away."""
    years = (_existing(year, month, day) for year in range(today.year, today.year + 9))
    return next((found for found in years if found and found >= today), None)


def _clock(pieces: _Pieces) -> time | Fault:
    if "time" not in pieces:
        return Missing("time")
    _, written = pieces["time"]
    half = written[-2:].casefold()
    shown = re.match(r"(\d{1,2}?)[:.]?(\d{2})?(?!\d)", written)  # 9, 9.00, 0900
    hour, minute = (int(number) for number in shown.groups("0")) if shown else (24, 0)
    if half in ("am", "pm"):  # 12 am is midnight
        if not 1 <= hour <= 12:
            return NoSuchTime(written)
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return NoSuchTime(written)


def _interval(pieces: _Pieces, default: int) -> int:
    match pieces.get("interval"):
        case "weekly", _:
            return 7
        case "fortnight", _:
            return 14
        case "weeks", number:
            return 7 * int(number)
        case _, number:
            return int(number)
        case _:
            return default


def _length(pieces: _Pieces, default: int) -> int:
    match pieces.get("length"):
        case "hours", number:
            return int(60 * float(number.replace(",", ".")))
        case _, number:
            return int(number)
        case _:
            return default


def _seats(pieces: _Pieces, frame: Frame) -> tuple[int, int]:
    """The fewest and the most members."""
    _, written = pieces.get("seats", ("", ""))
    numbers = sorted(int(number) for number in re.findall(r"\d+", written))
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    return frame.min_size, numbers[0] if numbers else frame.max_size


# --- Checking -----------------------------------------------------------------------------------


def check(plan: Plan, zone: ZoneInfo, now: datetime) -> Fault | None:
    """What is wrong with a plan, where something is. `now` is aware."""
    if bad := next(_bad_numbers(plan), None):
        return bad
    first = moment(plan.first, plan.at, zone, now)
    return fault("name", plan.name, NAME_LIMIT) if isinstance(first, datetime) else first


def _bad_numbers(plan: Plan) -> Iterator[BadNumber]:
    bounds: tuple[tuple[Numbered, int, int, int], ...] = (
        ("meetings", plan.meetings, 1, MAX_MEETINGS),
        ("interval", plan.interval, 1, MAX_INTERVAL),
        ("minutes", plan.minutes, LEAST_MINUTES, MOST_MINUTES),
    )
    for what, number, least, most in bounds:
        if not least <= number <= most:
            yield BadNumber(what, number, least, most)


def size_fault(size: int, frame: Frame) -> BadNumber | None:
    """A method is for so many, and for no other number."""
    if frame.min_size <= size <= frame.max_size:
        return None
    return BadNumber("size", size, frame.min_size, frame.max_size)


def moment(day: date, at: time, zone: ZoneInfo, now: datetime) -> datetime | Fault:
    """When a meeting at a local time begins, in UTC, if it can be planned `now`."""
    today = now.astimezone(zone).date()
    if day < today:
        return Past(day)
    if day > today + HORIZON:
        return TooFar(day)
    local = datetime.combine(day, at, zone)
    starts = local_moment(day, at, zone)
    if starts <= now:
        return Past(day)
    if starts.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return SkippedHour(day, at)
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        return RepeatedHour(day, at)
    return starts


def occurrences(plan: Plan, zone: ZoneInfo) -> tuple[datetime, ...]:
    """When the meetings of a plan that `check` finds nothing wrong with begin, in UTC.

    A later meeting whose hour is skipped begins that much later by the clock, and
    one whose hour comes twice begins the first time.
    """
    days = (plan.first + number * timedelta(days=plan.interval) for number in range(plan.meetings))
    return tuple(local_moment(day, plan.at, zone) for day in days)


@dataclass(frozen=True, slots=True)
class Span:
    """A meeting's time: from `starts`, an aware moment, for so many minutes."""

    starts: datetime
    minutes: int

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)


def overlap(planned: Iterable[Span], others: Sequence[Span]) -> tuple[Span, Span] | None:
    """The first planned meeting that shares time with another, and that one."""
    for one in planned:
        for other in others:
            if one.starts < other.ends and other.starts < one.ends:
                return one, other
    return None
