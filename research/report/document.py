"""`analysis.json`: everything that was found, and every choice that was made."""

import json
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from dialogs.faults import Fault
from research.analysis.conventions import CONVENTIONS
from research.analysis.flagging import bipolar, undecided
from research.analysis.rotation import Judgment
from research.analysis.statements import consensus, crib_sheets, disagreement, distinguishing
from research.findings import Earlier, Findings
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from research.report.tables import WIDEST_SHEET, pair_name

FORMAT = "kollegial-analysis"


def program() -> str:
    """The program and its version."""
    try:
        return f"Kollegial {version('kollegial')}"
    except PackageNotFoundError:
        return "Kollegial"


def document(findings: Findings) -> dict[str, Any]:
    """All of it, under labels."""
    data, solution = findings.data, findings.solution
    scored, statements = solution.scored, data.statements
    comparisons = solution.comparisons
    left = undecided(solution.loadings, solution.flags, solution.least)
    return {
        "format": FORMAT,
        "version": 1,
        "program": program(),
        "study": {
            "title": data.title,
            "read_as": findings.taken_for,
            "sorts": list(data.names),
            "statements": dict(zip(statements, data.texts, strict=True)),
            "grid": {str(value): count for value, count in findings.shape.cells.items()},
            "grid_stated": findings.shape.stated,
            "unforced": list(findings.shape.off),
        },
        "choices": _choices(findings),
        "number_of_factors": _number(findings),
        "factors": {
            name: {"name": findings.notes.of(name).name, "text": findings.notes.of(name).text}
            for name in solution.factors
        },
        "correlations": _square(data.names, solution.correlations)
        if len(data.names) <= WIDEST_SHEET
        else "in correlations.csv",
        "unrotated": _by(
            [f"u{n + 1}" for n in range(solution.unrotated.shape[1])],
            data.names,
            solution.unrotated,
        ),
        "loadings": _by(solution.factors, data.names, solution.loadings),
        "flags": {
            name: [data.names[i] for i in np.nonzero(solution.flags[:, f])[0]]
            for f, name in enumerate(solution.factors)
        },
        "undecided": {
            kind: [data.names[i] for i in places] for kind, places in asdict(left).items()
        },
        "weights": _by(scored, data.names, solution.weights),
        "bipolar": [solution.factors[f] for f in bipolar(solution.loadings, solution.flags)],
        "characteristics": {
            name: {
                "flagged": solution.characteristics.flagged[f],
                "sum_of_squares": float(solution.characteristics.sum_of_squares[f]),
                "explained_percent": float(solution.characteristics.explained[f]),
                "reliability": float(solution.characteristics.reliability[f]),
                "standard_error": float(solution.characteristics.standard_error[f]),
            }
            for f, name in enumerate(solution.factors)
        },
        "explained_percent": solution.explained,
        "zscores": _by(scored, statements, solution.z),
        "factor_arrays": _by(scored, statements, solution.arrays),
        "factor_correlations": _square(scored, solution.correlations_of_factors),
        "sed": _square(scored, solution.errors),
        "differences": {
            pair_name(c, scored): {
                label: {"difference": difference, "mark": mark}
                for label, difference, mark in zip(
                    statements, c.differences.tolist(), c.marks, strict=True
                )
            }
            for c in comparisons
        },
        "distinguishing": {
            name: {
                label: marks[f]
                for label, marks in zip(
                    statements, distinguishing(comparisons, len(scored)), strict=True
                )
                if marks[f]
            }
            for f, name in enumerate(scored)
        }
        if comparisons
        else {},
        "consensus": {
            label: mark
            for label, mark in zip(statements, consensus(comparisons), strict=True)
            if mark
        }
        if comparisons
        else {},
        "variance": dict(zip(statements, disagreement(solution.z).tolist(), strict=True)),
        "crib_sheets": {
            name: {
                kind: [statements[i] for i in getattr(sheet, kind)]
                for kind in ("highest", "higher", "lower", "lowest")
            }
            for name, sheet in zip(scored, crib_sheets(solution.arrays), strict=True)
        },
        "second_order": _second_order(findings),
        "bootstrap": _bootstrap(findings),
        "comparison": _comparison(findings),
        "doubts": [{"code": doubt.code, **doubt.about} for doubt in findings.doubts],
    }


