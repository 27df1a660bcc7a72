"""The command `kollegial run`: the bot until Ctrl-C, with the Playground beside it if wanted."""

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console

from bot import demonstration, logs
from bot.app import running
from bot.methods import Faulty
from bot.playground import PlaygroundError, current_user, playground
from bot.settings import NotSet, Settings
from storage.databases import CannotOpen, databases

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
_out = Console(highlight=False, soft_wrap=True)

DATA = Path(".data")


class _Stop(Exception):
    """The bot cannot start; the message says why and what to do."""


@app.command()
def run(
    *,
    with_playground: Annotated[
        bool,
        typer.Option("--playground", help="Open Microsoft's Agents Playground beside the bot."),
    ] = False,
    playground_port: Annotated[int, typer.Option(help="Where the Playground answers.")] = 56150,
) -> None:
    """Run the bot until Ctrl-C. Settings are environment variables; see docs/operators.md."""
    logs.configure()
    try:
        settings = _settings(administrator=current_user() if with_playground else None)
        asyncio.run(_run(settings, playground_port if with_playground else None))
    except (_Stop, NotSet, PlaygroundError, CannotOpen, Faulty) as error:
        _out.print(str(error), markup=False)
        raise typer.Exit(1) from None


def _settings(administrator: str | None) -> Settings:
    settings = Settings.read()
    if settings.is_demonstration:
        DATA.mkdir(parents=True, exist_ok=True)
        own = settings.server_key or SecretStr(demonstration.server_key(DATA))
        who = settings.administrator or administrator or ""
        return settings.model_copy(update={"administrator": who, "server_key": own})
    return settings


async def _run(settings: Settings, playground_port: int | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, stopped.set)
    bot = f"http://{settings.host}:{settings.port}"
    async with databases() as (operational, urn):
        try:
            if settings.is_demonstration:
                await demonstration.prepare(operational, urn, DATA, datetime.now(UTC).date())
            async with running(settings, operational, urn):
                _greet(settings, bot)
                if playground_port is None:
                    await stopped.wait()
                else:
                    async with playground(f"{bot}/api/messages", playground_port, DATA) as address:
                        _suggest(address)
                        await stopped.wait()
                _out.print("\nStopping. Everything is saved.")
        except OSError as error:
            raise _Stop(
                f"The bot cannot listen at {bot}: {error.strerror}. If another Kollegial runs "
                "there, stop it; or choose another port: KOLLEGIAL_PORT=3979 make run"
            ) from None


def _greet(settings: Settings, bot: str) -> None:
    _out.print(f"Kollegial listens at {bot}/api/messages")
    if settings.is_demonstration:
        _out.print(
            "This is a demonstration on your own machine: nobody is authenticated, and the keys "
            f"that open the answers ({DATA / demonstration.KEY}) and what is written in groups "
            f"({DATA / demonstration.SERVER_KEY}) lie beside the databases."
        )


def _suggest(address: str) -> None:
    _out.print(
        f"\nOpen [bold]{address}[/bold] in a browser, and try:\n"
        "  1. Press [bold]Bokmål[/bold] (the Playground takes everyone for a reader of English), "
        "write [bold]studie[/bold], and sort the statements.\n"
        "  2. Write [bold]@Kollegial inviter[/bold] in the channel or the group chat.\n"
        "  3. Write [bold]@Kollegial start[/bold] in the group chat, choose a method, and lead "
        "the session from the panel in your personal chat.\n"
        "  4. Write [bold]språk nynorsk[/bold], or [bold]hjelp[/bold] for everything.\n"
        f"Stop with Ctrl-C. What you have done is kept for the next time, in {DATA}; "
        "delete it to begin afresh."
    )
