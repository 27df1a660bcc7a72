"""Many participants in one study at once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from simulation.hand import Faults, Tally
from simulation.participant import Delivered, Mind, Participant
from simulation.teams import SimulatedTeams


@dataclass(frozen=True, slots=True)
class StudyScenario:
    """Who takes part in what, and how."""

    study: str
    participants: int
    seed: int = 1
    viewpoints: int = 3
    """Points of view that they share between them: the factors an analysis should find."""
    at_once: int = 8
    faults: Faults = field(default_factory=Faults)


async def simulate_study(
    teams: SimulatedTeams,
    scenario: StudyScenario,
    tally: Tally,
    on_delivered: Callable[[Delivered], None] = lambda _: None,
) -> list[Delivered]:
    """Let everyone take part, in a random order. Raises an ExceptionGroup of Lost."""
    turnstile = asyncio.Semaphore(scenario.at_once)

    async def one(person: int) -> Delivered:
        user = teams.user(f"Deltaker {person + 1}")
        mind = Mind(scenario.seed, person % scenario.viewpoints, person)
        participant = Participant(user, scenario.study, mind, tally, scenario.faults)
        async with turnstile:
            delivered = await participant.take_part()
        on_delivered(delivered)
        return delivered

    order = list(range(scenario.participants))
    Random(scenario.seed).shuffle(order)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(person)) for person in order]
    return [task.result() for task in tasks]


def percentile(seconds: Sequence[float], percent: int) -> float:
    """The least time that `percent` of all presses did not exceed, in seconds."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