def _choices(findings: Findings) -> dict[str, Any]:
    choices = findings.solution.choices
    rotation = choices.rotation
    levels = CONVENTIONS[choices.compat].levels
    return {
        "factors": choices.factors,
        "factors_chosen_by": findings.chosen_by,
        "extraction": choices.extraction,
        "rotation": {
            "after_varimax": rotation.after_varimax,
            "turns": [
                {"first": f"f{t.first + 1}", "second": f"f{t.second + 1}", "degrees": t.degrees}
                for t in rotation.turns
            ],
        }
        if isinstance(rotation, Judgment)
        else rotation,
        "flags": "automatic" if choices.flags is None else "manual",
        "flag_level": choices.level,
        "flag_rule": choices.flag_rule,
        "significant_loading": findings.solution.least,
        "compat": choices.compat,
        "split_bipolar": choices.split_bipolar,
        "critical_values": dict(levels),
        "seed": findings.seed,
    }


def _number(findings: Findings) -> dict[str, Any]:
    return {
        "eigenvalues": findings.solution.eigenvalues.tolist(),
        "parallel_mean": findings.parallel.mean.tolist(),
        "parallel_95": findings.parallel.upper.tolist(),
        "parallel_95_low": findings.parallel.low.tolist(),
        "parallel_95_high": findings.parallel.high.tolist(),
        "parallel_samples": findings.parallel.samples,
        "recommended": findings.advice.factors,
        "reasons": dict(findings.advice.reasons),
        "researchers_reason": findings.notes.reason,
        "side_by_side": [asdict(each) for each in findings.beside],
        "centroid_beside_the_tools": asdict(findings.likeness) if findings.likeness else None,
    }


def _second_order(findings: Findings) -> dict[str, Any] | None:
    found = findings.second
    if found is None:
        return None
    columns = [f"s{n + 1}" for n in range(found.loadings.shape[1])]
    return {
        "eigenvalues": found.eigenvalues.tolist(),
        "loadings": _by(columns, findings.solution.scored, found.loadings),
    }


def _bootstrap(findings: Findings) -> dict[str, Any] | None:
    found = findings.bootstrap
    if found is None:
        return None
    scored, data = findings.solution.scored, findings.data
    return {
        "steps": found.steps,
        "aligned": found.aligned,
        "congruence": dict(zip(scored, found.congruence.tolist(), strict=True)),
        "alike": dict(zip(scored, found.alike.tolist(), strict=True)),
        "undefined": dict(zip(scored, found.undefined.tolist(), strict=True)),
        "flagged": _by(scored, data.names, found.flagged),
        **{
            of: {
                part: _by(scored, labels, getattr(estimate, part))
                for part in ("mean", "error", "low", "high")
            }
            for of, labels, estimate in (
                ("zscores", data.statements, found.z),
                ("loadings", data.names, found.loadings),
            )
        },
    }


def _comparison(findings: Findings) -> list[dict[str, Any]] | None:
    found = findings.comparison
    if found is None:
        return None
    return [
        {
            "factor": findings.solution.scored[pair.factor],
            "earlier": found.earlier.factors[pair.other],
            "correlation": pair.correlation,
        }
        for pair in found.pairs
    ]


def _by(columns: Any, labels: Any, values: np.ndarray) -> dict[str, dict[str, Any]]:
    return {
        column: dict(zip(labels, values[:, i].tolist(), strict=True))
        for i, column in enumerate(columns)
    }


def _square(names: Any, values: np.ndarray) -> dict[str, dict[str, Any]]:
    return _by(names, names, values)


def dump(findings: Findings) -> bytes:
    """The document as JSON. Never a NaN: that would be a fault of ours, and raises."""
    text = json.dumps(document(findings), ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode()


def read_earlier(source: SourceFile) -> Earlier:
    """The z-scores in an earlier `analysis.json`.

    Raises:
        BadFile: it is something else.
    """
    content = source.json
    try:
        z = {
            str(factor): {str(k): float(v) for k, v in scores.items()}
            for factor, scores in {FORMAT: content}[content["format"]]["zscores"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadFile(
            [
                Fault(
                    "",
                    f"{source.path.name} holds no solution.",
                    "an analysis.json that `kollegial analyse` wrote",
                    "Name that file.",
                )
            ]
        ) from None
    return Earlier(tuple(z), z)
