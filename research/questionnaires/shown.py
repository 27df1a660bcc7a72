"""What reports of a questionnaire have told before, so that the next tells nothing beside them.

Whoever has the report of all and that of a group subtracts them, and has the others. So a note of
each report lies beside its export, in `shown-ID`: who was in it, as digests of pseudonyms, and how
many it said gave each answer. The next report is held against all of them, and their sums.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TypeAlias

import numpy as np
from pydantic import TypeAdapter, ValidationError

from research.bounds import LEAST
from research.files import write_new
from research.questionnaires.answers import AnsweredForm
from research.questionnaires.findings import USUAL, FormFindings, GapRule, hush_key, investigate
from research.studies import StudyRefused

MOST = 10
"""Reports of different answers that are held against each other in every way."""
PAIRS = "pairs"


@dataclass(frozen=True, slots=True)
class Cells:
    """How many gave each answer; what the report hides is None."""

    counts: tuple[int | None, ...]
    n: int | None = None
    """Their total, where each gave one answer."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a report tells of one form, or of those who answered both."""

    report: str
    name: str
    who: frozenset[str]
    cells: Mapping[str, Cells]


Notes: TypeAlias = Mapping[Path, Sequence[Part]]
_parts = TypeAdapter(list[Part])


def place_of(export: Path, form: AnsweredForm) -> Path:
    """Where the notes of a form's reports lie: beside the export, so that all exports share it."""
    return export.resolve().parent / f"shown-{form.questionnaire.id}"


def held(
    forms: Sequence[AnsweredForm], places: Sequence[Path], report: str, gaps: GapRule = USUAL
) -> tuple[list[AnsweredForm], Notes]:
    """The forms, less what would tell of few beside reports from before, and what is to be noted.

    Raises Refused where the report as a whole would.
    """
    before = [part for place in places for part in noted(place)]
    found = list(forms)
    while True:
        wanted = [*_parts_of(investigate(found, gaps=gaps), report)]
        hushed = {key for part in wanted for key in beside(before, part)}
        if not hushed:
            ids = [one.questionnaire.id for one in forms]  # who answered both lies with the last
            at = [places[ids.index(p.name) if p.name in ids else -1] for p in wanted]
            return found, {
                place: [p for p, own in zip(wanted, at, strict=True) if own == place]
                for place in places
            }
        found = [replace(one, hushed=one.hushed | hushed) for one in found]


def beside(before: Iterable[Part], wanted: Part) -> set[str]:
    """What of a report must be hidden beside those from before. Raises Refused."""
    earlier = [one for one in before if one.name == wanted.name]
    # Of the same answers with the same told of them there is one: a report drawn anew.
    known = [*{(one.who, repr(sorted(one.cells.items()))): one for one in earlier}.values()]
    others = {one.who for one in known} - {wanted.who}
    if others:
        _refuse_few(known, wanted)
    if len(known) > MOST:
        raise StudyRefused(
            f"{wanted.name!r} has been reported in {len(known)} ways, and more cannot be held "
            "against each other. Nothing was written. Show the groups together in one report."
        )
    return {key for terms in _remainders(known, wanted) for key in _told_of_few(terms)}


def _patterns(parts: Sequence[Part]) -> Counter[tuple[bool, ...]]:
    """How many are in the same of these."""
    everybody = frozenset[str]().union(*(one.who for one in parts))
    return Counter(tuple(name in one.who for one in parts) for name in everybody)


def _refuse_few(known: Sequence[Part], wanted: Part) -> None:
    """Sums and differences of reports tell of those who are in the same of them, not of fewer."""
    fewest = min(_patterns([*known, wanted]).values(), default=LEAST)
    if fewest >= LEAST:
        return
    names = ", ".join(sorted({one.report for one in known}))
    raise StudyRefused(
        f"Beside what was reported of {wanted.name!r} before ({names}), this report would tell "
        f"what fewer than {LEAST} answered: whoever has them subtracts one from another. Nothing "
        "was written, and the earlier reports are as they were. Show all groups together in one "
        "report, or put a small group together with another. Was an earlier report shown to "
        f"nobody? Delete it, and its file in the folder shown-{wanted.name} beside the export. "
        "For your own eyes there is --all-counts."
    )


