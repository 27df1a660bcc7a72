"""The command `kollegial simulate half-year`: what comes back to people, and for how long."""

import asyncio
import logging
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bot.operation import logs
from cli.simulate.report import presses, told_why
from cli.simulate.talk import FAULTS
from cli.streams import stdout
from simulation.half_year import (
    WRITTEN_ON,
    HalfYearPlayed,
    HalfYearScenario,
    simulate_half_year,
)
from simulation.hand import Faults, Tally
from simulation.loopback import loopback


def simulate(
    method: Annotated[
        str, typer.Argument(help="The method's id: one where everyone writes to themselves.")
    ],
    *,
    faults: Annotated[
        bool, typer.Option("--faults", help="Doubles, redeliveries, old presses, lost answers.")
    ] = False,
    restarts: Annotated[
        bool, typer.Option("--restarts", help="Start the bot anew between all that happens.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed, the same faults.")] = 1,
) -> None:
    """Let four groups meet, with somebody who is in all of them, until nothing of it is left.

    A questionnaire is tied to the groups, notes come back with reminders, and are there half a
    year later. The bot, its databases and its clock are its own. Ends with 1 where somebody was
    asked or reminded too often, lost a note or read another's, or a table holds what should be
    gone.
    """
    logs.configure(logging.ERROR)
    tally = Tally()
    pests = FAULTS if faults else Faults()
    scenario = HalfYearScenario(method, seed=seed, faults=pests, restarts=restarts)
    with told_why("Somebody in a group", "What it is like: kollegial simulate series"):
        played = asyncio.run(_simulate(scenario, tally))
    stdout.print("\n".join(played.steps), markup=False)
    stdout.print(presses(tally), soft_wrap=False)
    if played.faults:
        stdout.print("\n".join(played.faults), markup=False)
        raise typer.Exit(1)


async def _simulate(scenario: HalfYearScenario, tally: Tally) -> HalfYearPlayed:
    with tempfile.TemporaryDirectory() as folder:
        async with loopback(WRITTEN_ON) as (bot, teams):
            return await simulate_half_year(bot, teams, scenario, tally, Path(folder))
