"""Many participants in one study at once, and a summary of how it went."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random

from bot.simulate.participant import Delivered, Faults, Mind, Participant, Tally
from bot.simulate.teams import Teams


async def simulate_study(
    teams: Teams,
    study: str,
    participants: int,
    *,
    seed: int = 1,
    viewpoints: int = 3,
    at_once: int = 8,
    faults: Faults | None = None,
    tally: Tally | None = None,
    on_delivered: Callable[[Delivered], None] = lambda _: None,
) -> list[Delivered]:
    """Let `participants` take part, at most `at_once` at a time, in a random order.

    They share `viewpoints` points of view between them in turn, which is the
    factor structure that an analysis should find. Raises Lost.
    """
    turnstile = asyncio.Semaphore(at_once)
    tally = tally or Tally()

    async def one(person: int) -> Delivered:
        user = teams.user(f"Deltaker {person + 1}")
        mind = Mind(seed, person % viewpoints, person)
        async with turnstile:
            delivered = await Participant(user, study, mind, tally, faults).take_part()
        on_delivered(delivered)
        return delivered

    order = list(range(participants))
    Random(seed).shuffle(order)  # noqa: S311 - to be repeatable
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(person)) for person in order]
    return [task.result() for task in tasks]


def percentile(seconds: Sequence[float], percent: int) -> float:
    """The least time that `percent` of all presses did not exceed, in seconds."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
