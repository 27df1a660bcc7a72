"""The researcher's commands: `kollegial questionnaire ...`.

Opening, closing, listing and keys are those of `kollegial study`: a questionnaire is a
study of another kind. Exit codes: 0 done, 1 refused with nothing changed, 2 misunderstood.
"""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli import study as study_commands
from cli.consent import notes
from cli.console import Commands, CsvFor, ForProgram, ReportLanguage, shown_in, warn, who
from cli.streams import say, stderr
from cli.study import identity_of, recipient_of, today
from dialogs.faults import Fault
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.questionnaire_file import MAX_BYTES, read
from research import studies
from research.bounds import LEAST
from research.export import appearing
from research.publication import beside
from research.publication import publish as publish_results
from research.questionnaires import answers, shown, told
from research.questionnaires.findings import FormFindings, investigate
from research.questionnaires.words import in_words
from research.studies import StudyRefused
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


class GapRule(StrEnum):
    """`--gaps`."""

    complete = "complete"
    most = "most"
    half = "half"


@app.command()
def check(file: QuestionnaireFile) -> None:
    """Name every fault in a questionnaire file, with its line and what to do about it."""
    found = read_file(file)
    parts = [f"{one.wave or ''} {len(one.items)} items".strip() for one in found]
    languages = ", ".join(found[0].languages)
    say(f"{file.name} has no faults: {', '.join(parts)}, in {languages}.")
    for line in notes(found[0].information):
        say(line)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The instrument: YAML or CSV.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; else the id's name.")] = None,
    role: Annotated[
        str, typer.Option(help="Of an interview guide: one role; else a file for each.")
    ] = "",
) -> None:
    """Make a questionnaire file of a published instrument, and say what was understood.

    An interview guide becomes an interview of one person in writing, one file for each role.
    """
    from cli.importing import import_questionnaire  # noqa: PLC0415 - researchers' packages

    import_questionnaire(file, out, today(), role)


@app.command()
def sheet(
    file: QuestionnaireFile,
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    language: Annotated[ReportLanguage, typer.Option(help="Of the sheet.")] = ReportLanguage.nb,
) -> None:
    """For a talk: a page with the questions and room for notes to print, and a workbook."""
    from research.questionnaires import sheet as sheets  # noqa: PLC0415 - it carries xlsxwriter

    forms = read_file(file)
    with appearing(out) as folder:
        for one in forms:
            own = folder if len(forms) == 1 else folder / one.id
            own.mkdir(exist_ok=True)
            for name, content in sheets.files(one, language.value).items():
                (own / name).write_bytes(content)
    say(
        f"Wrote {out}: sheet.html to print or to fill in, and notes.xlsx with the same questions. "
        "Both are about one person: a new copy for each talk."
    )


app.command()(study_commands.keygen)


@app.command()
def create(
    file: QuestionnaireFile,
    recipient: Annotated[
        str, typer.Option(metavar="KEY|@FILE", help="The public key, age1..., or its file.")
    ],
) -> None:
    """Make a questionnaire known to the bot: both forms, where it is asked before and after."""
    found = read_file(file)
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


app.command()(study_commands.release)


