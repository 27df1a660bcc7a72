"""The command `kollegial run`: the bot until Ctrl-C, with the Playground beside it if wanted."""

import asyncio
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from bot.app import running
from bot.operation import demonstration, logs
from bot.operation.settings import Settings
from bot.sessions.methods import Faulty
from cli import event_loop
from cli.playground import PlaygroundError, current_user, playground
from cli.streams import stdout
from storage.databases import CannotOpen, databases, migrate_both
from storage.operational.server_key import WrongServerKey
from storage.settings import NotSet

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
DATA = Path(".data")


class _Stop(Exception):
    """The bot cannot start; the message says why and what to do."""


@app.command()
def run(
    *,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Try it on this machine: nobody is asked who they are."),
    ] = False,
    with_playground: Annotated[
        bool,
        typer.Option(
            "--playground", help="With --demo: open Microsoft's Agents Playground beside the bot."
        ),
    ] = False,
    playground_port: Annotated[int, typer.Option(help="Where the Playground answers.")] = 56150,
) -> None:
    """Run the bot until Ctrl-C. Settings are environment variables; see docs/operators.md."""
    if with_playground and not demo:
        raise typer.BadParameter("--playground goes with --demo: in it anyone is anyone.")
    logs.configure()
    try:
        settings = (
            Settings.production()
            if not demo
            else demonstration_settings(with_playground=with_playground)
        )
        event_loop.run(_run(settings, playground_port if with_playground else None))
    except (_Stop, NotSet, PlaygroundError, CannotOpen, Faulty, WrongServerKey) as error:
        stdout.print(str(error), markup=False)
        raise typer.Exit(1) from None


def demonstration_settings(*, with_playground: bool = False) -> Settings:
    """As they are on one's own machine, with the keys that lie beside the databases."""
    settings = Settings.demonstration()
    DATA.mkdir(parents=True, exist_ok=True)
    own = settings.server_key or SecretStr(demonstration.server_key(DATA))
    who = settings.administrator or (current_user() if with_playground else "")
    return settings.model_copy(update={"administrator": who, "server_key": own})


async def _run(settings: Settings, playground_port: int | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, stopped.set)
    bot = f"http://{settings.host}:{settings.port}"
    if settings.is_demonstration:
        async for _ in migrate_both():
            pass
    async with databases() as (operational, urn):
        try:
            if settings.is_demonstration:
                await demonstration.prepare(operational, urn, DATA, datetime.now(UTC).date())
            async with running(settings, operational, urn):
                _greet(settings, bot)
                if settings.is_demonstration:
                    _offer_board(settings)
                if playground_port is None:
                    await stopped.wait()
                else:
                    async with playground(f"{bot}/api/messages", playground_port, DATA) as address:
                        _suggest(address)
                        await stopped.wait()
                stdout.print("\nStopping. Everything is saved.")
        except OSError as error:
            raise _Stop(
                f"The bot cannot listen at {bot}: {error.strerror}. If another Kollegial runs "
                "there, stop it; or choose another port: KOLLEGIAL_PORT=3979 make run"
            ) from None


def _greet(settings: Settings, bot: str) -> None:
    stdout.print(f"Kollegial listens at {bot}/api/messages")
    if settings.is_demonstration:
        stdout.print(
            "This is a demonstration on your own machine: nobody is authenticated, and the keys "
            f"that open the answers ({DATA / demonstration.KEY}) and what is written in groups "
            f"({DATA / demonstration.SERVER_KEY}) lie beside the databases."
        )


def _offer_board(settings: Settings) -> None:
    """The quickest way to see a Q-sort: nothing to install, nobody to be."""
    stdout.print(
        "\n1. Sort 36 statements on the board in a browser, or on a phone's width of it:\n"
        f"  [bold]{settings.board}/studie/{demonstration.STUDY.stem}[/bold]"
    )


def _called() -> str:
    """How this program was called, so that it can be called again."""
    return sys.argv[0] if Path(sys.argv[0]).name == "kollegial" else "kollegial"


def _suggest(address: str) -> None:
    stdout.print(
        f"\n2. Open [bold]{address}[/bold] in a browser, and try Teams:\n"
        "  a. Write [bold]studie[/bold], and sort on the card, or press "
        "[bold]Åpne tavla[/bold].\n"
        "  b. Write [bold]@Kollegial inviter[/bold] in the channel or the group chat.\n"
        "  c. Write [bold]@Kollegial start[/bold] in the group chat, choose a method, and lead "
        "the session from the panel in your personal chat. It needs two: let a colleague press\n"
        f"     [bold]Jeg er her[/bold] with [bold]{_called()} simulate colleague[/bold], "
        "in another terminal.\n"
        "  d. Write [bold]øv[/bold] in your personal chat, and lead a method alone, with invented "
        "members.\n"
        "  e. Write [bold]språk english[/bold], or [bold]hjelp[/bold] for everything.\n"
        f"Stop with Ctrl-C. What you have done is kept for the next time, in {DATA}; "
        "delete it to begin afresh."
    )
