"""The researcher's workbench: `kollegial convert` and `kollegial analyse`.

Exit codes: 0 done, 1 refused with nothing written, 2 misunderstood.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cli.console import CsvFor, ForProgram
from cli.options import filled
from cli.sorts import (
    MOST_BOOTSTRAP,
    Chosen,
    FormatName,
    Reading,
    refusing,
    remark,
    require_whole,
    size_of,
)
from cli.streams import say, stderr
from research import by_hand
from research.analysis.number import Progress as Told
from research.analysis.solution import Choices
from research.findings import Findings, investigate
from research.formats import registry
from research.formats.source import SourceFile
from research.leaving.norwegian_excel import written
from research.leaving.sorts import READ_BY_SCRIPT
from research.report import document, folder
from research.report.texts import DOUBTS, pick

app = typer.Typer(pretty_exceptions_show_locals=False)


@app.command()
@filled(reading=Reading)
def convert(
    reading: Reading,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    *,
    write_as: Annotated[
        FormatName | None,
        typer.Option("--to", help="The format to write, where the name of OUT does not tell."),
    ] = None,
) -> None:
    """Read Q-sorts in any format and write them in another.

    OUT's name tells the format: .dat PQMethod, .zip KADE, .csv R qmethod, .xlsx Excel
    type 2, .json Kollegial; --to chooses the others. The content of FILE tells its format.
    """
    with refusing():
        data, taken_for = reading.sorts()
        require_whole(data)
        chosen = registry.target_format(target, write_as.value if write_as else None)
        files = chosen.write(data, target)
        registry.write_files(files)
        say(f"{reading.source.name}: {taken_for}, {size_of(data)}.")
        remark(data)
        for path in files:
            say(f"Wrote {path} ({chosen.TITLE}).")
        if lost := chosen.losses(data):
            say(f"{chosen.TITLE} cannot hold {'; '.join(lost)}.")


@app.command()
@filled(reading=Reading, chosen=Chosen)
def analyse(
    reading: Reading,
    chosen: Chosen,
    *,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write, made by this command.")
    ] = None,
    bootstrap: Annotated[
        int,
        typer.Option(min=0, max=MOST_BOOTSTRAP, metavar="N", help="Samples; 1000 serves well."),
    ] = 0,
    compare: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An earlier analysis.json to compare with.")
    ] = None,
    csv: CsvFor = ForProgram.r,
    open_bench: Annotated[
        bool,
        typer.Option(
            "--open", help="Open the bench with these choices; write nothing until saved."
        ),
    ] = False,
) -> None:
    """Q factor analysis: tables, analysis.json and report.html. All in one folder, the
    tables as CSV and Excel."""
    with refusing():
        if open_bench:
            if bootstrap or compare:
                wrong = "--bootstrap and --compare are of the report: not with --open"
                raise typer.BadParameter(wrong)
            from cli.bench import open_bench as opened  # noqa: PLC0415 - it imports what only the bench needs

            opened(reading, chosen, out)
            return
        if out is None:
            raise typer.BadParameter("Missing option '--out': the folder to write, or --open")
        folder.require_new(out)
        data, taken_for = reading.sorts()
        choose, factors = _choices(chosen, data.names)
        with _bars() as progress:
            findings = investigate(
                data,
                taken_for,
                choose,
                factors=factors,
                bootstrap_steps=bootstrap,
                seed=chosen.seed,
                earlier=document.read_earlier(SourceFile.of(compare)) if compare else None,
                notes=chosen.notes(),
                progress=progress,
            )
            files = folder.contents(findings, reading.language.value, progress)
            files = written(files, csv.value, READ_BY_SCRIPT)
        folder.write(out, files)
        _tell(findings, out)


def _choices(chosen: Chosen, sorts: tuple[str, ...]) -> tuple[Callable[[int], Choices], int | None]:
    """The choices for a number of factors, and how many were asked for."""
    turned, marked = chosen.turns(), chosen.marks(sorts)

    def choose(number: int) -> Choices:
        return Choices(
            factors=number,
            extraction=chosen.extraction.value,
            rotation=turned,
            flags=marked,
            level=chosen.level,
            flag_rule=chosen.flag_rule.value,
            compat=chosen.numbers_of,
            split_bipolar=chosen.split_bipolar,
        )

    return choose, chosen.factors if marked is None else by_hand.agreed(chosen.factors, marked)


def _tell(findings: Findings, out: Path) -> None:
    solution = findings.solution
    say(f"{findings.taken_for}: {size_of(findings.data)}.")
    remark(findings.data)
    why = "as recommended" if findings.chosen_by == "advice" else "as you chose"
    if solution.choices.factors != findings.advice.factors:
        why += f"; {findings.advice.factors} recommended"
    flagged = int(solution.flags.any(axis=1).sum())
    say(
        f"{solution.choices.factors} factors ({why}), {solution.explained:.0f} % of the variance, "
        f"{flagged} of {len(findings.data.names)} sorts flagged."
    )
    for doubt in findings.doubts[:20]:
        say(f"- {pick(DOUBTS[doubt.code], 'en').format(**doubt.about)}")
    say(f"Wrote {out}: open {out / 'report.html'} first.")


@contextmanager
def _bars() -> Iterator[Callable[[str], Told]]:
    """A bar for each long work, drawn where someone looks on."""
    names = {"parallel": "Parallel analysis", "bootstrap": "Bootstrap", "writing": "Writing"}
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True) as bars:

        def begin(work: str) -> Told:
            task = bars.add_task(names[work], total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield begin


app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
app.command()(convert)
app.command()(analyse)
