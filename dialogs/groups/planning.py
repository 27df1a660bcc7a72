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
from itertools import pairwise
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from dialogs.groups.working_hours import local_moment
from dialogs.sessions.method import Frame, Method
from dialogs.writing.calendar_words import MONTH, WEEKDAY, any_of, plainly, until
from dialogs.writing.door import RecognisedWords, stopped
from dialogs.writing.text import TooLong, Unstorable

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
    days: tuple[date, ...] = ()
    """Every day, in order, where they are not `interval` apart; else empty."""


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


NumberField: TypeAlias = Literal["meetings", "interval", "minutes", "size"]


@dataclass(frozen=True, slots=True)
class BadNumber:
    """Outside of `least` to `most`, both allowed."""

    what: NumberField
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
    | RecognisedWords
)


# --- Reading ------------------------------------------------------------------------------------

_TOMORROW = re.compile(r"(?:i\s+)?mor(?:gen|gon)|tomorrow", re.IGNORECASE)
_FILLER = frozenset(
    re.findall(
        r"\S+",
        """
        fra frå from til to until og and i in på on at med with for av of den the hver kvar every
        each a à en ei ein et eit start starter startar starts starting begynner begynn byrjar
        oppstart gruppe gruppa group vi skal we will møtes møtast meet meets meeting møter møte
        første fyrste first ny nytt nye new totalt samlet alt all slik dag dagen dager da så then er
        is are hos oss us kan can vil ha have gjerne please jeg eg fram frem beste gangen gang plass
        kl klokka
        """,
    )
)