@app.command()
def export(
    file: study_commands.SealedFile,
    key: study_commands.KeyFile,
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    *,
    leave_out: study_commands.LeaveOut = None,
    csv: CsvFor = ForProgram.r,
    language: Annotated[ReportLanguage, typer.Option(help="Of labels.")] = ReportLanguage.nb,
    before: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The export of the form before: pairs side by side."),
    ] = None,
    few: Annotated[
        bool, typer.Option("--few", help="Also fewer than five: an observer's notes, interviews.")
    ] = False,
) -> None:
    """On the researcher's machine: open released answers and write them as files.

    It asks no database and no network.
    """
    identity = identity_of(key)
    released = study_commands.released_answers(file, out)
    study = released.study
    if not isinstance(study, Questionnaire):
        raise StudyRefused(
            f"{study.id!r} is a Q-study, and nothing was written. Use: kollegial study export "
            f"{file}"
        )
    left_out = set(leave_out or ())
    shown = study_commands.to_open(released, left_out)
    found = answers.form(
        study,
        answers.open_answers(study, shown, identity),
        invited=released.invited,
        withdrawn=released.release.withdrawn,
        left_out=left_out,
    )
    if len(found.answers) < LEAST and not few:
        raise StudyRefused(
            f"{study.id!r} has {len(found.answers)} answers, and nothing was written: of fewer "
            f"than {LEAST} it can be known who gave which. If nobody answered about themselves, as "
            "an observer does not, or the information of an interview has said that you may see "
            "who wrote what, add --few."
        )
    from research.leaving import answers as leaving  # noqa: PLC0415 - it carries xlsxwriter

    try:
        earlier = None if before is None else answers.read(before)
        answers.write(out, found, leaving.files(found, language.value, earlier), csv.value)
    except OSError as error:
        raise StudyRefused(
            f"{out} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
    say(
        f"Wrote {len(found.answers)} answers to {out}: answers.xlsx with a codebook, answers.csv "
        "and texts.csv, answers.R and answers.sps for R and SPSS, and questionnaire.json."
    )
    if found.withdrawn:
        say(f"Withdrawn, and never to be used: {', '.join(found.withdrawn)}.")
    if held := [name for name in found.withheld if name not in found.counted]:
        say(f"Held back, because fewer than {LEAST} share an answer: {', '.join(held)}.")
    if found.counted:
        say(
            "Counted for the report, and in nobody's row, because rows of several would tell who "
            f"somebody is: {', '.join(found.counted)}."
        )
    warn(released.turnout.warnings(study))


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
    language: Annotated[ReportLanguage, typer.Option(help="Of the report.")] = ReportLanguage.nb,
    all_counts: Annotated[
        bool,
        typer.Option(
            "--all-counts", help="Hide no counts under five. For the researcher's own eyes."
        ),
    ] = False,
    gaps: Annotated[
        GapRule,
        typer.Option(help="Whose sums count: of all items, of most (80 %), or of half of them."),
    ] = GapRule.most,
    csv: CsvFor = ForProgram.r,
) -> None:
    """Counts, means and change: tables (CSV), pictures and report.html in one folder."""
    from research.questionnaires.folder import contents  # noqa: PLC0415 - it carries matplotlib

    exports = [one for one in (export, after) if one is not None]
    forms = [answers.read(one) for one in exports]
    notes: shown.Notes = {}
    if not all_counts:
        places = [shown.place_of(*one) for one in zip(exports, forms, strict=True)]
        forms, notes = shown.held(forms, places, out.name, gaps.value)
    findings = investigate(forms, least=1 if all_counts else LEAST, gaps=gaps.value)
    files = contents(forms, findings, language.value, csv.value)
    written = list[Path]()
    try:
        with appearing(out) as folder:
            for name, content in files.items():
                (folder / name).write_bytes(content)
            written = shown.note(notes, out.name)  # before it has its name: never shown unnoted
    except OSError as error:
        shown.forget(written)
        raise StudyRefused(
            f"{out} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
    _tell(findings, out)


@app.command()
def publish(
    study_id: study_commands.StudyId,
    analysis: Annotated[
        Path, typer.Argument(metavar="ANALYSIS", help="The folder that analyse wrote.")
    ],
) -> None:
    """Show the results to those who were invited: a card where the questionnaire was announced.

    It shows counts and means. Counts under five, background and texts are never shown.
    """

    async def work() -> int:
        async with databases() as (operational, urn):
            study = await studies.definition(operational, study_id)
            if not isinstance(study, Questionnaire):
                raise StudyRefused(
                    f"{study_id!r} is a Q-study. Use: kollegial study publish {study_id}"
                )
            await studies.release(urn, study_id)  # refuses one that is not closed
            wanted = told.publication_of(study, analysis)
            wanted = beside(await operational.publication(study_id), wanted)
            return await publish_results(operational, wanted, who())

    places = asyncio.run(work())
    say(
        f"Published the answers to {study_id}. {shown_in(places)} "
        "Participants can write `resultat` to the bot."
    )


def _tell(findings: FormFindings, out: Path) -> None:
    for one in findings.forms:
        say(f"{one.questionnaire.id}: {len(one.form.answers)} answers, {len(one.items)} items.")
    if findings.pairing is not None:
        after = len(findings.forms[1].form.answers)
        pairs = len(findings.pairing.pairs)
        say(f"{pairs} of {after} answers after are paired; {after - pairs} are lost to the change.")
    for doubt in findings.doubts:
        say(f"- {in_words(doubt, 'en')}")
    say(f"Wrote {out}: open {out / 'report.html'} first.")


def read_file(file: Path) -> tuple[Questionnaire, ...]:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)  # as much as shows whether it is too large
    except OSError as error:
        raise StudyRefused(f"{file.name}: {error.strerror}. Check the name.") from error
    found = read(file.name, data, today())
    if isinstance(found, tuple):
        return found
    raise _faulty(file, found)


def _faulty(file: Path, faults: list[Fault]) -> StudyRefused:
    for fault in faults:
        stderr.print(str(fault), markup=False)
    what = "fault" if len(faults) == 1 else "faults"
    return StudyRefused(f"{len(faults)} {what} in {file.name}. Nothing was changed.")
