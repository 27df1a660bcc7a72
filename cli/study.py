"""The researcher's commands: `kollegial study ...`.

Exit codes: 0 done, 1 refused with nothing changed, 2 misunderstood.
"""

import asyncio
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import segno
import typer
from rich.box import SIMPLE_HEAD
from rich.progress import track
from rich.table import Table

from cli.consent import notes
from cli.console import Commands, CsvFor, ForProgram, shown_in, warn, who
from cli.streams import say, stderr, stdout
from dialogs.studies.definitions import Definition, load
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import Study
from research import approvals, studies, talks
from research.bounds import LEAST
from research.export import Export, open_answers, write_export
from research.files import write_new
from research.formats.source import SourceFile
from research.publication import MIN_FLAGGED, Results, beside, publication_of
from research.publication import publish as publish_results
from research.release import REPLIES, SealedAnswers, dump_answers, load_answers
from research.studies import StudyRefused
from research.study_files import read_studies
from storage.crypto.sealing import (
    InvalidKey,
    PrivateKey,
    Recipient,
    generate_identity,
    nobodys_key,
    read_identity,
)
from storage.databases import databases
from storage.operational.store import Talk
from storage.urn.store import Release

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
SealedFile = Annotated[
    Path, typer.Argument(metavar="SEALED", help="The file that `release` wrote on the server.")
]
KEYS = Path("keys")
"""Where keygen puts them unless told otherwise: in the folder that one stands in."""
KeyFile = Annotated[Path, typer.Option("--key", help="The file with the private key.")]
LeaveOut = Annotated[
    list[str] | None,
    typer.Option("--leave-out", metavar="PSEUDONYM", help="Go on without this damaged answer."),
]


@app.command()
def check(file: StudyFile) -> None:
    """Name every fault in a study file, with its line and what to do about it."""
    made = read_file(file)
    study = made[0]
    least, *_, greatest = study.grid.values
    say(
        f"{file.name} has no faults: {len(study.statements)} statements in "
        f"{', '.join(study.languages)}, on a grid from {least} to {greatest}."
    )
    for line in (*_told(made), *notes(study.information)):
        say(line)


def _told(made: Sequence[Study]) -> Iterator[str]:
    """What a researcher should know of what the file was taken for."""
    study = made[0]
    least, *_, greatest = study.grid.values
    if study.grid.moved:
        yield (
            f"The grid is numbered from 1 in the file, and is taken as {least} to {greatest}: "
            "cards, exports and reports have these values."
        )
    if not study.forced:
        yield (
            "Sorting is free: the sorts will differ in mean and spread, and factor arrays are laid "
            "on the mean of their distributions."
        )
    if len(made) > 1:
        yield (
            f"It makes {len(made)} studies: {', '.join(one.id for one in made)}. The later ones "
            f"ask for the code of {study.id}."
        )
    if groups := [question.id for question in study.questions if question.tells_who]:
        yield (
            f"Answers that may tell who gave them: {', '.join(groups)}. Where fewer than {LEAST} "
            "share one, or the answers to several together, the export leaves the question out; "
            "the first in the file stays longest. Write background = false in a question that "
            "tells nothing of who answers."
        )
    if balance := Counter(s.dimension for s in study.statements if s.dimension):
        without = len(study.statements) - balance.total()
        yield "Statements by dimension:"
        yield from (f"  {name}: {count}" for name, count in sorted(balance.items()))
        if without:
            yield f"  none: {without}"


@app.command(name="import")
def import_(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="An HTMLQ or EQ Web Sort study.")
    ],
    *,
    language: Annotated[str, typer.Option(help="What its texts are in: nb, en, nl, de ...")] = "en",
    out: Annotated[Path | None, typer.Option(help="The file to write; else the id's name.")] = None,
) -> None:
    """Make a study file of a study in another program: statements, grid, labels, questions."""
    from cli.importing import import_study  # noqa: PLC0415 - researchers' packages

    import_study(folder, language, out, today())


@app.command()
def concourse(
    folder: Annotated[
        Path, typer.Argument(metavar="CODING", help="The folder that kollegial code import wrote.")
    ],
    out: Annotated[
        Path,
        typer.Option(metavar="FILE", help="The table of statements to write: .csv or .xlsx."),
    ],
    *,
    csv: CsvFor = ForProgram.r,
) -> None:
    """Make candidate statements of coded texts: each condensed meaning once, by category."""
    from research.coding.concourse import candidates, dump_statements  # noqa: PLC0415 - researchers' packages

    found = candidates(folder)
    write_new(out, dump_statements(found, out.name, csv.value))
    say(f"Wrote {len(found)} candidate statements to {out}.")
    if codes := sum(not one.is_written for one in found):
        say(f"{codes} are only codes yet (written: no): put them in words.")
    for category, count in sorted(Counter(one.category for one in found).items()):
        say(f"  {category or 'no category'}: {count}")


