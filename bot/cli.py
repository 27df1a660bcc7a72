"""The command `kollegial`, put together from those of each part."""

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

_MODULES: Final = {
    "run": "bot.run",
    "role": "bot.roles",
    "manifest": "bot.manifest",
    "outbox": "bot.outbox_commands",
    "doctor": "bot.doctor",
    "simulate": "bot.simulate.command",
    "study": "research.commands",
    "questionnaire": "research.questionnaires.commands",
    "method": "bot.method_commands",
    "convert": "research.workbench",
    "analyse": "research.workbench",
    "code": "research.coding.commands",
}
"""Where each command is. A module is loaded when its command is asked for: the
server must not carry the researchers' numerics in its memory."""


class _Commands(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        del ctx
        return list(_MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        del ctx
        if cmd_name not in _MODULES:
            return None
        command = typer.main.get_command(import_module(_MODULES[cmd_name]).app)
        if isinstance(command, TyperGroup):
            return command.commands.get(cmd_name, command)
        return command


app = typer.Typer(cls=_Commands, name="kollegial", no_args_is_help=True)


@app.callback()
def kollegial() -> None:
    """A Teams bot for reflection in groups and for Q-studies."""
