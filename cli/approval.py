"""The commands `kollegial approval ...`: which body approved what, when, and until when.

Exit codes: 0 done, 1 refused with nothing changed, 2 misunderstood.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from bot.sessions.methods import kept
from cli.console import Commands, who
from cli.method import named
from cli.questionnaire import read_file as read_questionnaire
from cli.streams import say, stdout
from cli.study import read_file as read_study
from cli.study import today
from dialogs import approvals
from dialogs.approvals import BODY_LIMIT, About, Approval, Role
from dialogs.studies.definitions import Definition
from dialogs.writing.text import TooLong
from research.approvals import text_digest
from research.studies import StudyRefused, definition
from storage.databases import databases
from storage.operational.store import Entry, Operational

app = typer.Typer(
    add_completion=False,
    cls=Commands,
    name="approval",
    help="Note which body approved what, and until when.",
    no_args_is_help=True,
)


def _role(name: str) -> Role:
    for known in get_args(Role):
        if known == name:
            role: Role = known
            return role
    raise typer.BadParameter(f"{name} is none of {', '.join(get_args(Role))}.")


@dataclass(frozen=True, slots=True)
class Text:
    """What is approved, as it is now."""

    about: About
    subject: str
    digest: str


_WRONG = {
    "future": "The day is still to come. Note it when the approval is given.",
    "order": "It would end before it was given. Check --on and --until.",
    "past": "It is over already. Note one that holds, with --until a day to come.",
    "no_body": "Nobody is named. Write the body, such as 'Personvernombudet'.",
    "person": (
        "--body names a person. Write the body or the post, such as 'Personvernombudet' or "
        "'Leder for kontoret': no names are kept."
    ),
}


@app.command()
def note(
    *,
    study: Annotated[str, typer.Option(help="A study's file, or its id.")] = "",
    questionnaire: Annotated[str, typer.Option(help="A questionnaire's file.")] = "",
    method: Annotated[str, typer.Option(help="A method's id, or its file: its use.")] = "",
    role: Annotated[str, typer.Option(help=f"On whose behalf: {', '.join(get_args(Role))}.")],
    body: Annotated[str, typer.Option(help="The body that approved, not a person.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day it was given.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day.")],
) -> None:
    """Note that a body has approved a text as it is now. A text that is changed needs it anew."""
    if sum(map(bool, (study, questionnaire, method))) != 1:
        raise typer.BadParameter("Give one of --study, --questionnaire and --method.")

    behalf = _role(role)

    async def work() -> list[Approval]:
        async with databases() as (operational, _):
            texts = await _texts(operational, study, questionnaire, method)
            noted = [
                Approval(
                    t.about, t.subject, t.digest, behalf, body.strip(), on.date(), until.date()
                )
                for t in texts
            ]
            _refuse(noted, today())
            async with operational.begin() as transaction:
                for each in noted:
                    transaction.run(operational.approvals.note(each))
                    transaction.audit(_entry("note an approval", each))
            return noted

    for each in asyncio.run(work()):
        say(
            f"Noted {each.id}: {each.subject} is approved by {each.body} ({each.role}) until "
            f"{each.until}, as its text is now."
        )


@app.command(name="list")
def list_(
    subject: Annotated[str, typer.Argument(help="Of this study or method alone.")] = "",
) -> None:
    """Show what was approved, by which body, until when, and whether the text has changed."""

    async def work() -> list[tuple[Approval, str]]:
        async with databases() as (operational, _):
            noted = [a for a in await operational.approvals.all() if subject in ("", a.subject)]
            now = {key: await _digest_now(operational, *key) for key in _subjects(noted)}
            return [(a, a.standing(now[a.about, a.subject], today())) for a in noted]

    rows = asyncio.run(work())
    if not rows:
        say("No such approval is noted. Note one with: kollegial approval note --help")
        return
    table = Table(box=SIMPLE_HEAD)
    for name in ("id", "what", "approved by", "on behalf of", "on", "until", "stands"):
        table.add_column(name, overflow="fold")
    for a, standing in rows:
        what = f"{a.about} {a.subject}"
        table.add_row(a.id, what, a.body, a.role, str(a.day), str(a.until), standing)
    stdout.print(table, soft_wrap=False)


@app.command(name="take-back")
def take_back(
    approval: Annotated[str, typer.Argument(metavar="ID", help="From the list.")],
) -> None:
    """An approval was withdrawn, or noted by mistake."""

    async def work() -> None:
        async with databases() as (operational, _):
            if not await operational.approvals.take_back(approval):
                raise StudyRefused(f"No approval is called {approval!r}. Nothing was changed.")
            async with operational.begin() as transaction:
                transaction.audit(Entry(datetime.now(UTC), who(), "take back an approval"))

    asyncio.run(work())
    say(f"Taken back: {approval}.")


def _refuse(noted: Sequence[Approval], day: date) -> None:
    for each in noted:
        match approvals.wrong(each, day):
            case None:
                pass
            case TooLong():
                raise StudyRefused(
                    f"--body has room for {BODY_LIMIT} characters. Nothing was noted."
                )
            case str() as why:
                raise StudyRefused(f"{_WRONG[why]} Nothing was noted.")
            case _:
                raise StudyRefused("--body has characters that cannot be kept. Nothing was noted.")


async def _texts(
    operational: Operational, study: str, questionnaire: str, method: str
) -> list[Text]:
    if method:
        return [_of_method(method)]
    if questionnaire:
        return [_of(one) for one in read_questionnaire(Path(questionnaire))]
    if study.endswith(".toml"):
        return [_of(one) for one in read_study(Path(study))]
    return [_of(await definition(operational, study))]


def _of(study: Definition) -> Text:
    return Text("study", study.id, text_digest(study))


def _of_method(name: str) -> Text:
    method = named(name)
    return Text("method", method.id, kept(method).digest)


def _subjects(noted: Iterable[Approval]) -> set[tuple[About, str]]:
    return {(each.about, each.subject) for each in noted}


async def _digest_now(operational: Operational, about: About, subject: str) -> str | None:
    """Of the text as the server has it; None where it has none, as before a study is created."""
    try:
        if about == "method":
            return _of_method(subject).digest
        return _of(await definition(operational, subject)).digest
    except StudyRefused:
        return None


def _entry(what: str, approval: Approval) -> Entry:
    study = approval.subject if approval.about == "study" else None
    return Entry(datetime.now(UTC), who(), what, study)
