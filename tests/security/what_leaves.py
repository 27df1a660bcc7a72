"""What an analysis of a questionnaire writes, read as whoever gets the files reads them.

A number is known where any of them tells it: a table, the workbook, the report's words, the length
of a bar, or the results that go back to those who answered.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import TypeAlias

import openpyxl

from dialogs.studies.questionnaire import Questionnaire
from research.bounds import LEAST
from research.questionnaires.answers import AnsweredForm
from research.questionnaires.findings import investigate
from research.questionnaires.folder import contents
from research.questionnaires.tables import OTHERS, tables
from research.questionnaires.words import words
from research.report.tables import HIDDEN

Row: TypeAlias = Mapping[str, str]
CountKey: TypeAlias = tuple[str, str, str]
"""Questionnaire, item, and option or what is none."""
_FILL = re.compile(r"fill: (#[0-9a-f]{6}|url\(\S+\))")
_CORNER = re.compile(r"[ML] ([-\d.]+) ([-\d.]+)")
_WORDS = words("nb")


@dataclass
class Left:
    """All that is said, wherever it is said."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    by_file: dict[str, dict[CountKey, int]] = field(default_factory=lambda: defaultdict(dict))
    """The counts that each kind of file tells."""
    hidden: set[CountKey] = field(default_factory=set)
    """What the tables call hidden."""
    means: dict[tuple[str, str], float] = field(default_factory=dict)
    """Of items and sums, where they are told."""
    bands: dict[str, list[int | None]] = field(default_factory=dict)
    """Of sums, by their titles: the report alone has them."""
    drawn: set[str] = field(default_factory=set)
    """What the picture of changes has a line for."""

    @property
    def counts(self) -> dict[CountKey, int]:
        """Those that any file tells."""
        return {key: count for told in self.by_file.values() for key, count in told.items()}

    def row(self, table: str, name: str, form: str = "") -> Row:
        """Of an item or a sum."""
        return next(
            row
            for row in self.tables[table]
            if name in row.values() and (not form or row["form"] == form)
        )


def read_tables(forms: Sequence[AnsweredForm], least: int = LEAST) -> Left:
    """The tables alone: they are soon written."""
    left = Left()
    for table in tables(investigate(forms, least=least), "nb"):
        _take(left, table.name, [*csv.reader(io.StringIO(table.csv().decode()))], "csv")
    return left


def read(forms: Sequence[AnsweredForm], least: int = LEAST) -> Left:
    """Write the folder of an analysis, and read every file in it."""
    files = contents(forms, investigate(forms, least=least), "nb")
    left = read_tables(forms, least)
    assert {f"{name}.csv" for name in left.tables} == {n for n in files if n.endswith(".csv")}
    book = openpyxl.load_workbook(io.BytesIO(files["analysis.xlsx"]))
    assert {*book.sheetnames} == {*left.tables}
    for sheet in book:
        rows = sheet.iter_rows(values_only=True)
        cells = [["" if c is None else str(c) for c in row] for row in rows]
        _take(left, sheet.title, cells, "xlsx")
    studies = [one.questionnaire for one in forms]
    _results(left, json.loads(files.get("results.json", b'{"forms": {}}'))["forms"])
    _report(left, studies, files["report.html"].decode())
    for name, data in files.items():
        if name.startswith("distribution") and name.endswith(".svg"):
            _bars(left, studies, data)
    if "change.svg" in files:
        left.drawn = {*_texts(_tree(files["change.svg"]))}
    return left


def _take(left: Left, name: str, rows: Sequence[Sequence[str]], file: str) -> None:
    header, *lines = rows
    table: list[Row] = [dict(zip(header, line, strict=True)) for line in lines]
    left.tables.setdefault(name, table)
    for row in table if name == "counts" else ():
        key = row["form"], row["item"], row["option"]
        if row["count"] == HIDDEN:
            left.hidden.add(key)
        else:
            left.by_file[file][key] = int(row["count"])
    for row in table if name in {"items", "sums"} else ():
        if (told := number(row["mean"])) is not None:
            left.means.setdefault((row["form"], row[name.removesuffix("s")]), told)


def _results(left: Left, told: Mapping[str, Mapping[str, list[Mapping[str, object]]]]) -> None:
    for form, result in told.items():
        for one in result["items"]:
            item, counts, mean = str(one["item"]), one["counts"], one["mean"]
            assert isinstance(counts, dict)
            left.by_file["results"] |= {
                (form, item, str(o)): n for o, n in counts.items() if n is not None
            }
            if isinstance(mean, float):
                left.means.setdefault((form, item), mean)


