"""What is measured, and how: turns, in rounds, of which medians are taken."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Protocol

from simulation.study import percentile
from tests.bench.processes import Server
from tests.bench.teams import Teams


class Seat(Protocol):
    """A conversation that can go on for ever."""

    async def turn(self) -> float:
        """Take a turn; how many seconds it took."""


@dataclass(frozen=True, slots=True)
class Contender:
    server: Server
    seats: Sequence[Seat]


@dataclass(frozen=True, slots=True)
class Round:
    """One contender at work, some seconds long."""

    seconds: float
    processor: float
    """Seconds that the server's process was at work."""
    turns: Sequence[float]
    """How long each took, in seconds."""
    requests: int
    """What the connector got meanwhile."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Several rounds, each figure as the median of the rounds'."""

    rate: float
    """Turns a second."""
    p50: float
    """Milliseconds of a turn."""
    p99: float
    processor: float
    """Milliseconds of processor time a turn."""
    turns: int
    """In all rounds."""
    requests: int

    @classmethod
    def of(cls, rounds: Sequence[Round]) -> "Figures":
        return cls(
            rate=median(len(each.turns) / each.seconds for each in rounds),
            p50=median(1000 * percentile(each.turns, 50) for each in rounds),
            p99=median(1000 * percentile(each.turns, 99) for each in rounds),
            processor=median(1000 * each.processor / len(each.turns) for each in rounds),
            turns=sum(len(each.turns) for each in rounds),
            requests=sum(each.requests for each in rounds),
        )


async def work(contender: Contender, teams: Teams, seconds: float) -> Round:
    """Every seat takes one turn after the other until the time is up."""
    turns: list[float] = []
    processor, requests, began = contender.server.processor(), teams.requests, perf_counter()

    async def take_turns(seat: Seat) -> None:
        while perf_counter() - began < seconds:
            turns.append(await seat.turn())

    await asyncio.gather(*map(take_turns, contender.seats))
    return Round(
        perf_counter() - began,
        contender.server.processor() - processor,
        turns,
        teams.requests - requests,
    )


async def side_by_side(
    teams: Teams, contenders: Sequence[Contender], rounds: int, seconds: float
) -> list[Sequence[Round]]:
    """Rounds of each in turn, so that whatever else the machine does meets all of them.

    One more of each comes first, to warm up, and is not counted.
    """
    made = [
        [await work(contender, teams, seconds) for contender in contenders]
        for _ in range(rounds + 1)
    ]
    return [*zip(*made[1:], strict=True)]
