"""Colleagues who ask each other, and one who rehearses, with faults: played to the end.

`make torture` plays every answer and every method, on both databases; `make test` a few.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.sessions.jobs import SessionSenders
from bot.sessions.methods import shipped
from bot.sessions.service import SessionService
from cli.app import app
from cli.simulate.talk import AT_WORK
from dialogs.sessions.state import MIN_MEMBERS
from simulation.colleagues import (
    Answer,
    AskingScenario,
    RehearsalScenario,
    simulate_asking,
    simulate_asking_at_once,
    simulate_rehearsal,
)
from simulation.hand import Faults, Tally
from simulation.loopback import LoopbackBot
from simulation.people import TalkPlayed
from tests.support.databases import on_both, urls
from tests.support.loopback import files

__all__ = ["urls"]

TORTURE = bool(os.environ.get("TESTS_TORTURE"))
FAULTS = Faults(double=0.2, redelivered=0.2, stale=0.1, lost=0.2)
ANSWERS: tuple[tuple[Answer, ...], ...] = (
    *(("no", "later"), ("yes",), ("no",), ("later",), ("silent",), ("gone",)),
    *(("yes", "yes"), ("yes", "later"), ("gone", "yes"), ("silent", "no"), ("no", "no")),
)
ASKED = [
    AskingScenario(words, answers, seed, FAULTS, restarts=True)
    for words in ("fem minutter", "før samtalen")
    for answers in ANSWERS
    for seed in (1, 2)
]
AT_ONCE = [
    AskingScenario(words, answers, seed, FAULTS, restarts=True, at_once=True)
    for words in ("fem minutter", "før samtalen")
    for answers in (("no", "later", "yes"), ("yes", "yes", "no"), ("silent", "no"))
    for seed in (1, 2)
]
REHEARSED = [
    RehearsalScenario(method.title["nb"], members, 1, FAULTS, restarts=True)
    for method in sorted(shipped(), key=lambda method: method.id != "fem_minutter")
    for members in (MIN_MEMBERS, 0)
]


async def ask(urls: dict[str, str], scenario: AskingScenario) -> TalkPlayed:
    bot = LoopbackBot(AT_WORK, urls)
    async with bot.teams() as teams:
        teams.on_its_way_s = 0
        async with bot:
            leader = teams.user("Anne Fasilitator")
            await bot.let_facilitate(leader.id)
            play = simulate_asking_at_once if scenario.at_once else simulate_asking
            return await play(bot, teams, leader, scenario, Tally())


async def rehearse(urls: dict[str, str], scenario: RehearsalScenario) -> TalkPlayed:
    bot = LoopbackBot(AT_WORK, urls)
    async with bot.teams() as teams:
        teams.on_its_way_s = 0
        async with bot:
            return await simulate_rehearsal(bot, teams, scenario, Tally())


@on_both
@pytest.mark.torture
@pytest.mark.parametrize("scenario", ASKED if TORTURE else ASKED[:1], ids=str)
async def test_whatever_colleagues_answer_it_comes_to_its_end(
    urls: dict[str, str], scenario: AskingScenario, tmp_path: Path
) -> None:
    played = await ask(urls or files(tmp_path), scenario)
    assert played.faults == []
    talks = {"yes", "later"} & {*scenario.answers}
    assert len(played.phases) == (4 if talks else 0)


@on_both
@pytest.mark.torture
@pytest.mark.parametrize("scenario", AT_ONCE if TORTURE else AT_ONCE[:1], ids=str)
async def test_three_ask_one_colleague_at_once_and_each_is_answered(
    urls: dict[str, str], scenario: AskingScenario, tmp_path: Path
) -> None:
    played = await ask(urls or files(tmp_path), scenario)
    assert played.faults == []


@(on_both if TORTURE else pytest.mark.parametrize("urls", ["sqlite"], indirect=True))
@pytest.mark.torture
@pytest.mark.parametrize(
    "scenario", REHEARSED if TORTURE else [replace(REHEARSED[0], restarts=False)], ids=str
)
async def test_a_method_is_rehearsed_to_its_end_with_faults(
    urls: dict[str, str], scenario: RehearsalScenario, tmp_path: Path
) -> None:
    played = await rehearse(urls or files(tmp_path), scenario)
    assert played.faults == []
    assert len(played.phases) > 2


async def nothing(*_: object) -> None:
    """Not done."""


MISTAKES: dict[str, tuple[type, str, Callable[..., object], str]] = {
    "nobody reminds": (SessionService, "ask_again", nothing, "was not reminded"),
    "the panel stays above": (SessionSenders, "_bring_panel_down", nothing, "below the panel"),
    "it stays on one's own part": (SessionSenders, "_close_own", nothing, "sees what"),
    "nothing is forgotten": (SessionService, "_forget", lambda *_: None, "session: 1 rows"),
}


@pytest.mark.torture
@pytest.mark.parametrize("mistake", MISTAKES if TORTURE else [*MISTAKES][-1:])
async def test_a_mistake_in_the_code_is_found(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, name, wrong, fault = MISTAKES[mistake]
    monkeypatch.setattr(where, name, wrong)
    if name == "_bring_panel_down":
        played = await rehearse(files(tmp_path), RehearsalScenario("fem minutter"))
    else:
        played = await ask(files(tmp_path), AskingScenario(answers=("later",)))
    assert any(fault in each for each in played.faults), played.faults


def test_the_commands_say_what_happened() -> None:
    for line, said in (
        (["talk", "gone"], "Det ble ingen samtale denne gangen"),
        (["rehearsal", "fem_minutter"], "Øvinga er over"),
    ):
        result = CliRunner().invoke(app, ["simulate", *line])
        assert result.exit_code == 0, result.output
        assert said in result.output


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (["talk", "perhaps"], "perhaps is no answer. There are yes, no, later, silent, gone."),
        (["talk", "no", "no", "no"], "One or two can be asked"),
        (["rehearsal", "nope"], "There is no method nope"),
        (["rehearsal", "saksrunde", "--members", "40"], "There can be from 2 to 8 in saksrunde"),
    ],
    ids=str,
)
def test_what_cannot_be_played_is_named(asked: list[str], why: str) -> None:
    result = CliRunner().invoke(app, ["simulate", *asked], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert why in result.output
