"""The command `kollegial simulate session`: a group meets, through the bot's real endpoint."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.methods import shipped
from bot.simulate.hand import Faults, Lost, Tally
from bot.simulate.process import BotProcess
from bot.simulate.session import Circle, Outcome, SessionScenario
from bot.simulate.study import percentile
from bot.simulate.teams import Teams
from dialogs.method import Pace

LEADER = "Fasilitator Eksempel"
FAULTS = Faults(double=0.1, redelivered=0.1, stale=0.05)
MAX_UNASKED = 3
"""Personal messages to a member outside their own actions."""
_out = Console(highlight=False)


def simulate(
    method: Annotated[str, typer.Argument(help="The method's id; see kollegial method list.")],
    *,
    members: Annotated[int, typer.Option(min=2, max=12, help="How many take part.")] = 6,
    channel: Annotated[
        bool, typer.Option("--channel", help="In a thread of a channel, not in a group chat.")
    ] = False,
    days: Annotated[bool, typer.Option("--days", help="Over days, not live.")] = False,
    faults: Annotated[
        bool, typer.Option("--faults", help="Double presses, redeliveries and old presses.")
    ] = False,
    restarts: Annotated[
        bool, typer.Option("--restarts", help="Kill the bot and start it again in every phase.")
    ] = False,
    dropouts: Annotated[
        bool,
        typer.Option("--dropouts", help="A member leaves, and so does the facilitator."),
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed, the same faults.")] = 1,
) -> None:
    """Let a simulated group hold a whole session, with a bot and databases of its own.

    They read the cards and press the buttons as people in Teams do. Ends with 1 where the
    session did not: a phase with more than one card, or more than three messages that a
    member did not ask for.
    """
    if method not in (known := [each.id for each in shipped()]):
        raise typer.BadParameter(f"There is no method {method}. There are {', '.join(known)}.")
    pace: Pace = "days" if days else "live"
    scenario = SessionScenario(
        method,
        members,
        "channel" if channel else "group chat",
        pace,
        seed,
        FAULTS if faults else Faults(),
        leaver=dropouts,
        dropout=dropouts,
    )
    tally = Tally()
    try:
        outcome = asyncio.run(_simulate(scenario, tally, restarts=restarts))
    except Lost as lost:
        _out.print(f"The group could not go on. {lost}", markup=False)
        raise typer.Exit(1) from None
    _out.print(_course(outcome), _summary(tally, outcome))
    if faults_of(outcome):
        _out.print("\n".join(faults_of(outcome)), markup=False)
        raise typer.Exit(1)


async def _simulate(scenario: SessionScenario, tally: Tally, *, restarts: bool) -> Outcome:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        teams = await stack.enter_async_context(Teams(""))
        leader = teams.user(LEADER)
        settings = {
            "KOLLEGIAL_DATABASE_URL": f"sqlite:///{folder}/kollegial.db",
            "KOLLEGIAL_URN_URL": f"sqlite:///{folder}/urn.db",
            "KOLLEGIAL_ADMINISTRATOR": leader.id,
            "KOLLEGIAL_SERVER_KEY": "5e" * 32,
        }
        bot = await stack.enter_async_context(BotProcess(settings))
        teams.bot_url = bot.url

        async def restart() -> None:
            await bot.kill()
            await bot.start()

        circle = Circle(teams, leader, scenario, tally, restart if restarts else None)
        return await circle.meet()


def faults_of(outcome: Outcome) -> list[str]:
    """What a session must not do, where it did."""
    doubled = [f"{count} cards: {title}" for title, count in outcome.cards.items() if count > 1]
    nagged = [
        f"{count} messages that {member} did not ask for"
        for member, count in outcome.unasked.items()
        if count > MAX_UNASKED
    ]
    return doubled + nagged


def _course(outcome: Outcome) -> Table:
    table = Table("phase", "what the group read", title="The session")
    for title in outcome.phases:
        table.add_row(title, "\n".join(sorted(outcome.shown.get(title, ()))))
    return table


def _summary(tally: Tally, outcome: Outcome) -> Table:
    table = Table("what", "how much")
    table.add_row("presses answered", str(len(tally.seconds)))
    for percent in (50, 99):
        milliseconds = percentile(tally.seconds, percent) * 1000
        table.add_row(f"p{percent} of a press", f"{milliseconds:.0f} ms")
    for fault, times in sorted(tally.faults.items()):
        table.add_row(f"fault: {fault}", str(times))
    table.add_row("pressed again for want of an answer", str(tally.retries))
    table.add_row(
        "most messages unasked for, to one", str(max(outcome.unasked.values(), default=0))
    )
    return table
