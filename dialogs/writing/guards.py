"""Guards: what a phase asks its members to leave out, found in what they write.

A guard never stops a text. `check` returns the guard that fired and, where it
can be made, an open question in the writer's own words. It knows patterns, not
meanings (`dialogs/writing/guard_patterns.py`); the writer, who knows, may send the
text anyway.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import get_args

from dialogs.studies.study import Language
from dialogs.writing.guard_patterns import (
    ABBREVIATIONS,
    ABOUT_YOU,
    ASKED,
    ENDINGS,
    EXAMPLES,
    OBJECTS,
    ONLY,
    OPEN,
    PARTS,
    PLAIN,
    VERBS,
    Guard,
    Tongue,
)

__all__ = ["GUARDS", "Guard", "Suggestion", "check"]

GUARDS: tuple[Guard, ...] = get_args(Guard)
"""Advice or a solution; a closed leading question; rules, benefits and rights;
talk that slides from the episode to the client's case."""

SHORTEST, LONGEST = 3, 90
"""Characters of the writer's own words in an example."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`example` is an open question made from the writer's own words, or None."""

    guard: Guard
    example: str | None


def check(text: str, guards: Collection[Guard], language: Language) -> Suggestion | None:
    """The first of `GUARDS` that is among `guards` and that a sentence of `text` touches.

    `language` is the group's. A text in another is read as well, and its
    example is in the text's own.
    """
    sentences = list(_sentences(text))
    for guard in GUARDS:
        if guard in guards:
            for sentence in sentences:
                if found := _find(sentence, guard):
                    tongue, match = found
                    return Suggestion(guard, _example(match, _written_in(text, tongue, language)))
    return None


# --- Finding ------------------------------------------------------------------------------------

_SENTENCE = re.compile(r"(?:[^.!?\n]|(?<=\d)\.){2,300}[.!?]?")
_QUOTED = re.compile(r"«[^«»]{0,300}»|“[^“”]{0,300}”|\"[^\"\n]{0,300}\"")


def _sentences(text: str) -> Iterator[str]:
    """What others said, in quotation marks, is left out."""
    text = _QUOTED.sub("", text.replace("\u00ad", ""))
    for short, long in ABBREVIATIONS:
        text = text.replace(short, long)
    for sentence in _SENTENCE.finditer(text):
        if words := re.sub(r"\s+", " ", sentence[0]).strip(" -–—•*\"'"):
            yield words


def _find(sentence: str, guard: Guard) -> tuple[Tongue, re.Match[str]] | None:
    for tongue in get_args(Tongue):
        for pattern in _patterns(tongue, guard, bool(_opening(tongue).match(sentence))):
            if match := pattern.search(sentence):
                return tongue, match
    return None


@cache
def _patterns(tongue: Tongue, guard: Guard, asked: bool) -> list[re.Pattern[str]]:
    return [_compiled(row) for row in (ASKED if asked else PLAIN)[tongue][guard]]


@cache
def _opening(tongue: Tongue) -> re.Pattern[str]:
    return _compiled(OPEN[tongue])


def _compiled(row: str) -> re.Pattern[str]:
    while (filled := re.sub(r"\{([a-z_]+)\}", lambda part: PARTS[part[1]], row)) != row:
        row = filled
    return re.compile(row, re.IGNORECASE)


# --- The writer's own words ---------------------------------------------------------------------

_END = re.compile(
    r"(?<!\d)\.|[!?;:,]| [-–—] | (?:fordi|slik at|sånn at|for då|for da"
    r"|så (?:han|hun|ho|du|det|får|blir)|hvis (?:jeg|eg)|om (?:jeg|eg) (?:var|hadde)"
    r"|because|so that|if i)\b",
    re.IGNORECASE,
)
_AFTERWORDS = re.compile(
    r"(?: (?:da|då|eller|i stedet|i staden|vel|kanskje|instead|then))+$", re.IGNORECASE
)
_SOFTENERS = re.compile(f"^{PARTS['soft']}", re.IGNORECASE)


def _written_in(text: str, tongue: Tongue, language: Language) -> Language:
    if tongue == "english":
        return "en"
    nynorsk, bokmaal = (len(re.findall(ONLY[one], text, re.IGNORECASE)) for one in ("nn", "nb"))
    if nynorsk == bokmaal:
        return "nn" if language == "nn" else "nb"
    return "nn" if nynorsk > bokmaal else "nb"


def _example(match: re.Match[str], language: Language) -> str | None:
    """The one named group that matched last is the writer's words, its name their form."""
    form = match.lastgroup
    if form is None:
        return None
    words = _tidy(match[form], language, at_start=match.start(form) == 0)
    match form:
        case "undone":  # hvorfor ringte du ham ikke ...
            words = _with(_infinitive, f"{match['verb']} {match['whom']}{words}", language)
        case "done":
            words = _with(_infinitive, words.removeprefix("ha "), language)
        case "imperative":  # after `og` there is often another
            words = _with(_commanded, words.split(" og ")[0], language)
        case "do" if words.startswith("ha "):  # ha ringt legen; ha en pause
            words = _with(_irregular, words.removeprefix("ha "), language) or words
        case "client":
            words = OBJECTS[language].get(words, words)
        case _:
            pass
    template = EXAMPLES[form].get(language)
    if template is None or not SHORTEST <= len(words) <= LONGEST:
        return None
    return template.format(words)


def _tidy(words: str, language: Language, *, at_start: bool) -> str:
    """One clause, about the one who is asked."""
    clause = _AFTERWORDS.sub("", _END.split(words, maxsplit=1)[0].strip())
    if at_start and clause[1:2].islower():
        clause = clause[0].lower() + clause[1:]
    about_you = ABOUT_YOU[language]
    return re.sub(r"\w+", lambda word: about_you.get(word[0].lower(), word[0]), clause)


# --- Verbs --------------------------------------------------------------------------------------


def _with(infinitive: Callable[[str, Language], str | None], words: str, language: Language) -> str:
    """«ringte bare legen» as «ringe legen»; empty where the infinitive is not known."""
    verb, _, rest = words.partition(" ")
    found = infinitive(verb.lower(), language)
    return f"{found} {_SOFTENERS.sub('', rest)}".strip() if found else ""


def _infinitive(verb: str, language: Language) -> str | None:
    if found := _irregular(verb, language):
        return found
    for ending, infinitive in ENDINGS:
        if verb.endswith(ending):
            return verb.removesuffix(ending) + infinitive
    return None


def _commanded(verb: str, language: Language) -> str | None:
    return _irregular(verb, language) or (verb if verb[-1] in "aeiouyæøå" else f"{verb}e")


def _irregular(verb: str, language: Language) -> str | None:
    return _forms(language).get(verb)


@cache
def _forms(language: Language) -> dict[str, str]:
    """Every form of the irregular verbs, to its infinitive."""
    rows = [row.split() for row in re.split(r"[/\n]", VERBS[language])]
    return {form: row[0] for row in rows if row for form in row}
