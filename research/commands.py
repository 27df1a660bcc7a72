"""The researcher's commands: `kollegial study ...`.

Exit codes: 0 done, 1 refused with nothing changed, 2 misunderstood.
"""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.progress import track
from rich.table import Table

from dialogs.definitions import Definition, load
from dialogs.study import Study
from research import studies
from research.console import Commands, say, stderr, stdout, warn, who
from research.export import Export, open_answers, write_export
from research.publication import MIN_FLAGGED, Results, publication_of
from research.publication import publish as publish_results
from research.studies import Refused
from research.study_files import read_study
from storage.databases import databases
from storage.sealing import (
    Identity,
    InvalidKey,
    Recipient,
    generate_identity,
    read_identity,
)

app = typer.Typer(
    add_completion=False,
    cls=Commands,
    name="study",
    help="Define, run and export Q-studies.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback must show no key and no answer
)
StudyFile = Annotated[Path, typer.Argument(metavar="FILE", help="The study's TOML file.")]
StudyId = Annotated[str, typer.Argument(metavar="STUDY", help="The study's id.")]


@app.command()
def check(file: StudyFile) -> None:
    """Name every fault in a study file, with its line and what to do about it."""
    study = _read(file)
    least, *_, greatest = study.grid.values
    say(
        f"{file.name} has no faults: {len(study.statements)} statements in "
        f"{', '.join(study.languages)}, on a grid from {least} to {greatest}."
    )


@app.command()
def keygen(
    out: Annotated[Path, typer.Option(help="The folder for the keys, made if it is not there.")],
) -> None:
    """Make the pair of keys that seals a study's answers and opens them again."""
    private, public = out / "study.key", out / "study.pub"
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        recipient = generate_identity(private)
        public.write_text(f"{recipient.text}\n", encoding="ascii")
    except FileExistsError as error:
        raise Refused(
            f"{private} exists already and is unchanged: a lost key is lost answers. Choose "
            "another --out."
        ) from error
    except OSError as error:
        raise Refused(
            f"{error.filename} cannot be written: {error.strerror}. Choose another --out."
        ) from error
    say(f"{recipient.text}\n")
    say(
        f"The private key is in {private}. It opens the answers: keep it on this machine, keep a "
        f"copy in a safe place, and never put it on the server. Without it no answer can be read.\n"
        f"The public key, above, is in {public}. Next:\n"
        f"    kollegial study create FILE --recipient @{public}"
    )


@app.command()
def create(
    file: StudyFile,
    recipient: Annotated[
        str, typer.Option(metavar="KEY|@FILE", help="The public key, age1..., or its file.")
    ],
) -> None:
    """Make a study known to the bot. It cannot be changed afterwards."""
    study = _read(file)
    key = recipient_of(recipient)

    async def work() -> None:
        async with databases() as (operational, urn):
            await studies.create(operational, urn, study, key, who())

    asyncio.run(work())
    say(
        f"Created study {study.id}. It takes no answers yet. Next:\n"
        f"    kollegial study open {study.id}"
    )


@app.command(name="open")
def open_(study_id: StudyId) -> None:
    """Begin to take answers."""

    async def work() -> None:
        async with databases() as (operational, urn):
            await studies.open_study(operational, urn, study_id, who(), today())

    asyncio.run(work())
    say(f"Study {study_id} is open. Announce it in a channel or group chat: @Kollegial inviter")


@app.command()
def close(study_id: StudyId) -> None:
    """Take no more answers, and release those there are. It cannot be opened again."""

    async def work() -> tuple[Definition, studies.Turnout]:
        async with databases() as (operational, urn):
            turnout = await studies.close_study(operational, urn, study_id, who())
            return await studies.definition(operational, study_id), turnout

    study, turnout = asyncio.run(work())
    say(
        f"Study {study_id} is closed with {turnout.submitted} answers; {turnout.invited} were "
        "invited."
    )
    warn(turnout.warnings(study))


@app.command(name="list")
def list_() -> None:
    """Show every study and its state. How many have answered shows only after closing."""

    async def work() -> list[tuple[Definition, str, str]]:
        async with databases() as (operational, urn):
            rows = []
            states = await urn.states()
            for study_id, text in (await operational.studies()).items():
                state = states.get(study_id, "unfinished")
                answers = (
                    str(len((await urn.release(study_id)).submissions)) if state == "closed" else ""
                )
                rows.append((load(text), str(state), answers))
            return rows

    table = Table(box=SIMPLE_HEAD)
    for name in ("id", "title", "state", "answers", "closes", "retention"):
        table.add_column(name, no_wrap=name != "title")
    for study, state, answers in asyncio.run(work()):
        table.add_row(
            study.id,
            study.title[study.languages[0]],
            state,
            answers,
            str(study.closes or ""),
            str(study.retention),
        )
    if table.row_count:
        stdout.print(table, soft_wrap=False)
    else:
        say("There are no studies yet. Make one with: kollegial study create FILE --recipient KEY")


