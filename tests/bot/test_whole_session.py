"""Whole sessions, played by a simulated group through the real endpoint, with faults."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.sessions.methods import shipped
from cli.app import app
from cli.simulate.session import faults_of
from simulation.hand import Faults, Tally
from simulation.session import SessionPlayed, SessionScenario, SimulatedGroup
from tests.bot.sessions.test_sessions import gather, status
from tests.dialogs.sessions.test_cluster import FILE as IDEAS
from tests.support import questionnaires
from tests.support.clock import Days
from tests.support.databases import migrated_files, on_both
from tests.support.kollegial import kollegial

TAKEN_ALONG = "utviklingsverksted"
"""Is played with a text that is taken out, and a summary."""
QUIET = SessionScenario("veiledningsgruppe", members=4)
NOISY = replace(QUIET, faults=Faults(double=0.2, redelivered=0.2, stale=0.1))
LEAVING = replace(QUIET, members=5, leaver=True, dropout=True)
TORTURING = bool(os.environ.get("TESTS_TORTURE"))
TORTURE = [
    replace(
        NOISY,
        members=6,
        place=place,
        pace=pace,
        leaver=gone,
        dropout=gone,
        co_leader=seed == 2,
        seed=seed,
    )
    for place in ("group chat", "channel")
    for pace in ("live", "days")
    for gone in (False, True)
    for seed in (1, 2)
]


async def play(
    folder: Path,
    scenario: SessionScenario,
    *,
    restarts: bool = False,
    urls: dict[str, str] | None = None,
) -> SessionPlayed:
    sheets = questionnaires.shipped("observasjon") if scenario.observer else ()
    async with kollegial(folder, sheets, urls=urls) as house:
        between = house.restart if restarts else None
        outcome = await SimulatedGroup(house.teams, house.anne, scenario, Tally(), between).meet()
    assert faults_of(outcome) == []
    return outcome


def same(one: SessionPlayed, other: SessionPlayed) -> bool:
    """The group went the same way, and has read the same in the end."""
    return (one.phases, one.shown) == (other.phases, other.shown)


async def test_faults_and_restarts_in_every_phase_change_nothing(tmp_path: Path) -> None:
    quiet = await play(tmp_path / "quiet", QUIET)
    assert len(quiet.phases) == 14
    rounds = [
        title
        for title, read in quiet.shown.items()
        if sum(f"om «{title}»" in text for text in read) == QUIET.members
    ]  # beside what a part talks about, which stands on its card too
    assert len(rounds) == 2, "everyone was heard when they told, and in the end"

    noisy = await play(tmp_path / "noisy", NOISY, restarts=True)
    assert same(noisy, quiet)


async def test_over_days_in_a_channel_and_led_by_two_it_is_the_same_session(tmp_path: Path) -> None:
    live = await play(tmp_path / "live", replace(NOISY, place="channel"))
    led_by_two = replace(NOISY, place="channel", pace="days", seed=2, co_leader=True)
    slow = await play(tmp_path / "slow", led_by_two)
    assert same(live, slow)


async def test_an_observer_is_announced_on_every_card(tmp_path: Path) -> None:
    outcome = await play(tmp_path, replace(QUIET, observer=True))
    assert outcome.observed == [True] * 14


async def test_who_observes_needs_an_open_sheet(tmp_path: Path) -> None:
    async with kollegial(tmp_path, ()) as house:
        chat = await gather(house, house.kari, house.ola)
        reply = await house.teams.user("Odd Observatør").press(
            status(chat, house.kari), "session.observe"
        )
        await house.settle()
        assert "observasjon" in reply.text
        assert "Odd" not in house.kari.sees(status(chat, house.kari))


async def test_a_member_and_the_facilitator_leave_and_it_goes_on(tmp_path: Path) -> None:
    outcome = await play(tmp_path, LEAVING)
    assert len(outcome.phases) == 14
    last = [read for title, read in outcome.shown.items() if "Siste runde" in title]
    assert len(last[0]) == LEAVING.members - 1


async def test_a_focus_group_shrinks_to_one_and_goes_on_without_showing_their_words(
    tmp_path: Path,
) -> None:
    outcome = await play(tmp_path, replace(NOISY, method="fokusgruppe", members=2, ill=True))

    assert len(outcome.phases) == 6
    assert outcome.of_one == outcome.phases[2:]
    assert len(outcome.shown) == 1


@pytest.mark.torture
@pytest.mark.parametrize(
    "scenario", TORTURE if TORTURING else [replace(TORTURE[-1], members=4)], ids=str
)
async def test_every_way_of_meeting(tmp_path: Path, scenario: SessionScenario) -> None:
    calm = await play(tmp_path / "calm", replace(scenario, faults=Faults()))
    wild = await play(tmp_path / "wild", scenario, restarts=True)
    assert same(calm, wild)


@pytest.mark.parametrize("method", [each.id for each in shipped() if each.id != TAKEN_ALONG])
async def test_every_method_is_played_to_its_end(
    tmp_path: Path, urls: dict[str, str], method: str
) -> None:
    outcome = await play(tmp_path, replace(NOISY, method=method), urls=urls)
    assert outcome.ended


@on_both
async def test_a_text_is_taken_out_and_what_was_kept_is_taken_along(
    tmp_path: Path, urls: dict[str, str]
) -> None:
    scenario = replace(NOISY, members=3, takes_out=True, longwinded=True, summary="yes")
    outcome = await play(tmp_path, replace(scenario, method=TAKEN_ALONG), urls=urls)
    assert outcome.taken_out
    assert outcome.taken_out not in outcome.summary
    assert not any(outcome.taken_out in read for read in outcome.shown.values())
    assert "Deltaker" in outcome.summary, "what they voted for has their words"


def test_the_command_plays_a_session_and_tells_of_it() -> None:
    result = CliRunner().invoke(
        app, ["simulate", "session", "veiledningsgruppe", "--members", "3", "--days", "--observer"]
    )
    assert result.exit_code == 0, result.output
    assert "presses answered" in result.output


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (["session", "nope"], "There is no method nope"),
        (["session", "saksrunde", "--observer"], "saksrunde has no form for an observer"),
        (["session", "saksrunde", "--members", "1"], "saksrunde does not go on with one"),
        (["session", "saksrunde", "--ill"], "saksrunde does not go on with one"),
        (["session", "saksrunde", "--members", "13"], "saksrunde has room for 12"),
    ],
    ids=str,
)
def test_what_cannot_be_played_is_named(asked: list[str], why: str) -> None:
    result = CliRunner().invoke(app, ["simulate", *asked], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert why in result.output


@pytest.mark.parametrize("kind", ["study", "questionnaire"])
def test_what_is_not_open_is_named(tmp_path: Path, kind: str) -> None:
    urls = migrated_files(tmp_path) | {"COLUMNS": "200"}
    result = CliRunner().invoke(app, ["simulate", kind, "nope", "--participants", "2"], env=urls)
    assert result.exit_code == 1
    assert f"Is nope open? See: kollegial {kind} list" in result.output


SMALL_GROUPS = """
id = "mange"
languages = ["nb"]
title = "Mange"
purpose = "Vi er mange."

