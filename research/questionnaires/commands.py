"""The researcher's commands: `kollegial questionnaire ...`.

Opening, closing, listing and keys are those of `kollegial study`: a questionnaire is a
study of another kind. Exit codes: 0 done, 1 refused with nothing changed, 2 misunderstood.
"""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from dialogs.questionnaire import Questionnaire
from dialogs.questionnaire_file import MAX_BYTES, read
from dialogs.toml_reader import Fault
from research import commands as study_commands
from research import studies
from research.analysis.counts import LEAST
from research.commands import identity_of, recipient_of, today
from research.console import Commands, say, stderr, warn, who
from research.export import appearing
from research.instruments.importing import import_questionnaire
from research.questionnaires import answers
from research.questionnaires.answers import Form
from research.questionnaires.findings import Findings, investigate
from research.questionnaires.report import report
from research.questionnaires.tables import tables
from research.questionnaires.words import DOUBTS
from research.report.texts import pick
from research.studies import Refused
from storage.databases import databases

app = typer.Typer(
    add_completion=False,
    cls=Commands,
    name="questionnaire",
    help="Define, run, export and analyse questionnaires.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback must show no key and no answer
)
QuestionnaireFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The questionnaire's TOML file.")
]


class Speaking(StrEnum):
    """`--language`."""

    nb = "nb"
    en = "en"


@app.command()
def check(file: QuestionnaireFile) -> None:
    """Name every fault in a questionnaire file, with its line and what to do about it."""
    found = _read(file)
    parts = [f"{one.wave or ''} {len(one.items)} items".strip() for one in found]
    languages = ", ".join(found[0].languages)
    say(f"{file.name} has no faults: {', '.join(parts)}, in {languages}.")


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The instrument: YAML or CSV.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; else the id's name.")] = None,
) -> None:
    """Make a questionnaire file of a published instrument, and say what was understood."""
    import_questionnaire(file, out, today())


app.command()(study_commands.keygen)


@app.command()
def create(
    file: QuestionnaireFile,
    recipient: Annotated[
        str, typer.Option(metavar="KEY|@FILE", help="The public key, age1..., or its file.")
    ],
) -> None:
    """Make a questionnaire known to the bot: both forms, where it is asked before and after."""
    found = _read(file)
    key = recipient_of(recipient)

    async def work() -> None:
        async with databases() as (operational, urn):
            for one in found:
                await studies.create(operational, urn, one, key, who())

    asyncio.run(work())
    names = " and ".join(one.id for one in found)
    say(
        f"Created {names}. {'They take' if len(found) > 1 else 'It takes'} no answers yet. Next:\n"
        f"    kollegial questionnaire open {found[0].id}"
    )


app.command(name="open")(study_commands.open_)
app.command()(study_commands.close)
app.command(name="list")(study_commands.list_)


@app.command()
def export(
    study_id: study_commands.StudyId,
    key: Annotated[Path, typer.Option(help="The file with the private key.")],
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    leave_out: Annotated[
        list[str] | None,
        typer.Option(metavar="PSEUDONYM", help="Go on without this damaged answer."),
    ] = None,
) -> None:
    """Open the sealed answers of a closed questionnaire and write them as files."""
    identity = identity_of(key)
    if out.exists():  # said before anything is opened; checked again when writing
        raise Refused(f"{out} exists already and is unchanged. Choose another --out.")
    left_out = set(leave_out or ())

    async def collect() -> tuple[Form, studies.Turnout]:
        async with databases() as (operational, urn):
            study = await studies.definition(operational, study_id)
            if not isinstance(study, Questionnaire):
                raise Refused(
                    f"{study_id!r} is a Q-study, and nothing was written. Use: kollegial study "
                    f"export {study_id}"
                )
            released = await studies.release(urn, study_id)
            turnout = await studies.turnout(operational, released, study_id)
            sealed = studies.wanted(released, left_out, study_id)
            shown = track(sealed, "Opening", console=stderr, transient=True)
            opened = answers.open_answers(study, shown, identity)
            await studies.note_export(operational, who(), study_id)
            found = answers.form(
                study,
                opened,
                invited=turnout.invited,
                withdrawn=released.withdrawn,
                left_out=left_out,
            )
            return found, turnout

    found, turnout = asyncio.run(collect())
    try:
        answers.write(out, found)
    except OSError as error:
        raise Refused(
            f"{out} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
    say(
        f"Wrote {len(found.answers)} answers to {out}: answers.csv, texts.csv and "
        "questionnaire.json."
    )
    if found.withdrawn:
        say(f"Withdrawn, and never to be used: {', '.join(found.withdrawn)}.")
    if found.withheld:
        names = ", ".join(found.withheld)
        say(f"Held back, because fewer than {LEAST} share an answer: {names}.")
    warn(turnout.warnings(found.questionnaire))


@app.command()
def analyse(
    export: Annotated[
        Path, typer.Argument(metavar="EXPORT", help="What export wrote; of the form before.")
    ],
    after: Annotated[
        Path | None, typer.Argument(metavar="AFTER", help="The export of the form after.")
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="The folder to write, made by this command.")],
    language: Annotated[Speaking, typer.Option(help="Of the report.")] = Speaking.nb,
    all_counts: Annotated[
        bool,
        typer.Option(
            "--all-counts", help="Hide no counts under five. For the researcher's own eyes."
        ),
    ] = False,
) -> None:
    """Counts, means and change: tables (CSV), pictures and report.html in one folder."""
    forms = [answers.read(one) for one in (export, after) if one is not None]
    findings = investigate(forms, least=1 if all_counts else LEAST)
    html, pictures = report(findings, language.value)
    files = {f"{table.name}.csv": table.csv() for table in tables(findings, language.value)}
    try:
        with appearing(out) as folder:
            for name, content in {**files, "report.html": html, **pictures}.items():
                (folder / name).write_bytes(content)
    except OSError as error:
        raise Refused(
            f"{out} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
    _tell(findings, out)


def _tell(findings: Findings, out: Path) -> None:
    for one in findings.forms:
        say(f"{one.questionnaire.id}: {len(one.form.answers)} answers, {len(one.items)} items.")
    if findings.pairing is not None:
        after = len(findings.forms[1].form.answers)
        pairs = len(findings.pairing.pairs)
        say(f"{pairs} of {after} answers after are paired; {after - pairs} are lost to the change.")
    for doubt in findings.doubts:
        told = pick(DOUBTS[doubt.code], "en").format(n=doubt.n, of=doubt.of, names=doubt.names)
        say(f"- {told}")
    say(f"Wrote {out}: open {out / 'report.html'} first.")


def _read(file: Path) -> tuple[Questionnaire, ...]:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)  # as much as shows whether it is too large
    except OSError as error:
        raise Refused(f"{file.name}: {error.strerror}. Check the name.") from error
    found = read(file.name, data, today())
    if isinstance(found, tuple):
        return found
    raise _faulty(file, found)


def _faulty(file: Path, faults: list[Fault]) -> Refused:
    for fault in faults:
        stderr.print(str(fault), markup=False)
    what = "fault" if len(faults) == 1 else "faults"
    return Refused(f"{len(faults)} {what} in {file.name}. Nothing was changed.")
