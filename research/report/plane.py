"""Loadings on two factors as a plane, for every pair: drawn as SVG, with the sorts' names."""

from collections.abc import Sequence
from itertools import combinations
from xml.sax.saxutils import escape

from research.analysis import Flags, Floats
from research.report.figures import COLOURS

SIZE, REACH = 260, 112
"""Of the picture, and from its middle to a loading of 1."""
MOST_NAMED = 40
"""With more sorts their names cover each other."""


def planes(
    names: Sequence[str], factors: Sequence[str], loadings: Floats, flags: Flags, least: float
) -> list[tuple[str, str]]:
    """For each pair of factors its title and its picture."""
    return [
        (
            f"{factors[first]} × {factors[second]}",
            _plane(names, (factors[first], factors[second]), loadings[:, [first, second]],
                   flags[:, [first, second]], least),
        )
        for first, second in combinations(range(len(factors)), 2)
    ]  # fmt: skip


def _plane(
    names: Sequence[str], factors: tuple[str, str], loadings: Floats, flags: Flags, least: float
) -> str:
    middle = SIZE / 2
    box = least * REACH
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" '
            f'font-family="DejaVu Sans, sans-serif" font-size="8">'
        ),
        f"<title>{escape(' × '.join(factors))}</title>",
        (
            f'<rect x="{middle - box:.1f}" y="{middle - box:.1f}" width="{2 * box:.1f}" '
            f'height="{2 * box:.1f}" fill="#f3f4f6"/>'
        ),
        f'<circle cx="{middle}" cy="{middle}" r="{REACH}" fill="none" stroke="#d0d7de"/>',
        (
            f'<path d="M{middle - REACH - 6} {middle}H{middle + REACH + 6}'
            f'M{middle} {middle - REACH - 6}V{middle + REACH + 6}" stroke="#57606a"/>'
        ),
        (
            f'<text x="{SIZE - 2}" y="{middle - 4}" text-anchor="end" font-size="10">'
            f"{escape(factors[0])}</text>"
        ),
        f'<text x="{middle + 4}" y="10" font-size="10">{escape(factors[1])}</text>',
    ]
    for i, name in enumerate(names):
        x, y = middle + loadings[i, 0] * REACH, middle - loadings[i, 1] * REACH
        parts.append(_mark(float(x), float(y), bool(flags[i, 0]), bool(flags[i, 1]), name))
        if len(names) <= MOST_NAMED:
            side, anchor = (x - 5, "end") if x > middle else (x + 5, "start")
            parts.append(
                f'<text x="{side:.1f}" y="{y + 3:.1f}" text-anchor="{anchor}">{escape(name)}</text>'
            )
    return "".join([*parts, "</svg>"])


def _mark(x: float, y: float, on_first: bool, on_second: bool, name: str) -> str:
    """A square on the first factor, a triangle on the second, a ring on neither."""
    title = f"<title>{escape(name)}</title>"
    if on_first:
        return (
            f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" '
            f'fill="{COLOURS[0]}">{title}</rect>'
        )
    if on_second:
        return f'<path d="M{x:.1f} {y - 4.5:.1f}l4.2 7.5h-8.4z" fill="{COLOURS[1]}">{title}</path>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="#57606a">{title}</circle>'
