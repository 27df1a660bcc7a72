"""Pictures: how answers are distributed, and what has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from research.analysis.paired import RankBiserial
from research.report.figures import COLOURS, MARKERS, STYLE, wrapped

LABEL_EMS = 34.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One item in one form; `counts` as `findings.Asked` has them."""

    label: str
    n: int
    counts: Sequence[int | None]


def distributions(
    bars: Sequence[Bar], options: Sequence[tuple[str, bool]], words: Mapping[str, str]
) -> Figure:
    """A bar of 100 percent for each item; what is hidden comes last, hatched.

    Options are their texts, and whether they stand on a scale: one that does not, among
    others that do (`don't know`), is grey.
    """
    bars = [bar for bar in bars if bar.n]
    shades = _shades([on_scale for _, on_scale in options])
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
        axes.set_ylim(len(bars) - 0.4, -0.6)
        axes.set_xlim(0, 100)
        axes.set_xlabel(words["percent"])
        handles = [
            mpl.patches.Patch(color=c, label=o) for c, (o, _) in zip(shades, options, strict=True)
        ]
        axes.legend(
            handles=handles, frameon=False, ncols=2, fontsize=7.5, loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
        )  # fmt: skip
    return figure


def _shades(on_scale: Sequence[bool]) -> list[tuple[float, float, float]]:
    """From dark to light along the scale, told apart with any colour vision."""
    ordered = on_scale if any(on_scale) else [True] * len(on_scale)
    steps = iter(np.linspace(0.05, 0.95, sum(ordered)))
    grey = (0.79, 0.82, 0.85)
    return [mpl.colormaps["cividis"](next(steps))[:3] if one else grey for one in ordered]


def changes(rows: Sequence[tuple[str, RankBiserial, bool]], words: Mapping[str, str]) -> Figure:
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
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(-1.04, 1.04)
        axes.set_xlabel(words["effect"])
    return figure
