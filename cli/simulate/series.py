"""The command `kollegial simulate series`: the weeks of a group as a printed timeline."""

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from bot.operation import logs
from bot.ui.zones import zone_named
from cli.streams import stdout
from dialogs.groups.working_hours import is_working_day
from simulation.series import (
    INTERVAL,
    MEETINGS,
    Course,
    Line,
    SeriesScenario,
    faults,
    simulate_series,
)

FIRST_YEAR, LAST_YEAR = 2000, 2099


def day(text: str | date) -> date:
    """What was written, or the default."""
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day. Write for instance 2027-03-16.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise typer.BadParameter(
            f"Choose a day from {FIRST_YEAR} to {LAST_YEAR}, for instance 2027-03-16."
        )
    return day


def simulate(
    *,
    first: Annotated[
        date,
        typer.Option(
            parser=day,
            metavar="DATE",
            help="The day of the first of three meetings, at nine o'clock. "
            "The default has Easter and the change of clocks in its way.",
        ),
    ] = date(2027, 3, 16),
    zone: Annotated[str, typer.Option(help="By whose clock the group meets.")] = "Europe/Oslo",
    seed: Annotated[int, typer.Option(help="The same seed, the same people do the same.")] = 1,
    stop: Annotated[
        bool, typer.Option("--stop", help="The bot is down for a week in the middle.")
    ] = False,
) -> None:
    """Let a group meet three times: planned, signed up for, changed, and reminded of.

    The real bot runs on loopback with databases of its own, and a clock that goes from one due
    time to the next. The exit code is 1 where somebody got too much, too early, or not at all.
    """
    known = zone_named(zone)
    if known is None:
        raise typer.BadParameter(f"{zone} is no IANA time zone. One is Europe/Oslo.")
    if not all(map(is_working_day, (first, first + (MEETINGS - 1) * INTERVAL))):
        raise typer.BadParameter(
            "The first or the last meeting would be on a weekend or a public holiday, when nobody "
            "is reminded. Try --first 2027-03-16."
        )
    logs.configure(logging.ERROR)
    scenario = SeriesScenario(first, known, seed, stop)
    with tempfile.TemporaryDirectory() as folder:
        course = asyncio.run(simulate_series(scenario, Path(folder)))
    stdout.print(timeline(course, known), soft_wrap=False)
    if found := faults(course):
        stdout.print("\n".join(found), markup=False)
        raise typer.Exit(1)
    reminders = sum(line.reminder is not None for line in course.lines)
    stdout.print(f"{reminders} reminders: each in time, none twice, and no day with too many.")


def timeline(course: Course, zone: ZoneInfo) -> Table:
    """What happened when; those who got the same at the same time share a line."""
    table = Table("local time", "who", "", "what", title="The weeks of a group")
    for at, who, line in _together(course.lines):
        when = f"{at:%a %d %b %Y %H:%M}"
        if line.zone != zone:
            when += f" ({at:%Z})"
        sign = "→" if line.what == "does" else "←"
        table.add_row(when, who, sign, shorten(line.text, 110, placeholder=" …"))
    return table


def _together(lines: list[Line]) -> Iterator[tuple[datetime, str, Line]]:
    for at, same_time in groupby(lines, key=lambda line: line.at):
        del at
        alike: dict[tuple[object, ...], list[Line]] = {}
        for line in same_time:
            alike.setdefault((line.what, line.text, line.zone), []).append(line)
        for group in alike.values():
            names = dict.fromkeys(line.who for line in group)
            yield group[0].local, ", ".join(names), group[0]
