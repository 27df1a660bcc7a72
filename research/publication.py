"""Results back to those who took part: what of an analysis may be shown to everyone.

A factor array that rests on few sorts nearly is one of them, and a person may
know their own sort again, or a colleague's. Such an array is left out.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from dialogs.study import Study
from research.studies import Refused
from storage.operational import Entry, Operational, Publication
from storage.outbox import Message

MIN_SORTS = 10
"""Sorts in an analysis that is shown to those who took part."""
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


_results = TypeAdapter(Results)


def dump_results(results: Results) -> str:
    return _results.dump_json(results).decode()


def load_results(text: str) -> Results:
    return _results.validate_json(text)


@dataclass(frozen=True, slots=True)
class _Analysis:
    """The parts of `analysis.json` that are needed here."""

    sorts: int
    arrays: Mapping[str, Mapping[str, int]]
    flagged: Mapping[str, int]
    consensus: tuple[str, ...]


def publication_of(study: Study, folder: Path) -> tuple[Publication, Results]:
    """What is to be published of the analysis in a folder. Raises Refused."""
    analysis = _read(folder / "analysis.json")
    _require_match(study, analysis)
    enough = {name: n >= MIN_FLAGGED for name, n in analysis.flagged.items()}
    results = Results(
        {name: array for name, array in analysis.arrays.items() if enough[name]},
        tuple(name for name in analysis.arrays if not enough[name]),
        analysis.consensus,
    )
    if not results.arrays:
        raise Refused(
            f"Every factor rests on fewer than {MIN_FLAGGED} sorts, so that its array would show "
            "one person's sort. Nothing was published."
        )
    try:
        pictures = {
            name: (folder / f"factor_array_{name}.png").read_bytes() for name in results.arrays
        }
    except OSError as error:
        raise Refused(
            f"{error.filename} cannot be read: {error.strerror}. Nothing was published. Run "
            "kollegial analyse once more."
        ) from error
    key = secrets.token_urlsafe(16)
    return Publication(study.id, key, dump_results(results), pictures), results


def _read(file: Path) -> _Analysis:
    try:
        document = json.loads(file.read_text("utf-8"))
        return _Analysis(
            len(document["study"]["sorts"]),
            TypeAdapter(dict[str, dict[str, int]]).validate_python(document["factor_arrays"]),
            {name: len(sorts) for name, sorts in document["flags"].items()},
            tuple(document["consensus"]),
        )
    except OSError as error:
        raise Refused(
            f"{file} cannot be read: {error.strerror}. Nothing was published. ANALYSIS is the "
            "folder that kollegial analyse wrote."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        raise Refused(
            f"{file} is no analysis of Kollegial. Nothing was published. Run kollegial analyse "
            "once more."
        ) from error


def _require_match(study: Study, analysis: _Analysis) -> None:
    statements = {s.id for s in study.statements}
    if any(set(array) != statements for array in analysis.arrays.values()):
        raise Refused(
            f"The analysis has other statements than study {study.id!r}. Nothing was published."
        )
    if analysis.sorts < MIN_SORTS:
        raise Refused(
            f"The analysis has {analysis.sorts} sorts. Results of fewer than {MIN_SORTS} are not "
            "shown to those who took part: they might know each other again. Nothing was published."
        )
    if len(analysis.arrays) > MAX_FACTORS:
        raise Refused(
            f"The analysis has {len(analysis.arrays)} factors, and a card has room for "
            f"{MAX_FACTORS}. Nothing was published."
        )


async def publish(operational: Operational, publication: Publication, who: str) -> int:
    """Keep the results, and have a card sent to where the study was announced; how many."""
    now = datetime.now(UTC)
    places = {i.conversation: i for i in await operational.invitations(publication.study)}
    async with operational.begin() as transaction:
        transaction.publish(publication)
        transaction.audit(Entry(now, who, "publish", publication.study))
        for place in places.values():
            transaction.enqueue(
                Message(
                    key=f"results:{publication.key}:{place.conversation}",
                    kind="results",
                    conversation=place.reference,
                    payload={"study": publication.study},
                    due_at=now,
                )
            )
    return len(places)
