"""Results back to those who took part: what of an analysis may be shown to everyone.

A factor array that rests on few sorts nearly is one of them, and a person may
know their own sort again, or a colleague's. Such an array is left out.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError

from dialogs.studies.study import Study
from research.bounds import LEAST
from research.studies import StudyRefused, tell_everywhere
from storage.operational.store import Entry, Operational, Publication

MIN_SORTS = 10
"""Sorts in an analysis that is shown to those who took part."""
MIN_ANSWERS = 10
"""Answers to a questionnaire whose results are shown to those who took part."""
NOTHING_ELSE: Mapping[str, bytes] = MappingProxyType({})
MIN_FLAGGED = 3
"""Flagged sorts that an array rests on, at least."""
MAX_FACTORS = 8
"""As many as a card has room for."""


@dataclass(frozen=True, slots=True)
class Results:
    """Factor arrays by the factor's name, statement scores by id; and what all agree on."""

    arrays: Mapping[str, Mapping[str, int]]
    left_out: tuple[str, ...]
    """Factors that rest on fewer than `MIN_FLAGGED` sorts."""
    consensus: tuple[str, ...]
    """Statements that no two factors place differently, by id."""
    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """The researcher's name of a factor, and what they wrote of it; missing where they did not."""
    distinguishing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Statements that a factor places unlike all the others, by id."""
    answers: int = 0
    """The sorts of the analysis; 0 of what was published before they were counted."""
    earlier: tuple[int, ...] = ()
    """Of how many each was that was shown before."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How one item of a questionnaire was answered; what is hidden is None."""

    item: str
    n: int
    counts: Mapping[str, int | None]
    """By option."""
    mean: float | None
    """Of the answers that are numbers."""


@dataclass(frozen=True, slots=True)
class FormResults:
    """How a questionnaire was answered."""

    answers: int
    items: tuple[ItemResult, ...]
    earlier: tuple[int, ...] = ()
    """As in `Results`."""


Published: TypeAlias = Results | FormResults
_results: TypeAdapter[Published] = TypeAdapter(Results | FormResults)


def dump_results(results: Published) -> str:
    return _results.dump_json(results).decode()


def load_results(text: str) -> Published:
    return _results.validate_json(text)


def beside(shown: Publication | None, wanted: Publication) -> Publication:
    """What is to be published, with what has been shown before it.

    Raises Refused where beside any of that it tells what few have answered: that is what is left
    when one has withdrawn, or is left out, and each count and mean is another by theirs.
    """
    if shown is None:
        return wanted
    before, after = load_results(shown.results), load_results(wanted.results)
    seen = (*before.earlier, before.answers)
    for answers in seen:
        fewer = abs(answers - after.answers) if answers else 0
        if 0 < fewer < LEAST:
            raise StudyRefused(
                f"Results of {answers} answers have been shown, and these are of {after.answers}: "
                f"beside each other they tell what {fewer} answered. Nothing was published, and "
                "what is shown stays."
            )
    for whole, parts, fewer in _groups({*seen, after.answers} - {0}, after.answers):
        raise StudyRefused(
            f"Results of {whole} answers and of {' and '.join(map(str, parts))} of them may be of "
            f"all and of some groups: beside each other they then tell what the other {fewer} "
            "answered. Nothing was published, and what is shown stays. Publish the results of all "
            "groups together."
        )
    return replace(wanted, results=dump_results(replace(after, earlier=seen)))


def _groups(shown: AbstractSet[int], wanted: int) -> Iterator[tuple[int, tuple[int, ...], int]]:
    """All, of how many each of several groups were, and how many others it leaves: too few."""
    for whole in sorted(shown):
        smaller = sorted(n for n in shown if n < whole)
        for size in range(2, len(smaller) + 1):
            for parts in combinations(smaller, size):
                if wanted in (whole, *parts) and 0 < whole - sum(parts) < LEAST:
                    yield whole, parts, whole - sum(parts)


def publication(
    study: str, results: str, pictures: Mapping[str, bytes] = NOTHING_ELSE
) -> Publication:
    """Results under a key that nobody can guess."""
    return Publication(study, secrets.token_urlsafe(16), results, pictures)