def _remainders(known: Sequence[Part], wanted: Part) -> Iterator[list[tuple[int, Part]]]:
    """Sums and differences with the report that are of some people, each counted once."""
    members = np.array([*_patterns([*known, wanted])], dtype=int).reshape(-1, len(known) + 1)
    if not members.size or not known:
        return
    signs = np.array([*product((0, 1, -1), repeat=len(known))])
    left = signs @ members[:, :-1].T + members[:, -1]
    is_some = ((left >= 0) & (left <= 1)).all(axis=1) | ((left <= 0) & (left >= -1)).all(axis=1)
    for row in signs[is_some]:
        if row.any():
            yield [(1, wanted), *((int(s), one) for s, one in zip(row, known, strict=True) if s)]


def _told_of_few(terms: Sequence[tuple[int, Part]]) -> Iterator[str]:
    """What is left of which so few are that they could be known again."""
    (_, wanted), *_ = terms
    for key in wanted.cells:
        if all(key in part.cells for _, part in terms):
            signed = [(sign, part.cells[key]) for sign, part in terms]
            if any(0 < abs(count) < LEAST for count in _left(signed)):
                yield key


def _left(signed: Sequence[tuple[int, Cells]]) -> Iterator[int]:
    """The counts that are left: of each answer that all tell of, and of all others together."""
    told = [n for n, counts in enumerate(zip(*(c.counts for _, c in signed), strict=True))
            if None not in counts]  # fmt: skip
    for n in told:
        yield sum(sign * (cells.counts[n] or 0) for sign, cells in signed)
    if told and all(cells.n is not None for _, cells in signed):
        yield sum(
            sign * ((cells.n or 0) - sum(cells.counts[n] or 0 for n in told))
            for sign, cells in signed
        )


# --- What a report tells -------------------------------------------------------------------------


def _parts_of(findings: FormFindings, report: str) -> Iterator[Part]:
    for one in findings.forms:
        cells = {
            hush_key("item", asked.item.id): Cells(
                (*asked.counts, *([asked.others["none"]] if "none" in asked.others else [])),
                None if asked.item.way == "several" else asked.n,
            )
            for asked in one.items
        }
        cells |= {
            hush_key("sum", each.sum.id): Cells(each.bands, each.complete + each.filled)
            for each in one.sums
        }
        name = one.questionnaire.id
        yield Part(report, name, _digests(name, one.form.answers), cells)
    if findings.pairing is not None:
        name = findings.forms[-1].questionnaire.id
        moved = {
            hush_key("moved sum" if each.is_sum else "moved", each.id): Cells(
                each.moved, len(each.pairs)
            )
            for each in findings.changes
        }
        pairs = (after for _, after in findings.pairing.pairs)
        yield Part(report, f"{name} {PAIRS}", _digests(name, pairs), moved)


def _digests(study: str, pseudonyms: Iterable[str]) -> frozenset[str]:
    return frozenset(
        hashlib.sha256(f"{study}\n{name}".encode()).hexdigest()[:16] for name in pseudonyms
    )


# --- On the researcher's disk --------------------------------------------------------------------


def noted(place: Path) -> list[Part]:
    """What was noted of all reports. Raises Refused where a note cannot be read."""
    found = list[Part]()
    for file in sorted(place.glob("*.json")):
        try:
            found += _parts.validate_json(file.read_bytes())
        except (OSError, ValidationError) as error:
            raise StudyRefused(
                f"{file} cannot be read. It says what was reported before, and this report is held "
                "against it. Nothing was written. Get it back from a copy, or delete it where that "
                "report was shown to nobody."
            ) from error
    return found


def note(notes: Notes, report: str) -> list[Path]:
    """Note a report before it is written; the files. Raises Refused and leaves none behind."""
    written = list[Path]()
    try:
        for place, parts in notes.items():
            place.mkdir(mode=0o700, exist_ok=True)
            taken = {file.name for file in place.iterdir()}
            names = (f"{report}{n or ''}.json" for n in range(len(taken) + 1))
            file = place / next(name for name in names if name not in taken)
            write_new(file, _parts.dump_json([*parts], indent=1))
            written.append(file)
    except OSError as error:
        forget(written)
        raise StudyRefused(
            f"{error.filename} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
    except StudyRefused:
        forget(written)
        raise
    return written


def forget(files: Iterable[Path]) -> None:
    """Of a report that did not come to be."""
    for file in files:
        file.unlink(missing_ok=True)
        if not os.listdir(file.parent):  # noqa: PTH208 - the names alone
            file.parent.rmdir()
