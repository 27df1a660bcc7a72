"""The command `kollegial simulate study`: many people sort, through the bot's real endpoint."""

import asyncio
from contextlib import AsyncExitStack
from random import Random
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.simulate.report import presses, told_why
from cli.streams import stdout
from simulation.hand import Faults, Tally
from simulation.process import BotProcess
from simulation.study import StudyScenario, simulate_study
from simulation.teams import EXAMPLE_TENANT, SimulatedTeams

APP_ID = "00000000-1111-4222-8333-444444444444"


def simulate(
    study: Annotated[str, typer.Argument(help="The study's id.")] = "oppfolging",
    *,
    participants: Annotated[int, typer.Option(min=1, help="How many take part.")] = 25,
    viewpoints: Annotated[
        int, typer.Option(min=1, help="How many points of view they share: the factors to find.")
    ] = 3,
    seed: Annotated[int, typer.Option(help="The same seed, the same sorts.")] = 1,
    at_once: Annotated[int, typer.Option(min=1, help="How many sort at the same time.")] = 8,
    faults: Annotated[
        bool,
        typer.Option("--faults", help="Double presses, redeliveries, old presses, and undo."),
    ] = False,
    restarts: Annotated[
        int, typer.Option(min=0, help="Kill the bot this many times on the way. Not with --url.")
    ] = 0,
    signed: Annotated[
        bool, typer.Option("--signed", help="With an app id and signed tokens. Not with --url.")
    ] = False,
    url: Annotated[
        str, typer.Option(help="A bot that runs already, such as make run's. Else one is started.")
    ] = "",
) -> None:
    """Let simulated participants sort a study: to load the bot, to show it, to test it.

    They read the cards and press the buttons as people in Teams do. The databases are those of
    KOLLEGIAL_DATABASE_URL and KOLLEGIAL_URN_URL; the study must be open there.
    """
    if url and (restarts or signed):
        raise typer.BadParameter("--restarts and --signed are for a bot that is started here.")
    pests = Faults(double=0.1, redelivered=0.1, stale=0.05, undone=0.1) if faults else Faults()
    scenario = StudyScenario(study, participants, seed, viewpoints, at_once, pests)
    tally = Tally()
    with told_why("A participant", f"Is {study} open? See: kollegial study list"):
        asyncio.run(_simulate(scenario, tally, url=url, restarts=restarts, signed=signed))
    stdout.print(presses(tally, f"{participants} took part"), soft_wrap=False)


async def _simulate(
    scenario: StudyScenario, tally: Tally, *, url: str, restarts: int, signed: bool
) -> None:
    async with AsyncExitStack() as stack:
        teams = await stack.enter_async_context(
            SimulatedTeams(url, app_id=APP_ID if signed else None)
        )
        if not url:
            bot = await stack.enter_async_context(BotProcess(_credentials(teams) if signed else {}))
            teams.bot_url = bot.url
            killer = asyncio.create_task(_kill(bot, restarts, Random(scenario.seed)))
            stack.callback(killer.cancel)
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, TimeElapsedColumn(), console=stdout) as progress:
            task = progress.add_task("Handed in", total=scenario.participants)
            await simulate_study(teams, scenario, tally, lambda _: progress.advance(task))


async def _kill(bot: BotProcess, times: int, random: Random) -> None:
    for _ in range(times):
        await asyncio.sleep(random.uniform(0.5, 2))
        await bot.kill()
        await bot.start()


def _credentials(teams: SimulatedTeams) -> dict[str, str]:
    return {
        "KOLLEGIAL_APP_ID": APP_ID,
        "KOLLEGIAL_APP_SECRET": "example-secret",
        "KOLLEGIAL_SERVER_KEY": "5e" * 32,
        "KOLLEGIAL_TENANT": EXAMPLE_TENANT,
        "KOLLEGIAL_OPENID_URL": teams.openid_url,
        "KOLLEGIAL_TOKEN_URL": teams.token_url,
    }
