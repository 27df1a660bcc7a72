"""How fast the workbench is: `make bench-analysis`. R runs beside it where it is installed."""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import typer

from dialogs.studies.qsort import Answer, answer_size, dump_answer
from research.analysis import Floats, Ints
from research.analysis.number import parallel_analysis
from research.analysis.solution import Choices, recommend, resample, solve
from research.export import open_answers
from storage.crypto.sealing import generate_identity, read_identity
from tests.research.samples import on_grid, table
from tests.support.data import LIPSET
from tests.support.studies import study_of

R_BOOTSTRAP = 8.6
"""Seconds that R qmethod 1.8.4 took for 500 steps on these data."""
R_SCRIPT = """
suppressMessages(library(qmethod)); data(lipset)
run <- function() qmethod(lipset[[1]], nfactors=3, rotation="varimax", quietly=TRUE)
invisible(run()); t <- Sys.time(); for (i in 1:20) invisible(run())
cat(as.numeric(Sys.time() - t, units="secs") / 20)
"""


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Seconds for one run, after one that is not counted where there are several."""
    if times > 1:
        work()
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def small() -> tuple[Floats, Ints]:
    """Lipset's 33 x 9 sorts."""
    sorts = table(LIPSET / "lipset.csv").values
    return sorts, np.sort(sorts[:, 0]).astype(np.int64)


def large() -> tuple[Floats, Ints]:
    """100 statements x 1,000 sorts with seven views."""
    random = np.random.default_rng(1)
    grid = np.repeat(np.arange(-6, 7), [2, 4, 6, 8, 10, 12, 16, 12, 10, 8, 6, 4, 2])
    views = random.standard_normal((100, 7))
    own = views[:, np.arange(1000) % 7] + 0.8 * random.standard_normal((100, 1000))
    return on_grid(own, grid).astype(float), grid


def whole(sorts: Floats, grid: Ints, factors: int) -> None:
    """Everything but the files: number of factors, solution."""
    recommend(sorts, parallel_analysis(sorts, 1))
    solve(sorts, grid, Choices(factors))


def unseal(count: int) -> float:
    """Seconds to unseal and check that many sealed answers."""
    study = study_of({-2: 2, -1: 3, 0: 4, 1: 3, 2: 2})
    values = [v for v, cells in study.grid.cells.items() for _ in range(cells)]
    sort = {s.id: v for s, v in zip(study.statements, values, strict=True)}
    answer = dump_answer(Answer(study.information.version, sort, {}, {}, "Takk"))
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "study.key"
        recipient, identity = generate_identity(key), read_identity(key)
    size = answer_size(study)
    answers = [(f"elg {n}", recipient.seal(answer, size)) for n in range(count)]
    return timed(lambda: open_answers(study, answers, identity))


def r_seconds() -> float | None:
    """Seconds of R for the same analysis; nothing where R or its qmethod is not installed."""
    if (rscript := shutil.which("Rscript")) is None:
        return None
    run = subprocess.run([rscript, "-e", R_SCRIPT], capture_output=True, text=True, check=False)
    return float(run.stdout) if run.returncode == 0 else None


def main() -> int:
    """Print the figures; the exit code says whether each is within its bound."""
    rows: list[tuple[str, float, float | None]] = []
    sorts, grid = small()
    solution = solve(sorts, grid, Choices(3))
    own = timed(lambda: solve(sorts, grid, Choices(3)), 50)
    theirs = r_seconds()
    rows.append(("whole analysis, 33 x 9, 3 factors", own, theirs / 5 if theirs else None))
    samples = timed(lambda: resample(sorts, solution, 500, 1), 3)
    rows.append(("500 bootstrap steps, 33 x 9", samples, R_BOOTSTRAP / 20))
    many, many_grid = large()
    seconds = timed(lambda: whole(many, many_grid, 7))
    rows.append(("100 x 1,000, 7 factors, with their number", seconds, 5.0))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows.append(("10,000 submissions unsealed and checked", unseal(10_000), 10.0))
    for name, took, limit in rows:
        bound = f"at most {limit:.3f} s" if limit else "no bound without R"
        typer.echo(f"{name:45} {took:8.4f} s   {bound}")
    typer.echo(f"{'memory, at its highest in the analyses':45} {memory:8.0f} MB  at most 500 MB")
    if theirs is None:
        typer.echo("R with qmethod is not installed here, so it was not run beside.")
    slow = [name for name, took, limit in rows if limit and took > limit]
    return 1 if slow or memory > 500 else 0


if __name__ == "__main__":
    sys.exit(main())
