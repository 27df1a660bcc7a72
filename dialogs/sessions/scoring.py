"""Points for the questions of a guide, which the group gives together: a text that it keeps.

    57 / 80 (49 → 57) · Good
    The job specialist: 3 → 4
    The team: – → 2

The text is all there is: what was given last time stands before the arrow.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs.studies.study import Language, TextByLanguage

_LINE = re.compile(r": (?:(?P<before>\d+|–) → )?(?P<now>\d+|–)$")
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Band:
    """What a sum of `at` and more is called."""

    at: int
    text: TextByLanguage


@dataclass(frozen=True, slots=True)
class Score:
    """Of one question, now and the time before; None where none was given."""

    now: int | None = None
    before: int | None = None


Scores = Mapping[str, Score]
"""By question."""


def read(text: str, questions: Sequence[str]) -> Scores:
    """Out of the text; nothing where the guide has other questions by now."""
    lines = [found for line in text.splitlines()[1:] if (found := _LINE.search(line))]
    if len(lines) != len(questions):
        return {}
    given = (Score(_number(each["now"]), _number(each["before"])) for each in lines)
    return dict(zip(questions, given, strict=True))


def _number(text: str | None) -> int | None:
    return int(text) if text and text != _NONE else None


def again(scores: Scores) -> Scores:
    """Before they are given anew: what was given is what was given before."""
    return {question: Score(None, each.now) for question, each in scores.items()}


def write(
    scores: Scores,
    titles: Mapping[str, str],
    steps: int,
    bands: Sequence[Band],
    language: Language,
) -> str:
    """The sum, with its band where nothing is missing, and a line for each question."""
    every = [scores.get(question, Score()) for question in titles]
    now, before = (_sum([each.now for each in every]), _sum([each.before for each in every]))
    given = sum(each.now is not None for each in every)
    first = f"{sum(each.now or 0 for each in every)} / {steps * len(every)}"
    if now is None:
        first += f" ({given} / {len(every)})"
    elif before is not None:
        first += f" ({before} → {now})"
    called = [band.text[language] for band in bands if now is not None and band.at <= now]
    return "\n".join(
        [
            " · ".join([first, *called[-1:]]),
            *(
                f"{title}: {_said(score)}"
                for title, score in zip(titles.values(), every, strict=True)
            ),
        ]
    )


def _sum(points: Sequence[int | None]) -> int | None:
    """None where one is missing: half a sum is no sum."""
    known = [each for each in points if each is not None]
    return sum(known) if len(known) == len(points) else None


def _said(score: Score) -> str:
    now = _NONE if score.now is None else str(score.now)
    return now if score.before is None else f"{score.before} → {now}"
