"""The bench itself works; what it measures is for `make bench` on a machine at rest."""

from pathlib import Path

import pytest

from tests.bench import reminding
from tests.bench.run import Plan, run
from tests.support.databases import postgres_server

TINY = Plan(at_once=2, rounds=1, seconds=0.3, few=2, many=6, conversations=4)


@pytest.fixture
def server() -> str:
    # Outside of the test's event loop: starting a server takes a while.
    return postgres_server()


@pytest.mark.postgres
async def test_a_tiny_bench_runs_and_every_turn_updates_a_card(tmp_path: Path, server: str) -> None:
    outcome = await run(TINY, tmp_path, server, lambda _: None)

    updates = next(figure for figure in outcome.wanted if figure.name.startswith("updates"))
    assert updates.is_good, updates.measured
    assert len(outcome.beside) == 8


@pytest.mark.postgres
async def test_a_few_reminders_are_sent_beside_presses(tmp_path: Path, server: str) -> None:
    plan = reminding.Plan(people=24, seconds=60, few=2, many=60, claims=2)
    figures, whole = await reminding.run(plan, tmp_path, server, lambda _: None)

    assert whole.startswith("24 reminders went out")
    assert figures[1].is_good, figures[1].measured
    assert len(figures) == 5
