"""What people write of days, times and numbers, in the few forms that a reader of dates knows.

    tre møter på onsdager fra neste uke, klokka halv ti, maks seks deltakere
    ->  3 møter onsdag hver uke fra 2027-01-13 , kl 9:30 , 6 plasser

`plainly` works through a table of forms in bokmål, nynorsk and English. What it does
not know it leaves as it was, and so it does what stands in quotes.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TypeAlias

MONTH_NAMES = (
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
MONTH = {
    name: number
    for number, names in enumerate(MONTH_NAMES, 1)
    for whole in names.split()
    for name in (whole, whole[:3])
}
WEEKDAY = {
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
_NUMBER = {
    name: str(number)
    for number, names in enumerate(
        (
            "én éi ein one",
            "two",
            "tre three",
            "fire four",
            "fem five",
            "seks six",
            "sju syv seven",
            "åtte eight",
            "ni nine",
            "ti ten",
            "elleve eleven",
            "tolv twelve",
        ),
        1,
    )
    for name in names.split()
}
_ORDINAL = {
    name: str(number)
    for number, names in enumerate(
        ("tredje third", "fjerde fourth", "femte fifth", "sjette sixth"), 3
    )
    for name in names.split()
} | {"fjortende": "14", "fjortande": "14", "tiende": "10", "tiande": "10"}


def any_of(names: Iterable[str]) -> str:
    """A pattern for any of these names, the longest first."""
    return "|".join(sorted(names, key=len, reverse=True))


_Rewrite: TypeAlias = Callable[[re.Match[str], date], str]
_DAY = rf"(?:{any_of(WEEKDAY)})"
_MONTHS = rf"(?:{any_of(MONTH)})"
_A_DAY = re.compile(rf"\b({_DAY})(?:er|ar|ene|ane|s)?\b", re.IGNORECASE)
_UNITS = (
    r"(?:uke|veke|week|måned|månad|month|dag|day|time|timar|hour|min|møte|gang|gong|session"
    r"|meeting|samling|økt|plass|seat|person|deltak|deltag|people|medlem|member|stk|kvarter|x\b)"
)
_LONGEST = 400
"""Characters of a line that tells of dates."""
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?(?:\s*[ap]m\b)?"
_KL = r"(?:kl\.?|klokka|klokken|at|@)"
_EVERY = r"(?:hver|kvar|every|each|per|pr\.?)"


def plainly(line: str, today: date) -> str:
    """The line in plain forms; `today` is what "next Tuesday" is reckoned from."""
    if len(line) > _LONGEST:
        return line
    pieces = re.split(r"([«\"“][^»\"”]*[»\"”])", line)
    return "".join(
        piece if number % 2 else _plain(piece, today) for number, piece in enumerate(pieces)
    )


def until(line: str, today: date) -> str:
    """The line with the day on which somebody is back in the place of how long they are away."""
    for pattern, rewrite in _AWAY:
        line = pattern.sub(lambda found, to=rewrite: to(found, today), line)  # type: ignore[misc] # mypy cannot infer it
    return plainly(line, today)


def _plain(text: str, today: date) -> str:
    for pattern, rewrite in _REWRITES:
        text = pattern.sub(lambda found, to=rewrite: to(found, today), text)  # type: ignore[misc] # mypy cannot infer it
    return text


# --- Days ---------------------------------------------------------------------------------------


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _in_week(monday: date, weekday: str | None) -> str:
    """A day of a week; its first where no day is named."""
    return (monday + timedelta(days=WEEKDAY[weekday.casefold()] if weekday else 0)).isoformat()


def _named(found: re.Match[str]) -> str | None:
    """The weekday beside it, or the only one in the line."""
    beside: str | None = found["before"] or found["after"]
    others = _A_DAY.findall(found.string)
    return beside or (others[0] if len(others) == 1 else None)


def _ahead(found: re.Match[str], today: date) -> str:
    """In so many days, weeks or months; a weekday is that week's."""
    number = int(found["n"]) if found["n"].isdigit() else 1
    unit = found["unit"].casefold()
    days = number * (7 if unit[0] in "uvw" else 28 if unit[0] == "m" else 1)
    if days > 1000:
        return found[0]
    named = _named(found)
    then = today + timedelta(days=days)
    return f" {_in_week(_monday(then), named) if named else then.isoformat()} "


def _next_week(found: re.Match[str], today: date) -> str:
    named = _named(found)
    return f" {_in_week(_monday(today) + timedelta(days=7), named)} "


