"""The command `kollegial`, put together from those of each part."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from cli import garbage

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "run": ("cli.run", "Run the bot until Ctrl-C."),
    "role": ("cli.role", "Say who may lead studies and groups."),
    "manifest": ("cli.manifest", "Make the app package for Teams."),
    "outbox": ("cli.outbox", "See what could not be sent, and try it again or give it up."),
    "doctor": ("cli.doctor", "Check settings, credentials, databases, clock and reachability."),
    "migrate": ("cli.migrate", "Bring both databases' schemas up to date."),
    "audit": ("cli.audit", "Show the audit log, the oldest first."),
    "approval": ("cli.approval", "Note which body approved what, and until when."),
    "key": ("cli.key", "Change the server's key, which locks sessions and log forms."),
    "simulate": ("cli.simulate", "Let simulated people use the bot."),
    "study": ("cli.study", "Define, run and export Q-studies."),
    "questionnaire": ("cli.questionnaire", "Define, run, export and analyse questionnaires."),
    "method": ("cli.method", "Check and read the methods that groups can be led by."),
    "convert": ("cli.analyse", "Read Q-sorts in any format and write them in another."),
    "analyse": ("cli.analyse", "Q factor analysis: tables, analysis.json and report.html."),
    "bench": ("cli.bench", "Rotate factors by eye and flag sorts by a click."),
    "code": ("cli.code", "Code what participants agreed to share for research."),
}
"""Where each command is, and what it does. A module is loaded when its command is called:
the list of commands is there at once, and the server does not carry the researchers'
numerics in its memory."""

RESEARCH: Final = frozenset({"matplotlib", "openpyxl", "xlsxwriter", "yaml"})
"""What only researchers need, and a server may lack: the extra `research`."""


class _Commands(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What the list shows of a command; `resolve_command` loads it."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and load(str(name)), rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command; where a package of the extra `research` is missing, say so."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as missing:
            if str(missing.name).partition(".")[0] not in RESEARCH:
                raise
            typer.echo(
                f"This command needs a package that is not installed here: {missing.name}.\n"
                "It comes with: pip install 'kollegial[research]'",
                err=True,
            )
            raise typer.Exit(1) from None


def load(name: str) -> Any:
    """The command itself."""
    with garbage.loading():
        command = typer.main.get_command(import_module(COMMANDS[name][0]).app)
    if isinstance(command, TyperGroup):
        return command.commands.get(name, command)
    return command


app = typer.Typer(cls=_Commands, name="kollegial", no_args_is_help=True)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Kollegial {version('kollegial')}")
        raise typer.Exit


@app.callback()
def kollegial(
    *,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say which version this is.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    """A Teams bot for reflection in groups and for Q-studies."""
    del show_version