@app.command()
def keygen(
    out: Annotated[
        Path, typer.Option(help="The folder for the keys, made if it is not there.")
    ] = KEYS,
) -> None:
    """Make the pair of keys that seals a study's answers and opens them again."""
    private, public = out / "study.key", out / "study.pub"
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        recipient = generate_identity(private)
        public.write_text(f"{recipient.text}\n", encoding="ascii")
    except FileExistsError as error:
        raise StudyRefused(
            f"{private} exists already and is unchanged: a lost key is lost answers. Choose "
            "another --out."
        ) from error
    except OSError as error:
        raise StudyRefused(
            f"{error.filename} cannot be written: {error.strerror}. Choose another --out."
        ) from error
    say(f"{recipient.text}\n")
    say(
        f"The private key is in {private}. It opens the answers: keep it on this machine, keep a "
        f"copy in a safe place, and never put it on the server. Without it no answer can be read.\n"
        f"The public key, above, is in {public}. Next:\n"
        f"    kollegial study create FILE --recipient @{public}\n"
        "or, of a questionnaire or an interview, kollegial questionnaire create with the same."
    )


@app.command()
def create(
    file: StudyFile,
    *,
    recipient: Annotated[
        str | None,
        typer.Option(metavar="KEY|@FILE", help="The public key, age1..., or its file."),
    ] = None,
    pilot: Annotated[
        bool, typer.Option("--pilot", help="To be tried out: nobody can read the answers.")
    ] = False,
) -> None:
    """Make a study known to the bot. It cannot be changed afterwards.

    A pilot is called STUDY-pilot. Its answers are sealed with a key that is thrown away at once.
    """
    if pilot == (recipient is not None):
        raise typer.BadParameter("Give --recipient KEY, or --pilot, and not both.")
    made = tuple(study.as_pilot() for study in read_file(file)) if pilot else read_file(file)
    key = recipient_of(recipient) if recipient is not None else nobodys_key()

    async def work() -> None:
        async with databases() as (operational, urn):
            for study in made:
                await studies.create(operational, urn, study, key, who())

    asyncio.run(work())
    for study in made:
        say(
            f"Created study {study.id}. It takes no answers yet. Next:\n"
            f"    kollegial study open {study.id}"
        )


@app.command()
def preview(
    file: StudyFile,
    *,
    with_playground: Annotated[
        bool, typer.Option("--playground", help="Also open Microsoft's Agents Playground: cards.")
    ] = False,
    port: Annotated[int, typer.Option(help="Where it answers, on this machine alone.")] = 3979,
) -> None:
    """Look at a study as participants will see it, before it is created. Ends with Ctrl-C.

    A bot is started on this machine for it alone; what is sorted there is thrown away.
    """
    from cli.preview import show  # noqa: PLC0415 - it carries the whole bot

    show(read_file(file), port, with_playground=with_playground)


@app.command(name="open")
def open_(study_id: StudyId) -> None:
    """Begin to take answers."""

    async def work() -> list[str]:
        async with databases() as (operational, urn):
            study = await studies.open_study(operational, urn, study_id, who(), today())
            return [*approvals.standing(await operational.approvals.all(), study, today())]

    warn(asyncio.run(work()))
    say(f"Study {study_id} is open. Announce it in a channel or group chat: @Kollegial inviter")


@app.command()
def link(
    study_id: StudyId,
    public_url: Annotated[
        str, typer.Option(envvar="KOLLEGIAL_PUBLIC_URL", help="The bot's own address.")
    ] = "http://127.0.0.1:3978",
    qr: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write it as a QR code: .svg or .png.")
    ] = None,
) -> None:
    """Print the link from which anybody can answer, without Teams: one for everybody."""

    async def work() -> bool:
        async with databases() as (operational, urn):
            await studies.definition(operational, study_id)
            return (await urn.states())[study_id] == "open"

    is_open = asyncio.run(work())
    address = f"{public_url.rstrip('/')}/tavle/studie/{study_id}"
    say(f"{address}\n")
    if qr:
        _write_qr(address, qr)
    say(
        "The link is the same for everybody and carries no Teams identity. Whoever has it can "
        "answer, more than once: share it only with those you invite, count what comes in with "
        "care, and see that the proxy before the bot keeps no access log (docs/board.md)."
    )
    say(
        "Where many sort together, show this on one screen: "
        f"{public_url.rstrip('/')}/tavle/time/{study_id}"
    )
    if not is_open:
        warn([f"Study {study_id} takes no answers now. See: kollegial study list"])


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

    async def work() -> list[tuple[Definition, str, str, str]]:
        async with databases() as (operational, urn):
            rows = []
            noted = await operational.approvals.all()
            states = await urn.states()
            for study_id, text in (await operational.studies()).items():
                state = states.get(study_id, "unfinished")
                answers = (
                    str(len((await urn.release(study_id)).submissions)) if state == "closed" else ""
                )
                study = load(text)
                approved = approvals.holds_until(noted, study, today())
                rows.append((study, str(state), answers, approved))
            return rows

    table = Table(box=SIMPLE_HEAD)
    for name in ("id", "title", "state", "answers", "closes", "retention", "approved until"):
        # A name that is cut is no name: on a narrow screen id and state stay whole.
        table.add_column(name, no_wrap=name in {"id", "state"}, overflow="fold")
    for study, state, answers, approved in asyncio.run(work()):
        table.add_row(
            study.id,
            study.title[study.languages[0]],
            state,
            answers,
            str(study.closes or ""),
            str(study.retention),
            approved,
        )
    if table.row_count:
        stdout.print(table, soft_wrap=False)
    else:
        say("There are no studies yet. Make one with: kollegial study create FILE --recipient KEY")


