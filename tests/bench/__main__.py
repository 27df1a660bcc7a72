"""`make bench`: how fast Kollegial is, and how little it needs, beside the echoes of two SDKs.

Prints the figures and writes them into `docs/performance.md`.
"""

import asyncio
import os
import platform
import re
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from tests.bench.run import CONTENDERS, FULL, Figure, Outcome, run
from tests.support.databases import postgres_server

PAGE = Path(__file__).parents[2] / "docs/performance.md"


def main() -> int:
    """1 where a figure misses what is wanted of it."""
    out = Console()
    with tempfile.TemporaryDirectory(prefix="kollegial-bench-") as folder:
        told = partial(out.print, style="dim")
        outcome = asyncio.run(run(FULL, Path(folder), postgres_server(), told))
    for table in _tables(outcome):
        out.print(table)
    written = re.sub(
        r"(?s)(<!-- figures -->\n).*(<!-- end of figures -->)",
        lambda around: around[1] + _markdown(outcome) + around[2],
        PAGE.read_text("utf-8"),
    )
    PAGE.write_text(written, "utf-8")
    return 0 if all(figure.is_good for figure in outcome.wanted) else 1


def _tables(outcome: Outcome) -> tuple[Table, Table]:
    beside = Table(f"{FULL.at_once} conversations at a time", title="Beside Microsoft's echoes")
    for name in CONTENDERS:
        beside.add_column(name, justify="right")
    for row in outcome.beside:
        beside.add_row(*row)
    wanted = Table("figure", "wanted", "measured", "", title="What is wanted")
    for figure in outcome.wanted:
        wanted.add_row(figure.name, figure.wanted, figure.measured, _mark(figure))
    return beside, wanted


def _mark(figure: Figure) -> str:
    return "yes" if figure.is_good else "NO"


def _markdown(outcome: Outcome) -> str:
    names = " | ".join(CONTENDERS)
    lines = [f"| {FULL.at_once} conversations at a time | {names} |", "|---|" + "---:|" * 4]
    lines += [f"| {' | '.join(row)} |" for row in outcome.beside]
    lines += ["", "| figure | wanted | measured | |", "|---|---|---|---|"]
    lines += [f"| {f.name} | {f.wanted} | {f.measured} | {_mark(f)} |" for f in outcome.wanted]
    lines += [
        "",
        _where(),
    ]
    return "\n".join([*lines, ""])


def _where() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"On {psutil.cpu_count()} cores with {memory:.0f} GB, "
        f"Python {platform.python_version()}, on {datetime.now(UTC).date()}. The machine's load "
        f"was {os.getloadavg()[1]:.0f} in the end; some two of it are the bench's own."
    )


if __name__ == "__main__":
    sys.exit(main())
