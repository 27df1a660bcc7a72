"""Pictures: scree, factor arrays as grids, z-scores. SVG for the report, PNG for a chat."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from research.analysis import Floats, Ints
from research.analysis.bootstrap import Estimate
from research.analysis.number import Parallel
from research.report.marks import PictureFormat, stars

# Okabe and Ito's colours, told apart with any colour vision; shapes tell them apart too.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "svg.fonttype": "none",  # text stays text: it can be searched, and the file is small
    "svg.hashsalt": "kollegial",  # the same findings give the same file
    "text.parse_math": False,  # a dollar sign in a statement is a dollar sign
    "axes.spines.top": False,
    "axes.spines.right": False,
}
MOST_STATEMENTS = 140
"""More than that is no picture that can be read."""
CELL = (1.55, 1.02)
"""Inches of a cell of a grid."""
TYPE_SIZES = (8.5, 7.5, 6.5, 5.5, 4.5)
WIDTHS = (
    dict.fromkeys("ijl.,:;'|!()-", 0.32)
    | dict.fromkeys("frt ", 0.4)
    | dict.fromkeys("mwMWÆæ@%", 0.95)
)
"""Ems of letters that are narrower or wider than most."""
SHADES = {"": "#ffffff", "*": "#e8f1f8", "**": "#cfe3f1", "***": "#a9cfe8", "6*": "#a9cfe8"}


def render(figure: Figure, kind: PictureFormat) -> bytes:
    """The figure as a file, the same each time."""
    buffer = io.BytesIO()
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format=kind, dpi=110, metadata=metadata)
    return buffer.getvalue()


def scree(eigenvalues: Floats, parallel: Parallel, words: Mapping[str, str]) -> Figure:
    """Eigenvalues with the line that chance gives."""
    shown = min(len(eigenvalues), 20)
    x = np.arange(1, shown + 1)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7, 3.6), layout="constrained")
        axes = figure.add_subplot()
        axes.plot(x, eigenvalues[:shown], "o-", color=COLOURS[0], label=words["eigenvalue"])
        axes.plot(x, parallel.upper[:shown], "s--", color=COLOURS[1], label=words["parallel"])
        axes.axhline(1.0, color="#767676", linewidth=0.8, linestyle=":", label=words["one"])
        axes.set_xlabel(words["factor_number"])
        axes.set_ylabel(words["eigenvalue"])
        axes.set_xticks(x)
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
    return figure


@dataclass(frozen=True, slots=True)
class StatementCard:
    """One statement as it lies on the grid."""

    label: str
    text: str
    score: int
    mark: str
    """How strongly it distinguishes the factor; shades the card."""
    z: float
    """Within a column, the highest lies on top."""


def array(cards: Sequence[StatementCard], cells: Mapping[int, int], title: str) -> Figure:
    """A factor array drawn as the grid, each card in the column of its score."""
    columns = sorted(set(cells) | {card.score for card in cards})
    by_column = {
        value: sorted((c for c in cards if c.score == value), key=lambda c: -c.z)
        for value in columns
    }
    height = max(len(column) for column in by_column.values())
    width, tall = CELL
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(len(columns) * width + 0.2, height * tall + 0.9))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(-0.06, len(columns) + 0.06)
        axes.set_ylim(height + 0.08, -0.82)
        axes.axis("off")
        axes.text(0, -0.62, title, fontsize=13, fontweight="bold", va="center")
        for x, value in enumerate(columns):
            axes.add_patch(Rectangle((x, -0.38), 1, 0.33, facecolor="#1f2a37"))
            axes.text(
                x + 0.5, -0.215, signed(value), ha="center", va="center",
                color="#ffffff", fontsize=12, fontweight="bold",
            )  # fmt: skip
            for y, card in enumerate(by_column[value]):
                _draw(axes, x, y, card)
    return figure


def _draw(axes: Axes, x: int, y: int, card: StatementCard) -> None:
    axes.add_patch(
        Rectangle(
            (x + 0.03, y + 0.03), 0.94, 0.94, facecolor=SHADES[card.mark], edgecolor="#57606a",
            linewidth=1.8 if card.mark else 0.8,
        )
    )  # fmt: skip
    label = f"{card.label}{stars(card.mark)}"
    axes.text(x + 0.07, y + 0.07, label, fontsize=7.5, fontweight="bold", va="top")
    size, lines = fitted(card.text)
    axes.text(x + 0.07, y + 0.21, "\n".join(lines), fontsize=size, va="top", linespacing=1.12)


def fitted(text: str) -> tuple[float, list[str]]:
    """The largest type, and the lines, in which a text fits a card; the end is cut at worst."""
    lines: list[str] = []
    size = TYPE_SIZES[0]
    for size in TYPE_SIZES:
        lines = wrapped(text, CELL[0] * 72 * 0.86 / size)
        if len(lines) * size * 1.15 <= CELL[1] * 72 * 0.74:
            return size, lines
    room = int(CELL[1] * 72 * 0.74 / (size * 1.15))
    return size, [*lines[: room - 1], f"{lines[room - 1][:-2]} …"]


def wrapped(text: str, width: float) -> list[str]:
    """Lines no wider than that, in ems of DejaVu Sans; longer words are broken."""
    lines, line = [], ""
    for word in text.split():
        if line and ems(f"{line} {word}") > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
        while ems(line) > width:
            cut = next(n for n in range(len(line), 0, -1) if n == 1 or ems(line[:n]) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


def ems(text: str) -> float:
    """About how wide a text is."""
    return sum(WIDTHS.get(letter, 0.68 if letter.isupper() else 0.61) for letter in text)


def signed(value: int) -> str:
    """+3, 0, −3."""
    return f"+{value}" if value > 0 else f"\u2212{-value}" if value else "0"


def z_dots(
    labels: Sequence[str], z: Floats, names: Sequence[str], words: Mapping[str, str]
) -> Figure:
    """Every statement's z-scores on all factors, most disputed on top."""
    order = np.argsort(z.var(axis=1), kind="stable")
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7, 1.1 + 0.23 * len(labels)), layout="constrained")
        axes = figure.add_subplot()
        rows = np.arange(len(labels))
        axes.hlines(rows, z[order].min(axis=1), z[order].max(axis=1), color="#c9d1d9", zorder=1)
        for f, name in enumerate(names):
            axes.scatter(
                z[order, f], rows, s=26, zorder=2, label=name,
                color=COLOURS[f % len(COLOURS)], marker=MARKERS[f % len(MARKERS)],
            )  # fmt: skip
        axes.axvline(0, color="#57606a", linewidth=0.8)
        axes.set_yticks(rows, [labels[i] for i in order], fontsize=8)
        axes.set_ylim(-0.7, len(labels) - 0.3)
        axes.set_xlabel(words["zscore"])
        axes.legend(
            frameon=False, ncols=min(len(names), 4), loc="lower center", bbox_to_anchor=(0.5, 1.0)
        )
    return figure