_HALF = r"(?:\s*[ap]m)?"
_EVERY = r"(?:hver|kvar|every)"
_WEEK = rf"(?:(?:uke|veke|week)\b|(?=(?:{any_of(WEEKDAY)})\b))"
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
    | (?P<worded>\d{{1,2}}\.?\s+(?:{any_of(MONTH)})\b\.?(?:\s+\d{{4}}\b)?)
    | (?P<american>(?:{any_of(MONTH)})\s+\d{{1,2}}\b(?:,?\s+\d{{4}}\b)?)
    | (?P<near>(?:i\s+dag|today|i\s+mor(?:gen|gon)|tomorrow)\b)
    | (?P<weekday>(?:{any_of(WEEKDAY)})\b)
    | (?P<word>[^\s,.;]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Tried in this order, wherever the piece before ended."""
_AND_WITH = re.compile(
    r"(?:fram |frem )?(?:til og med|t\.?o\.?m\.?|through|up to and including)\s", re.IGNORECASE
)
"""Before the last day of an absence."""
_UNTIL = frozenset(("til", "until", "to", "till", "ut", "med"))
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
    more_days: tuple[tuple[str, str], ...]
    """Days after the first, as pieces."""

    @property
    def unknown(self) -> str:
        return " ".join(self.words)


def read(line: str, methods: Sequence[Method], today: date) -> Plan | Fault:
    """The plan that was written; the first of `methods` where none is named.

    A day without a year is the next one of that name. Nothing but the words is
    looked at: `check` knows what can be planned.
    """
    told = _told(plainly(line, today))
    if told.again:
        return NotUnderstood(told.again[0])
    method, strange = _method_in(told.words, methods)
    if strange:
        return NotUnderstood(" ".join(strange))
    days = _days(told, today)
    if not isinstance(days, tuple):
        return days
    at = _clock(told.pieces)
    if not isinstance(at, time):
        return at
    plan = _plan(told.pieces, method, days[0], at)
    if len(days) > 1:
        return _on(plan, days)
    return _up_to(plan, told.pieces, today)


def _days(told: _Told, today: date) -> tuple[date, ...] | Fault:
    """The days that were written, in order."""
    first = _day(told.pieces, today)
    if not isinstance(first, date):
        return first
    days = {first}
    for group, written in told.more_days:
        day = _dated(group, written, today)
        if day is None:
            return NoSuchDay(written)
        days.add(day)
    return tuple(sorted(days))


def _on(plan: Plan, days: tuple[date, ...]) -> Plan:
    """A plan for these days: a series, where one is as far from the next as the others are."""
    apart = {(later - earlier).days for earlier, later in pairwise(days)}
    if len(apart) == 1:
        return replace(plan, first=days[0], meetings=len(days), interval=apart.pop())
    return replace(plan, first=days[0], meetings=len(days), days=days)


def _up_to(plan: Plan, pieces: _Pieces, today: date) -> Plan | Fault:
    """As many meetings as there is time for until the last day that was written."""
    if "until" not in pieces or "meetings" in pieces:
        return plan
    last = _dated(*pieces["until"], today)
    if last is None:
        return NoSuchDay(pieces["until"][1])
    return replace(plan, meetings=max(0, (last - plan.first).days // max(1, plan.interval)) + 1)


def suggested(
    line: str, methods: Sequence[Method], today: date, otherwise: tuple[date, time]
) -> Plan:
    """A right plan near what was written: what was wrong or missing is as usual.

    A day or a time that cannot be read is that of `otherwise`. Whether its first
    meeting can be then, `check` knows.
    """
    told = _told(plainly(line, today))
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
    right = replace(written, **{what: usual[what] for what in bad})  # type: ignore[arg-type] # `what` names fields that are numbers
    if size_fault(right.size, frame) or size_fault(right.least, frame):
        right = replace(right, least=frame.min_size, size=frame.max_size)
    return replace(right, name="") if stopped_name(right.name) else right


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


def read_return(line: str, today: date) -> date | Fault:
    """The day on which somebody is back who is away so long, today, or until a day."""
    inclusive = _AND_WITH.match(line)
    told = _only(until(line[inclusive.end() :] if inclusive else line, today), {"date", "weekday"})
    day = told if isinstance(told, NotUnderstood) else _day(told, today)
    return day + timedelta(days=1) if inclusive and isinstance(day, date) else day


def read_moment(line: str, today: date, on: date | None = None) -> tuple[date, time] | Fault:
    """The day and the time that were written, and nothing else.

    Where a day before it was `on`, that one where no day is named, and a weekday is
    the next from there.
    """
    pieces = _only(plainly(line, on or today), {"date", "weekday", "time"})
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
    more = [written for _, written in told.more_days]
    strange = (*told.again, *filter(None, [told.unknown]), *more, *superfluous)
    return NotUnderstood(strange[0]) if strange else told.pieces


def _told(line: str) -> _Told:
    pieces: _Pieces = {}
    words: list[str] = []
    again: list[str] = []
    more: list[tuple[str, str]] = []
    before = ""
    for found in _PIECE.finditer(line):
        group, written = found.lastgroup or "", found[0].strip()
        slot = _SLOT.get(group)
        if slot == "date" and before in _UNTIL and pieces.keys() & {"date", "weekday"}:
            slot = "until"
        if slot == "date" and slot in pieces:
            more.append((group, found[group].strip()))
        elif slot == "weekday" and "date" in pieces and (more or slot in pieces):
            pass  # of one of several days
        elif slot in pieces:
            again.append(written)
        elif slot:
            pieces[slot] = group, found[group].strip()
        elif written.casefold() not in _FILLER:
            words.append(written)
        before = written.casefold()
    return _Told(pieces, tuple(words), tuple(again), tuple(more))


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


def _telling(words: str) -> list[str]:
    return [word for word in words.casefold().split() if word not in _FILLER]


def _day(pieces: _Pieces, today: date) -> date | Fault:
    weekday = pieces.get("weekday")
    if "date" not in pieces:
        if weekday is None:
            return Missing("date")
        ahead = (WEEKDAY[weekday[1].casefold()] - today.weekday()) % 7
        return today + timedelta(days=ahead)
    group, written = pieces["date"]
    found = _dated(group, written, today)
    if found is None:
        return NoSuchDay(written)
    if weekday and WEEKDAY[weekday[1].casefold()] != found.weekday():
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
            month = MONTH[re.findall(r"[^\W\d_]+", written)[0].casefold()]
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
    for day in plan.days or (plan.first,):
        starts = moment(day, plan.at, zone, now)
        if not isinstance(starts, datetime):
            return starts
    return stopped_name(plan.name)


def stopped_name(name: str) -> TooLong | Unstorable | RecognisedWords | None:
    """A name is for everyone to see; a person's name may well be part of it."""
    return stopped("name", name, NAME_LIMIT, anyway=True)


def _bad_numbers(plan: Plan) -> Iterator[BadNumber]:
    bounds: tuple[tuple[NumberField, int, int, int], ...] = (
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
    local = datetime.combine(day, at.replace(fold=0), zone)
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
    apart = timedelta(days=plan.interval)
    days = plan.days or (plan.first + number * apart for number in range(plan.meetings))
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
