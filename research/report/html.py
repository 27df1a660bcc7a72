"""`report.html`: the findings as a document of its own, for a screen, a phone and paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from research.analysis.conventions import CONVENTIONS
from research.analysis.flagging import by_factor_and_size
from research.analysis.rotation import Judgment
from research.analysis.solution import Solution
from research.analysis.statements import (
    CribSheet,
    consensus,
    crib_sheets,
    disagreement,
    distinguishing,
)
from research.dataset import Dataset
from research.findings import Findings
from research.report import parts
from research.report.document import program
from research.report.figures import (
    MOST_STATEMENTS,
    array,
    cards,
    intervals,
    render,
    scree,
    signed,
    z_dots,
)
from research.report.marks import stars
from research.report.page import page
from research.report.plane import planes
from research.report.texts import (
    CHECKLIST,
    DOUBTS,
    LEFT_OUT,
    LIMITS,
    REASONS,
    ReportLanguage,
    localised,
    number,
    pick,
    taken_for,
    words,
)

MOST_DOUBTS = 60
SHOWN_EIGENVALUES = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement as the report prints it."""

    label: str
    text: str
    score: str
    z: float
    mark: str = ""
    scores: str = ""


@dataclass(frozen=True, slots=True)
class FactorPart:
    """A factor's part of the report."""

    name: str
    title: str
    text: str
    """What the researcher calls it, and writes of it."""
    flagged: list[str]
    caption: str
    picture: str
    distinguishing: list[Shown]
    crib: list[tuple[str, list[Shown]]]
    comments: list[tuple[str, list[tuple[Shown, str]]]]
    statements: list[Shown]


def report(findings: Findings, language: ReportLanguage) -> tuple[bytes, dict[str, bytes]]:
    """The report, and the factor arrays as pictures by file name."""
    return Report(findings, language).written()


