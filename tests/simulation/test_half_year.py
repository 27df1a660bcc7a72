"""Half a year of four groups: what comes back, how often, and until when. With faults.

`make torture` plays more of them, on both databases, and some with a mistake in the code.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.reminders import service as reminding
from bot.reminders.meetings import Meetings
from cli.app import app
from simulation.half_year import (
    WRITTEN_ON,
    HalfYearPlayed,
    HalfYearScenario,
    simulate_half_year,
)
from simulation.hand import Faults, Lost, Tally
from simulation.loopback import LoopbackBot
from tests.support.databases import on_both, urls
from tests.support.loopback import files

__all__ = ["urls"]

TORTURE = bool(os.environ.get("TESTS_TORTURE"))
FAULTS = Faults(double=0.2, redelivered=0.2, stale=0.1, lost=0.2)
SHORT = HalfYearScenario("saksrunde", 1, faults=FAULTS)
LONG = [
    HalfYearScenario("saksrunde", 2, seed, FAULTS, restarts=restarts)
    for seed in (1, 2)
    for restarts in (False, True)
]


async def nothing(*_: object) -> None:
    """Not done."""


MISTAKES: dict[str, tuple[object, str, Callable[..., object], str]] = {
    "": (None, "", nothing, ""),
    "the note is not there": (Meetings, "taken_along", nothing, "is offered no note.reminded"),
    "asked in every group": (
        reminding,
        "not_twice",
        lambda reminder, *_: f"{reminder.address}/",
        "is offered no reminder.put_off",  # its day was full
    ),
}
PLAYED = [(SHORT, "")] if not TORTURE else [(each, "") for each in LONG]
PLAYED += [(SHORT, mistake) for mistake in MISTAKES if mistake and TORTURE]


@(on_both if TORTURE else pytest.mark.parametrize("urls", ["sqlite"], indirect=True))
@pytest.mark.torture
@pytest.mark.parametrize(("scenario", "mistake"), PLAYED, ids=str)
async def test_what_one_took_along_and_the_questionnaire_come_back(
    urls: dict[str, str],
    scenario: HalfYearScenario,
    mistake: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And where it does not, because of a mistake in the code, they cannot go on."""
    where, name, wrong, fault = MISTAKES[mistake]
    if mistake:
        monkeypatch.setattr(where, name, wrong)
        with pytest.raises(Lost, match=fault):
            await play(tmp_path, urls, scenario)
        return

    played = await play(tmp_path, urls, scenario)

    assert played.faults == []
    assert [each.before for each in played.after] == [each.pseudonym for each in played.before]
    assert len(played.after) == 2


async def play(folder: Path, urls: dict[str, str], scenario: HalfYearScenario) -> HalfYearPlayed:
    bot = LoopbackBot(WRITTEN_ON, urls or files(folder))
    async with bot.teams() as teams:
        teams.on_its_way_s = 0
        async with bot:
            return await simulate_half_year(bot, teams, scenario, Tally(), folder)


@pytest.mark.parametrize("faults", [[], ["Kari was asked 2 times"]], ids=str)
def test_the_command_tells_what_came_of_it(
    faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def played(*given: object) -> HalfYearPlayed:
        next(each for each in given if isinstance(each, Tally)).seconds.append(0.01)
        return HalfYearPlayed(["Kari hands in mestring-before"], faults=faults)

    monkeypatch.setattr("cli.simulate.half_year.simulate_half_year", played)
    result = CliRunner().invoke(app, ["simulate", "half-year", "saksrunde", "--faults"])

    assert "Kari hands in mestring-before" in result.output
    assert result.exit_code == len(faults)
    assert all(fault in result.output for fault in faults)
