"""Kollegial's own JSON: holds all of a dataset, by labels, never by position."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from dialogs.faults import Fault
from research.dataset import Dataset
from research.formats.faults import BadFile, Checker
from research.formats.sorts import ReadingOptions
from research.formats.source import SourceFile

NAME = "json"
TITLE = "Kollegial JSON"
SUFFIX = ".json"
FORMAT = "kollegial-sorts"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Statement(_Strict):
    id: str
    text: str = ""


class _Sort(_Strict):
    name: str
    values: dict[str, int]
    comments: dict[str, str] = {}
    fields: dict[str, str] = {}


class _Document(_Strict):
    format: str
    version: int
    title: str = ""
    grid: dict[str, int] | None = None
    statements: list[_Statement]
    sorts: list[_Sort]


def recognises(source: SourceFile) -> bool:
    return isinstance(source.json, dict) and source.json.get("format") == FORMAT


def read(source: SourceFile, reading: ReadingOptions) -> Dataset:  # noqa: ARG001 -- every format is given them
    """Everything."""
    document = _document(source.json)
    checker = Checker()
    seen_statements, seen = dict[str, str](), dict[str, str]()
    labels = [
        checker.label(s.id, seen_statements, f"statements[{i}]", "statement")
        for i, s in enumerate(document.statements)
    ]
    for i, sort in enumerate(document.sorts):
        place = f"sorts[{i}]"
        checker.label(sort.name, seen, place, "sort")
        for kind, labelled in (("values", set(sort.values)), ("comments", set(sort.comments))):
            if wrong := labelled - set(labels):
                checker.fault(
                    f"{place}.{kind}",
                    f"There is no statement {min(wrong)}.",
                    "labels from `statements`",
                    "Correct the label.",
                )
        if missing := [label for label in labels if label not in sort.values]:
            checker.fault(
                f"{place}.values",
                f"The sort has no value for {missing[0]}.",
                "a value for each statement",
                "Fill in the value, or take the sort out of the file.",
            )
    grid = (
        None
        if document.grid is None
        else {checker.value(value, "grid"): count for value, count in document.grid.items()}
    )
    if grid is not None and sum(grid.values()) != len(labels):
        checker.fault(
            "grid",
            f"The grid has {sum(grid.values())} cells.",
            f"{len(labels)}, the number of statements",
            "Correct the counts.",
        )
    checker.raise_if_any()
    return Dataset(
        title=document.title,
        statements=tuple(labels),
        texts=tuple(s.text for s in document.statements),
        names=tuple(s.name for s in document.sorts),
        sorts=np.array(
            [[s.values[label] for s in document.sorts] for label in labels], dtype=np.int64
        ).reshape(len(labels), len(document.sorts)),
        pattern=grid,
        comments={s.name: s.comments for s in document.sorts if s.comments},
        fields={s.name: s.fields for s in document.sorts if s.fields},
    )


def _document(content: Any) -> _Document:
    try:
        return _Document.model_validate(content)
    except ValidationError as error:
        raise BadFile(
            Fault(
                ".".join(map(str, found["loc"])),
                f"{found['msg']}.",
                "the structure described in docs/research.md",
                "Correct it, or export the file again.",
            )
            for found in error.errors()
        ) from None


def losses(data: Dataset) -> list[str]:  # noqa: ARG001 -- every format answers this
    """Nothing is lost."""
    return []


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    """The JSON."""
    document = _Document(
        format=FORMAT,
        version=1,
        title=data.title,
        grid=None if data.pattern is None else {str(v): n for v, n in data.pattern.items()},
        statements=[
            _Statement(id=label, text=text)
            for label, text in zip(data.statements, data.texts, strict=True)
        ],
        sorts=[
            _Sort(
                name=name,
                values=dict(zip(data.statements, data.sorts[:, i].tolist(), strict=True)),
                comments=dict(data.comments.get(name, {})),
                fields=dict(data.fields.get(name, {})),
            )
            for i, name in enumerate(data.names)
        ],
    )
    text = json.dumps(document.model_dump(mode="json"), ensure_ascii=False, indent=1)
    return {path: (text + "\n").encode()}