def _next_day(found: re.Match[str], today: date) -> str:
    return f" {_in_week(_monday(today) + timedelta(days=7), found['day'])} "


def _of_week(found: re.Match[str], today: date) -> str:
    """A day in the week of this number that is nearest from today."""
    number, named = int(found["n"]), _named(found)
    for year in (today.year, today.year + 1):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        day = _in_week(monday, named)
        if day >= today.isoformat():
            return f" {day} "
    return found[0]


def _weekly(found: re.Match[str], _: date) -> str:
    """On Wednesdays: every week, where the line says no more of it."""
    told = re.search(
        r"\b(?:annen|annan|anna|hver|kvar|every|uker?s?|veker?s?|weeks?|weekly|ukentlig|vekentleg"
        r"|fortnight\w*|biweekly|måned\w*|månad\w*|month\w*|monthly|\d+\s+(?:dag|day))",
        found.string[: found.start()] + found.string[found.end() :],
        re.IGNORECASE,
    )
    return found["day"] if told else f"{found['day']} hver uke"


def _days_of_month(found: re.Match[str], _: date) -> str:
    """12., 19. og 26. januar: each with its month."""
    return ", ".join(f"{day}. {found['month']}" for day in re.findall(r"\d+", found["days"]))


# --- Times --------------------------------------------------------------------------------------


def _minutes(clock: str) -> int:
    """Since midnight."""
    hour, minute, *_ = (int(number) for number in (*re.findall(r"\d+", clock), "0"))
    half = clock[-2:].casefold()
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0)
    return 60 * hour + minute


def _span(found: re.Match[str], _: date) -> str:
    """From one time to another: a time and a length."""
    first, last = found["first"], found["last"]
    half = re.search(r"[ap]m", last, re.IGNORECASE)
    if half and not re.search(r"[ap]m", first, re.IGNORECASE):
        first += half[0] if _minutes(first + half[0]) < _minutes(last) else "am"
    length = _minutes(last) - _minutes(first)
    if _minutes(last) > 24 * 60 or length <= 0:
        return found[0]
    return f" kl {first.replace('.', ':')} {length} min "


def _spoken_time(before: int) -> _Rewrite:
    """So many minutes before or after the hour that is named; in the day, not at night."""

    def rewrite(found: re.Match[str], _: date) -> str:
        hour = int(found["hour"])
        at = 60 * (hour + 12 if hour < 7 else hour) - before
        return f" kl {at // 60 % 24}:{at % 60:02} "

    return rewrite


def _spoken_hour(found: re.Match[str], _: date) -> str:
    hour = int(_NUMBER.get(found["hour"].casefold(), "2"))
    return f"kl {hour + 12 if hour < 7 else hour}"


# --- Numbers ------------------------------------------------------------------------------------


def _number(found: re.Match[str], _: date) -> str:
    return _NUMBER[found[0].casefold()]


def _said(text: str) -> _Rewrite:
    return lambda found, _: found.expand(text)


def _after(days: Callable[[date], int]) -> _Rewrite:
    """So many days from today."""
    return lambda _, today: (today + timedelta(days=days(today))).isoformat()


def _slashed(found: re.Match[str], _: date) -> str:
    return f"{found[1]}.{found[2]}.{found[3] or ''}"


def _every_so_many(found: re.Match[str], _: date) -> str:
    return f"{found['every']} {_ORDINAL[found['which'].casefold()]}."


# --- The table ----------------------------------------------------------------------------------

_PEOPLE = (
    r"(?: (?:deltak\w+|deltag\w+|person\w*|people|folk|plass\w*|seats?|stk|stykker|medlem\w*"
    r"|members|participants|veiledere|rettleiarar|kolleg\w+))"
)
_MOST = r"(?:maks(?:imum|imalt)?\.?|max(?:imum)?\.?|opptil|inntil|høyst|at most|up to|no more than)"
_ONCE = r"(?:en|én|ei|ein|1) (?:gang|gong) (?:i|per|pr\.?)"
_APART = (
    r"(?:i?mellom(?:rom)?|intervall\w*|pause|between|apart)(?: (?:hver|kvar|each)(?:t| gang)?)?"
)
_TO = r"_(?:[-–]|til|to|until)_"
_QUARTERS = r"\.(?:00|15|30|45)"
_ON = rf"(?:_,?_(?:på |on )?(?P<after>{_DAY})\b)?"


