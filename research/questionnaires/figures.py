"""Pictures: how answers are distributed, and what has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from research.analysis.paired import Effect
from research.report.figures import COLOURS, MARKERS, STYLE, wrapped

LABEL_EMS = 34.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One item in one form; `counts` as `findings.Asked` has them."""

    label: str
    n: int
    counts: Sequence[int | None]


def distributions(bars: Sequence[Bar], options: Sequence[str], words: Mapping[str, str]) -> Figure:
    """A bar of 100 percent for each item; what is hidden comes last, hatched."""
    shades = mpl.colormaps["cividis"](np.linspace(0.05, 0.95, len(options)))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 1.3 + 0.5 * len(bars)), layout="constrained")
        axes = figure.add_subplot()
        for row, bar in enumerate(bars):
            left = 0.0
            total = max(bar.n, 1)
            for shade, count in zip(shades, bar.counts, strict=True):
                if not count:
                    continue
                share = 100 * count / total
                axes.barh(row, share, left=left, color=shade, height=0.7)
                light = np.dot(shade[:3], (0.299, 0.587, 0.114)) > 0.5
                axes.text(
                    left + share / 2, row, str(count), ha="center", va="center", fontsize=8,
                    color="black" if light else "white",
                )  # fmt: skip
                left += share
            if None in bar.counts and bar.n:
                axes.barh(
                    row, 100 - left, left=left, height=0.7, hatch="///",
                    facecolor="#ffffff", edgecolor="#8b949e",
                )  # fmt: skip
        labels = ["\n".join(wrapped(f"{bar.label} (n={bar.n})", LABEL_EMS)[:3]) for bar in bars]
        axes.set_yticks(range(len(bars)), labels, fontsize=7.5)
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel(words["percent"])
        handles = [
            mpl.patches.Patch(color=c, label=o) for c, o in zip(shades, options, strict=True)
        ]
        axes.legend(
            handles=handles, frameon=False, ncols=2, fontsize=7.5, loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
        )  # fmt: skip
    return figure


def changes(rows: Sequence[tuple[str, Effect, bool]], words: Mapping[str, str]) -> Figure:
    """Effects with their intervals: squares are sums, dots items."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 1.0 + 0.42 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        for row, (_, effect, is_sum) in enumerate(rows):
            spread = [[effect.size - effect.low], [effect.high - effect.size]]
            axes.errorbar(
                [effect.size], [row], xerr=spread, fmt=MARKERS[int(is_sum)], ecolor="#8b949e",
                color=COLOURS[int(is_sum)], markersize=5,
            )  # fmt: skip
        axes.axvline(0, color="#57606a", linewidth=0.8)
        labels = ["\n".join(wrapped(label, LABEL_EMS)[:3]) for label, _, _ in rows]
        axes.set_yticks(range(len(rows)), labels, fontsize=7.5)
        axes.invert_yaxis()
        axes.set_xlim(-1.02, 1.02)
        axes.set_xlabel(words["effect"])
    return figure