@app.command()
def export(
    study_id: StudyId,
    key: Annotated[Path, typer.Option(help="The file with the private key.")],
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    leave_out: Annotated[
        list[str] | None,
        typer.Option(metavar="PSEUDONYM", help="Go on without this damaged answer."),
    ] = None,
) -> None:
    """Open the sealed answers of a closed study and write them as files."""
    identity = identity_of(key)
    if out.exists():  # said before anything is opened; checked again when writing
        raise Refused(f"{out} exists already and is unchanged. Choose another --out.")
    left_out = set(leave_out or ())

    async def collect() -> tuple[Export, studies.Turnout]:
        async with databases() as (operational, urn):
            study = await studies.q_study(operational, study_id)
            released = await studies.release(urn, study_id)
            turnout = await studies.turnout(operational, released, study_id)
            sealed = studies.wanted(released, left_out, study_id)
            shown = track(sealed, "Opening", console=stderr, transient=True)
            answers = open_answers(study, shown, identity)
            await studies.note_export(operational, who(), study_id)
            return Export(study, answers, turnout.invited, released.withdrawn, left_out), turnout

    collected, turnout = asyncio.run(collect())
    try:
        write_export(out, collected)
    except OSError as error:
        raise Refused(
            f"{out} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
    say(
        f"Wrote {len(collected.answers)} sorts to {out}: sorts_r.csv, sorts.csv, comments.csv and "
        f"study.json. In R:\n"
        f'    read.csv("{out / "sorts_r.csv"}", row.names = 1, check.names = FALSE)'
    )
    if collected.withdrawn:
        say(f"Withdrawn, and never to be used: {', '.join(sorted(collected.withdrawn))}.")
    warn(turnout.warnings(collected.study))


@app.command()
def publish(
    study_id: StudyId,
    analysis: Annotated[
        Path, typer.Argument(metavar="ANALYSIS", help="The folder that kollegial analyse wrote.")
    ],
) -> None:
    """Show the results to those who were invited: a card where the study was announced.

    It shows the factor arrays and what all agree on, never who is on which factor. Factors that
    rest on few sorts are left out.
    """

    async def work() -> tuple[Results, int]:
        async with databases() as (operational, urn):
            study = await studies.q_study(operational, study_id)
            await studies.release(urn, study_id)  # refuses one that is not closed
            publication, results = publication_of(study, analysis)
            return results, await publish_results(operational, publication, who())

    results, places = asyncio.run(work())
    say(
        f"Published {len(results.arrays)} factors of study {study_id} in {places} "
        f"{'place' if places == 1 else 'places'}. Participants can write `resultat` to the bot."
    )
    if results.left_out:
        names = ", ".join(results.left_out)
        warn([f"Left out: {names}, which rest on fewer than {MIN_FLAGGED} sorts."])


def _read(file: Path) -> Study:
    result = read_study(file, today())
    if isinstance(result, Study):
        return result
    for fault in result:
        stderr.print(str(fault), markup=False)
    faults = "fault" if len(result) == 1 else "faults"
    raise Refused(f"{len(result)} {faults} in {file.name}. Nothing was changed.")


def recipient_of(text: str) -> Recipient:
    """The public key that was given, or that of the file it names. Raises `Refused`."""
    try:
        if text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8", errors="replace")
        return Recipient(text.strip())
    except OSError as error:
        raise Refused(
            f"{text[1:]} cannot be read: {error.strerror}. Nothing was changed."
        ) from error
    except InvalidKey as error:
        raise Refused(
            f"This is no public key. {error} Make one with: kollegial study keygen --out DIR"
        ) from error


def identity_of(file: Path) -> Identity:
    """The private key in a file. Raises `Refused`."""
    try:
        return read_identity(file)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}. Nothing was written.") from error
    except InvalidKey as error:
        raise Refused(f"{file.name} is no private key. {error} Nothing was written.") from error


def today() -> date:
    return datetime.now(UTC).date()
