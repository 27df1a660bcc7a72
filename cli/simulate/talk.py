"""The command `kollegial simulate talk`: a colleague is asked for five minutes, and helps."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Annotated, get_args

import typer
from rich.table import Table

from bot.operation import logs
from cli.simulate.report import presses, told_why
from cli.streams import stdout
from dialogs.groups.colleagues import MOST_ASKED as MOST_AT_ONCE
from simulation.colleagues import (
    Answer,
    AskingScenario,
    simulate_asking,
    simulate_asking_at_once,
)
from simulation.hand import Faults, Tally
from simulation.loopback import loopback
from simulation.people import TalkPlayed

AT_WORK = datetime(2027, 1, 12, 9, tzinfo=UTC)
"""A Tuesday at ten in Oslo: somebody who is not at work cannot be asked."""
FAULTS = Faults(double=0.1, redelivered=0.1, stale=0.05, lost=0.1)
ANSWERS: tuple[Answer, ...] = get_args(Answer)
MOST_ASKED = 2


def simulate(
    answers: Annotated[
        list[str] | None,
        typer.Argument(help="What each answers: yes, no, later, silent or gone."),
    ] = None,
    *,
    words: Annotated[str, typer.Option(help="What is written to ask.")] = "fem minutter",
    faults: Annotated[
        bool, typer.Option("--faults", help="Doubles, redeliveries, old presses, lost answers.")
    ] = False,
    restarts: Annotated[
        bool, typer.Option("--restarts", help="Start the bot anew after each answer and part.")
    ] = False,
    at_once: Annotated[
        bool,
        typer.Option(
            "--at-once",
            help="As many ask one colleague at the same moment, who answers each of them.",
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed, the same faults.")] = 1,
) -> None:
    """Let somebody ask one or two colleagues from their own chat, and talk to who says yes.

    With --at-once up to three ask the same colleague, each from their own chat. The bot and its
    databases are its own, and its clock stands at ten on a Tuesday. Ends with 1 where somebody
    is not reminded, or sees in the end what another wrote.
    """
    logs.configure(logging.ERROR)
    scenario = AskingScenario(
        words,
        tuple(map(_answer, answers or ["yes"])),
        seed,
        FAULTS if faults else Faults(),
        restarts,
        at_once,
    )
    if at_once and (len(scenario.answers) > MOST_AT_ONCE or "gone" in scenario.answers):
        raise typer.BadParameter("One to three can ask at once. For instance: no later yes")
    if not at_once and len(scenario.answers) > MOST_ASKED:
        raise typer.BadParameter("One or two can be asked. For instance: no yes")
    tally = Tally()
    with told_why("A colleague", "What it is like: kollegial method list"):
        played = asyncio.run(_simulate(scenario, tally))
    tell(played, tally, "The talk")


def _answer(word: str) -> Answer:
    for each in ANSWERS:
        if each == word:
            return each
    raise typer.BadParameter(f"{word} is no answer. There are {', '.join(ANSWERS)}.")


async def _simulate(scenario: AskingScenario, tally: Tally) -> TalkPlayed:
    async with loopback(AT_WORK) as (bot, teams):
        leader = teams.user("Anne Fasilitator")
        await bot.let_facilitate(leader.id)
        play = simulate_asking_at_once if scenario.at_once else simulate_asking
        return await play(bot, teams, leader, scenario, tally)


def tell(played: TalkPlayed, tally: Tally, title: str) -> None:
    """What happened; ends the command with 1 where something must not be."""
    table = Table("part", title=title)
    for part in played.phases:
        table.add_row(part)
    stdout.print(table, presses(tally), soft_wrap=False)
    stdout.print(played.ended, markup=False)
    if played.faults:
        stdout.print("\n".join(played.faults), markup=False)
        raise typer.Exit(1)