@app.command()
def release(
    study_id: StudyId,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
) -> None:
    """On the server: write the sealed answers of a closed study to a file. Needs no key."""
    if out.exists():  # said before anything is released; checked again when writing
        raise StudyRefused(f"{out} exists already and is unchanged. Choose another --out.")

    async def work() -> SealedAnswers:
        async with databases() as (operational, urn):
            study = await studies.definition(operational, study_id)
            if isinstance(study, Study) and study.pilot:
                raise StudyRefused(
                    f"{study_id} is a pilot: its answers are sealed with a key that nobody has. "
                    "Nothing was written."
                )
            released = await studies.release(urn, study_id)
            turnout = await studies.turnout(operational, released, study_id)
            await studies.note_release(operational, who(), study_id)
            return SealedAnswers(study, turnout.invited, released)

    released = asyncio.run(work())
    write_new(out, dump_answers(released))
    kind = "questionnaire" if isinstance(released.study, Questionnaire) else "study"
    say(
        f"Wrote {released.turnout.submitted} sealed answers to {out}. Nobody can read them without "
        "the private key: take the file to the machine that has it, and there\n"
        f"    kollegial {kind} export {out.name} --key FILE --out DIR"
    )
    warn(released.turnout.warnings(released.study))


@app.command()
def export(
    file: SealedFile,
    key: KeyFile,
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist yet.")],
    *,
    leave_out: LeaveOut = None,
    csv: CsvFor = ForProgram.r,
) -> None:
    """On the researcher's machine: open released answers and write them as files.

    It asks no database and no network.
    """
    identity = identity_of(key)
    released = released_answers(file, out)
    study = released.study
    if not isinstance(study, Study):
        raise studies.a_questionnaire(study.id)
    left_out = set(leave_out or ())
    shown = to_open(released, left_out)
    answers = open_answers(study, shown, identity)
    collected = Export(study, answers, released.invited, released.release.withdrawn, left_out)
    from research.leaving.sorts import of_export  # noqa: PLC0415 - it carries xlsxwriter

    try:
        write_export(out, collected, csv.value, of_export)
    except OSError as error:
        raise StudyRefused(
            f"{out} cannot be written: {error.strerror}. Nothing was left behind."
        ) from error
    say(
        f"Wrote {len(collected.answers)} sorts to {out}: sorts.xlsx, sorts_r.csv, sorts.csv, "
        f"comments.csv and study.json; sorts.R and sorts.sps for R and SPSS. In R:\n"
        f'    read.csv("{out / "sorts_r.csv"}", row.names = 1, check.names = FALSE)'
    )
    if held := collected.withheld:
        say(
            f"Held back, because fewer than {LEAST} share an answer, or what they answered to "
            f"several: {', '.join(held)}."
        )
    if collected.withdrawn:
        say(f"Withdrawn, and never to be used: {', '.join(sorted(collected.withdrawn))}.")
    warn(released.turnout.warnings(study))


def released_answers(file: Path, out: Path) -> SealedAnswers:
    """The file that `release` wrote. Raises `StudyRefused` where `out` cannot be written."""
    if out.exists():  # said before anything is opened; checked again when writing
        raise StudyRefused(f"{out} exists already and is unchanged. Choose another --out.")
    if not file.exists():
        raise StudyRefused(
            f"There is no file {file}, and nothing was written. On the server, write it with: "
            f"kollegial study release STUDY --out {file.stem}.kollegial"
        )
    return load_answers(SourceFile.of(file))


