"""Staged coding: `kollegial code export` and `kollegial code import`.

Exit codes: 0 done, 1 refused with nothing written, 2 misunderstood.
"""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from research.coding import table
from research.coding.coded import codes, judge
from research.coding.material import LEAST, Material, dump, load, material
from research.coding.report import report, tables
from research.console import Commands, say, warn, who
from research.export import appearing
from research.formats.source import Source
from research.studies import Refused
from storage.databases import databases
from storage.operational import Entry

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


class Speaking(StrEnum):
    """`--language`."""

    nb = "nb"
    en = "en"


@app.command()
def export(
    *,
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    by: Annotated[
        By, typer.Option(help="What may stand beside a text: the group, or the role.")
    ] = By.group,
) -> None:
    """Write the shared texts as a table to fill in.

    OUT gets coding.xlsx and coding.csv, the same table twice, and shared.jsonl, which the
    import compares with.
    """

    async def collect() -> Material:
        async with databases() as (operational, _):
            found = material(await operational.shared_texts.all(), by.value)
            if not found.passages:
                raise Refused("No texts are shared yet, and nothing was written.")
            async with operational.begin() as transaction:
                transaction.audit(Entry(datetime.now(UTC), who(), "export shared texts"))
            return found

    found = asyncio.run(collect())
    empty = table.table(found)
    _write(
        out,
        {
            "coding.csv": empty.csv(),
            "coding.xlsx": table.workbook(empty),
            SHARED: dump(found),
        },
    )
    say(
        f"Wrote {len(found.passages)} texts to {out}: coding.xlsx and coding.csv (the same table: "
        f"fill in one of them) and {SHARED}, which must stay as it is. Then:\n"
        f"    kollegial code import {out / 'coding.xlsx'} --out {out}-report"
    )
    if found.left_out:
        warn([f"Left out, as fewer than {LEAST} have it: {', '.join(found.left_out)}."])


@app.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="TABLE", help="The table, filled in: .csv or .xlsx.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    shared: Annotated[
        Path | None, typer.Option(metavar="FILE", help=f"{SHARED}, where it is not beside TABLE.")
    ] = None,
    language: Annotated[Speaking, typer.Option(help="Of the report.")] = Speaking.nb,
) -> None:
    """Read the table back, check it, and write counts, coverage, quotes and report.html."""
    if out.exists():  # said before anything is read; checked again when writing
        raise Refused(f"{out} exists already and is unchanged. Choose another --out.")
    found = load(Source.of(shared or file.parent / SHARED))
    rows, own = table.read(Source.of(file))
    coding = judge(rows, found)
    _write(
        out,
        {f"{one.name}.csv": one.csv() for one in tables(coding)}
        | {"report.html": report(coding, language.value)},
    )
    coded = len({unit.passage.id for unit in coding.coded})
    say(
        f"Read {len(rows)} rows of {file.name}: {coded} of {len(found.passages)} texts are coded. "
        f"Codes: {len(codes(coding))}."
    )
    if own:
        say(f"Your own columns were left alone: {', '.join(own)}.")
    say(f"Wrote {out}: open {out / 'report.html'} first.")
    warn(note.said("en") for note in coding.notes)


def _write(out: Path, files: dict[str, bytes]) -> None:
    try:
        with appearing(out) as folder:
            for name, content in files.items():
                (folder / name).write_bytes(content)
    except OSError as error:
        raise Refused(
            f"{out} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
