"""The command `kollegial simulate rehearsal`: somebody leads a method alone, to its end."""

import asyncio
import logging
from typing import Annotated

import typer

from bot.operation import logs
from bot.sessions.methods import shipped
from cli.simulate.report import told_why
from cli.simulate.talk import AT_WORK, FAULTS, tell
from dialogs.sessions.rehearsing import can_be, most
from simulation.colleagues import RehearsalScenario, simulate_rehearsal
from simulation.hand import Faults, Tally
from simulation.loopback import loopback
from simulation.people import TalkPlayed


def simulate(
    method: Annotated[str, typer.Argument(help="The method's id; see kollegial method list.")],
    *,
    members: Annotated[int, typer.Option(help="How many there are; 0 as the method wants.")] = 0,
    faults: Annotated[
        bool, typer.Option("--faults", help="Doubles, redeliveries, old presses, lost answers.")
    ] = False,
    restarts: Annotated[
        bool, typer.Option("--restarts", help="Start the bot anew in every part.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed, the same faults.")] = 1,
) -> None:
    """Let somebody rehearse a method in their own chat, with the invented members of the bot.

    Ends with 1 where a card stands below the panel, or what was written is there in the end.
    """
    logs.configure(logging.ERROR)
    known = {each.id: each for each in shipped()}
    if method not in known:
        raise typer.BadParameter(f"There is no method {method}. There are {', '.join(known)}.")
    if not can_be(known[method], members):
        raise typer.BadParameter(f"There can be from 2 to {most(known[method])} in {method}.")
    title, tally = known[method].title["nb"], Tally()
    scenario = RehearsalScenario(title, members, seed, FAULTS if faults else Faults(), restarts)
    with told_why("Who rehearses", f"See: kollegial method show {method}"):
        played = asyncio.run(_simulate(scenario, tally))
    tell(played, tally, "The rehearsal")


async def _simulate(scenario: RehearsalScenario, tally: Tally) -> TalkPlayed:
    async with loopback(AT_WORK) as (bot, teams):
        return await simulate_rehearsal(bot, teams, scenario, tally)
