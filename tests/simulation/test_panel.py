"""A panel whose queue is played to its end through the real endpoint, with faults."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cases.jobs import CaseSenders
from bot.cases.service import CaseService
from cli.app import app
from cli.simulate.talk import AT_WORK
from simulation.hand import Faults, Tally
from simulation.loopback import LoopbackBot
from simulation.panel import PanelScenario, simulate_panel
from simulation.people import TalkPlayed
from tests.simulation.test_colleagues import nothing
from tests.support.databases import on_both, urls
from tests.support.loopback import files

__all__ = ["urls"]

TORTURE = bool(os.environ.get("TESTS_TORTURE"))
FAULTS = Faults(double=0.2, redelivered=0.2, stale=0.1, lost=0.2)
PLAYED = [
    PanelScenario(cases, seed, FAULTS, restarts=TORTURE) for cases in (3, 1, 8) for seed in (1, 2)
]


async def play(urls: dict[str, str], scenario: PanelScenario) -> TalkPlayed:
    bot = LoopbackBot(AT_WORK, urls)
    async with bot.teams() as teams:
        teams.on_its_way_s = 0
        async with bot:
            leader = teams.user("Anne Fasilitator")
            await bot.let_facilitate(leader.id)
            return await simulate_panel(bot, teams, leader, scenario, Tally())


@on_both
@pytest.mark.torture
@pytest.mark.parametrize("scenario", PLAYED if TORTURE else PLAYED[:1], ids=str)
async def test_every_case_comes_to_its_end(
    urls: dict[str, str], scenario: PanelScenario, tmp_path: Path
) -> None:
    played = await play(urls or files(tmp_path), scenario)
    assert played.faults == []


MISTAKES: dict[str, tuple[type, str, Callable[..., object], str]] = {
    "nobody is told of the end": (CaseSenders, "closed", nothing, "were told of the end"),
    "nothing is arranged anew": (CaseService, "arrange", nothing, "queued_case"),
}


@pytest.mark.torture
@pytest.mark.parametrize("mistake", MISTAKES if TORTURE else [*MISTAKES][:1])
async def test_a_mistake_in_the_code_is_found(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, name, wrong, fault = MISTAKES[mistake]
    monkeypatch.setattr(where, name, wrong)
    played = await play(files(tmp_path), PanelScenario(3))
    assert any(fault in each for each in played.faults), played.faults


def test_the_command_says_what_happened() -> None:
    result = CliRunner().invoke(app, ["simulate", "panel", "1"])
    assert result.exit_code == 0, result.output
    assert "Panelet er avsluttet" in result.output
