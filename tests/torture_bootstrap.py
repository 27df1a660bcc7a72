"""How often the bootstrap's intervals cover the truth: `python -m tests.torture_bootstrap`.

People hold one of several planted views. Each study draws some of them, lays their
sorts on the grid, runs the analysis and the bootstrap, and counts how many of the
planted z-scores, and of the loadings that each sort has with everyone else in the
population, lie within the 95 % intervals. docs/performance-analysis.md holds the figures.
"""

import sys
from dataclasses import dataclass

import numpy as np
import typer

from research.analysis import Floats, Ints, NotAnalysable
from research.analysis.matching import match, tucker_congruence
from research.analysis.solution import Choices, Extraction, resample, solve
from tests.research.samples import on_grid

GRID: Ints = np.repeat(np.arange(-5, 6), [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1])


@dataclass(frozen=True, slots=True)
class Design:
    """A kind of study."""

    views: int
    per_view: int
    noise: float
    extraction: Extraction = "pca"
    gaps: float = 0.0
    """The share of values that are missing in the study."""


DESIGNS = (
    Design(2, 5, 1.0),
    Design(2, 10, 1.0),
    Design(3, 5, 0.7),
    Design(3, 8, 1.0),
    Design(3, 8, 1.0, "centroid"),
    Design(3, 15, 1.3),
    Design(4, 10, 1.0),
    Design(3, 8, 1.0, gaps=0.05),
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many studies could be analysed, and the shares covered."""

    studies: int
    z: float
    loadings: float
    aligned: float


def population(random: np.random.Generator, design: Design, people: int) -> tuple[Floats, Ints]:
    """Sorts of people (statements x people) and the view that each holds."""
    views, _ = np.linalg.qr(random.standard_normal((len(GRID), design.views)))
    views -= views.mean(axis=0)
    views /= views.std(axis=0, ddof=1)
    holder = np.arange(people) % design.views
    noise = design.noise * random.standard_normal((len(GRID), people))
    return on_grid(views[:, holder] + noise, GRID).astype(float), holder


def cover(design: Design, studies: int, steps: int, seed: int) -> Coverage:
    """Simulate studies of one design."""
    z_hits, loading_hits, aligned = [], [], []
    for study in range(studies):
        random = np.random.default_rng([seed, study])
        everyone, holder = population(random, design, 400)
        truth = solve(everyone, GRID, Choices(design.views, design.extraction))
        chosen = np.concatenate(
            [
                random.choice(np.nonzero(holder == view)[0], design.per_view, replace=False)
                for view in range(design.views)
            ]
        )
        asked = everyone[:, chosen]
        asked[random.random(asked.shape) < design.gaps] = np.nan
        try:
            found = solve(asked, GRID, Choices(design.views, design.extraction))
            samples = resample(asked, found, steps, study)
        except NotAnalysable:
            continue
        if len(found.scored) < design.views:
            continue
        columns, signs = match(tucker_congruence(found.z, truth.z)[None])
        z = truth.z[:, columns[0]] * signs[0]
        loadings = truth.loadings[chosen][:, columns[0]] * signs[0]
        z_hits.append(((samples.z.low <= z) & (z <= samples.z.high)).mean())
        within = (samples.loadings.low <= loadings) & (loadings <= samples.loadings.high)
        loading_hits.append(within.mean())
        aligned.append(samples.aligned / samples.steps)
    return Coverage(
        len(z_hits), float(np.mean(z_hits)), float(np.mean(loading_hits)), float(np.mean(aligned))
    )


def main(studies: int = 100, steps: int = 500) -> None:
    """Print the figures of every design."""
    typer.echo(
        "| views | sorts per view | noise | gaps | extraction | studies | z | loadings | aligned |"
    )
    typer.echo("|---|---|---|---|---|---|---|---|---|")
    for design in DESIGNS:
        found = cover(design, studies, steps, 1)
        typer.echo(
            f"| {design.views} | {design.per_view} | {design.noise} "
            f"| {design.gaps:.0%} | {design.extraction} "
            f"| {found.studies} | {found.z:.3f} | {found.loadings:.3f} | {found.aligned:.0%} |",
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