def to_open(released: SealedAnswers, left_out: set[str]) -> Iterable[tuple[str, bytes]]:
    """The sealed answers, while a progress bar tells how many are opened."""
    sealed = studies.wanted(released.release, left_out, released.study.id)
    return track(sealed, "Opening", console=stderr, transient=True)


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
            wanted, results = publication_of(study, analysis)
            wanted = beside(await operational.publication(study_id), wanted)
            return results, await publish_results(operational, wanted, who())

    results, places = asyncio.run(work())
    say(
        f"Published {len(results.arrays)} factors of study {study_id}. {shown_in(places)} "
        "Participants can write `resultat` to the bot."
    )
    if results.left_out:
        names = ", ".join(results.left_out)
        warn([f"Left out: {names}, which rest on fewer than {MIN_FLAGGED} sorts."])


@app.command(name="invite-talk")
def invite_talk(
    study_id: StudyId,
    pseudonyms: Annotated[list[str], typer.Argument(help="As in the export; three to five.")],
    message: Annotated[Path, typer.Option(metavar="FILE", help="What you say to them, as text.")],
) -> None:
    """Invite pseudonyms of a closed study to a talk: a card for everyone, a message for them.

    Whoever holds one opens the message with their code, and may answer. Nobody is sent anything.
    """
    try:
        words = message.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StudyRefused(
            f"{message} cannot be read as text: {error}. Nobody was invited."
        ) from error
    talk = Talk(study_id, tuple(dict.fromkeys(pseudonyms)), words.strip())

    async def work() -> int:
        async with databases() as (operational, urn):
            return await talks.invite(operational, urn, talk, who())

    places = asyncio.run(work())
    say(
        f"Invited {', '.join(talk.pseudonyms)}. {shown_in(places)} "
        f"The mailbox is at /tavle/samtale/{study_id} of the bot's address; share that link where "
        f"the study was shared by a link. What they answer: kollegial study replies {study_id}"
    )


@app.command()
def replies(
    study_id: StudyId,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
) -> None:
    """On the server: write the sealed replies to an invitation to talk. Needs no key."""

    async def work() -> SealedAnswers:
        async with databases() as (operational, urn):
            study = await studies.definition(operational, study_id)
            found = await urn.replies(study_id)
            await studies.note_release(operational, who(), study_id)
            return SealedAnswers(study, 0, Release(found, ()))

    sealed = asyncio.run(work())
    write_new(out, dump_answers(sealed, REPLIES))
    say(
        f"Wrote {len(sealed.release.submissions)} sealed replies to {out}. On the machine that has "
        f"the key: kollegial study read-replies {out.name} --key FILE"
    )


@app.command(name="read-replies")
def read_replies(file: SealedFile, key: KeyFile) -> None:
    """On the researcher's machine: show what invited pseudonyms answered."""
    sealed = load_answers(SourceFile.of(file), REPLIES).release.submissions
    for pseudonym, reply in talks.open_replies(sealed, identity_of(key)):
        say(f"{pseudonym}\n{reply.words}")
        say(f"Can be reached: {reply.reach}\n" if reply.reach else "Says nothing of how.\n")
    if not sealed:
        say("Nobody has answered yet.")


def _write_qr(address: str, file: Path) -> None:
    """The address as a picture that a telephone's camera reads, large enough to print."""
    kind = file.suffix.removeprefix(".").casefold()
    if kind not in {"svg", "png"}:
        raise StudyRefused(f"{file} ends neither in .svg nor in .png. No picture was written.")
    picture = io.BytesIO()
    segno.make_qr(address, error="m").save(picture, kind=kind, scale=12, border=4)
    write_new(file, picture.getvalue())
    say(f"Wrote {file}: the link as a QR code, to print or to show.\n")


def read_file(file: Path) -> tuple[Study, ...]:
    result = read_studies(file, today())
    if isinstance(result, tuple):
        return result
    for fault in result:
        stderr.print(str(fault), markup=False)
    faults = "fault" if len(result) == 1 else "faults"
    raise StudyRefused(f"{len(result)} {faults} in {file.name}. Nothing was changed.")


def recipient_of(text: str) -> Recipient:
    """The public key that was given, or that of the file it names. Raises `StudyRefused`."""
    try:
        if text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8", errors="replace")
        return Recipient(text.strip())
    except OSError as error:
        raise StudyRefused(
            f"{text[1:]} cannot be read: {error.strerror}. Nothing was changed."
        ) from error
    except InvalidKey as error:
        raise StudyRefused(
            f"This is no public key. {error} Make one with: kollegial study keygen"
        ) from error


def identity_of(file: Path) -> PrivateKey:
    """The private key in a file. Raises `StudyRefused`."""
    try:
        return read_identity(file)
    except OSError as error:
        raise StudyRefused(
            f"{file} cannot be read: {error.strerror}. Nothing was written."
        ) from error
    except InvalidKey as error:
        raise StudyRefused(
            f"{file.name} is no private key. {error} Nothing was written."
        ) from error


def today() -> date:
    return datetime.now(UTC).date()
