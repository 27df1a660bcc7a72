"""The command `kollegial simulate office`: a random office's year, held against the guides."""

import asyncio
import logging
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.operation import logs
from cli.simulate.series import day
from cli.streams import stdout
from simulation.office.history import History
from simulation.office.playing import OfficeScenario, simulate_office
from simulation.office.rules import RULES, faults


def simulate(
    *,
    people: Annotated[int, typer.Option(min=6, max=100, help="How many work there.")] = 40,
    days: Annotated[int, typer.Option(min=20, max=800, help="For how long they do.")] = 365,
    first: Annotated[
        str, typer.Option(metavar="DATE", help="The first day.", show_default=True)
    ] = "2027-01-04",
    seed: Annotated[int, typer.Option(help="The same seed, the same people do the same.")] = 1,
    offices: Annotated[
        int, typer.Option(min=1, help="So many offices, one after the other, from that seed on.")
    ] = 1,
) -> None:
    """Let a random office use Kollegial for a year, and hold all it got against the guides.

    Groups are planned, moved, called off and ended; people come and go, wait in line, take
    pauses, put off and switch off; sessions are held at once or over days; times are offered; the
    bot is started anew, falls out, and its clock jumps. The bot is the real one, the clock is
    not. A year of 40 people takes some minutes. Ends with 1 where a sentence was not kept.
    """
    logs.configure(logging.ERROR)
    found = 0
    for each in range(seed, seed + offices):
        scenario = OfficeScenario(each, people, day(first), days)
        with tempfile.TemporaryDirectory() as folder:
            history = asyncio.run(simulate_office(scenario, Path(folder)))
        stdout.print(_summary(scenario, history), soft_wrap=False)
        broken = faults(history)
        stdout.print("\n".join(broken), markup=False)
        found += len(broken)
    if found:
        raise typer.Exit(1)
    kept = len({rule.sentence for rule in RULES})
    stdout.print(f"All {kept} sentences of the guides on time were kept.")


def _summary(scenario: OfficeScenario, history: History) -> Table:
    table = Table("message", "how many", title=f"Office {scenario.seed}")
    kinds = Counter(part.kind for told in history.told for part in told.parts)
    for kind, times in kinds.most_common():
        table.add_row(kind, str(times))
    table.add_row("messages, all in all", str(len(history.told)))
    return table
