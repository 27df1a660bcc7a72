"""The bench itself works; what it measures is for `make bench` on a machine at rest."""

from pathlib import Path

from tests.bench.run import Plan, run

TINY = Plan(at_once=2, rounds=1, seconds=0.3, few=2, many=6, conversations=4)


async def test_a_tiny_bench_runs_and_every_turn_updates_a_card(tmp_path: Path) -> None:
    outcome = await run(TINY, tmp_path, lambda _: None)

    updates = next(figure for figure in outcome.wanted if figure.name.startswith("updates"))
    assert updates.is_good, updates.measured
    assert len(outcome.beside) == 7
