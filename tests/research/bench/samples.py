"""A bench over planted sorts, in a folder of its own."""

from collections.abc import Iterable
from pathlib import Path

from research.bench.bench import Bench
from research.bench.wanted import AnalyseCommand, Wanted
from research.dataset import Dataset
from research.formats.registry import BY_NAME, read, write_files
from research.formats.sorts import ReadingOptions
from tests.research.samples import dataset, planted

COMMENTS = {"p1": {"2": "Fordi det er slik"}, "p6": {"3": "Derfor"}}


def file_of(folder: Path) -> Path:
    """Fifteen sorts of three views, with comments and roles."""
    values, _ = planted(3, 3, 5)
    fields = {f"p{n}": {"role": "leader" if n % 2 else "adviser"} for n in range(1, 16)}
    path = folder / "sorts.json"
    write_files(BY_NAME["json"].write(dataset(values, comments=COMMENTS, fields=fields), path))
    return path


def bench_over(folder: Path, begin: Wanted | None = None) -> Bench:
    """A bench as the command makes it."""
    path = file_of(folder)

    def reading(exclude: Iterable[str]) -> tuple[Dataset, str]:
        return read(path, reading=ReadingOptions(exclude=frozenset(exclude)))

    command = AnalyseCommand(str(path), (), (), "nb", 1)
    return Bench(reading, command, folder / "saved", begin or Wanted())