[frame]
min_size = 3
advised_size = 4
max_size = 8

[subgroups]
over = 5
size = 3

[[phases]]
id = "velkommen"
does = "inform"
title = "Velkommen"
prompt = "Hei."
script = "Hei."

[[phases]]
id = "snakk"
does = "private"
divided = "apart"
title = "Snakk"
prompt = "Snakk."
script = "Snakk."

[[phases]]
id = "funn"
does = "findings"
divided = "only"
of = "snakk"
title = "Funn"
prompt = "Linjer."
script = "Linjer."

[[phases]]
id = "velg"
does = "vote"
divided = "only"
of = "funn"
elects = "collection"
title = "Velg"
prompt = "Velg."
script = "Velg."
"""


class Slow(SimulatedGroup):
    """They take a minute to agree, and whoever opens their part again gets another card."""

    days: Days

    def _read_apart(self) -> None:
        self.days.passed += timedelta(minutes=1)
        super()._read_apart()


FEW = SessionScenario("mange", 6, pace="days", faults=NOISY.faults, late=1, silent=True)
FORTY = replace(FEW, method="utviklingsverksted", members=40, late=3)
DIVIDED = [FEW, FORTY, replace(FORTY, pace="live")] if TORTURING else [FEW]


@on_both
@pytest.mark.parametrize("scenario", DIVIDED, ids=str)
async def test_those_who_are_many_meet_in_small_groups(
    tmp_path: Path, urls: dict[str, str], scenario: SessionScenario
) -> None:
    own = tmp_path / "methods"
    own.mkdir()
    (own / "mange.toml").write_text(SMALL_GROUPS, encoding="utf-8")

    days = Days()
    async with kollegial(tmp_path, (), urls=urls, methods=str(own), now=days) as house:
        group = Slow(house.teams, house.anne, scenario, Tally())
        group.days = days
        outcome = await group.meet()

    assert faults_of(outcome) == []
    assert outcome.apart == (2 if scenario == FEW else 7)
    silent = [group._asked[member.id] for member in group._members[1::2]]
    assert scenario != FEW or {*silent} == {1}  # to say yes to the lines, and no vote
    assert {"Vi spør når vi lurer."} in [set(read) for read in outcome.shown.values()]


async def test_who_opens_their_part_when_all_others_are_done_goes_on(tmp_path: Path) -> None:
    async with kollegial(tmp_path, ()) as house:
        group = SimulatedGroup(house.teams, house.anne, replace(QUIET, pace="days"), Tally())
        await group._gather()
        post = await group._open_card("")
        while post and "session.open" not in group._verbs(post):
            visit = group._visit(post)
            await group._advance(visit)
            post = await group._open_card(visit)
        assert post
        as_it_was = replace(post)
        await group._advance(group._visit(post))
        await group._write(group._members[0], as_it_was)

    assert group._asked[group._members[0].id] == 1


async def test_like_is_put_with_like_before_a_vote(tmp_path: Path) -> None:
    """And where one says no, nothing is taken along of what most have voted for."""
    own = tmp_path / "methods"
    own.mkdir()
    (own / "ideer.toml").write_text(IDEAS, encoding="utf-8")
    scenario = replace(NOISY, method="ideer", summary="no")

    async with kollegial(tmp_path, (), methods=str(own)) as house:
        outcome = await SimulatedGroup(house.teams, house.anne, scenario, Tally()).meet()

    assert faults_of(outcome) == []
    assert len(outcome.phases) == 3
    assert outcome.summary == ""
