"""Q-sorts to test with: random ones, planted views, and the published data."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from research.analysis import Floats, Ints
from research.dataset import Dataset

GRID: Ints = np.repeat(np.arange(-3, 4), [1, 2, 3, 4, 3, 2, 1])
"""A forced distribution of 16 statements."""


def on_grid(scores: Floats, grid: Ints) -> Ints:
    """Each column laid on the grid by rank."""
    ranks = scores.argsort(axis=0).argsort(axis=0)
    return np.asarray(np.sort(grid)[ranks])


def random_sorts(seed: int, sorts: int, grid: Ints = GRID) -> Floats:
    """Sorts that have nothing in common."""
    random = np.random.default_rng(seed)
    return random.permuted(np.repeat(grid[:, None], sorts, axis=1), axis=0).astype(float)


def planted(
    seed: int, views: int, per_view: int, noise: float = 0.6, grid: Ints = GRID
) -> tuple[Floats, Floats]:
    """Sorts of people who hold one of several views, and the views (statements x views)."""
    random = np.random.default_rng(seed)
    truth = random.standard_normal((len(grid), views))
    truth, _ = np.linalg.qr(truth - truth.mean(axis=0))
    truth *= np.sqrt(len(grid) - 1)
    own = np.repeat(truth, per_view, axis=1)
    return on_grid(own + noise * random.standard_normal(own.shape), grid).astype(float), truth


def dataset(sorts: Floats, **other: object) -> Dataset:
    """A dataset around sorts."""
    values = np.asarray(sorts, dtype=np.int64)
    statements = tuple(str(n) for n in range(1, len(values) + 1))
    names = tuple(f"p{n}" for n in range(1, values.shape[1] + 1))
    fields: dict[str, object] = {
        "title": "Example",
        "statements": statements,
        "texts": tuple(f"Statement number {s}" for s in statements),
        "names": names,
        "sorts": values,
    }
    return Dataset(**(fields | other))  # type: ignore[arg-type]  # each test names fields that a dataset has


@dataclass(frozen=True)
class Table:
    """A labelled CSV of numbers."""

    labels: list[str]
    columns: list[str]
    cells: list[list[str]]

    @property
    def values(self) -> Floats:
        return np.array(self.cells, dtype=float)


def table(path: Path) -> Table:
    """A labelled CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        (_, *columns), *rows = csv.reader(file)
    return Table([row[0] for row in rows], columns, [row[1:] for row in rows])
