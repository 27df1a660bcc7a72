"""The researcher's workbench: `kollegial convert` and `kollegial analyse`.

Exit codes: 0 done, 1 refused with nothing written, 2 misunderstood.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from research.analysis import Flags, NotAnalysable
from research.analysis.conventions import CRITICAL
from research.analysis.number import Progress as Told
from research.analysis.rotation import Judgment, Turn
from research.analysis.solution import Choices, Rotation
from research.dataset import Dataset
from research.findings import DEFAULT_SEED, Findings, investigate
from research.formats import registry
from research.formats.faults import BadFile, CannotHold, Checker, places
from research.formats.source import Source, unguard
from research.report import document, html, tables
from research.report.texts import DOUBTS, ReportLanguage, pick

app = typer.Typer(pretty_exceptions_show_locals=False)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)

MOST_FACTORS = 50
MOST_BOOTSTRAP = 100_000


class Extracting(StrEnum):
    """`--extraction`."""

    pca = "pca"
    centroid = "centroid"
    horst = "horst"


class Compatible(StrEnum):
    """`--compat`."""

    r = "r"
    kade = "kade"


class Speaking(StrEnum):
    """`--language`."""

    nb = "nb"
    en = "en"


FormatName = StrEnum("FormatName", {name.replace("-", "_"): name for name in registry.BY_NAME})  # type: ignore[misc]  # mypy wants a literal

From = Annotated[
    FormatName | None,
    typer.Option("--from", help="The format of the file, where its content does not tell."),
]
Texts = Annotated[
    Path | None,
    typer.Option(
        "--statements", metavar="FILE", help="What the statements say: one per line, .STA or CSV."
    ),
]


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file, or a study's export.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    *,
    read_as: From = None,
    write_as: Annotated[
        FormatName | None,
        typer.Option("--to", help="The format to write, where the name of OUT does not tell."),
    ] = None,
    statements: Texts = None,
) -> None:
    """Read Q-sorts in any format and write them in another.

    OUT's name tells the format: .dat PQMethod, .zip KADE, .csv R qmethod, .xlsx Excel
    type 2, .json Kollegial; --to chooses the others. The content of IN tells its format.
    """
    with _refusing():
        data, taken_for = _read(source, read_as, statements, Speaking.nb)
        chosen = registry.target_format(target, write_as.value if write_as else None)
        files = chosen.write(data, target)
        registry.write_files(files)
        _say(f"{source.name}: {taken_for}, {_size(data)}.")
        for path in files:
            _say(f"Wrote {path} ({chosen.TITLE}).")
        if lost := chosen.losses(data):
            _say(f"{chosen.TITLE} cannot hold {'; '.join(lost)}.")


@app.command()
def analyse(
    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="Q-sorts in any format, or a study's export.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write, made by this command.")],
    factors: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_FACTORS, help="How many. Left out: as recommended."),
    ] = None,
    extraction: Annotated[
        Extracting, typer.Option(help="How factors are extracted.")
    ] = Extracting.pca,
    rotation: Annotated[
        str,
        typer.Option(metavar="varimax|none|FILE", help="FILE: a CSV of turns, by judgment."),
    ] = "varimax",
    flags: Annotated[
        str, typer.Option(metavar="auto|FILE", help="FILE: a CSV like flags.csv, by hand.")
    ] = "auto",
    level: Annotated[
        float, typer.Option(help="Of automatic flags: 0.1, 0.05, 0.01, 0.001 or 0.000001.")
    ] = 0.05,
    compat: Annotated[
        Compatible | None, typer.Option(help="Give the numbers that R qmethod or KADE gives.")
    ] = None,
    split_bipolar: Annotated[
        bool, typer.Option("--split-bipolar", help="Make two factors of each bipolar one.")
    ] = False,
    bootstrap: Annotated[
        int,
        typer.Option(min=0, max=MOST_BOOTSTRAP, metavar="N", help="Samples; 1000 serves well."),
    ] = 0,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Leave a sort out. Can be repeated."),
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An earlier analysis.json to compare with.")
    ] = None,
    statements: Texts = None,
    read_as: From = None,
    language: Annotated[Speaking, typer.Option(help="Of the report.")] = Speaking.nb,
    seed: Annotated[int, typer.Option(min=0, help="Makes random draws repeatable.")] = DEFAULT_SEED,
) -> None:
    """Q factor analysis: tables (CSV and Excel), analysis.json and report.html in one folder."""
    with _refusing():
        _require_new(out)
        if level not in CRITICAL:
            _refuse(f"--level {level} is none of 0.1, 0.05, 0.01, 0.001 and 0.000001.")
        data, taken_for = _read(source, read_as, statements, language)
        data = _without(data, exclude or [])
        turned = _rotation(rotation)
        marked = None if flags == "auto" else _flags(Source.of(Path(flags)), data)
        if marked is not None:
            factors = _agreed(factors, marked)

        def choose(number: int) -> Choices:
            return Choices(
                factors=number,
                extraction=extraction.value,
                rotation=turned,
                flags=marked,
                level=level,
                compat=compat.value if compat else "default",
                split_bipolar=split_bipolar,
            )

        with _bars() as progress:
            findings = investigate(
                data,
                taken_for,
                choose,
                factors=factors,
                bootstrap_steps=bootstrap,
                seed=seed,
                earlier=document.read_earlier(Source.of(compare)) if compare else None,
                progress=progress,
            )
            files = _files(findings, language.value, progress)
        _write(out, files)
        _tell(findings, out)


def _files(
    findings: Findings, language: ReportLanguage, progress: Callable[[str], Told]
) -> dict[str, bytes]:
    told = progress("writing")
    files = {f"{table.name}.csv": table.csv() for table in tables.tables(findings)}
    told(1, 4)
    files["analysis.json"] = document.dump(findings)
    told(2, 4)
    files["analysis.xlsx"] = tables.workbook(findings)
    told(3, 4)
    files["report.html"], pictures = html.report(findings, language)
    told(4, 4)
    return files | pictures


def _read(
    source: Path, read_as: FormatName | None, statements: Path | None, language: Speaking
) -> tuple[Dataset, str]:
    name = read_as.value if read_as else None
    data, taken_for = registry.read(source, language=language.value, format_name=name)
    return (registry.with_statements(data, statements) if statements else data), taken_for


def _without(data: Dataset, names: list[str]) -> Dataset:
    if unknown := [name for name in names if name not in data.names]:
        _refuse(
            f"--exclude {unknown[0]}: there is no such sort. There are {', '.join(data.names)}."
        )
    return data.without(names) if names else data


def _rotation(text: str) -> Rotation:
    if text == "varimax":
        return "varimax"
    if text == "none":
        return "none"
    source = Source.of(Path(text))
    checker = Checker()
    turns = []
    rows = source.rows(",")
    after_varimax = bool(rows) and rows[0][1][0].strip().lower() == "varimax"
    for line, row in rows[after_varimax:]:
        if [cell.strip().lower() for cell in row[:2]] == ["first", "second"]:
            continue
        turns.append(_turn(row, line, checker))
    checker.raise_if_any()
    return Judgment(tuple(turns), after_varimax)


def _turn(row: list[str], line: int, checker: Checker) -> Turn:
    place = places(line)
    cells = [*(cell.strip() for cell in row), "", "", ""]
    first, second = (checker.value(cells[i].lower().removeprefix("f"), place(i)) for i in (0, 1))
    try:
        degrees = float(cells[2])
    except ValueError:
        degrees = float("nan")
    if not -360 <= degrees <= 360:
        checker.fault(
            place(2),
            f"The angle is “{cells[2]}”.",
            "degrees from -360 to 360",
            "Write it with a point, such as 12.5.",
        )
    if first == second or min(first, second) < 1:
        checker.fault(place(0), "This turns no plane.", "two factors", "Write f1,f2,15 say.")
    return Turn(first - 1, second - 1, degrees)


def _flags(source: Source, data: Dataset) -> Flags:
    rows = source.rows(",")
    checker = Checker()
    by_name: dict[str, list[bool]] = {}
    width = len(rows[0][1]) - 1
    for line, row in rows[1:]:
        name = unguard(row[0].strip())
        if name not in data.names:
            checker.fault(
                places(line)(0),
                f"There is no sort {name}.",
                f"one of {', '.join(data.names[:5])} ...",
                "Correct the name.",
            )
        if len(row) - 1 != width or width < 1:
            checker.fault(f"line {line}", "The row is short or long.", "as the header", "Mend it.")
        by_name[name] = [
            checker.value(cell or "0", places(line)(i)) != 0 for i, cell in enumerate(row[1:], 1)
        ]
    checker.raise_if_any()
    return np.array([by_name.get(name, [False] * width) for name in data.names], dtype=bool)


def _agreed(factors: int | None, flags: Flags) -> int:
    width = int(flags.shape[1])
    if factors not in {None, width}:
        _refuse(f"--flags marks {width} factors, and --factors says {factors}. Let them agree.")
    return width


def _require_new(out: Path) -> None:
    if out.exists():
        _refuse(f"{out} exists already and is unchanged. Choose another --out.")


def _write(out: Path, files: dict[str, bytes]) -> None:
    """All files in a folder that gets its name when it is whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".analysis-") as folder:
        whole = Path(folder) / "whole"
        whole.mkdir()
        for name, content in files.items():
            (whole / name).write_bytes(content)
        shutil.move(whole, out)


