"""How much of each part the tests must run through: `python -m tests.coverage_gates`.

Reads what `tests.covering` wrote, and fails where a part's branch coverage is below its
gate. A gate is raised when a part has got better, and never lowered.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

GATES = {
    "dialogs": 100.0,
    "research/analysis": 100.0,
    "bot": 95.0,
    "storage": 95.0,
    "research": 97.0,
    "cli": 90.0,
    "simulation": 90.0,
}
"""Per cent of lines and branches, by folder. A folder within another counts in both."""

RUN = ("covered_lines", "covered_branches")
ALL = (*RUN, "missing_lines", "missing_branches")


def covered(files: dict[str, Any], folder: str) -> tuple[int, int]:
    """How many lines and branches were run through, of how many."""
    parts = [each["summary"] for name, each in files.items() if name.startswith(f"{folder}/")]
    return (
        sum(part[kind] for part in parts for kind in RUN),
        sum(part[kind] for part in parts for kind in ALL),
    )


def missing(files: dict[str, Any], folder: str) -> Iterable[str]:
    """The lines and branches of each file that nothing ran through."""
    for name, each in files.items():
        branches = ["->".join(map(str, branch)) for branch in each["missing_branches"]]
        gaps = [*map(str, each["missing_lines"]), *branches]
        if gaps and name.startswith(f"{folder}/"):
            yield f"  {name}: {', '.join(gaps)}"


def failures(files: dict[str, Any]) -> Iterable[str]:
    """Print where each folder stands; what is below its gate."""
    for folder, gate in GATES.items():
        run, there = covered(files, folder)
        share = 100 * run / there if there else 0.0
        typer.echo(f"{folder:<18} {share:6.2f} %  (gate {gate:g} %)")
        if share < gate:
            yield f"{folder} is covered by {share:.2f} % and must be by {gate:g} %."
            yield from missing(files, folder)


def main(report: Path) -> int:
    """The exit code."""
    failed = list(failures(json.loads(report.read_text("utf-8"))["files"]))
    for line in failed:
        typer.echo(line, err=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
