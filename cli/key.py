"""The command `kollegial key`: the server's key, changed while the bot runs."""

import asyncio
from datetime import UTC, datetime

import typer

from bot.operation.settings import Settings
from cli.console import Commands, who
from cli.streams import say
from research.studies import StudyRefused
from storage.databases import databases
from storage.operational.server_key import WrongServerKey
from storage.operational.store import Entry

app = typer.Typer(
    add_completion=False,
    cls=Commands,
    name="key",
    help="Change the server's key, which locks sessions and log forms.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback must show no key
)


@app.callback()
def key() -> None:
    """Change the server's key, which locks sessions and log forms."""


@app.command()
def rotate() -> None:
    """Lock everything with the newest key. KOLLEGIAL_SERVER_KEY is NEW,OLD, here and in the bot."""
    settings = Settings.read()
    if "," not in settings.server_key.get_secret_value():
        raise StudyRefused(
            "KOLLEGIAL_SERVER_KEY holds one key, and nothing was changed. Set it to NEW,OLD here "
            "and for every replica of the bot; then run this again."
        )
    try:
        rows = asyncio.run(_rotate(settings))
    except WrongServerKey as error:
        raise StudyRefused(str(error)) from None
    say(
        f"Locked {rows} documents with the newest key. Set KOLLEGIAL_SERVER_KEY to that one alone "
        "for every replica, and destroy the old one when no backup needs it."
    )


async def _rotate(settings: Settings) -> int:
    async with databases() as (operational, _):
        rows = await operational.server_key.rotate(settings.vault)
        async with operational.begin() as transaction:
            transaction.audit(Entry(datetime.now(UTC), who(), "rotate the server's key"))
        return rows
