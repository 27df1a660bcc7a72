"""The whole bench, of any size: `make bench` runs `FULL`, a test a tiny one."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from dialogs.studies.study import Study
from tests.bench import processes
from tests.bench.filling import prepare, prepare_at
from tests.bench.measuring import Contender, Figures, Round, side_by_side
from tests.bench.processes import Server
from tests.bench.sorting import Sorter, Writer
from tests.bench.teams import Teams
from tests.support.databases import drop_postgres_database, new_postgres_database

PRESSES_EACH = 3
"""What each of the many conversations does when memory is measured."""


CONTENDERS = ("Kollegial", "on PostgreSQL", "echo", "Agents SDK's echo")


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
    beside: list[tuple[str, ...]]
    """What is measured, of each of `CONTENDERS`."""
    wanted: list[Figure]


async def run(plan: Plan, folder: Path, server: str, tell: Callable[[str], None]) -> Outcome:
    """Measure everything, with databases in `folder` and on the PostgreSQL `server`.

    `tell` hears what is being done.
    """
    async with Teams().open() as teams:
        tell("Filling the databases")
        study = await prepare(folder / "few", plan.few)
        await prepare(folder / "many", plan.many)
        tell("Beside Microsoft's echoes, and on PostgreSQL")
        rounds, servers = await _beside_echoes(plan, teams, folder, server, study)
        tell(f"With {plan.few:,} and with {plan.many:,} drafts and submissions")
        few, many = await _few_and_many(plan, teams, folder, study)
        tell(f"{plan.conversations:,} conversations")
        resident = await _after_many_conversations(plan, teams, folder / "few", study)
    figures = [Figures.of(each) for each in rounds]
    kollegial, postgres, echo, agents = figures
    growth = _growth(few, many)
    cold_start = servers[0][1]
    return Outcome(
        beside=[
            ("turns a second", *(f"{each.rate:.0f}" for each in figures)),
            ("a turn, median", *(f"{each.p50:.0f} ms" for each in figures)),
            ("a turn, p99", *(f"{each.p99:.0f} ms" for each in figures)),
            ("processor time a turn", *(f"{each.processor:.1f} ms" for each in figures)),
            ("turns in all", *(f"{each.turns:,}" for each in figures)),
            ("requests to the connector", *(f"{each.requests:,}" for each in figures)),
            ("resident memory", *(f"{memory:.0f} MB" for memory, _ in servers)),
            ("started in", *(f"{started:.1f} s" for _, started in servers)),
        ],
        wanted=[
            _times("turns a second, beside the echo's", kollegial.rate / echo.rate, 10),
            _times("turns a second, beside the Agents SDK's", kollegial.rate / agents.rate, 1.5),
            _at_most("p99 of a turn, beside the median", kollegial.p99 / kollegial.p50, 2),
            _at_most(
                "processor time on PostgreSQL, beside SQLite",
                postgres.processor / kollegial.processor,
                1.3,
            ),
            Figure(
                "updates of cards, beside turns",
                "as many",
                f"{kollegial.requests:,}, {kollegial.turns:,}",
                kollegial.requests == kollegial.turns,
            ),
            _at_most(
                f"a turn with {plan.many:,} drafts and submissions, beside {plan.few:,}",
                growth,
                1.2,
            ),
            Figure(
                f"resident memory after {plan.conversations:,} conversations",
                "below 120 MB",
                f"{resident:.0f} MB",
                resident < 120,
            ),
            Figure("cold start", "below 1.5 s", f"{cold_start:.1f} s", cold_start < 1.5),
        ],
    )


def _times(name: str, measured: float, wanted: float) -> Figure:
    return Figure(name, f"{wanted:g} times", f"{measured:.1f}", measured >= wanted)


def _at_most(name: str, measured: float, wanted: float) -> Figure:
    return Figure(name, f"at most {wanted:g} times", f"{measured:.2f}", measured <= wanted)


async def _beside_echoes(
    plan: Plan, teams: Teams, folder: Path, server: str, study: Study
) -> tuple[list[Sequence[Round]], list[tuple[float, float]]]:
    """Rounds of each contender, resident MB, and the seconds until it answered."""
    async with AsyncExitStack() as stack:
        urls = [await new_postgres_database(server) for _ in range(2)]
        for url in urls:
            stack.push_async_callback(drop_postgres_database, server, url)
        await prepare_at(folder, *urls)
        settings = {"KOLLEGIAL_DATABASE_URL": urls[0], "KOLLEGIAL_URN_URL": urls[1]}
        mine = [
            await stack.enter_async_context(processes.kollegial(teams, folder / "few")),
            await stack.enter_async_context(processes.kollegial_on(teams, settings)),
        ]
        theirs = [
            await stack.enter_async_context(start(teams))
            for start in (processes.echo, processes.agents)
        ]
        contenders = [await _sorting(plan, teams, each, study) for each in mine]
        for each in theirs:
            writers = [
                Writer(teams, await each.client(), f"writer-{n}") for n in range(plan.at_once)
            ]
            contenders.append(Contender(each, writers))
        rounds = await side_by_side(teams, contenders, plan.rounds, plan.seconds)
        return rounds, [(each.memory(), each.started) for each in (*mine, *theirs)]


async def _few_and_many(
    plan: Plan, teams: Teams, folder: Path, study: Study
) -> tuple[Sequence[Round], Sequence[Round]]:
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
        return with_few, with_many


def _growth(few: Sequence[Round], many: Sequence[Round]) -> float:
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
