"""What a simulation says in the end: that it could not go on, or how it went."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import typer
from rich.table import Table

from cli.streams import stderr
from simulation.cards import CannotPress
from simulation.hand import Lost, Tally
from simulation.study import percentile


@contextmanager
def told_why(who: str, remedy: str) -> Iterator[None]:
    """Ends the command with 1 where `who` could not go on, and says what they saw."""
    why = ""
    try:
        yield
    except* (Lost, CannotPress) as lost:
        why = f"{who} could not go on. {lost.exceptions[0]}\n{remedy}"
    except* aiohttp.ClientConnectorError as error:
        why = f"No bot answers: {error.exceptions[0]}. Start one, or leave --url out."
    except* TimeoutError:
        why = "The bot did not answer in time. kollegial doctor says whether it can run here."
    if why:
        stderr.print(why, markup=False)
        raise typer.Exit(1)


def presses(tally: Tally, title: str | None = None) -> Table:
    """How many, how quick, and what went wrong on purpose."""
    table = Table("what", "how much", title=title)
    table.add_row("presses answered", str(len(tally.seconds)))
    for percent in (50, 99):
        milliseconds = percentile(tally.seconds, percent) * 1000
        table.add_row(f"p{percent} of a press", f"{milliseconds:.0f} ms")
    for fault, times in sorted(tally.faults.items()):
        table.add_row(f"fault: {fault}", str(times))
    table.add_row("pressed again for want of an answer", str(tally.retries))
    return table
