"""The commands `kollegial method ...`: see which methods there are, and check one's own.

Exit codes: 0 done, 1 refused with nothing changed, 2 misunderstood.
"""

from collections.abc import Iterator, Sized
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from bot.operation.settings import Settings
from bot.sessions.methods import Faulty, Methods, read_method, shipped
from cli.console import Commands
from cli.streams import say as tell
from cli.streams import stderr, stdout
from dialogs.sessions.method import Method, Phase
from dialogs.studies.study import LANGUAGES, Language
from dialogs.toml.reader import did_you_mean
from research.studies import StudyRefused

app = typer.Typer(
    add_completion=False,
    cls=Commands,
    name="method",
    help="Check and read the methods that groups can be led by.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
MethodFile = Annotated[Path, typer.Argument(metavar="FILE", help="The method's TOML file.")]
LanguageName = Annotated[str, typer.Option("--language", help=", ".join(LANGUAGES))]


@app.command()
def check(file: MethodFile) -> None:
    """Name every fault in a method file, with its line and what to do about it."""
    method = _read(file)
    tell(
        f"{file.name} has no faults: {len(method.phases)} phases in {method.frame.minutes} "
        f"minutes, {_count(method.forms, 'form')}, {_count(method.roles, 'role')}."
    )


@app.command(name="list")
def list_() -> None:
    """The methods that the bot knows: those that are shipped, and those in KOLLEGIAL_METHODS."""
    table = Table(box=SIMPLE_HEAD)
    table.add_column("id", no_wrap=True)
    for heading in ("title", "minutes", "members", "meetings", "paces"):
        table.add_column(heading, overflow="fold")
    for method in _known().all():
        frame = method.frame
        table.add_row(
            method.id,
            method.title["nb"],
            str(frame.minutes),
            f"{frame.min_size}-{frame.max_size}",
            str(frame.meetings),
            ", ".join(frame.paces),
        )
    stdout.print(table)


@app.command()
def show(
    method: Annotated[str, typer.Argument(metavar="METHOD", help="An id, or a method's file.")],
    language: LanguageName = LANGUAGES[0],
) -> None:
    """A method from its frame to its last phase, as an outline."""
    shown: Language | None = next((each for each in LANGUAGES if each == language), None)
    if shown is None:
        raise typer.BadParameter(f"{language} is no language here: {', '.join(LANGUAGES)}.")
    found = named(method)
    for line in _outline(found, shown):
        tell(line)


@app.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A guide or a script: .yaml or .csv.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The file to write; left out: the instrument's id.")
    ] = None,
) -> None:
    """Make a method file of a published instrument, and say what was understood."""
    from cli.importing import import_method  # noqa: PLC0415 - researchers' packages

    import_method(file, out)


def named(method: str) -> Method:
    """By its id, or in a file."""
    return _read(Path(method)) if method.endswith(".toml") else _find(method)


def _read(file: Path) -> Method:
    result = read_method(file)
    if isinstance(result, Method):
        return result
    for fault in result:
        stderr.print(str(fault), markup=False)
    raise StudyRefused(f"{_count(result, 'fault')} in {file.name}.")


def _known() -> Methods:
    try:
        return Methods(shipped(Settings.read().methods))
    except Faulty as faulty:
        raise StudyRefused(str(faulty)) from faulty


def _find(method_id: str) -> Method:
    methods = _known()
    found = methods.find(method_id)
    if found is None:
        remedy = did_you_mean(method_id, [method.id for method in methods.all()])
        raise StudyRefused(f"There is no method {method_id}. {remedy}")
    return found


def _outline(method: Method, language: Language) -> Iterator[str]:
    frame = method.frame
    yield f"{method.title[language]} ({method.id})"
    yield method.purpose[language]
    yield (
        f"\n{frame.minutes} minutes; {frame.min_size}-{frame.max_size} members, at least "
        f"{frame.advised_size} advised; {_count(range(frame.meetings), 'meeting')}, "
        f"{frame.interval_days} days apart; paces: {', '.join(frame.paces)}"
    )
    if many := method.subgroups:
        yield (
            f"With more than {many.over}: small groups of about {many.size}, {many.minutes} minutes"
        )
    for role in method.roles:
        yield f"Role {role.id}: {role.title[language]}"
    for form in method.forms.values():
        when = ", before each meeting" if form.id == method.preparation else ""
        yield f"\nForm {form.id}{when}: {form.title[language]}"
        for part in form.parts:
            yield f"  {part.title[language]}"
            for field in part.fields:
                yield f"    {field.id}: {field.text[language]}"
    yield ""
    for number, phase in enumerate(method.phases, 1):
        yield f"{number:2}. {phase.title[language]}"
        yield f"      {phase.id}: {', '.join(_what(phase))}"


def _what(phase: Phase) -> Iterator[str]:
    """What a phase does, who acts, who sees, how long."""
    yield phase.does.outline()
    yield f"acts: {phase.acts}"
    if phase.sees != "group":
        yield f"sees: {phase.sees}"
    if phase.medium != "both":
        yield phase.medium
    if phase.guards:
        yield f"guards: {' '.join(phase.guards)}"
    if phase.divided:
        yield {"apart": "small groups by themselves", "only": "with small groups only"}[
            phase.divided
        ]
    if phase.first_meeting > 1:
        yield f"from meeting {phase.first_meeting}"
    yield f"{phase.minutes} min or {_count(range(phase.days), 'day')}"


def _count(things: Sized, word: str) -> str:
    n = len(things)
    return f"{n} {word}" + ("" if n == 1 else "s")