@dataclass(frozen=True, slots=True)
class _Analysis:
    """The parts of `analysis.json` that are needed here."""

    sorts: int
    arrays: Mapping[str, Mapping[str, int]]
    flagged: Mapping[str, int]
    consensus: tuple[str, ...]
    notes: Mapping[str, Mapping[str, str]]
    distinguishing: Mapping[str, tuple[str, ...]]


def publication_of(study: Study, folder: Path) -> tuple[Publication, Results]:
    """What is to be published of the analysis in a folder. Raises Refused."""
    analysis = _read(folder / "analysis.json")
    _require_match(study, analysis)
    enough = {name: n >= MIN_FLAGGED for name, n in analysis.flagged.items()}
    results = Results(
        {name: array for name, array in analysis.arrays.items() if enough[name]},
        tuple(name for name in analysis.arrays if not enough[name]),
        analysis.consensus,
        names=_noted(analysis, "name", enough),
        texts=_noted(analysis, "text", enough),
        distinguishing={f: s for f, s in analysis.distinguishing.items() if enough.get(f)},
        answers=analysis.sorts,
    )
    if not results.arrays:
        raise StudyRefused(
            f"Every factor rests on fewer than {MIN_FLAGGED} sorts, so that its array would show "
            "one person's sort. Nothing was published."
        )
    try:
        pictures = {
            name: (folder / f"factor_array_{name}.png").read_bytes() for name in results.arrays
        }
    except OSError as error:
        raise StudyRefused(
            f"{error.filename} cannot be read: {error.strerror}. Nothing was published. Run "
            "kollegial analyse once more."
        ) from error
    return publication(study.id, dump_results(results), pictures), results


def _noted(analysis: _Analysis, kind: str, enough: Mapping[str, bool]) -> dict[str, str]:
    """What the researcher wrote of the factors that are shown."""
    return {
        factor: note[kind]
        for factor, note in analysis.notes.items()
        if enough.get(factor) and note.get(kind)
    }


def _read(file: Path) -> _Analysis:
    try:
        document = json.loads(file.read_text("utf-8"))
        return _Analysis(
            len(document["study"]["sorts"]),
            TypeAdapter(dict[str, dict[str, int]]).validate_python(document["factor_arrays"]),
            {name: len(sorts) for name, sorts in document["flags"].items()},
            tuple(document["consensus"]),
            TypeAdapter(dict[str, dict[str, str]]).validate_python(document.get("factors", {})),
            {name: tuple(found) for name, found in document.get("distinguishing", {}).items()},
        )
    except OSError as error:
        raise StudyRefused(
            f"{file} cannot be read: {error.strerror}. Nothing was published. ANALYSIS is the "
            "folder that kollegial analyse wrote."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        raise StudyRefused(
            f"{file} is no analysis of Kollegial. Nothing was published. Run kollegial analyse "
            "once more."
        ) from error


def _require_match(study: Study, analysis: _Analysis) -> None:
    statements = {s.id for s in study.statements}
    if any(set(array) != statements for array in analysis.arrays.values()):
        raise StudyRefused(
            f"The analysis has other statements than study {study.id!r}. Nothing was published."
        )
    if analysis.sorts < MIN_SORTS:
        raise StudyRefused(
            f"The analysis has {analysis.sorts} sorts. Results of fewer than {MIN_SORTS} are not "
            "shown to those who took part: they might know each other again. Nothing was published."
        )
    if len(analysis.arrays) > MAX_FACTORS:
        raise StudyRefused(
            f"The analysis has {len(analysis.arrays)} factors, and a card has room for "
            f"{MAX_FACTORS}. Nothing was published."
        )


async def publish(operational: Operational, publication: Publication, who: str) -> int:
    """Keep the results, and have a card sent to where the study was announced; how many."""
    invitations = await operational.invitations(publication.study)
    async with operational.begin() as transaction:
        transaction.publish(publication)
        transaction.audit(Entry(datetime.now(UTC), who, "publish", publication.study))
        return tell_everywhere(
            transaction, "results", publication.key, publication.study, invitations
        )