class Report:
    """Gathers what the template shows, in one language."""

    def __init__(self, findings: Findings, language: ReportLanguage) -> None:
        self.findings = findings
        self.solution = findings.solution
        self.data = findings.data
        self.language = language
        self.words = words(language)
        self.marks = marks_of(self.solution)
        self.drawn = len(self.data.statements) <= MOST_STATEMENTS
        self.pictures: dict[str, bytes] = {}

    def written(self) -> tuple[bytes, dict[str, bytes]]:
        """The HTML and the pictures."""
        return page("report.html.j2", self.language, self._context()), self.pictures

    def _number(self, value: float, decimals: int = 2) -> str:
        return number(value, self.language, decimals)

    def _context(self) -> dict[str, Any]:
        solution, data, w = self.solution, self.data, self.words
        return {
            "w": w,
            "title": data.title or w["untitled"],
            "facts": w["facts"].format(
                sorts=len(data.names),
                statements=len(data.statements),
                factors=len(solution.factors),
            ),
            "sections": self._sections(),
            "read_as": taken_for(self.findings.taken_for, self.language),
            "choices": self._choices(),
            "grid": [(signed(v), n) for v, n in self.findings.shape.cells.items()],
            "doubts": list(self._doubts()),
            "recommended": w["recommended"].format(
                factors=self.findings.advice.factors, chosen=solution.choices.factors
            ),
            "reason": self.findings.notes.reason,
            "beside": parts.beside(self.findings, w, self._number),
            "nobody": parts.nobody(self.findings, w),
            "planes": planes(
                data.names, solution.factors, solution.loadings, solution.flags, solution.least
            ),
            "loading_tables": self._loading_tables(),
            "differences": parts.differences(self.findings, w, self._number),
            "fields": parts.fields(self.findings, w),
            "reasons": self._reasons(),
            "scree": self._svg(scree(solution.eigenvalues, self.findings.parallel, w)),
            "eigenvalues": self._eigenvalues(),
            "bold_flags": w["bold_flags"].format(
                least=self._number(solution.least),
                level=number(100 * solution.choices.level, self.language, 4)
                .rstrip("0")
                .rstrip(",."),
            ),
            "factors": solution.factors,
            "sorts": self._sorts(),
            "characteristics": self._characteristics(),
            "squares": [
                (w["factor_correlations"], solution.correlations_of_factors.tolist()),
                (w["sed"], solution.errors.tolist()),
            ],
            "scored": [self._factor(f) for f in range(len(solution.scored))],
            "dots": self._svg(z_dots(data.statements, solution.z, self._titles(), w))
            if self.drawn
            else "",
            "consensus": self._consensus(),
            "statements": self._statements(),
            "bootstrap": self._bootstrap(),
            "second": self._second(),
            "comparison": self._comparison(),
            "limits": [pick(limit, self.language) for limit in LIMITS],
            "checklist": self._checklist(),
            "made_with": w["made_with"].format(program=program(), seed=self.findings.seed),
        }

    def _titles(self) -> list[str]:
        return [self.findings.notes.title(name) for name in self.solution.scored]

    def _loading_tables(self) -> list[parts.ReportGrid]:
        found, w, number = self.findings, self.words, self._number
        tables = [
            parts.weights(found, w, number),
            parts.unrotated(found, w, number),
            parts.correlations(found, w, number),
        ]
        return [table for table in tables if table is not None]

    def _svg(self, figure: Any) -> str:
        return inline(render(figure, "svg"))

    def _sections(self) -> list[tuple[str, str]]:
        ids = ["study", "doubts", "number", "loadings", "factors", "statements", "uncertainty"]
        ids += ["second"] if self.findings.second else []
        ids += ["comparison"] if self.findings.comparison else []
        return [(i, self.words[i]) for i in (*ids, "limits", "checklist")]

    def _choices(self) -> list[tuple[str, str]]:
        choices, w = self.solution.choices, self.words
        rotation = (
            "; ".join(
                f"f{t.first + 1}–f{t.second + 1} {self._number(t.degrees, 1)}°"
                if t.first != t.second
                else w["inverted"].format(factor=f"f{t.first + 1}")
                for t in choices.rotation.turns
            )
            if isinstance(choices.rotation, Judgment)
            else w[choices.rotation]
        )
        if isinstance(choices.rotation, Judgment):
            rotation = f"{w['judgment']}: {rotation}"
        flags = w["manual"] if choices.flags is not None else self._automatic()
        return [
            (w["extraction"], w[choices.extraction]),
            (w["rotation"], rotation),
            (w["flags"], flags),
            (w["compat"], w[choices.compat]),
        ]

    def _automatic(self) -> str:
        """The rule of automatic flags, in words."""
        choices, w = self.solution.choices, self.words
        level = f"p < {number(choices.level, self.language, 6).rstrip('0')}"
        return f"{w['automatic']}: {w[f'rule_{choices.flag_rule}'].format(level=level)}"

    def _doubts(self) -> Iterator[str]:
        doubts = self.findings.doubts
        yield from (pick(remark, self.language) for remark in self.findings.data.remarks)
        if out := self.findings.data.excluded:
            yield pick(LEFT_OUT, self.language).format(names=", ".join(out))
        for doubt in doubts[:MOST_DOUBTS]:
            about = {name: localised(value, self.language) for name, value in doubt.about.items()}
            yield pick(DOUBTS[doubt.code], self.language).format(**about)
        if len(doubts) > MOST_DOUBTS:
            yield f"… +{len(doubts) - MOST_DOUBTS}"

    def _reasons(self) -> list[str]:
        return [
            pick(REASONS[code], self.language).format(n=self._number(value, 0))
            for code, value in self.findings.advice.reasons
        ]

    def _eigenvalues(self) -> list[list[float]]:
        values = self.solution.eigenvalues
        percent = 100 * values / values.sum()
        table = np.column_stack([values, percent, percent.cumsum(), self.findings.parallel.upper])
        rows: list[list[float]] = table[:SHOWN_EIGENVALUES].tolist()
        return rows

    def _sorts(self) -> list[dict[str, Any]]:
        solution = self.solution
        names = self.data.names
        communalities = (solution.unrotated**2).sum(axis=1)
        return [
            {
                "name": name,
                "loadings": [
                    {"value": float(a), "flag": bool(flag)}
                    for a, flag in zip(solution.loadings[i], solution.flags[i], strict=True)
                ],
                "communality": float(communalities[i]),
            }
            for i, name in ((i, names[i]) for i in by_factor_and_size(solution.loadings))
        ]

    def _characteristics(self) -> list[tuple[str, Sequence[float], int]]:
        found, w = self.solution.characteristics, self.words
        return [
            (w["flagged"], found.flagged, 0),
            (w["sum_of_squares"], found.sum_of_squares.tolist(), 2),
            (w["explained"], found.explained.tolist(), 1),
            (w["reliability"], found.reliability.tolist(), 2),
            (w["standard_error"], found.standard_error.tolist(), 2),
        ]

    def _shown(self, row: int, factor: int) -> Shown:
        return Shown(
            self._label(row),
            self.data.texts[row],
            signed(int(self.solution.arrays[row, factor])),
            float(self.solution.z[row, factor]),
            stars(self.marks[row][factor]),
        )

    def _label(self, row: int) -> str:
        return self.data.statements[row]

    def _factor(self, f: int) -> FactorPart:
        solution, data, w = self.solution, self.data, self.words
        name = solution.scored[f]
        column = solution.flags[:, solution.factors.index(name)]
        flagged = [data.names[i] for i in np.nonzero(column)[0]]
        loadings = solution.loadings[:, solution.factors.index(name)]
        ends = [
            f"{data.names[i]} (\u2212)" if loadings[i] < 0 else data.names[i]
            for i in np.nonzero(column)[0]
        ]
        order = np.argsort(-solution.z[:, f], kind="stable").tolist()
        return FactorPart(
            name=name,
            title=self.findings.notes.title(name),
            text=self.findings.notes.of(name).text,
            flagged=ends,
            caption=w["array_caption"].format(factor=self.findings.notes.title(name)),
            picture=self._draw(f, name) if self.drawn else "",
            distinguishing=[self._shown(r, f) for r in order if self.marks[r][f]],
            crib=self._crib(crib_sheets(solution.arrays)[f], f),
            comments=self._comments(flagged, f),
            statements=[self._shown(row, f) for row in order],
        )

    def _draw(self, f: int, name: str) -> str:
        solution, data = self.solution, self.data
        title = f"{self.words['factor']} {self.findings.notes.title(name)}"
        figure = array_figure(data, solution, self.findings.shape.cells, f, title)
        svg = render(figure, "svg")
        self.pictures[f"factor_array_{name}.svg"] = svg
        self.pictures[f"factor_array_{name}.png"] = render(figure, "png")
        return inline(svg)

    def _crib(self, sheet: CribSheet, f: int) -> list[tuple[str, list[Shown]]]:
        return [
            (self.words[kind], [self._shown(row, f) for row in getattr(sheet, kind)])
            for kind in ("highest", "higher", "lower", "lowest")
        ]

    def _comments(self, flagged: list[str], f: int) -> list[tuple[str, list[tuple[Shown, str]]]]:
        rows = {label: row for row, label in enumerate(self.data.statements)}
        return [
            (name, [(self._shown(rows[label], f), text) for label, text in said.items()])
            for name in flagged
            if (said := self.data.comments.get(name))
        ]

    def _consensus(self) -> list[Shown]:
        solution = self.solution
        found = consensus(solution.comparisons)
        variances = disagreement(solution.z)
        rows = sorted((row for row, mark in enumerate(found) if mark), key=lambda r: variances[r])
        return [
            Shown(
                self._label(row),
                self.data.texts[row],
                "",
                0.0,
                found[row],
                " ".join(signed(int(v)) for v in solution.arrays[row]),
            )
            for row in rows
        ]

    def _statements(self) -> list[Mapping[str, Any]]:
        solution = self.solution
        variances = disagreement(solution.z)
        return [
            {
                "label": self._label(row),
                "text": self.data.texts[row],
                "cells": [
                    f"{signed(int(score))}{stars(self.marks[row][f])}"
                    for f, score in enumerate(solution.arrays[row])
                ],
                "variance": float(variances[row]),
            }
            for row in range(len(self.data.statements))
        ]

    def _bootstrap(self) -> Mapping[str, Any] | None:
        found, w = self.findings.bootstrap, self.words
        if found is None:
            return None
        solution = self.solution
        return {
            "lead": w["bootstrap_lead"].format(steps=found.steps),
            "rows": [
                (w["congruence"], found.congruence.tolist(), 2),
                (w["alike"], found.alike.tolist(), 2),
                (w["undefined"], found.undefined.tolist(), 0),
            ],
            "picture": self._svg(
                intervals(self.data.statements, solution.z, found.z, self._titles(), w)
            )
            if self.drawn
            else "",
        }

    def _second(self) -> Mapping[str, Any] | None:
        found = self.findings.second
        if found is None:
            return None
        return {
            "names": [f"s{n + 1}" for n in range(found.loadings.shape[1])],
            "rows": list(zip(self.solution.scored, found.loadings.tolist(), strict=True)),
        }

    def _comparison(self) -> list[tuple[str, str, float]] | None:
        found = self.findings.comparison
        if found is None:
            return None
        return [
            (self.solution.scored[p.factor], found.earlier.factors[p.other], p.correlation)
            for p in found.pairs
        ]

    def _checklist(self) -> list[tuple[str, str]]:
        solution, findings, w = self.solution, self.findings, self.words
        choices = dict(self._choices())
        levels = ", ".join(
            f"{stars(mark)} {self._number(value, 3)}"
            for mark, value in CONVENTIONS[solution.choices.compat].levels
        )
        answers = {
            "qset": str(len(self.data.statements)),
            "pset": str(len(self.data.names)),
            "grid": " ".join(f"{signed(v)}:{n}" for v, n in findings.shape.cells.items()),
            "forced": w["yes"]
            if not findings.shape.off
            else f"{len(findings.shape.off)} / {len(self.data.names)}: {self._off()}",
            "after": f"{len(self.data.comments)} / {len(self.data.names)}"
            if self.data.comments
            else "",
            "software": f"{program()}; {w[solution.choices.compat]}",
            "extraction": choices[w["extraction"]],
            "number": f"{solution.choices.factors}. {findings.notes.reason}"
            if findings.notes.reason
            else f"{solution.choices.factors} ({w['reason_by_researcher']})",
            "rotation": choices[w["rotation"]],
            "flags": choices[w["flags"]],
            "variance": f"{self._number(solution.explained, 1)} %",
            "loadings": w["yes"],
            "arrays": w["yes"],
            "distinguishing": levels,
            "stability": ""
            if findings.bootstrap is None
            else w["stability_of"].format(
                steps=findings.bootstrap.steps,
                least=self._number(100 * float(findings.bootstrap.alike.min()), 0),
            ),
            "interpretation": w["yes"]
            if all(findings.notes.of(name).text for name in solution.scored)
            else "",
        }
        return [(pick((nb, en), self.language), answers.get(key, "")) for key, nb, en in CHECKLIST]

    def _off(self) -> str:
        shown = ", ".join(self.findings.shape.off[:10])
        return shown + (" …" if len(self.findings.shape.off) > 10 else "")


def marks_of(solution: Solution) -> list[list[str]]:
    """For each statement and scored factor how strongly it distinguishes the factor."""
    scored = len(solution.scored)
    if solution.comparisons:
        return distinguishing(solution.comparisons, scored)
    return [[""] * scored for _ in solution.z]


def array_figure(
    data: Dataset, solution: Solution, cells: Mapping[int, int], f: int, title: str
) -> Figure:
    """The array of a scored factor (from 0), as the report and the bench draw it."""
    marks = [row[f] for row in marks_of(solution)]
    drawn = cards(data.statements, data.texts, solution.arrays[:, f], solution.z[:, f], marks)
    return array(drawn, cells, title)


def inline(svg: bytes) -> str:
    """An SVG without its XML declaration, to stand in HTML."""
    text = svg.decode()
    return text[text.index("<svg") :]