def intervals(
    labels: Sequence[str],
    z: Floats,
    estimate: Estimate,
    names: Sequence[str],
    words: Mapping[str, str],
) -> Figure:
    """z-scores of each factor with their bootstrap intervals, a panel for each."""
    low, high = estimate.low, estimate.high
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7, 1.0 + 0.2 * len(labels)), layout="constrained")
        panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
        rows = np.arange(len(labels))[::-1]
        for f, (axes, name) in enumerate(zip(panels, names, strict=True)):
            spread = np.vstack([z[:, f] - low[:, f], high[:, f] - z[:, f]])
            axes.errorbar(
                z[:, f], rows, xerr=spread, fmt=MARKERS[f % len(MARKERS)], markersize=3.5,
                color=COLOURS[f % len(COLOURS)], ecolor="#8b949e", elinewidth=1,
            )  # fmt: skip
            axes.axvline(0, color="#57606a", linewidth=0.8)
            axes.set_title(name, fontsize=10)
            axes.set_xlabel(words["zscore"], fontsize=8)
            axes.tick_params(labelsize=7)
        panels[0].set_yticks(rows, labels, fontsize=7)
        panels[0].set_ylim(-0.7, len(labels) - 0.3)
    return figure


def cards(
    labels: Sequence[str], texts: Sequence[str], scores: Ints, z: Floats, marks: Sequence[str]
) -> list[StatementCard]:
    """The cards of one factor."""
    return [
        StatementCard(label, text, int(score), mark, float(height))
        for label, text, score, height, mark in zip(labels, texts, scores, z, marks, strict=True)
    ]
