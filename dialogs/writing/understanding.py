"""What somebody means by what they wrote: tables and distance, and no guess with consequences.

    neste                          ->  Doing next
    kan vi gå videre?              ->  Perhaps next: a button asks
    stude                          ->  Perhaps study
    er dette anonymt?              ->  Asked anonymous
    tusen takk!                    ->  Thanked
    vi snakkes i morgen            ->  Unclear

The words of `commands.py` are done, and what `phrases.toml` says is all of a message.
Any other sentence means what most speaks for, as in the labelled sentences of
`examples.csv`. What only shows something is done on that; whatever changes anything, was
spelt otherwise or is in doubt is asked about.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, Literal, TypeAlias, get_args

from dialogs.writing.commands import ANYWAY, COMMANDS, Command, CommandName
from dialogs.writing.examples import NOBODYS, known_words, likeliest
from dialogs.writing.folding import WORD, folded, words_of
from dialogs.writing.synonyms import is_about, written

Topic: TypeAlias = Literal[
    "what",
    "anonymous",
    "who_sees",
    "privacy",
    "lost_code",
    "delete_me",
    "unsubscribe",
    "who_made",
    "not_working",
    "voluntary",
]
"""What everybody asks, and there is a ready answer to: the texts `answer.<topic>`."""

MOST_WORDS = 40
"""Of a message: a longer one is told to somebody else."""
_TYPO_LENGTH, _TWO_TYPOS_LENGTH = 4, 7
"""Letters of a word from which one letter may be wrong, and two."""
_LONGEST_WORD = 30
_SPELT_LENGTH = 5
"""Letters of a word inside a sentence from which one may be wrong."""
_IN_DOUBT = 0.2
"""By how much more must speak for something than for nobody."""
_NEAR = 0.3
"""Two commands between which it is no more than this are both offered."""
_SURE = 0.4
"""Of several words from here on what only shows something is done, and not asked about."""


@dataclass(frozen=True, slots=True)
class Doing:
    """A command, and what was written after it."""

    command: Command
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Perhaps:
    """One of these may be meant; nothing is done before a button says so."""

    commands: tuple[Command, ...]
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """There is a ready answer to it."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Thanked:
    """Thanks, praise or goodbye: nothing is wanted."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """None of ours."""


Meaning: TypeAlias = Doing | Perhaps | Asked | Thanked | Unclear

_BY_NAME = {command.name: command for command in COMMANDS}
_SHOWS: frozenset[CommandName] = frozenset(
    (
        *("help", "study", "groups", "log", "status", "reminders", "appointments", "withdraw"),
        *("result", "language", "collection", "notes"),
    )
)
"""What only shows something, or a form: done wherever it is found."""
_TAKES: frozenset[CommandName] = frozenset(
    (
        *("start", "plan", "invite", "close", "pause", "language", "study", "status"),
        *("more_time", "word", "theme", "pace", "hand_over", "co_leader", "rehearse", "year"),
        "collection",
    )
)
"""What means something with words after it."""
_MOST_REST = 3
"""Words after a command that is not told in one line; more make a sentence of another kind."""
_POLITE = re.compile(
    r"^(?:(?:hei|heisann|hallo|hi|hello|hey|ok|okay|okei|ja|jo|unnskyld|sorry|please|kjaere|"
    r"god morgen|god dag|good morning|kan du|kunne du|kan eg fa|kan jeg fa|far jeg|could you|"
    r"can you|vil du|jeg vil gjerne|eg vil gjerne|vaer sa snill a|du|og|men|sa)\s+)+"
)
_POLITE_END = re.compile(
    r"(?:\s+(?:takk|please|pls|na|no|da|now|er du snill|vaer sa snill|ver sa snill|is du|du))+$"
)
_PLANNED = re.compile(
    r"\d|[«\"“]|da[gy]\b|\b(?:uker?|veker?|weeks?|weekly|m[aå]ned\w*|month\w*|i ?morgen|kl|tomorrow"
    r"|ganger|gonger|m[oø]ter|meetings)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z\s-]{16,80}")
_PAUSED = re.compile(
    r"^(?:til|to|until|i|in|for|fra|frem|fram|\d|ut|slutt|av|end|off|stopp|stop|resten|paminn)",
)


@cache
def _phrases() -> dict[str, Any]:
    with (files(__package__) / "phrases.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(_phrases()[name].split())


def understand(text: str, *, is_personal: bool) -> Meaning:
    """The meaning of a text that `normalising.normalise` has passed."""
    words = words_of(text)
    if not words:
        return _by_signs(text)
    said = " ".join(words)
    short = _POLITE_END.sub("", _POLITE.sub("", said)) or said
    meaning = (
        _commanded(text, is_personal=is_personal)
        or _whole(said, is_personal=is_personal)
        or _commanded(_tail(text, said, short), is_personal=is_personal)
        or _whole(short, is_personal=is_personal)
        or (_misspelt(short.split(), is_personal=is_personal) if " " not in short else None)
        or (None if _is_to_somebody(text) else _alike(words, is_personal=is_personal))
        or _misspelt(short.split(), is_personal=is_personal)
    )
    return _with_days(meaning, text) or Unclear()


def _by_signs(text: str) -> Meaning:
    """Without a letter: an emoji thanks, and a mention alone asks for help."""
    if not set(text) - set("?!. "):
        return Doing(_BY_NAME["help"])
    return Thanked() if text[:1] in _phrases()["whole"]["thanks"] else Unclear()


# --- Words --------------------------------------------------------------------------------------


def _tail(text: str, said: str, short: str) -> str:
    """What was written without the courtesies before it, in its own letters."""
    skipped = len(said[: said.find(short)].split())
    starts = [found.start() for found in WORD.finditer(_unhyphened(text))]
    return text[starts[skipped] :] if 0 < skipped < len(starts) else text


_ADDRESSED = re.compile(r"([A-ZÆØÅ][\w-]+),\s")


def _is_to_somebody(text: str) -> bool:
    """Whether it begins with a name and a comma, which is then not the bot's."""
    found = _ADDRESSED.match(text)
    if found is None:
        return False
    first = folded(found[1])
    is_word = first in known_words() or first in _greetings()
    return not is_word or is_about(first, "people")


