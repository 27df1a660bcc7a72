"""Staged coding: `kollegial code export` and `import`.

Exit codes: 0 done, 1 refused with nothing written, 2 misunderstood.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli import study as study_commands
from cli.console import Commands, CsvFor, ForProgram, ReportLanguage, warn
from cli.streams import say
from dialogs.studies.questionnaire import Questionnaire
from research.coding import refi, table
from research.coding.agreement import beside
from research.coding.codebook import CodebookEntry, noted, read_codebook, with_definitions
from research.coding.coded import codes, judge
from research.coding.material import LEAST, Material, dump, load, material
from research.coding.report import report, tables
from research.coding.table import FilledRow
from research.export import appearing
from research.formats.source import SourceFile
from research.leaving.norwegian_excel import written
from research.questionnaires.answers import open_answers
from research.report.document import program
from research.studies import StudyRefused
from research.tables.known import refuse_program_files
from research.tables.workbook import concealed

SHARED = "shared.jsonl"

app = typer.Typer(
    add_completion=False,
    cls=Commands,
    name="code",
    help="Code what participants agreed to share for research.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback must show no text
)


class By(StrEnum):
    """`--by`."""

    group = "group"
    role = "role"


class ColumnsAre(StrEnum):
    """`--code-columns`."""

    coders = "coders"
    codes = "codes"


@app.command()
def export(
    file: study_commands.SealedFile,
    *,
    key: study_commands.KeyFile,
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    by: Annotated[
        By, typer.Option(help="What is compared: groups, or roles without their groups.")
    ] = By.group,
) -> None:
    """On the researcher's machine: write the shared texts as a table to fill in.

    SEALED is what `kollegial study release` wrote of a questionnaire that asks for texts. OUT gets
    coding.xlsx and coding.csv, the same table twice, and shared.jsonl, which the import compares
    with. It asks no database and no network.
    """
    identity = study_commands.identity_of(key)
    released = study_commands.released_answers(file, out)
    study = released.study
    if not isinstance(study, Questionnaire) or not study.shares:
        raise StudyRefused(
            f"{study.id!r} asks for no texts of sessions, and nothing was written. A questionnaire "
            "with `shares` does."
        )
    opened = open_answers(study, study_commands.to_open(released, set()), identity)
    found = material(study, opened, released.release.withdrawn, by.value)
    if len(found.passages) < LEAST:
        raise StudyRefused(
            f"{study.id!r} has {len(found.passages)} texts, and nothing was written: of fewer than "
            f"{LEAST} it can be known who wrote which."
        )
    empty = table.table(found)
    _write_folder(
        out,
        {
            "coding.csv": empty.csv(),
            "coding.xlsx": table.workbook(empty),
            "project.qdpx": refi.project(found, None, (), program()),
            SHARED: dump(found),
        },
    )
    say(
        f"Wrote {len(found.passages)} texts to {out}: coding.xlsx and coding.csv (the same table: "
        "fill in one of them), project.qdpx (the same for NVivo, MAXQDA and ATLAS.ti) and "
        f"{SHARED}, which must stay as it is. Then:\n"
        f"    kollegial code import {out / 'coding.xlsx'} --out {out}-report"
    )


@app.command(name="import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="TABLE", help="The table, filled in: .csv or .xlsx; or .qdpx."),
    ],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    shared: Annotated[
        Path | None, typer.Option(metavar="FILE", help=f"{SHARED}, where it is not beside TABLE.")
    ] = None,
    second: Annotated[
        Path | None,
        typer.Option(metavar="TABLE", help="The same texts, coded by another: how far both agree."),
    ] = None,
    codebook: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What the codes mean, where it is not in TABLE."),
    ] = None,
    code_columns: Annotated[
        ColumnsAre | None,
        typer.Option(help="What two columns of codes are, where nothing tells."),
    ] = None,
    with_units: Annotated[
        bool,
        typer.Option("--with-units", help="Put word-for-word units in the report, for own eyes."),
    ] = False,
    language: Annotated[ReportLanguage, typer.Option(help="Of the report.")] = ReportLanguage.nb,
    csv: CsvFor = ForProgram.r,
) -> None:
    """Read the table back, check it, and write counts, units, codebook, quotes and a report."""
    if out.exists():  # said before anything is read; checked again when writing
        raise StudyRefused(f"{out} exists already and is unchanged. Choose another --out.")
    found = load(SourceFile.of(shared or file.parent / SHARED))
    source = SourceFile.of(file)
    columns: table.ColumnsHold | None = code_columns.value if code_columns else None
    rows, own = _rows(source, found, columns)
    gone = {row.id for row in rows} & set(found.withdrawn)
    rows = [row for row in rows if row.id not in gone]
    defined = _defined(source, codebook)
    names = {entry.code for entry in defined}
    if second is not None:
        rows = beside(rows, judge(_rows(SourceFile.of(second), found, columns)[0], found, names))
    coding = judge(rows, found, names)
    entries = with_definitions(coding, defined)
    coding = noted(coding, entries)
    html = report(coding, language.value, entries, with_units=with_units)
    _write_folder(
        out,
        written({f"{one.name}.csv": one.csv() for one in tables(coding, entries)}, csv.value)
        | {
            "report.html": html,
            "codebook.qdc": refi.codebook(entries, program()),
            "project.qdpx": refi.project(found, coding, entries, program()),
        },
    )
    coded = len({unit.passage.id for unit in coding.coded})
    say(
        f"Read {len(rows)} rows of {file.name}: {coded} of {len(found.passages)} texts are coded. "
        f"Codes: {len(codes(coding))}."
    )
    if own:
        say(f"Your own columns were left alone: {', '.join(own)}.")
    if gone:
        warn([f"Withdrawn since the table was made, and left out: {', '.join(sorted(gone))}."])
    say(f"Wrote {out}: open {out / 'report.html'} first.")
    warn(note.said("en") for note in coding.notes)


def _rows(
    source: SourceFile, found: Material, columns: table.ColumnsHold | None
) -> tuple[list[FilledRow], tuple[str, ...]]:
    """The rows of a table, or of a project of another program."""
    refuse_program_files(source)
    warn(said for _, said in concealed(source))
    if refi.is_refi(source):
        return refi.read_codings(source, found), ()
    return table.read(source, columns)


def _defined(source: SourceFile, codebook: Path | None) -> tuple[CodebookEntry, ...]:
    own = SourceFile.of(codebook) if codebook else source
    return refi.read_codes(own) if refi.is_refi(own) else read_codebook(own)


def _write_folder(out: Path, files: dict[str, bytes]) -> None:
    try:
        with appearing(out) as folder:
            for name, content in files.items():
                (folder / name).write_bytes(content)
    except OSError as error:
        raise StudyRefused(
            f"{out} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
