"""What `kollegial study export` wrote: a directory with `study.json` and the sorts."""

import json
from dataclasses import replace
from pathlib import Path

from dialogs.faults import Fault
from dialogs.studies.items import Item, chosen
from dialogs.studies.study import Language, Study
from dialogs.studies.study_file import load
from research.dataset import Dataset
from research.formats import r_csv
from research.formats.faults import BadFile
from research.formats.sorts import ReadingOptions
from research.formats.source import SourceFile, unguard
from research.tables import reading as tables

NAME = "export"
TITLE = "export of a Kollegial study"
SORTS, STUDY, COMMENTS = "sorts_r.csv", "study.json", "comments.csv"


def read(directory: Path, language: Language) -> Dataset:
    """The sorts that were not withdrawn, with texts in a language of the study.

    Raises:
        BadFile: a file is missing or damaged, or a sort was withdrawn and is there.
    """
    study, withdrawn = _study(SourceFile.of(directory / STUDY))
    data = r_csv.read(SourceFile.of(directory / SORTS), ReadingOptions(rows="statements"))
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
    written = [
        one for one in _written(directory) if unguard(one.get("pseudonym", "")) in data.names
    ]
    return replace(
        data,
        title=study.title[spoken],
        texts=tuple(texts[label] for label in data.statements),
        pattern=dict(study.grid.cells) if study.forced else None,
        comments=_comments(written, "statement"),
        fields=_in_words(_comments(written, "question"), study, spoken),
    )


def study_of(directory: Path) -> Study:
    """The study that was exported."""
    return _study(SourceFile.of(directory / STUDY))[0]


def _study(source: SourceFile) -> tuple[Study, set[str]]:
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


def _written(directory: Path) -> list[dict[str, str]]:
    if not (directory / COMMENTS).is_file():
        return []
    header, *rows = tables.sheet(SourceFile.of(directory / COMMENTS)).rows
    return [dict(zip(header.cells, row.cells, strict=False)) for row in rows]


def _comments(written: list[dict[str, str]], about: str) -> dict[str, dict[str, str]]:
    """What was written about statements, or to questions, by pseudonym and id."""
    comments: dict[str, dict[str, str]] = {}
    for record in written:
        if record.get("about") == about:
            name = unguard(record["pseudonym"])
            comments.setdefault(name, {})[record["id"]] = unguard(record["text"])
    return comments


def _in_words(
    answers: dict[str, dict[str, str]], study: Study, spoken: Language
) -> dict[str, dict[str, str]]:
    """Answers to the questions after the sort, as they were worded."""
    questions = {question.id: question for question in study.questions}
    return {
        name: {
            questions[one].text[spoken]: _words(questions[one], text, spoken)
            for one, text in own.items()
            if one in questions
        }
        for name, own in answers.items()
    }


def _words(question: Item, answer: str, spoken: Language) -> str:
    labels = {option.id: option.text[spoken] for option in question.options}
    return "; ".join(labels.get(one, one) for one in chosen(answer)) if labels else answer