@cache
def _greetings() -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", _POLITE.pattern))


def _unhyphened(text: str) -> str:
    """With a letter in the place of each mark that `folded` takes out of a word."""
    return re.sub(r"(?<=\w)['’`´-](?=\w)", "x", text)


# --- Commands by their own words ----------------------------------------------------------------


@cache
def _spoken() -> tuple[tuple[re.Pattern[str], Command], ...]:
    """The longest first: «fem minutter til» is not «fem minutter»."""
    words = ((word, command) for command in COMMANDS for word in command.words)
    return tuple(
        (re.compile(rf"{re.escape(word)}(?=$|[\s!?.,:;])[!?.,:;]*", re.IGNORECASE), command)
        for word, command in sorted(words, key=lambda each: len(each[0]), reverse=True)
    )


def _commanded(text: str, *, is_personal: bool) -> Doing | None:
    """A command that the text begins with, if what follows can belong to it."""
    tidy = " ".join(text.split())
    for pattern, command in _spoken():
        if found := pattern.match(tidy):
            rest = tidy[found.end() :].strip()
            is_elsewhere = is_personal and command.name == "start"
            return None if rest and is_elsewhere else _with_rest(command, rest)
    return None


_OURS = re.compile(r"[0-9a-f]{32}")
"""The id of a group, as a button says it."""


