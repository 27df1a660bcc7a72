"""`kollegial bench`: the page that is served while the command runs."""

import asyncio
import signal
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from cli.options import filled
from cli.sorts import Chosen, Reading, refusing, remark, size_of
from cli.streams import say
from research import by_hand
from research.analysis import Flags as Marks
from research.analysis.number import parallel_analysis
from research.analysis.rotation import Judgment
from research.analysis.solution import Choices, Rotation, recommend
from research.bench.bench import Bench
from research.bench.server import Server
from research.bench.wanted import AnalyseCommand, Wanted, Words
from research.dataset import Dataset
from research.findings import check
from research.notes import FactorNotes

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)


@app.command()
@filled(reading=Reading, chosen=Chosen)
def bench(
    reading: Reading,
    chosen: Chosen,
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="Where what you save is put. Left out: beside FILE, named after it."),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="On loopback; 0 takes a free one.")
    ] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Rotate factors by eye and flag sorts by a click. The page is served by this machine.

    Nothing leaves the machine, nothing is written but what you save, and the page ends with
    this command. The choices begin as the options say, which are those of analyse.
    """
    with refusing():
        open_bench(reading, chosen, out, port=port, browser=browser)


def open_bench(
    reading: Reading, chosen: Chosen, out: Path | None, *, port: int = 0, browser: bool = True
) -> None:
    """Serve the bench until it is ended. Raises what reading and analysing the sorts raises."""
    data, taken_for = reading.sorts()
    check(data)
    begin = _beginning(chosen, data)
    source = reading.source.absolute()
    command = AnalyseCommand(
        str(source), reading.typed(), reading.left_out, reading.language.value, chosen.seed
    )
    place = out or source.with_name(f"{source.stem}-bench")
    made = Bench(reading.sorts, command, place.absolute(), begin)
    made.step(begin)
    say(f"{reading.source.name}: {taken_for}, {size_of(data)}.")
    remark(data)
    asyncio.run(_serve(Server(made), port, browser=browser))
    say("The bench has ended.")


async def _serve(server: Server, port: int, *, browser: bool) -> None:
    ended = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Also where whoever started us ignores them: the bench ends with its terminal.
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    await server.start(port)
    try:
        say(f"The bench is at {server.address}")
        say("It ends with this command: press Ctrl+C.")
        if browser:
            webbrowser.open(server.address)
        await ended.wait()
    finally:
        await server.stop()


def _beginning(chosen: Chosen, data: Dataset) -> Wanted:
    begin = Wanted(
        factors=chosen.factors or 1,
        extraction=chosen.extraction.value,
        compat=chosen.numbers_of,
        level=chosen.level,
        rule=chosen.flag_rule.value,
        split=chosen.split_bipolar,
    )
    begin = _turned(begin, chosen.turns())
    begin = _flagged(begin, chosen.marks(data.names), data, chosen.factors)
    begin = _noted(begin, chosen.notes())
    if chosen.factors is None and begin.flags is None:
        begin = begin.model_copy(update={"factors": _recommended(data, begin, chosen.seed)})
    return begin


def _turned(begin: Wanted, rotation: Rotation) -> Wanted:
    if not isinstance(rotation, Judgment):
        return begin.model_copy(update={"base": rotation})
    turns = tuple((turn.first, turn.second, turn.degrees) for turn in rotation.turns)
    base = "varimax" if rotation.after_varimax else "none"
    return begin.model_copy(update={"base": base, "turns": turns})


def _flagged(begin: Wanted, marked: Marks | None, data: Dataset, factors: int | None) -> Wanted:
    if marked is None:
        return begin
    by_name = {
        name: tuple(f for f, mark in enumerate(row) if mark)
        for name, row in zip(data.names, marked.tolist(), strict=True)
        if any(row)
    }
    return begin.model_copy(update={"factors": by_hand.agreed(factors, marked), "flags": by_name})


def _noted(begin: Wanted, notes: FactorNotes) -> Wanted:
    words = {
        factor: Words(name=note.name, text=note.text) for factor, note in notes.factors.items()
    }
    return begin.model_copy(update={"reason": notes.reason, "words": words})


def _recommended(data: Dataset, begin: Wanted, seed: int) -> int:
    sorts = data.values()
    least = max((1 + max(turn[:2]) for turn in begin.turns), default=1)
    choices = Choices(1, begin.extraction, level=begin.level, flag_rule=begin.rule)
    return max(least, recommend(sorts, parallel_analysis(sorts, seed), choices).factors)
