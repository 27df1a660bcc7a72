"""The whole bench, of any size: `make bench` runs `FULL`, a test a tiny one."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from dialogs.study import Study
from tests.bench import processes
from tests.bench.filling import prepare
from tests.bench.measuring import Contender, Figures, Round, side_by_side
from tests.bench.processes import Server
from tests.bench.sorting import Sorter, Writer
from tests.bench.teams import Teams

PRESSES_EACH = 3
"""What each of the many conversations does when memory is measured."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done."""

    at_once: int
    rounds: int
    """Of each contender."""
    seconds: float
    """Of each round."""
    few: int
    """Drafts and submissions in the urn, together."""
    many: int
    conversations: int


FULL = Plan(at_once=50, rounds=6, seconds=5, few=100, many=100_000, conversations=10_000)


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    wanted: str
    measured: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    beside: list[tuple[str, str, str]]
    """What is measured, of Kollegial and of the echo."""
    wanted: list[Figure]


async def run(plan: Plan, folder: Path, tell: Callable[[str], None]) -> Outcome:
    """Measure everything, with databases in `folder`; `tell` hears what is being done."""
    async with Teams().open() as teams:
        tell("Filling the databases")
        study = await prepare(folder / "few", plan.few)
        await prepare(folder / "many", plan.many)
        tell("Beside the SDK's echo")
        mine, theirs, memories = await _beside_echo(plan, teams, folder / "few", study)
        tell(f"With {plan.few:,} and with {plan.many:,} drafts and submissions")
        few, many = await _few_and_many(plan, teams, folder, study)
        tell(f"{plan.conversations:,} conversations")
        resident = await _after_many_conversations(plan, teams, folder / "few", study)
    kollegial, echo = Figures.of(mine), Figures.of(theirs)
    faster, growth = kollegial.rate / echo.rate, _growth(few, many)
    return Outcome(
        beside=[
            ("turns a second", f"{kollegial.rate:.0f}", f"{echo.rate:.0f}"),
            ("a turn, median", f"{kollegial.p50:.0f} ms", f"{echo.p50:.0f} ms"),
            ("a turn, p99", f"{kollegial.p99:.0f} ms", f"{echo.p99:.0f} ms"),
            (
                "processor time a turn",
                f"{kollegial.processor:.1f} ms",
                f"{echo.processor:.1f} ms",
            ),
            ("turns in all", f"{kollegial.turns:,}", f"{echo.turns:,}"),
            ("requests to the connector", f"{kollegial.requests:,}", f"{echo.requests:,}"),
            ("resident memory", f"{memories[0]:.0f} MB", f"{memories[1]:.0f} MB"),
        ],
        wanted=[
            Figure("turns a second, beside the echo's", "5 times", f"{faster:.1f}", faster >= 5),
            Figure(
                "p99 of a turn, beside the echo's median",
                "below it",
                f"{kollegial.p99:.0f} ms, {echo.p50:.0f} ms",
                kollegial.p99 < echo.p50,
            ),
            Figure(
                "updates of cards, beside turns",
                "as many",
                f"{kollegial.requests:,}, {kollegial.turns:,}",
                kollegial.requests == kollegial.turns,
            ),
            Figure(
                f"a turn with {plan.many:,} drafts and submissions, beside {plan.few:,}",
                "at most 1.2 times",
                f"{growth:.2f}",
                growth <= 1.2,
            ),
            Figure(
                f"resident memory after {plan.conversations:,} conversations",
                "below 150 MB",
                f"{resident:.0f} MB",
                resident < 150,
            ),
        ],
    )


async def _beside_echo(
    plan: Plan, teams: Teams, folder: Path, study: Study
) -> tuple[list[Round], list[Round], tuple[float, float]]:
    async with processes.kollegial(teams, folder) as bot, processes.echo(teams) as echo:
        writers = [Writer(teams, await echo.client(), f"writer-{n}") for n in range(plan.at_once)]
        contenders = await _sorting(plan, teams, bot, study), Contender(echo, writers)
        mine, theirs = await side_by_side(teams, contenders, plan.rounds, plan.seconds)
        return [*mine], [*theirs], (bot.memory(), echo.memory())


async def _few_and_many(
    plan: Plan, teams: Teams, folder: Path, study: Study
) -> tuple[list[Round], list[Round]]:
    async with AsyncExitStack() as stack:
        few, many = [
            await stack.enter_async_context(processes.kollegial(teams, folder / name))
            for name in ("few", "many")
        ]
        contenders = (
            await _sorting(plan, teams, few, study),
            await _sorting(plan, teams, many, study),
        )
        with_few, with_many = await side_by_side(
            teams, contenders, 2 * plan.rounds, plan.seconds / 2
        )
        return [*with_few], [*with_many]


def _growth(few: list[Round], many: list[Round]) -> float:
    """How much longer a turn takes with many: the median of neighbouring rounds' quotients."""
    return median(
        (b.seconds / len(b.turns)) / (a.seconds / len(a.turns))
        for a, b in zip(few, many, strict=True)
    )


async def _sorting(plan: Plan, teams: Teams, server: Server, study: Study) -> Contender:
    seats = [
        Sorter(teams, await server.client(), f"sorter-{n}", study) for n in range(plan.at_once)
    ]
    return Contender(server, seats)


async def _after_many_conversations(plan: Plan, teams: Teams, folder: Path, study: Study) -> float:
    """MB that are resident once so many people have begun and pressed a few times."""
    people = iter(range(plan.conversations))
    async with processes.kollegial(teams, folder) as bot:

        async def one_after_the_other() -> None:
            client = await bot.client()
            for person in people:
                sorter = Sorter(teams, client, f"person-{person}", study)
                for _ in range(PRESSES_EACH):
                    await sorter.turn()

        await asyncio.gather(*(one_after_the_other() for _ in range(plan.at_once)))
        return bot.memory()