def _labels(studies: Sequence[Questionnaire]) -> dict[str, tuple[Questionnaire, str]]:
    """What the report calls an item: its text, and of two forms which it stands in."""
    return {
        item.text["nb"]
        if len(studies) == 1
        else f"{item.text['nb']} – {_WORDS[str(study.wave)].lower()}": (study, item.id)
        for study in studies
        for item in study.items
    }


def _report(left: Left, studies: Sequence[Questionnaire], html: str) -> None:
    known = _labels(studies)
    for label, listed in re.findall(r"<p>([^<]+)</p><ul>(.*?)</ul>", html, re.DOTALL):
        if unescape(label) not in known:
            told = re.findall(r"<li>[^<]+: ([^<:]+)</li>", listed)
            left.bands[unescape(label)] = [int(c) if c.isdecimal() else None for c in told]
            continue
        study, item = known[unescape(label)]
        options = {o.text["nb"]: o.id for o in study.item(item).options}
        options |= {_WORDS[other]: mark for other, mark in OTHERS.items()}
        for text, count in re.findall(r"<li>([^<]+): (\d+)</li>", listed):
            left.by_file["report"][study.id, item, options[unescape(text)]] = int(count)
    cell = r"<th scope=\"row\" class=\"text\">([^<(]+?)</th><td>\d+</td><td>([\d,]+)</td>"
    for label, mean in re.findall(cell, html.partition('<section id="change"')[0]):
        study, item = known[unescape(label).strip()]
        left.means.setdefault((study.id, item), float(mean.replace(",", ".")))


# --- Pictures -----------------------------------------------------------------------------------


def _bars(left: Left, studies: Sequence[Questionnaire], svg: bytes) -> None:
    """How many a bar stands for, of its length and of how many answered."""
    root = _tree(svg)
    known = _labels(studies)
    rows, colours = [*_rows(root)], dict(_legend(root))
    (_, (first, last), _), *bars = _rectangles(root)
    for fill, (begin, end), middle in bars:
        label, n, _ = min(rows, key=lambda row: abs(row[2] - middle))
        if fill in colours and label in known:
            study, item = known[label]
            option = next(o.id for o in study.item(item).options if o.text["nb"] == colours[fill])
            count = round((end - begin) / (last - first) * n)
            left.by_file["bars"][study.id, item, option] = count


def _tree(svg: bytes) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - we drew it ourselves


def _rows(root: ET.Element) -> Iterator[tuple[str, int, float]]:
    """The label of each row, how many answered, and where it is."""
    for tick in root.iter():
        if re.fullmatch(r"ytick_\d+", tick.get("id", "")):
            use = next(each for each in tick.iter() if each.tag.endswith("use"))
            found = re.fullmatch(r"(.+) \(n=(\d+)\)", " ".join(_texts(tick)))
            assert found
            yield found[1], int(found[2]), float(use.get("y", "0"))


def _texts(root: ET.Element) -> Iterator[str]:
    return (each.text for each in root.iter() if each.tag.endswith("text") and each.text)


def _legend(root: ET.Element) -> Iterator[tuple[str, str]]:
    legend = next(each for each in root.iter() if each.get("id") == "legend_1")
    fills = [fill[1] for each in legend.iter() if (fill := _FILL.search(each.get("style", "")))]
    return zip(fills, _texts(legend), strict=False)


def _rectangles(
    root: ET.Element,
) -> Iterator[tuple[str, tuple[float, float], float]]:
    """Fill, where it begins and ends, and its middle height: first what all bars lie in."""
    axes = next(each for each in root.iter() if each.get("id") == "axes_1")
    for group in axes:
        corners = [
            (float(x), float(y))
            for path in group
            for x, y in _CORNER.findall(path.get("d", ""))
            if group.get("id", "").startswith("patch_")
        ]
        fill = _FILL.search(group[0].get("style", "")) if len(corners) == 4 else None
        if fill:
            across, down = zip(*corners, strict=True)
            yield fill[1], (min(across), max(across)), (min(down) + max(down)) / 2


def number(cell: str) -> float | None:
    """A number that is told."""
    return None if cell in {"", HIDDEN} else float(cell)
