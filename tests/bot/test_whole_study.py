"""Twenty-five sort, and the export is, cell by cell, what they saw; many at once lose nothing."""

import asyncio
import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.operation.demonstration import STUDY
from cli.app import app
from dialogs.studies.study import Statement, Study
from research.export import open_answers
from research.study_files import read_study
from simulation.hand import Faults, Tally
from simulation.participant import Delivered
from simulation.study import StudyScenario, simulate_study
from tests.support.data import STATEMENTS
from tests.support.kollegial import (
    House,
    begin,
    can,
    deliver,
    fact,
    kollegial,
    laid,
    onward,
    press_on,
    sort,
)
from tests.support.studies import PUBLISHED_GRID, SMALL, study_of

ALL_FAULTS = Faults(double=0.15, redelivered=0.15, stale=0.1, undone=0.1)


def shipped() -> Study:
    study = read_study(STUDY, datetime.now(UTC).date())
    assert isinstance(study, Study)
    return study


def of_a_published_shape() -> Study:
    with STATEMENTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    statements = tuple(Statement(f"s{row['id']}", {"nb": row["text"]}) for row in rows)
    return replace(
        study_of(PUBLISHED_GRID), id="aap", languages=("nb",), statements=statements, questions=()
    )


def exported(house: House, study: Study, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that `kollegial study export` writes."""
    key, out = house.folder / "study.key", house.folder / "export"
    key.write_text(house.identity.text + "\n", encoding="utf-8")
    for name, url in house.database_urls.items():
        monkeypatch.setenv(name, url)
    sealed = house.folder / "sealed.kollegial"
    for command in (
        ("release", study.id, "--out", sealed),
        ("export", sealed, "--key", key, "--out", out),
    ):
        result = CliRunner().invoke(app, ["study", *map(str, command)])
        assert result.exit_code == 0, result.output
    return out


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def check(out: Path, study: Study, delivered: Sequence[Delivered], withdrawn: str = "") -> None:
    """The export holds what the participants saw, and nothing else."""
    ids = [s.id for s in study.statements]
    ordered = sorted(delivered, key=lambda one: one.pseudonym)
    assert rows(out / "sorts.csv") == [
        ["pseudonym", *ids],
        *([one.pseudonym, *(str(one.sort[i]) for i in ids)] for one in ordered),
    ]
    assert rows(out / "sorts_r.csv") == [
        ["statement", *(one.pseudonym for one in ordered)],
        *([i, *(str(one.sort[i]) for one in ordered)] for i in ids),
    ]
    written = [["pseudonym", "about", "id", "column", "text"]]
    for one in ordered:
        written += [
            [one.pseudonym, "statement", i, str(one.sort[i]), one.reasons[i]]
            for i in ids
            if i in one.reasons
        ]
        written += [
            [one.pseudonym, "question", q.id, "", one.answers[q.id]]
            for q in study.questions
            if one.answers.get(q.id)
        ]
        written.append([one.pseudonym, "study", "", "", one.comment])
    assert rows(out / "comments.csv") == written
    told = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert (told["submitted"], told["withdrawn"]) == (
        len(delivered),
        [withdrawn] if withdrawn else [],
    )


@pytest.mark.parametrize(
    "read",
    [
        shipped,
        of_a_published_shape,
    ],
)
async def test_the_export_is_what_25_participants_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[], Study]
) -> None:
    study = read()
    async with kollegial(tmp_path, [study]) as house:
        tally = Tally()
        scenario = StudyScenario(study.id, 25, seed=7, faults=ALL_FAULTS)
        delivered = await simulate_study(house.teams, scenario, tally)
        assert all(tally.faults[fault] for fault in ("double", "redelivered", "stale", "undone"))
        assert tally.retries == 0
        unfinished = await begin(house.kari, study.id)
        _, code = await deliver(house.ola, study.id)
        gone = fact(house.ola, house.ola.chat.last, 0)
        await house.ola.write(f"trekk {code}")
        await house.ola.press(house.ola.chat.last, "study.withdraw", data={"sure": "yes"})
        await house.anne.write("lukk")
        await house.anne.press(house.anne.chat.last, "study.close")
        await house.kari.press(unfinished, "qsort.read")
        assert not can(house.kari, unfinished, "qsort.read")
    # The command has an event loop of its own.
    out = await asyncio.to_thread(exported, house, study, monkeypatch)

    assert len({one.pseudonym for one in delivered}) == 25
    check(out, study, delivered, withdrawn=gone)


async def test_replaced_answers_are_exported_as_they_were_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with kollegial(tmp_path) as house:
        (first,) = await simulate_study(house.teams, StudyScenario(SMALL.id, 1), Tally())
        post = await begin(house.kari)
        await sort(house.kari, post, "qsort.approve")
        columns = laid(house.kari, post, SMALL)
        await sort(house.kari, post, "qsort.explain")
        await house.kari.press(post, "qsort.explain", {"comment": "=nytt"})
        await house.kari.press(post, "qsort.deliver", {"earlier_code": first.code})
        await house.services.studies.close(SMALL.id, "a researcher")
    out = await asyncio.to_thread(exported, house, SMALL, monkeypatch)

    assert columns != first.sort
    # A text that a spreadsheet would take for a formula is quoted.
    check(out, SMALL, [Delivered(first.pseudonym, first.code, columns, {}, "'=nytt")])


# At once


@pytest.mark.parametrize("steps", range(0, 9, 2))
async def test_eight_presses_at_once_take_one_step(tmp_path: Path, steps: int) -> None:
    async with kollegial(tmp_path) as house:
        posts = {user: await begin(user) for user in (house.kari, house.ola)}
        for user, post in posts.items():
            for _ in range(steps):
                await press_on(user, post)
        await press_on(house.ola, posts[house.ola])

        post = posts[house.kari]
        press = house.kari.prepared(post, *onward(house.kari, post))
        replies = await asyncio.gather(*(press() for _ in range(8)))
        await house.settle()

        assert len({json.dumps(reply.card) for reply in replies}) == 1
        assert post.card == replies[0].card
        assert house.kari.sees(post) == house.ola.sees(posts[house.ola])


async def test_eight_different_presses_at_once_take_one_step(tmp_path: Path) -> None:
    """Who was first decides; the others see what came of it."""
    async with kollegial(tmp_path) as house:
        post = await begin(house.kari)
        await sort(house.kari, post, "qsort.approve")
        before = laid(house.kari, post, SMALL)
        ids = [s.id for s in SMALL.statements]
        presses = [
            house.kari.prepared(post, "qsort.change", {"first": ids[0], "second": second})
            for second in ids[1:]
        ]
        replies = await asyncio.gather(*(press() for press in presses))

        assert len({json.dumps(reply.card) for reply in replies}) == 1
        after = laid(house.kari, post, SMALL)
        assert sum(before[i] != after[i] for i in ids) in (0, 2)
        assert after in [_swapped(before, ids[0], second) for second in ids[1:]]


def _swapped(columns: dict[str, int], first: str, second: str) -> dict[str, int]:
    return {**columns, first: columns[second], second: columns[first]}


async def test_fifty_at_a_time_lose_and_double_nothing(tmp_path: Path) -> None:
    async with kollegial(tmp_path) as house:
        tally = Tally()
        scenario = StudyScenario(SMALL.id, 50, seed=3, at_once=50, faults=ALL_FAULTS)
        delivered = await simulate_study(house.teams, scenario, tally)
        await house.settle()
        await house.services.studies.close(SMALL.id, "a researcher")
        release = await house.urn.release(SMALL.id)

        assert tally.retries == 0
        answers = open_answers(SMALL, release.submissions, house.identity)
        assert {name: dict(answer.sort) for name, answer in answers.items()} == {
            one.pseudonym: one.sort for one in delivered
        }
        assert {name: answer.comment for name, answer in answers.items()} == {
            one.pseudonym: one.comment for one in delivered
        }
        assert len(answers) == 50