def _tell(findings: Findings, out: Path) -> None:
    solution = findings.solution
    _say(f"{findings.taken_for}: {_size(findings.data)}.")
    why = "as recommended" if findings.chosen_by == "advice" else "as you chose"
    if solution.choices.factors != findings.advice.factors:
        why += f"; {findings.advice.factors} recommended"
    flagged = int(solution.flags.any(axis=1).sum())
    _say(
        f"{solution.choices.factors} factors ({why}), {solution.explained:.0f} % of the variance, "
        f"{flagged} of {len(findings.data.names)} sorts flagged."
    )
    for doubt in findings.doubts[:20]:
        _say(f"- {pick(DOUBTS[doubt.code], 'en').format(**doubt.about)}")
    _say(f"Wrote {out}: open {out / 'report.html'} first.")


def _size(data: Dataset) -> str:
    return f"{len(data.names)} sorts of {len(data.statements)} statements"


def _say(text: str) -> None:
    _out.print(text, markup=False)


def _refuse(text: str) -> NoReturn:
    raise CannotHold(text)


@contextmanager
def _refusing() -> Iterator[None]:
    """Says an expected no, and ends with exit code 1."""
    try:
        yield
    except (BadFile, CannotHold, NotAnalysable) as error:
        _err.print(str(error), markup=False)
        if isinstance(error, BadFile):
            _err.print("Nothing was written.")
        raise typer.Exit(1) from None
    except OSError as error:
        _err.print(f"{error.filename}: {error.strerror}. Nothing was written.", markup=False)
        raise typer.Exit(1) from None


@contextmanager
def _bars() -> Iterator[Callable[[str], Told]]:
    """A bar for each long work, drawn where someone looks on."""
    names = {"parallel": "Parallel analysis", "bootstrap": "Bootstrap", "writing": "Writing"}
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_err, transient=True) as bars:

        def begin(work: str) -> Told:
            task = bars.add_task(names[work], total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield begin


app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
app.command()(convert)
app.command()(analyse)
