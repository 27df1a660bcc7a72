"""Easy-HTMLQ's and EQ Web Sort's JSON: an object of records by push id.

Each record has `sort`, the values with bars between them (`+2|-1|0`), and keys of its
own, which are kept; `comment<N>` is what was written about statement N.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from research.dataset import Dataset
from research.formats.faults import Checker
from research.formats.htmlq import COMMENT
from research.formats.losses import lost
from research.formats.source import Source
from research.formats.statements import numbers

NAME = "eq"
TITLE = "Easy-HTMLQ or EQ Web Sort JSON"
SUFFIX = ".json"


def recognises(source: Source) -> bool:
    document = source.json
    return (
        isinstance(document, dict)
        and bool(document)
        and any(isinstance(record, dict) and "sort" in record for record in document.values())
    )


def read(source: Source) -> Dataset:
    """The sorts, named by their push ids."""
    checker = Checker()
    names, values = [], []
    comments, fields = dict[str, dict[str, str]](), dict[str, dict[str, str]]()
    for key, record in source.json.items():
        sort = record.get("sort") if isinstance(record, dict) else None
        if not isinstance(sort, str):
            checker.fault(
                f"record {key}",
                "The record has no text `sort`.",
                "the values with bars between them, such as `1|-1|0`",
                "Take the record out, or export it again.",
            )
            continue
        names.append(key)
        cells = sort.split("|")
        values.append(
            [checker.value(c, f"record {key}, sort, value {n}") for n, c in enumerate(cells, 1)]
        )
        checker.length(len(cells), len(values[0]), f"record {key}")
        said = {m[1]: _text(v) for k, v in record.items() if (m := COMMENT.fullmatch(k))}
        others = {
            k: _text(v) for k, v in record.items() if k != "sort" and not COMMENT.fullmatch(k)
        }
        comments |= {key: said} if said else {}
        fields |= {key: others} if others else {}
    checker.raise_if_any()
    count = len(values[0])
    return Dataset(
        title="",
        statements=numbers(count),
        texts=("",) * count,
        names=tuple(names),
        sorts=np.array(values, dtype=np.int64).T,
        comments=comments,
        fields=fields,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def losses(data: Dataset) -> list[str]:
    """What the file cannot hold."""
    return lost(data, "title", "texts", "labels", "grid")


def write(data: Dataset, path: Path) -> dict[Path, bytes]:
    """The JSON, a record for each sort."""
    position = {label: n for n, label in enumerate(data.statements, 1)}
    document = {
        name: {
            **data.fields.get(name, {}),
            **{f"comment{position[k]}": t for k, t in data.comments.get(name, {}).items()},
            "sort": "|".join(map(str, data.sorts[:, i])),
        }
        for i, name in enumerate(data.names)
    }
    return {path: (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()}