def _table(*rows: tuple[str, _Rewrite]) -> tuple[tuple[re.Pattern[str], _Rewrite], ...]:
    """In a pattern a space stands for any number of them, and an underscore for none as well."""
    return tuple(
        (re.compile(re.sub("_", r"\\s*", re.sub(" ", r"\\s+", row)), re.IGNORECASE), rewrite)
        for row, rewrite in rows
    )


_REWRITES = _table(
    (r"\b(\d{1,2}:\d{2}):\d{2}\b", _said(r"\1")),
    # Lengths in words, before their numbers become digits
    (r"\b(?:en|ein|1) og (?:en|ein) halv time\b|\bhalvann[ae]n time\b", _said("90 min")),
    (r"\b(?:an?|one) hour and a half\b|\bone and a half hours?\b", _said("90 min")),
    (r"\bto og en halv time\b", _said("150 min")),
    (r"\b(\d)_½_(?:time|hour)\w*", _said(r"\1,5 timer")),
    (r"\b(?:(?:en|ein) )?halv_time\b|\bhalf an hour\b", _said("30 min")),
    (r"\b(?:tre|3) kvarter\b", _said("45 min")),
    (r"\b(?:en|ein|an|one) (?:time|hour)\b", _said("60 min")),
    # Times in words
    (rf"\b{_KL}_(?P<hour>to|{any_of(_NUMBER)})\b(?!_(?:timer|uke))", _spoken_hour),
    (rf"\b(?:{any_of(_NUMBER)})\b", _number),
    (r"(?:\bhalv|\bover|\bkvart på) to\b", lambda found, _: found[0][:-2] + "2"),
    (rf"\bto(?= {_UNITS})", _said("2")),
    (rf"(?:\b{_KL}_)?\bhalv_(?P<hour>\d{{1,2}})\b", _spoken_time(30)),
    (rf"(?:\b{_KL}_)?\bhalf past (?P<hour>\d{{1,2}})\b", _spoken_time(-30)),
    (rf"(?:\b{_KL}_)?\b(?:kvart over|quarter past) (?P<hour>\d{{1,2}})\b", _spoken_time(-15)),
    (rf"(?:\b{_KL}_)?\b(?:kvart på|quarter to) (?P<hour>\d{{1,2}})\b", _spoken_time(15)),
    # From one time to another
    (
        (
            rf"\b{_KL}_(?P<first>{_CLOCK}){_TO}(?:{_KL}_)?(?P<last>{_CLOCK})"
            rf"(?!_{_UNITS})(?!\.?_{_MONTHS})"
        ),
        _span,
    ),
    (
        (
            rf"(?:\b(?:fra|frå|from) )?\b(?P<first>\d{{1,2}}:\d{{2}}(?:_[ap]m)?){_TO}"
            rf"(?P<last>{_CLOCK})"
        ),
        _span,
    ),
    (
        (
            rf"(?:\b(?:fra|frå|from) )?\b(?P<first>\d{{1,2}}(?:{_QUARTERS})?){_TO}"
            rf"(?P<last>\d{{1,2}}(?:{_QUARTERS}|:\d{{2}}))(?![.\d]|_[ap]m)"
        ),
        _span,
    ),
    (
        (
            rf"(?:\bfrom )?\b(?P<first>\d{{1,2}}(?::\d{{2}})?(?:_[ap]m)?){_TO}"
            r"(?P<last>\d{1,2}(?::\d{2})?_[ap]m)\b"
        ),
        _span,
    ),
    (r"(?<![\d.:])(?<!kl\x20)(?<!kl\.\x20)(\d{1,2})\.(00|15|30|45)(?![.\d])", _said(r"kl \1:\2")),
    # Days
    (r"\b(\d{1,2})(?:st|nd|rd|th)\b(?: of\b)?", _said(r"\1")),
    (
        (
            rf"(?<![\d.:])(?P<days>\d{{1,2}}\.?"
            rf"(?:_(?:,_og|,|og|and|&)_(?:{_DAY} )?\d{{1,2}}\.?){{1,11}}) (?P<month>{_MONTHS})\b"
        ),
        _days_of_month,
    ),
    (r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})\b", _said(r"\1.\2.\3")),
    (r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{2}))?(?![\d/])", _slashed),
    (r"\bi overmorg[eo]n\b|\b(?:the )?day after tomorrow\b", _after(lambda _: 2)),
    (
        rf"(?:\b(?P<before>{_DAY}) )?\b(?:om|in) (?P<n>\d{{1,3}}|en|ei|a) "
        r"(?P<unit>(?:uke|veke|week|dag|day|måned|månad|month)(?:ene|ane|ne|er|ar|r|s)?)\b" + _ON,
        _ahead,
    ),
    (rf"(?:\b(?P<before>{_DAY}) )?\b(?:i )?(?:neste|next) (?:uke|veke|week)\b{_ON}", _next_week),
    (rf"\b(?:neste|next) (?P<day>{_DAY})\b", _next_day),
    (
        rf"\b(?:førstkomm[ae]nde|kommende|komande|nå på|no på|(?:this )?coming) (?P<day>{_DAY})\b",
        _said(r"\g<day>"),
    ),
    (
        (
            rf"(?:\b(?P<before>{_DAY}) )?(?<!hver\x20)(?<!kvar\x20)(?<!every\x20)(?<!andre\x20)"
            rf"(?<!gang\x20i\x20)\b(?:i )?(?:uke|veke|week) (?P<n>\d{{1,2}})\b"
            rf"(?!_(?:{_UNITS}|x|[-–])){_ON}"
        ),
        _of_week,
    ),
    # How often
    (
        (
            rf"\b(?:{_ONCE}_(?:måneden|måned|månaden|månad)|once a month|månedlig|månadleg|monthly"
            rf"|{_EVERY} (?:måned|månad|month))\b"
        ),
        _said("28 dager"),
    ),
    (rf"\b(?:{_ONCE}_(?:uka|uken|uke|veka|veke)|once a week)\b", _said("hver uke")),
    (r"\b(?:fortnightly|every fortnight|biweekly)\b", _said("annenhver uke")),
    (rf"\b(?P<every>hver|kvar|every) (?P<which>{any_of(_ORDINAL)})\b", _every_so_many),
    (rf"\b(\d{{1,3}})_(?:uker|veker|veke|week)s?['’]? {_APART}", _said(r"\1 uker")),
    (rf"\b(\d{{1,3}})_(?:dager|dagar|day)s?['’]? {_APART}", _said(r"\1 dager")),
    (rf"\b(?:på |on )?(?P<day>{_DAY})(?:er|ar|ene|ane|s)\b", _weekly),
    # How many
    (r"\b(\d{1,3}) (?:samlinger|samlingar|økter|sessions|treff)\b", _said(r"\1 møter")),
    (
        rf"\b(?:mellom|between) (\d{{1,3}}) (?:og|and) (\d{{1,3}})\b{_PEOPLE}?",
        _said(r"\1-\2 plasser"),
    ),
    (
        (
            rf"\b(?:minst|at least|min\.?) (\d{{1,3}}){_PEOPLE}?_,?_(?:og|and|men|but)?_{_MOST} "
            rf"(\d{{1,3}})\b{_PEOPLE}?"
        ),
        _said(r"\1-\2 plasser"),
    ),
    (
        rf"\b{_MOST} (\d{{1,3}})\b(?!_(?:møte|gang|gong|time|hour|min)){_PEOPLE}?",
        _said(r"\1 plasser"),
    ),
    (rf"\b(\d{{1,3}}(?:_[-–]_\d{{1,3}})?){_PEOPLE}\b", _said(r"\1 plasser")),
    (r"\b(\d{1,2}(?:[.,]\d)?)_t(?:im)?\b", _said(r"\1 timer")),
)

_AWAY = _table(
    (r"^_(?:i_dag|today|i kveld)_$", _after(lambda _: 1)),
    (r"^_(?:(?:hele|heile|all) )?(?:i_morg[eo]n|tomorrow)_$", _after(lambda _: 2)),
    (r"^_(?:i overmorg[eo]n|(?:the )?day after tomorrow)_$", _after(lambda _: 3)),
    (
        (
            r"^_(?:(?:i|for|de neste|dei neste|the next) )?"
            rf"(?=(?:\d{{1,3}}|to|en|ei|et|a|{any_of(_NUMBER)})"
            r" (?:uke|veke|week|dag|day|måned|månad|month))"
        ),
        _said("om "),
    ),
    (
        (
            r"^_(?:(?:ut|resten av|hele|heile|denne) (?:uka|uken|veka)"
            r"|(?:the )?rest of (?:the|this) week|(?:all )?this week)_$"
        ),
        _after(lambda today: 7 - today.weekday()),
    ),
    (
        r"^_(?:(?:hele|heile|all) )?(?:neste|next) (?:uke|veke|week)_$",
        _after(lambda today: 14 - today.weekday()),
    ),
)
