"""The command `kollegial simulate questionnaire`: many people answer, through the real endpoint."""

import asyncio
from contextlib import AsyncExitStack
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.simulate.report import presses, told_why
from cli.streams import stdout
from simulation.hand import Faults, Tally
from simulation.process import BotProcess
from simulation.questionnaire import HandedIn, QuestionnaireScenario, simulate_questionnaire
from simulation.teams import SimulatedTeams


def simulate(
    questionnaire: Annotated[str, typer.Argument(help="The questionnaire's id.")],
    after: Annotated[str, typer.Argument(help="The id of the form after, if there is one.")] = "",
    *,
    participants: Annotated[int, typer.Option(min=1, help="How many take part.")] = 16,
    seed: Annotated[int, typer.Option(help="The same seed, the same answers.")] = 1,
    at_once: Annotated[int, typer.Option(min=1, help="How many answer at the same time.")] = 8,
    faults: Annotated[
        bool, typer.Option("--faults", help="Double presses, redeliveries and old presses.")
    ] = False,
    url: Annotated[
        str, typer.Option(help="A bot that runs already, such as make run's. Else one is started.")
    ] = "",
) -> None:
    """Let simulated participants answer a questionnaire, and come back to the form after.

    To the form after, three in ten bring a mistyped code, somebody else's, or none. The
    databases are those of KOLLEGIAL_DATABASE_URL and KOLLEGIAL_URN_URL; the forms must be open
    there. Ends with 1 where anybody was paired with an answer that is not theirs.
    """
    pests = Faults(double=0.1, redelivered=0.1, stale=0.05) if faults else Faults()
    scenario = QuestionnaireScenario(questionnaire, after, participants, seed, at_once, pests)
    tally = Tally()
    named = f"{questionnaire} and {after}" if after else questionnaire
    with told_why("A participant", f"Is {named} open? See: kollegial questionnaire list"):
        answers = asyncio.run(_simulate(scenario, tally, url))
    stdout.print(_summary(scenario, answers, tally), soft_wrap=False)
    if answers.wrong:
        raise typer.Exit(1)


async def _simulate(scenario: QuestionnaireScenario, tally: Tally, url: str) -> HandedIn:
    async with AsyncExitStack() as stack:
        teams = await stack.enter_async_context(SimulatedTeams(url))
        if not url:
            bot = await stack.enter_async_context(BotProcess())
            teams.bot_url = bot.url
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, TimeElapsedColumn(), console=stdout) as progress:
            rounds = 2 if scenario.after else 1
            task = progress.add_task("Handed in", total=rounds * scenario.participants)
            return await simulate_questionnaire(
                teams, scenario, tally, lambda _: progress.advance(task)
            )


def _summary(scenario: QuestionnaireScenario, answers: HandedIn, tally: Tally) -> Table:
    table = presses(tally, f"{scenario.participants} took part")
    if scenario.after:
        table.add_row("paired with another's answer", str(answers.wrong))
        lost = answers.lost
        for kept, times in sorted(lost.items()):
            table.add_row(f"not paired, code {kept}", str(times))
        share = 100 * lost.total() / scenario.participants
        table.add_row("not paired, of all", f"{share:.0f} %")
    return table
