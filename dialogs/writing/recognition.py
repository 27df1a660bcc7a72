"""The recognition check: what in a text could tell who somebody is.

Hard findings (fødselsnummer and its kin, telephone, e-mail, bank account) stop
a text before it leaves its writer. Soft ones (names, addresses, offices) are
shown to the writer, who edits or sends anyway. Nothing is stored or logged.

The text is folded first, so that full-width digits, zero-width characters,
dots between digits or numbers in words hide nothing; every finding points into
the text as it was written.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple, TypeAlias

import phonenumbers

from dialogs.writing.names import BOTH, GIVEN, ORDINARY
from dialogs.writing.places import PLACES, TELLING, WORDS

Hard: TypeAlias = Literal["identity_number", "account", "phone", "email"]
Soft: TypeAlias = Literal["office", "address", "postcode", "place", "name"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`text[start:end]` of the text as it was written."""

    start: int
    end: int
    kind: Hard | Soft


@dataclass(frozen=True, slots=True)
class Recognition:
    """Findings in the order of the text; no two of them overlap."""

    hard: tuple[Finding, ...]
    soft: tuple[Finding, ...]


Matches: TypeAlias = Iterator[tuple[int, int, Hard | Soft]]


def check(text: str) -> Recognition:
    """What could identify somebody in `text`. Raises on no text; linear in its length."""
    folded = _fold(text)
    covered = bytearray(len(folded.text))
    hard = _settle(folded, covered, _numbers(folded.text), _emails(folded.text))
    soft = _settle(folded, covered, _places(folded.text), _names(folded.text))
    return Recognition(hard, soft)


def _settle(folded: "_Folded", covered: bytearray, *finders: Matches) -> tuple[Finding, ...]:
    """The findings that overlap none before them, as places in the text as it was written."""
    kept = []
    for finder in finders:
        for start, end, kind in finder:
            if not any(covered[start:end]):
                covered[start:end] = b"\1" * (end - start)
                kept.append(Finding(*folded.span(start, end), kind))
    return tuple(sorted(kept, key=lambda found: found.start))


# --- Folding ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text without disguise; `at[i]` is where its character i stood, `at[-1]` the end."""

    text: str
    at: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stood, with the marks and invisible characters after it."""
        return self.at[start], max(self.at[end - 1] + 1, self.at[end])


def _fold(text: str) -> _Folded:
    plain: list[str] = []
    at: list[int] = []
    for index, character in enumerate(text):
        if " " <= character <= "~":
            plain.append(character)
            at.append(index)
            continue
        if unicodedata.category(character) in _MARKS:
            if plain:
                composed = unicodedata.normalize("NFC", plain[-1] + character)
                plain[-1] = composed if len(composed) == 1 else plain[-1]
            continue
        for part in _plain(character):
            plain.append(part)
            at.append(index)
    at.append(len(text))
    folded = _LOOKALIKES.sub(lambda run: run[0].translate(_AS_DIGITS), "".join(plain))
    return _without_numerals(_Folded(folded, at))


_MARKS = ("Mn", "Me")
_INVISIBLE = "\u115f\u1160\u3164\uffa0"
"""Letters without a shape; all else that is invisible has the category of formats."""


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One character as what it looks like: none, one, or a few."""
    if character in "\t\n\r":
        return character
    if character in _INVISIBLE or unicodedata.category(character) in ("Cf", "Cc"):
        return ""
    return "".join(map(_part, unicodedata.normalize("NFKC", character)[:4]))