def _with_rest(command: Command, rest: str) -> Doing | None:
    words = words_of(rest)
    if _OURS.fullmatch(rest) or (_can_be_meant(command) and rest.casefold() in ANYWAY):
        return Doing(command, rest)
    if command.name == "gladly":  # its words are said for nothing else
        return Doing(command, rest)
    if all(word in _listed("filling") for word in words):
        return Doing(command, rest if command.name in _TAKES else "")
    if command.name == "plan":
        return Doing(command, rest) if _PLANNED.search(rest) or len(words) <= 2 else None
    if command.name == "appointments":
        fits = len(words) <= _MOST_REST or re.search(r"\d", rest)
        return Doing(command, rest) if fits else None
    if command.name == "pause":
        return Doing(command, rest) if _PAUSED.match(" ".join(words)) else None
    if command.name in ("withdraw", "result"):
        return Doing(command, rest) if len(words) <= 1 or _CODE.fullmatch(rest) else None
    if command.name in _TAKES and len(words) <= _MOST_REST:
        return Doing(command, rest)
    return None


def _can_be_meant(command: Command) -> bool:
    return command.asks_first or command.name == "next"


_QUOTED = re.compile(r"[«“](?:@Kollegial )?([^\W\d_A-ZÆØÅ][^»”]{0,60})[»”]")


def named_in(text: str, *, is_personal: bool) -> tuple[tuple[str, Command], ...]:
    """What a text of ours says can be written here: the words, and the command they are."""
    elsewhere = "together" if is_personal else "alone"
    found = {}
    for quoted in _QUOTED.findall(text):
        meaning = _commanded(quoted, is_personal=is_personal)
        if meaning is not None and meaning.command.place != elsewhere:
            found[quoted] = meaning.command
    return tuple(found.items())


# --- Phrases ------------------------------------------------------------------------------------

_Choice: TypeAlias = tuple[str, ...]
"""Words one after the other."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """`target` is a command with its place and words, or a topic."""

    target: str
    places: tuple[tuple[_Choice, ...], ...]


@cache
def _phrases_here(*, is_personal: bool) -> dict[str, tuple[_Phrase, ...]]:
    """The phrases that hold here, by the word they begin with."""
    elsewhere = "@together" if is_personal else "@alone"
    by_first: dict[str, list[_Phrase]] = {}
    for target, lines in _phrases()["whole"].items():
        if target.endswith(elsewhere):
            continue
        for line in filter(None, map(str.strip, lines.split("\n"))):
            phrase = _phrase(target.partition("@")[0], line)
            for first in {choice[0] for choice in phrase.places[0]}:
                by_first.setdefault(first, []).append(phrase)
    return {first: tuple(found) for first, found in by_first.items()}


def _phrase(target: str, line: str) -> _Phrase:
    pieces = (piece.split("|") for piece in line.split())
    return _Phrase(target, tuple(tuple(tuple(c.split(".")) for c in piece) for piece in pieces))


def _is_all(places: Sequence[Sequence[_Choice]], words: tuple[str, ...]) -> bool:
    """Whether the words are one of each place, and nothing more."""
    if not places:
        return not words
    return any(
        words[: len(choice)] == choice and _is_all(places[1:], words[len(choice) :])
        for choice in places[0]
    )


def _whole(said: str, *, is_personal: bool) -> Meaning | None:
    """What is all that somebody says."""
    words = tuple(said.split())
    for phrase in _phrases_here(is_personal=is_personal).get(words[0], ()):
        if _is_all(phrase.places, words):
            return _meaning(phrase.target)
    return None


def _alike(words: list[str], *, is_personal: bool) -> Meaning | None:
    """What most speaks for, as in the sentences that were labelled."""
    if len(words) > MOST_WORDS:
        return None
    plain = written(words)
    spelt = [spelt_word(word) for word in plain]
    found = likeliest(spelt, is_personal=is_personal)
    target, lead = found[0]
    least = _IN_DOUBT if len(words) > 1 else _SURE
    meaning = _meaning(target) if target != NOBODYS and lead >= least else None
    if not isinstance(meaning, Doing):
        return meaning
    near = [each for each, other in found[1:] if lead - other < _NEAR and other >= _IN_DOUBT]
    others = [other for other in map(_meaning, near) if isinstance(other, Doing)]
    is_sure = spelt == plain and lead >= _SURE and len(words) > 1 and not others
    if is_sure and meaning.command.name in _SHOWS:
        return meaning
    return Perhaps(tuple(each.command for each in (meaning, *others[:1])), meaning.rest)


def _meaning(target: str) -> Meaning:
    if target == "thanks":
        return Thanked()
    names, _, rest = target.partition(" ")
    for topic in get_args(Topic):
        if topic == names:
            return Asked(topic)
    commands = tuple(_BY_NAME[name] for name in get_args(CommandName) if name in names.split("|"))
    return Doing(commands[0], rest) if len(commands) == 1 else Perhaps(commands, rest)


_AWAY = re.compile(
    r"\b(?:(?:fram |frem )?til|until|till|i dag|today|i morg[eo]n|tomorrow|ut|resten|hele|heile"
    r"|denne|neste|(?:i|for) (?:\w+ ){1,2}(?:dag|uke|veke|måned|månad|day|week|month)\w*)\b.*",
    re.IGNORECASE,
)


def _with_days(meaning: Meaning | None, text: str) -> Meaning | None:
    """A pause is until the days that were written."""
    match meaning:
        case Perhaps((Command(name="pause"),) as commands, ""):
            found = _AWAY.search(text)
            return Perhaps(commands, found[0] if found else "")
    return meaning


# --- Misspelt -----------------------------------------------------------------------------------


def _misspelt(words: Sequence[str], *, is_personal: bool) -> Perhaps | None:
    """The commands whose words are nearest to a short message's first word."""
    if not 0 < len(words) <= _MOST_REST or words[0] in _listed("ordinary"):
        return None
    written = words[0]
    if not _TYPO_LENGTH <= len(written) <= _LONGEST_WORD:
        return None
    near: dict[str, int] = {}
    letters = set(written)
    for known, names in _known(is_personal=is_personal):
        most = 2 if len(known) >= _TWO_TYPOS_LENGTH else 1
        if len(letters ^ set(known)) > 2 * most:
            continue
        apart = distance(written, known)
        if apart <= most:
            for name in names:
                near[name] = min(apart, near.get(name, apart))
    least = min(near.values(), default=0)
    rest_fits = all(word in _listed("filling") for word in words[1:])
    found = tuple(
        command
        for command in COMMANDS
        if near.get(command.name, -1) == least and (rest_fits or command.name in _TAKES)
    )
    return Perhaps(found[:3]) if found and (least or len(words) == 1) else None


