"""Easy-HTMLQ's and EQ Web Sort's JSON: an object of records by push id.

Each record has `sort`, the values with bars between them (`+2|-1|0`), and keys of its
own, which are kept; `comment<N>` is what was written about statement N. The records may
lie in another object (a Firebase export of the whole database), in a list, or be one.
"""

import json
from pathlib import Path
from typing import Any

from dialogs.faults import Fault
from research.dataset import Dataset, Remark
from research.formats.faults import BadFile, Checker
from research.formats.htmlq import COMMENT, comments
from research.formats.losses import lost
from research.formats.sorts import ReadingOptions, SortRecord, gather
from research.formats.source import SourceFile
from research.tables.labels import numbered, series

NAME = "eq"
TITLE = "Easy-HTMLQ or EQ Web Sort JSON"
SUFFIX = ".json"


_NAMES = ("partid", "participantid", "participant", "uid", "randomid", "urlusercode", "usercode")
"""What a participant is called, the surest first."""
_EMPTY = frozenset({"", "no data", "no usercode set", "none", "null"})
PRIVATE = frozenset({"ip", "user_agent", "referrer", "user_ip", "ip_address", "ip address"})
"""What a web server notes of a visitor: it is not read."""


def recognises(source: SourceFile) -> bool:
    return bool(_studies(source.json))


def _studies(content: Any, name: str = "") -> dict[str, dict[str, Any]]:
    """The records that lie in a document, by the names of what they lie in."""
    found: dict[str, dict[str, Any]] = {}
    if isinstance(content, list):
        content = {str(n): one for n, one in enumerate(content, 1)}
    if not isinstance(content, dict):
        return found
    if "sort" in content and not isinstance(content["sort"], dict):
        return {name: {"1": content}}
    records = {key: _flat(one) for key, one in content.items()}
    if any(isinstance(one, dict) and "sort" in one for one in records.values()):
        return {name: records}
    for key, one in content.items():
        found |= _studies(one, key)
    return found


def _flat(record: Any) -> Any:
    """A record as Netlify gives it lies in `data`."""
    inner = record.get("data") if isinstance(record, dict) else None
    return inner if isinstance(inner, dict) and "sort" in inner else record


def read(source: SourceFile, reading: ReadingOptions) -> Dataset:
    """The sorts, named by what each participant is called, else by their push ids."""
    checker = Checker()
    records = _only(_studies(source.json), reading.sheet)
    names = _names(records)
    found = [_record(names[key], key, record, checker, reading) for key, record in records.items()]
    checker.raise_if_any()
    remarks: list[Remark] = []
    if len(found) == 1:
        remarks.append(("Fila har bare én sortering.", "The file holds one sort only."))
    return gather(found, reading, checker, remarks=remarks)


def _only(studies: dict[str, dict[str, Any]], wanted: str | None) -> dict[str, Any]:
    if wanted is not None and wanted in studies:
        return studies[wanted]
    if len(studies) == 1 and wanted is None:
        return next(iter(studies.values()))
    raise BadFile(
        [
            Fault(
                "",
                f"The file holds the studies {', '.join(studies)}.",
                "one study",
                "Name it: --sheet NAME.",
            )
        ]
    )


def _names(records: dict[str, Any]) -> dict[str, str]:
    """By key: the first kind of name that every record has, else the key; doubles are refused."""
    for kind in _NAMES:
        names = {
            key: next((_text(v).strip() for k, v in one.items() if k.casefold() == kind), "")
            for key, one in records.items()
            if isinstance(one, dict)
        }
        if len(names) == len(records) and not {n.casefold() for n in names.values()} & _EMPTY:
            return names
    return {key: key for key in records}


def _record(
    name: str, key: str, record: Any, checker: Checker, reading: ReadingOptions
) -> SortRecord:
    sort = _in_order(record.get("sort")) if isinstance(record, dict) else None
    cells = sort if isinstance(sort, list) else _parts(sort) if isinstance(sort, str) else []
    place = f"record {key}" if name == key else f"record {key} ({name})"
    if (not isinstance(sort, str | list) or not sort) and not {name, key} & reading.exclude:
        checker.fault(
            place,
            "The record has no text `sort`."
            if sort is None
            else "The `sort` is empty."
            if not sort
            else "The `sort` is no text.",
            "the values with bars between them, such as `1|-1|0`",
            f"Export it again, or leave it out: --exclude {name}.",
        )
    return SortRecord(
        name,
        place,
        [_text(cell) for cell in cells],
        lambda n: f"{place}, sort, value {n + 1}",
        comments([(k, _text(v)) for k, v in _items(record)]),
        {
            k: _text(v)
            for k, v in _items(record)
            if k != "sort" and not COMMENT.fullmatch(k) and k.casefold() not in PRIVATE
        },
        also=key,
    )


def _in_order(sort: Any) -> Any:
    """The values by the numbers of their labels, where they are told so: `{"s1": 0, "s2": 1}`."""
    if not isinstance(sort, dict) or series(sort) is None:
        return sort
    labels = {one.number: label for label in sort if (one := numbered(label))}
    return [sort[labels[n]] for n in sorted(labels)]


def _parts(sort: str) -> list[str]:
    return sort.split("|" if "|" in sort else ",")


def _items(record: Any) -> list[tuple[str, Any]]:
    return list(record.items()) if isinstance(record, dict) else []


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
