"""The command `kollegial simulate panel`: cases for a panel, from the queue to how it went."""

import asyncio
import logging
from typing import Annotated

import typer

from bot.operation import logs
from cli.simulate.report import told_why
from cli.simulate.talk import AT_WORK, FAULTS, tell
from dialogs.groups.cases import MOST_CASES
from simulation.hand import Faults, Tally
from simulation.loopback import loopback
from simulation.panel import PanelScenario, simulate_panel
from simulation.people import TalkPlayed


def simulate(
    cases: Annotated[int, typer.Argument(min=1, max=MOST_CASES, help="How many bring a case.")] = 4,
    *,
    faults: Annotated[
        bool, typer.Option("--faults", help="Doubles, redeliveries, old presses, lost answers.")
    ] = False,
    restarts: Annotated[
        bool, typer.Option("--restarts", help="Start the bot anew after each case.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed, the same faults.")] = 1,
) -> None:
    """Let colleagues bring cases to a panel that meets three times, and play it to its end.

    Ends with 1 where the panel sees whose a case is, somebody is not told or reminded, the meeting
    is not about the case, or anything of the queue is left.
    """
    logs.configure(logging.ERROR)
    scenario = PanelScenario(cases, seed, FAULTS if faults else Faults(), restarts)
    tally = Tally()
    with told_why("A colleague", "What it is like: kollegial method list"):
        played = asyncio.run(_simulate(scenario, tally))
    tell(played, tally, "The panel")


async def _simulate(scenario: PanelScenario, tally: Tally) -> TalkPlayed:
    async with loopback(AT_WORK) as (bot, teams):
        leader = teams.user("Anne Fasilitator")
        await bot.let_facilitate(leader.id)
        return await simulate_panel(bot, teams, leader, scenario, tally)
