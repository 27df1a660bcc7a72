"""What `kollegial study export` wrote: a directory with `study.json` and the sorts."""

import json
from dataclasses import replace
from pathlib import Path

from dialogs.study import Language, Study
from dialogs.study_file import load
from research.dataset import Dataset
from research.formats import r_csv
from research.formats.faults import BadFile, Fault
from research.formats.source import Source, unguard

NAME = "export"
TITLE = "export of a Kollegial study"
SORTS, STUDY, COMMENTS = "sorts_r.csv", "study.json", "comments.csv"


def read(directory: Path, language: Language) -> Dataset:
    """The sorts that were not withdrawn, with texts in a language of the study.

    Raises:
        BadFile: a file is missing or damaged, or a sort was withdrawn and is there.
    """
    study, withdrawn = _study(Source.of(directory / STUDY))
    data = r_csv.read(Source.of(directory / SORTS))
    if back := sorted(set(data.names) & withdrawn):
        raise BadFile(
            [
                Fault(
                    f"{SORTS}, line 1",
                    f"{', '.join(back)} withdrew from the study, and the sort is in the file.",
                    "no sort of anyone who has withdrawn",
                    "Export the study again; do not analyse this one.",
                )
            ]
        )
    spoken = study.language(language)
    texts = {s.id: s.text[spoken] for s in study.statements}
    if unknown := sorted(set(data.statements) ^ set(texts)):
        raise BadFile(
            [
                Fault(
                    SORTS,
                    f"The statement {unknown[0]} is in one of {SORTS} and {STUDY} only.",
                    "the same statements in both",
                    "Export the study again.",
                )
            ]
        )
    return replace(
        data,
        title=study.title[spoken],
        texts=tuple(texts[label] for label in data.statements),
        pattern=dict(study.grid.cells),
        comments=_comments(directory, set(data.names)),
    )


def _study(source: Source) -> tuple[Study, set[str]]:
    try:
        document = source.json
        return load(json.dumps(document["study"])), set(document["withdrawn"])
    except (KeyError, TypeError, ValueError):
        raise BadFile(
            [
                Fault(
                    STUDY,
                    "The study cannot be read.",
                    "what `kollegial study export` writes",
                    "Export the study again.",
                )
            ]
        ) from None


def _comments(directory: Path, names: set[str]) -> dict[str, dict[str, str]]:
    comments: dict[str, dict[str, str]] = {}
    if not (directory / COMMENTS).is_file():
        return comments
    rows = Source.of(directory / COMMENTS).rows(",")
    header = rows[0][1]
    for _, row in rows[1:]:
        record = dict(zip(header, row, strict=False))
        name = unguard(record.get("pseudonym", ""))
        if record.get("about") == "statement" and name in names:
            comments.setdefault(name, {})[record["id"]] = unguard(record["text"])
    return comments
