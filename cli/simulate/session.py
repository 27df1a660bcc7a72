"""The command `kollegial simulate session`: a group meets, through the bot's real endpoint."""

import asyncio
import os
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from bot.sessions.methods import shipped
from cli.simulate.report import presses, told_why
from cli.streams import stdout
from dialogs.sessions.state import MOST_MEMBERS, Pace
from simulation.hand import Faults, Tally
from simulation.process import BotProcess
from simulation.questionnaire import open_shipped
from simulation.session import SessionPlayed, SessionScenario, SimulatedGroup
from simulation.teams import SimulatedTeams
from storage.operational.store import Operational
from storage.urn.store import Urn

LEADER = "Fasilitator Eksempel"
FAULTS = Faults(double=0.1, redelivered=0.1, stale=0.05)
MAX_UNASKED = 3
"""Personal messages to a member outside their own actions."""


def simulate(
    method: Annotated[str, typer.Argument(help="The method's id; see kollegial method list.")],
    *,
    members: Annotated[int, typer.Option(min=1, max=MOST_MEMBERS, help="How many take part.")] = 6,
    channel: Annotated[
        bool, typer.Option("--channel", help="In a thread of a channel, not in a group chat.")
    ] = False,
    days: Annotated[bool, typer.Option("--days", help="Over days, not live.")] = False,
    faults: Annotated[
        bool, typer.Option("--faults", help="Double presses, redeliveries and old presses.")
    ] = False,
    restarts: Annotated[
        bool, typer.Option("--restarts", help="Kill the bot and start it again in every phase.")
    ] = False,
    dropouts: Annotated[
        bool,
        typer.Option("--dropouts", help="A member leaves, and so does the facilitator."),
    ] = False,
    co_leader: Annotated[
        bool, typer.Option("--co-leader", help="Two lead, and the second when the first is gone.")
    ] = False,
    ill: Annotated[
        bool, typer.Option("--ill", help="All but one leave, of a method that goes on with one.")
    ] = False,
    observer: Annotated[
        bool, typer.Option("--observer", help="Somebody observes for research, if the method may.")
    ] = False,
    late: Annotated[int, typer.Option(min=0, max=12, help="So many come at once, late.")] = 0,
    silent: Annotated[
        bool, typer.Option("--silent", help="Every other member never writes.")
    ] = False,
    longwinded: Annotated[
        bool, typer.Option("--longwinded", help="One tries to send 20,000 characters in each part.")
    ] = False,
    takes_out: Annotated[
        bool, typer.Option("--takes-out", help="Whoever leads takes out a text that is shown.")
    ] = False,
    summary: Annotated[
        str, typer.Option(help="A summary is asked for: all say yes, or one says no.")
    ] = "",
    seed: Annotated[int, typer.Option(help="The same seed, the same faults.")] = 1,
) -> None:
    """Let a simulated group hold a whole session, with a bot and databases of its own.

    They read the cards and press the buttons as people in Teams do. Ends with 1 where the
    session did not: a phase with more than one card, more than three messages that a
    member did not ask for, what was written in a talk with one on a card of the group, or a
    text that is read in another small group than it was written in.
    """
    known = {each.id: each for each in shipped(os.environ.get("KOLLEGIAL_METHODS", ""))}
    if method not in known:
        raise typer.BadParameter(f"There is no method {method}. There are {', '.join(known)}.")
    sheet = known[method].observer
    if members + late > known[method].room:
        raise typer.BadParameter(f"{method} has room for {known[method].room}.")
    if observer and not sheet:
        raise typer.BadParameter(f"{method} has no form for an observer. Leave --observer out.")
    if (members == 1 or ill) and not known[method].frame.with_one:
        raise typer.BadParameter(f"{method} does not go on with one. Let two or more take part.")
    pace: Pace = "days" if days else "live"
    scenario = SessionScenario(
        method,
        members,
        "channel" if channel else "group chat",
        pace,
        seed,
        FAULTS if faults else Faults(),
        leaver=dropouts,
        dropout=dropouts,
        co_leader=co_leader,
        ill=ill,
        observer=observer,
        owner=known[method].led_by == "owner",
        late=late,
        silent=silent,
        longwinded=longwinded,
        takes_out=takes_out,
        summary=_answer(summary),
    )
    tally = Tally()
    with told_why("The group", f"See: kollegial method show {method}"):
        outcome = asyncio.run(_simulate(scenario, tally, sheet, restarts=restarts))
    stdout.print(_course(outcome), _summary(tally, outcome), soft_wrap=False)
    if faults_of(outcome):
        stdout.print("\n".join(faults_of(outcome)), markup=False)
        raise typer.Exit(1)


def _answer(word: str) -> Literal["", "yes", "no"]:
    match word:
        case "" | "yes" | "no":
            return word
    raise typer.BadParameter(f"{word} is no answer to a summary. There are yes and no.")


async def _simulate(
    scenario: SessionScenario, tally: Tally, sheet: str, *, restarts: bool
) -> SessionPlayed:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        teams = await stack.enter_async_context(SimulatedTeams(""))
        leader = teams.user(LEADER)
        settings = {
            "KOLLEGIAL_DATABASE_URL": f"sqlite:///{folder}/kollegial.db",
            "KOLLEGIAL_URN_URL": f"sqlite:///{folder}/urn.db",
            "KOLLEGIAL_ADMINISTRATOR": leader.id,
            "KOLLEGIAL_SERVER_KEY": "5e" * 32,
        }
        if scenario.observer:
            await _open(sheet, folder, settings)
        bot = await stack.enter_async_context(BotProcess(settings))
        teams.bot_url = bot.url

        async def restart() -> None:
            await bot.kill()
            await bot.start()

        circle = SimulatedGroup(teams, leader, scenario, tally, restart if restarts else None)
        return await circle.meet()


async def _open(sheet: str, folder: Path, settings: Mapping[str, str]) -> None:
    """The shipped form of an observer, with a key that is gone when the session is over."""
    operational = await Operational.open(settings["KOLLEGIAL_DATABASE_URL"])
    urn = await Urn.open(settings["KOLLEGIAL_URN_URL"])
    today = datetime.now(UTC).date()
    await open_shipped(sheet, (operational, urn), folder, LEADER, today)
    await urn.close()
    await operational.close()


def faults_of(outcome: SessionPlayed) -> list[str]:
    """What a session must not do, where it did."""
    doubled = [f"{count} cards: {title}" for title, count in outcome.cards.items() if count > 1]
    nagged = [
        f"{count} messages that {member} did not ask for"
        for member, count in outcome.unasked.items()
        if count > MAX_UNASKED + outcome.apart
    ]
    overheard = [
        f"what one wrote alone is on a card of the group: {title}"
        for title in outcome.of_one
        if any(f"om «{title}»" in text for read in outcome.shown.values() for text in read)
    ]
    return [*outcome.faults, *doubled, *nagged, *overheard, *sorted(outcome.leaks)]


def _course(outcome: SessionPlayed) -> Table:
    table = Table("phase", "what the group read", title="The session")
    for title in outcome.phases:
        table.add_row(title, "\n".join(sorted(outcome.shown.get(title, ()))))
    return table


def _summary(tally: Tally, outcome: SessionPlayed) -> Table:
    table = presses(tally)
    most = max(outcome.unasked.values(), default=0)
    table.add_row("most messages unasked for, to one", str(most))
    return table