def _part(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    match unicodedata.category(character):
        case "Pd":
            return "-"
        case "Zs" | "Zl" | "Zp":
            return " "
        case "Mn":  # a compatibility form of an accent: the accent is of no use
            return ""
        case _:
            return character


_LOOKALIKES = re.compile(r"(?<!\w)(?=[OoIl]{0,9}\d)(?=\d{0,20}[OoIl])[\dOoIl]{2,}+(?!\w)")
_AS_DIGITS = str.maketrans("OoIl", "0011")

_ONES = {
    word: value
    for value, words in enumerate(
        (
            *("null zero", "en én ein ett eitt one", "to two", "tre three", "fire four"),
            *("fem five", "seks six", "sju syv seven", "åtte eight", "ni nine"),
        )
    )
    for word in words.split()
}
_TEENS = "ti elleve tolv tretten fjorten femten seksten sytten atten nitten"
_TENS = "tjue tretti førti femti seksti sytti åtti nitti"
_NUMERALS = {
    **{word: str(value) for word, value in _ONES.items()},
    **{word: str(10 + index) for index, word in enumerate(_TEENS.split())},
    **{word: str(20 + 10 * index) for index, word in enumerate(_TENS.split())},
    **{
        ten + word: str(20 + 10 * index + value)
        for index, ten in enumerate(_TENS.split())
        for word, value in _ONES.items()
        if value
    },
}
_NUMERAL = f"(?:{'|'.join(sorted(_NUMERALS, key=len, reverse=True))}|\\d{{1,2}})"
_SPOKEN = re.compile(
    rf"(?<!\w)(?=[\dzntfseéåao])(?=[\W\d_]{{0,12}}[^\W\d_])"  # not along digits only
    rf"{_NUMERAL}(?:[\W_]{{1,3}}{_NUMERAL}(?!\w)){{3,}}",
    re.IGNORECASE,
)  # fewer numerals than four are no number to reach anybody by
_WORD = re.compile(r"[^\W\d_]+")


def _without_numerals(folded: _Folded) -> _Folded:
    """«ni åtte sju seks ...» in digits; each stands where its word began."""
    text: list[str] = []
    at: list[int] = []
    last = 0
    for run in _SPOKEN.finditer(folded.text):
        for word in _WORD.finditer(folded.text, *run.span()):
            digits = _NUMERALS[word[0].lower()]
            gap = folded.text[last : word.start()]
            # Numbers in words with commas between are dictated; in digits they are a list.
            text += [gap.replace(",", " ") if last > run.start() else gap, digits]
            at += folded.at[last : word.start()] + [folded.at[word.start()]] * len(digits)
            last = word.end()
    return _Folded("".join([*text, folded.text[last:]]), at + folded.at[last:])


# --- Numbers ------------------------------------------------------------------------------------

_PERSONAL = r"person(?:nummer|nr)|pnr"
_BETWEEN = r"(?:[^\w+]|_){0,4}+"
_RUN = re.compile(rf"\d(?:{_BETWEEN}(?:(?:{_PERSONAL}){_BETWEEN})?\d)*", re.IGNORECASE)
_GROUP = re.compile(
    r"\d(?!\d)(?P<gap>(?![,;:]\s)(?:[^\w+\n]|_){1,4})\d(?!\d)(?:(?P=gap)\d(?!\d))*+|\d+"
)
"""Digits without anything between them, or one by one with the same between all."""
_AROUND = 40
"""Characters before and after a number in which a cue is looked for."""


class _Run:
    """Groups of digits with little between them, and the words around."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.groups = [group.span() for group in _GROUP.finditer(text, start, end)]
        groups = [re.sub(r"\D", "", text[a:b]) for a, b in self.groups]
        self.digits = "".join(groups)
        self.sizes = [len(group) for group in groups]
        self.ends = [0, *accumulate(self.sizes)]
        self.separators = [text[a:b] for (_, a), (b, _) in pairwise(self.groups)]
        self.before = text[max(0, start - _AROUND) : start]
        self.after = text[end : end + _AROUND]

    def windows(self, total: int) -> Iterator["_Window"]:
        """Every row of whole groups that has `total` digits."""
        if len(self.digits) < total:
            return
        for first, begun in enumerate(self.ends[:-1]):
            last = bisect_left(self.ends, begun + total, first)
            if last < len(self.ends) and self.ends[last] == begun + total:
                yield _Window(self, first, last)


class _Window(NamedTuple):
    """The groups `first` up to `last` of a run."""

    run: _Run
    first: int
    last: int

    @property
    def span(self) -> tuple[int, int]:
        return self.run.groups[self.first][0], self.run.groups[self.last - 1][1]

    @property
    def digits(self) -> str:
        return self.run.digits[self.run.ends[self.first] : self.run.ends[self.last]]

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(self.run.sizes[self.first : self.last])

    @property
    def separators(self) -> list[str]:
        return self.run.separators[self.first : self.last - 1]


def _numbers(text: str) -> Matches:
    """Identity numbers first: some of them would pass for bank accounts."""
    runs = [_Run(text, *run.span()) for run in _RUN.finditer(text)]
    runs = [run for run in runs if len(run.digits) >= 5]
    for kind, finder in _FINDERS:
        for run in runs:
            for window in finder(run):
                yield *window.span, kind


_IDENTITY_CUE = re.compile(
    rf"\b(?:f(?:ø|oe)dsels(?:nummer|nr)|fnr|[dh]-?(?:nummer|nr)|{_PERSONAL})\b\W*(?:\w+\W+)?$",
    re.IGNORECASE,
)
_PERSONAL_CUE = re.compile(rf"\b(?:{_PERSONAL})\b\W*(?:\w+\W+)?$", re.IGNORECASE)


def _identity_numbers(run: _Run) -> Iterator[_Window]:
    cue = _IDENTITY_CUE.search(run.before)  # after it a digit may be mistyped
    for window in run.windows(11):
        if cue or (_is_identity_number(window.digits) and _is_one_number(window)):
            yield window
    for window in run.windows(5):
        start, _ = window.span
        if _PERSONAL_CUE.search(run.text, max(0, start - _AROUND), start):
            yield window


def _is_one_number(window: _Window) -> bool:
    """Not digits from several numbers of a list: commas only where all separators are alike."""
    between = set(window.separators)
    return len(between) < 2 or not any(mark in separator for separator in between for mark in ",;:")


_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = {f"{added + month:02}": month for added in (0, 40, 65, 80) for month in range(1, 13)}
"""H-numbers add 40 to the month, synthetic test numbers 65 or 80."""


def _is_identity_number(digits: str) -> bool:
    """Fødselsnummer, D-number (day + 40), H-number or a synthetic one, before and after 2032.

    From 2032 the first control digit may leave a remainder of 0 to 3
    (Skatteetaten, on fødselsnummer from 2032); the second is as before.
    """
    month = _MONTHS.get(digits[2:4])
    if month is None:
        return False
    day = int(digits[:2])
    return (
        0 < (day - 40 if day > 40 else day) <= _DAYS[month - 1]
        and _remainder(_K1, digits) <= 3
        and _remainder(_K2, digits) == 0
    )


def _remainder(weights: tuple[int, ...], digits: str) -> int:
    return sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11


_ACCOUNT_BEFORE = re.compile(
    r"(?:konto(?:en|nummer|nummeret|nr)?|account(?: number)?|iban|\bno)(?![^\W\d])"
    r"\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_ACCOUNT_AFTER = re.compile(r"^\W*(?:[^\W\d]+\W+){0,2}\w*konto(?!r)", re.IGNORECASE)


def _accounts(run: _Run) -> Iterator[_Window]:
    """Eleven digits after or before a cue, or valid and grouped 4-2-5; IBAN has thirteen."""
    cue = _ACCOUNT_BEFORE.search(run.before) or _ACCOUNT_AFTER.search(run.after)
    for window in run.windows(11):
        if cue or (
            window.sizes == (4, 2, 5)
            and len(set(window.separators)) == 1
            and _remainder(_K2, window.digits) == 0
        ):
            yield window
    if cue:
        yield from run.windows(13)


# --- Telephones ---------------------------------------------------------------------------------

_PHONE_CUE = re.compile(
    r"\b(?:tlf|tel|telefon\w*|mobil\w*|mob|phone|sms|vipps\w*)\b\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_OTHER_BEFORE = re.compile(
    r"(?:\b(?:kr|kroner|nok|beløp\w*|sum\w*|sak|sak[aens]{1,3}|journal\w*?|ref|referanse\w*?"
    r"|vedtak\w*?|faktura\w*?|ordre\w*?|oppg[aå]ve\w*?|dokument\w*?|kid|org|organisasjons|case"
    r"|reference|invoice)[ .-]{0,2}(?:nr|nummer|no|number|id|post)?\W{0,3}|[€$£§] ?)$",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"\W{0,2}(?:kr\b|kron|nok\b|mill|mrd|euro|prosent)| ?(?:,-|[€$£%])", re.IGNORECASE
)
_USUAL = {(8,), (2, 2, 2, 2), (3, 2, 3), (4, 4)}


def _phones(run: _Run) -> Iterator[_Window]:
    if run.before.rstrip(" (").endswith("+") or run.digits.startswith("00"):
        yield from _abroad(run)
    cue = _PHONE_CUE.search(run.before) is not None
    for prefix in ("47", ""):
        for window in run.windows(len(prefix) + 8):
            if (
                window.digits.startswith(prefix)
                and _norwegian().fullmatch(window.digits, len(prefix))
                and not _is_other(window)
                and (_is_written_as_phone(window, prefix) or (cue and not _is_date(window)))
            ):
                yield window


def _abroad(run: _Run) -> Iterator[_Window]:
    """A number with a country's code; Norway's is one of them."""
    for last in range(len(run.groups), 0, -1):
        number = run.digits[: run.ends[last]].removeprefix("00")
        if 8 <= len(number) <= 15 and _is_reachable(number):
            yield _Window(run, 0, last)
            return


def _is_reachable(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{number}"))
    except phonenumbers.NumberParseException:
        return False


def _is_written_as_phone(window: _Window, prefix: str) -> bool:
    sizes, separators = window.sizes, window.separators
    if prefix and sizes[0] == len(prefix):
        sizes, separators = sizes[1:], separators[1:]
    between = set(separators)
    if any("\n" in one or (one[0] in ",;:" and len(one) > 1) for one in between):
        return False  # a list
    if len(between) > 1:  # 22-33 44 55, (22) 33 44 55
        return sizes in ((2, 2, 2, 2), (3, 2, 3)) and set(separators[1:]) == {" "}
    if between & {"/", ".", ",", ";", ":"}:  # else a date, a case, a decimal, times
        return sizes in _USUAL and not _is_round(window)
    return not _is_date(window) and not _is_round(window)


def _is_date(window: _Window) -> bool:
    """24.12.2025, and weeks: 41-42 2025."""
    return window.sizes == (2, 2, 4) and window.digits[4:6] in ("19", "20")


def _is_round(window: _Window) -> bool:
    """45 000 000, 45000000, and from one hundred to another: 2200-2400."""
    match window.sizes, window.digits:
        case (2, 3, 3), digits:
            return digits.endswith("000")
        case (8,), digits:
            return digits.endswith("00000")
        case (4, 4), digits:
            return digits[2:4] == digits[6:] == "00"
        case _:
            return False


def _is_other(window: _Window) -> bool:
    """An amount or the number of a case, by the words just before and after it."""
    run = window.run
    return (window.first == 0 and _OTHER_BEFORE.search(run.before) is not None) or (
        window.last == len(run.groups) and _AMOUNT_AFTER.match(run.after) is not None
    )


@cache
def _norwegian() -> re.Pattern[str]:
    """What phonenumbers knows of Norway and Svalbard, as one pattern: a thirtieth of the time."""
    metadata = phonenumbers.PhoneMetadata
    regions = filter(None, map(metadata.metadata_for_region, ("NO", "SJ")))
    return re.compile(
        "|".join(
            kind.national_number_pattern
            for region in regions
            for kind in (
                *(region.fixed_line, region.mobile, region.toll_free, region.premium_rate),
                *(region.shared_cost, region.personal_number, region.voip, region.uan),
                region.voicemail,
            )
            if kind and kind.national_number_pattern
        )
    )


_FINDERS: tuple[tuple[Hard, Callable[[_Run], Iterator[_Window]]], ...] = (
    ("identity_number", _identity_numbers),
    ("account", _accounts),
    ("phone", _phones),
)


# --- E-mail -------------------------------------------------------------------------------------

_LOCAL = r"(?<![\w.+%-])[\w.+%-]++"
_AT = r" ?(?:@|[(\[{] ?(?:at|@|krøllalfa|alfakrøll) ?[)\]}]|\b(?:krøllalfa|alfakrøll|snabel-?a)\b)"
_DOT_WORD = r"(?:dot|punktum|prikk)"
_DOT = rf"(?:\.| \. | ?[(\[{{] ?(?:\.|{_DOT_WORD}) ?[)\]}}] ?| {_DOT_WORD} )"
_TOP = r"(?:no|com|net|org|eu|se|dk|fi|is|uk|de|info|io|me|nu|name|online)\b"
_EMAIL = re.compile(
    # `at` is Norwegian for "that": an address only with a dot before it or a word for one
    rf"{_LOCAL}(?:@(?:[\w-]+\.)+[^\W\d_]{{2,}}|{_AT} ?(?:[\w-]+{_DOT})+{_TOP}"
    rf"| at (?:[\w-]+ {_DOT_WORD} )+{_TOP})"
    rf"|(?<![\w.])\w{{2,}}+[._]\w{{3,}}+ at (?:[\w-]+{_DOT})+{_TOP}"
    # o l a @ n a v . n o
    r"|(?<!\w)(?:[\w.+-] ){1,64}+@(?: [\w-](?!\w)){1,64}+(?: \.(?: [\w-](?!\w)){2,64}+)+",
    re.IGNORECASE,
)


def _emails(text: str) -> Matches:
    for match in _EMAIL.finditer(text):
        yield *match.span(), "email"


# --- Places -------------------------------------------------------------------------------------

_UPPER = "A-ZÆØÅÄÖÉÁÜŠŽČĐŊŦ"
_UNIT = (
    r"(?! ?(?:%|dag|time|min|kr|uke|veke|veker|år|gang|gong|prosent|person|stk|km|m\b|meter|av\b"
    r"|til\b|days|hours|times|weeks))"
)
_STREETS = (
    r"(?:gat[ae]n?|gate|gt\.?|vei(?:en)?|veg(?:en)?|vn\.?|all[eé](?:en)?|stien|svingen|terrasse|tunet"
    r"|kroken|haugen|lia|åsen|bakken|bakke|plass|torg|torv|brygge|brygga|stredet|smuget|ringen"
    r"|løkka|jordet|grenda|faret|vollen|street|road)"
)
_ADDRESS = re.compile(
    rf"\b(?:(?:[{_UPPER}][\w.'’-]*+ ){{0,2}}(?:[{_UPPER}]\w+?{_STREETS}|(?<= ){_STREETS})"
    rf"|\w{{3,}}?(?:gat[ae]n?|gate)) ?\d{{1,3}}(?!\d){_UNIT}(?: ?[a-zA-Z]\b)?"
)


# --- Places -------------------------------------------------------------------------------------

_STREET = re.compile(
    r"(?<!\w)(?:(?P<stem>\w+?)(?:gat[ae]n?|gate|gt|vei|veien|veg|vegen|vn|all[eé]|all[eé]en|stien"
    r"|svingen|terrasse|tunet|kroken|haugen|åsen|bakken|torg|torget|brygge|brygga|smuget|løkka"
    r"|jordet|grenda|faret|vollen)|(?:gate|gt|vei|veg|vn|plass|torg|all[eé]|brygge|terrasse"
    r"|street|road))\.? \d{1,3}(?!\d)"
    r"(?! ?(?:%|dag|time|min|kr|uke|veke|år|gang|gong|prosent|person|stk|km|m\b|meter|av\b|til\b))"
    r"(?: ?[a-z]\b)?",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?<!\w)(?:[^\W\d_a-zæøåéü][\w.'’-]* ){1,2}$")
_IN = (
    *("i", "på", "ved", "fra", "frå", "til", "hos", "mot", "nær", "utenfor", "utanfor", "rundt"),
    *("in", "at", "from", "near", "to", "around"),
)
"""What stands before a place."""
_OFFICE_NAMED = r"(?:kontor|avdeling|seksjon|enhet|eining|filial|office|branch|department)"
_LED = f"(?:{'|'.join(_IN)}|of)"
_OFFICE = re.compile(
    r"(?<![\w-])(?:nav(?:[- ]?kontor\w*)?(?: (?:i|på|ved))?"
    rf"|[\w-]*{_OFFICE_NAMED}\w{{0,4}}(?: (?!{_LED} )\w+){{0,2}} {_LED})"
    r" (?=(?P<place>[^\W\d_][\w-]*))",
    re.IGNORECASE,
)
_OF_PERSONS = (" til ", " hos ", " of ", " to ")
"""What stands before whose office it is, too."""
_OFFICE_OF = re.compile(
    rf"(?<!\w)(?P<place>[^\W\d_]\w+?)s?-?{_OFFICE_NAMED}(?:et|a|en)?(?!\w)", re.IGNORECASE
)
_MOST_WORDS = 3
"""Of a place's name: Nore og Uvdal."""
_PLACE_WORD = re.compile(r"[^\W\d_][\w-]*")
_POSTCODE = re.compile(r"(?<![\w.,])(?:N-)?(?P<code>\d{4}) (?P<place>[^\W\d_]{2,})(?![\w-])")
_PRICE = re.compile(r"\b(?:kr|kroner|nok)\W*$", re.IGNORECASE)


def _places(text: str) -> Matches:
    yield from _offices(text)
    for street in _STREET.finditer(text):
        title = _TITLE.search(text, max(0, street.start() - _AROUND), street.start())
        if street["stem"] is None:  # Ole Bulls vei 3
            if title and any(_is_unusual(word.casefold()) for word in title[0].split()):
                yield title.start(), street.end(), "address"
        elif street["stem"][0].isupper() or "gat" in street[0]:
            yield *street.span(), "address"
    for postcode in _POSTCODE.finditer(text):
        place = postcode["place"].casefold()
        year = postcode["code"][:2] in ("19", "20")
        plausible = not year and postcode["place"][0].isupper() and _is_unusual(place)
        price = _PRICE.search(text, max(0, postcode.start() - 8), postcode.start())
        if (place in PLACES or plausible) and not price:
            yield *postcode.span(), "postcode"
    yield from _municipalities(text)


def _offices(text: str) -> Matches:
    """«Kontoret vårt i Drammen», «Nav Ski», «Drammenskontoret»: an office with its place."""
    for office in _OFFICE.finditer(text):
        end, _ = _place(text, office.end())
        is_somebodys = office[0].casefold().endswith(_OF_PERSONS)
        if end or (_is_named(office["place"]) and not is_somebodys):
            yield office.start(), end or office.end("place"), "office"
    for office in _OFFICE_OF.finditer(text):
        if office["place"].casefold() in PLACES:
            yield *office.span(), "office"


def _is_named(word: str) -> bool:
    """Whether it is written as a name, and no word that is written so anyway."""
    return word.istitle() and _is_unusual(word.casefold())


def _place(text: str, start: int, *, is_led: bool = True) -> tuple[int, str]:
    """Where the longest place that begins here ends, and its name; 0 for none."""
    said, at, found = "", start, (0, "")
    for _ in range(_MOST_WORDS):
        word = _PLACE_WORD.match(text, at)
        if word is None:
            break
        said = f"{said} {word[0].casefold()}".lstrip()
        name = said if said in PLACES else said.removesuffix("s")
        if name in PLACES and (name not in WORDS or (is_led and text[start].isupper())):
            found = word.end(), name
        at = word.end() + 1 if text[word.end() : word.end() + 1] == " " else len(text)
    return found


def _municipalities(text: str) -> Matches:
    """One that has but one office; a word that may be none only after what stands before places."""
    before, last = "", 0
    for word in _PLACE_WORD.finditer(text):
        is_led = before.casefold() in _IN and text[last : word.start()] == " "
        if is_led or (word[0][0].isupper() and before.casefold() not in _KNOWN):  # Kari Hareid
            end, name = _place(text, word.start(), is_led=is_led)
            if name in TELLING:
                yield word.start(), end, "place"
        before, last = word[0], word.end()


# --- Names --------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\W\d_](?:[\w'’]|-(?=\w))*+")
_NAME_CUES = frozenset(
    """
    heter heiter hette heitte kalles kalla kalt named called bruker brukeren brukar brukaren klient
    klienten deltaker deltakeren deltakar deltakaren herr fru frk hr navnet namnet mr mrs ms client
    han hun ho saksbehandler saksbehandleren saksbehandlar veileder veilederen rettleiar kollega
    kollegaen leder lederen leiar leiaren sjefen naboen broren søsteren systera sønnen sonen
    datteren dottera kona mannen kjæresten kjærasten
    """.split()  # noqa: SIM905 - forty quoted strings are harder to read
)
_KNOWN = GIVEN | BOTH
_PERSONS = frozenset({"han", "hun", "ho", "hen", "he", "she"})


class _Word(NamedTuple):
    """`low` is how it stands in the tables, `gap` what is between it and the word before."""

    text: str
    low: str
    gap: str
    span: tuple[int, int]

    @property
    def is_capitalised(self) -> bool:
        """Kari, McAdam; neither AAP nor NAV-kontoret."""
        word = self.text
        return word[0].isupper() and not word[1:2].isupper() and any(c.islower() for c in word)

    @property
    def is_inside(self) -> bool:
        """Inside a sentence, where an ordinary word has no capital."""
        return self.gap in (" ", ", ")


def _names(text: str) -> Matches:
    """Names that follow each other are one finding."""
    words = _words(text)
    start = end = 0
    for index, word in enumerate(words):
        if _is_name(words, index):
            if word.gap != " " or word.span[0] != end + 1:
                if end:
                    yield start, end, "name"
                start = word.span[0]
            end = word.span[1]
    if end:
        yield start, end, "name"


def _words(text: str) -> list[_Word]:
    words = []
    last = 0
    for token in _TOKEN.finditer(text):
        low = token[0].casefold()
        if low[-1] == "s" and low not in _KNOWN and (bare := low[:-1].rstrip("'’")) in _KNOWN:
            low = bare  # Karis
        words.append(_Word(token[0], low, text[last : token.start()], token.span()))
        last = token.end()
    return words


def _is_name(words: list[_Word], index: int) -> bool:
    word = words[index]
    cue = word.gap == " " and words[index - 1].low in _NAME_CUES
    if not word.text[0].isupper():  # hun heter kari
        subject = words[index - 2].low if index > 1 else ""
        return cue and subject in _PERSONS and word.low in _KNOWN
    if word.low in GIVEN:
        return True
    if not word.is_capitalised:
        return False
    if word.low in BOTH:
        return cue or _is_beside_name(words, index)
    return (cue or word.is_inside) and _is_unusual(word.low)


def _is_beside_name(words: list[_Word], index: int) -> bool:
    beside = [words[index - 1]] if index and words[index].gap == " " else []
    if words[index + 1 : index + 2] and words[index + 1].gap == " ":
        beside.append(words[index + 1])
    return any(
        word.is_capitalised and _is_unusual(word.low) and (word.is_inside or word.low in _KNOWN)
        for word in beside
    )


def _is_unusual(word: str) -> bool:
    """No word that has a capital anyway, nor a genitive or compound of one."""
    return not {word, word.removesuffix("s"), word.partition("-")[0]} & ORDINARY
