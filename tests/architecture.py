"""The house as it stands, drawn from the code: `make architecture` writes the picture.

A row for each layer, a box for each room in it with the first line of what it says of
itself. A layer imports from those below it and never from those above; `bot` has
layers of its own, from what is started down to Teams. Import-linter holds all of it.
"""

import ast
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs/pictures/architecture.svg"
WIDTH, BOX, GAP, LINE = 1180, 186, 12, 14
_CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
LAYERS: list[str] = _CONTRACTS["contracts"][0]["layers"]


@dataclass(frozen=True, slots=True)
class Room:
    """A folder with code."""

    name: str
    about: str


def rooms(layer: str) -> Iterator[Room]:
    """The rooms of a layer: first the layer itself, then its folders by name."""
    home = ROOT / layer
    yield Room(layer, about(home))
    for folder in sorted(each for each in home.iterdir() if (each / "__init__.py").exists()):
        yield Room(f"{layer}/{folder.name}", about(folder))


def about(folder: Path) -> str:
    """The first line of what a folder says of itself."""
    source = (folder / "__init__.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def draw() -> str:
    """The picture as SVG."""
    parts, y = [], GAP
    per_row = (WIDTH - GAP) // (BOX + GAP)
    for layer in LAYERS:
        boxes = list(rooms(layer))
        lines = [boxes[at : at + per_row] for at in range(0, len(boxes), per_row)]
        height = GAP + sum(tallest(line) + GAP for line in lines)
        parts.append(f'<rect class="layer" x="0" y="{y}" width="{WIDTH}" height="{height}"/>')
        top = y + GAP
        for line in lines:
            for at, room in enumerate(line):
                parts += box(room, GAP + at * (BOX + GAP), top, tallest(line))
            top += tallest(line) + GAP
        y += height + GAP
    style = (
        ".layer{fill:#f3f4f6}.room{fill:#fff;stroke:#4b5563}"
        "text{font:11px sans-serif;fill:#111827}.name{font-weight:bold}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" '
        f'aria-label="Layers and rooms of the code"><style>{style}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def wrapped(room: Room) -> list[str]:
    return textwrap.wrap(room.about, 28)


def tallest(line: list[Room]) -> int:
    return max(len(wrapped(room)) for room in line) * LINE + 2 * LINE + GAP


def box(room: Room, x: int, y: int, height: int) -> Iterator[str]:
    """One room at a place."""
    yield f'<rect class="room" x="{x}" y="{y}" width="{BOX}" height="{height}" rx="3"/>'
    yield f'<text class="name" x="{x + 8}" y="{y + 18}">{escape(room.name)}/</text>'
    for at, line in enumerate(wrapped(room)):
        yield f'<text x="{x + 8}" y="{y + 18 + (at + 1) * LINE}">{escape(line)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(draw(), "utf-8")