@cache
def _known(*, is_personal: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Words of one piece that are all of a message, and the commands they ask for."""
    known: dict[str, tuple[str, ...]] = {
        folded(word): (command.name,) for command in COMMANDS for word in command.words
    }
    for phrase in chain(*_phrases_here(is_personal=is_personal).values()):
        names = tuple(phrase.target.partition(" ")[0].split("|"))
        if len(phrase.places) == 1 and set(names) <= set(_BY_NAME):
            for choice in phrase.places[0]:
                known.setdefault(" ".join(choice), names)
    return tuple(item for item in known.items() if len(item[0]) >= _TYPO_LENGTH)


def distance(one: str, other: str) -> int:
    """Letters to change, add, leave out or swap with the next to get from one to the other.

    Optimal string alignment. Three stands for all that is farther.
    """
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, opposite in enumerate(other, 1):
            cost = min(above[column] + 1, now[-1] + 1, above[column - 1] + (letter != opposite))
            if row > 1 < column and (letter, one[row - 2]) == (other[column - 2], opposite):
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > 2:
            return 3
        before, above = above, now
    return min(above[-1], 3)


def spelt_word(word: str) -> str:
    """The known word that is one letter off, or the word as it was written."""
    if not _SPELT_LENGTH <= len(word) <= _LONGEST_WORD or word in known_words():
        return word
    if word in _listed("ordinary"):
        return word
    for shorter in (word, *_shortened(word)):
        found = _spelling().get(shorter)
        if found and distance(word, found) == 1:
            return found
    return word


@cache
def _spelling() -> dict[str, str]:
    """Known words by themselves, and by what is left when one letter is missing."""
    words = sorted(word for word in known_words() if len(word) >= _SPELT_LENGTH)
    return {shorter: word for word in words for shorter in (word, *_shortened(word))}


def _shortened(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
