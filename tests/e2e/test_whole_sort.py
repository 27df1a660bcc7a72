"""What is clicked in a real chat client is what the researcher gets, cell by cell.

Beside the one who clicks, others are simulated: 24 in `make torture`, some in `make test`.
"""

import asyncio
import csv
import os
import random
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.operation.demonstration import KEY, STUDY
from bot.ui.texts import texts
from dialogs.studies.study import Study
from research.study_files import read_study
from simulation.hand import Tally
from simulation.participant import Delivered
from simulation.study import StudyScenario, simulate_study
from simulation.teams import SimulatedTeams
from tests.e2e.sorting import Sorter
from tests.e2e.started import RunningBot
from tests.e2e.teams import TeamsPage
from tests.support.data import STATEMENTS

pytestmark = [pytest.mark.browser, pytest.mark.torture]
OTHERS = 24 if os.environ.get("TESTS_TORTURE") else 6


async def shipped(_: RunningBot) -> tuple[Path, Path]:
    """The study file and the private key of the example, which a demonstration has open."""
    return STUDY, Path(".data") / KEY


async def of_ones_own(bot: RunningBot) -> tuple[Path, Path]:
    """Statements from a spreadsheet, of which a researcher makes a study on the command line."""
    file = bot.folder / "own.toml"
    file.write_text(
        """
        id = "own"
        languages = ["nb"]
        minutes = 40
        retention = 2099-12-31
        statements = "statements.csv"
        title = "Utsagn fra et regneark"
        purpose = "For å prøve dem."
        instruction = "Hvor godt stemmer hvert utsagn?"
        information = { version = "1", text = "Frivillig." }
        grid = { -5 = 1, -4 = 2, -3 = 3, -2 = 4, -1 = 5, 0 = 6, 1 = 5, 2 = 4, 3 = 3, 4 = 2, 5 = 1 }
        """,
        "utf-8",
    )
    shutil.copyfile(STATEMENTS, bot.folder / "statements.csv")
    await research(bot, "keygen", "--out", "keys")
    await research(bot, "create", file.name, "--recipient", "@keys/study.pub")
    await research(bot, "open", "own")
    return file, Path("keys/study.key")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("prepare", [shipped, of_ones_own])
async def test_the_export_equals_what_each_of_them_saw(
    prepare: Callable[[RunningBot], Awaitable[tuple[Path, Path]]],
    teams: TeamsPage,
    bot: RunningBot,
) -> None:
    """One clicks. Meanwhile others are simulated, who know only what their cards say."""
    file, key = await prepare(bot)
    study = read_study(file, datetime.now(UTC).date())
    assert isinstance(study, Study)
    say = texts("nb")
    columns = a_sort(study, seed=1)
    top = max(columns, key=lambda ident: columns[ident])
    reason, comment = "Fordi det er slik, «alltid».", "Godt å tenke høyt; 2 < 3, *ikke sant*?"

    await teams.write("språk bokmål")
    async with SimulatedTeams(f"{bot.url}/api/messages") as others, asyncio.TaskGroup() as group:
        clicking = group.create_task(
            Sorter(teams, say, study, columns).sort({top: reason}, comment)
        )
        simulating = group.create_task(
            simulate_study(others, StudyScenario(study.id, OTHERS, at_once=4), Tally())
        )
    receipt = clicking.result()
    clicked = Delivered(receipt.pseudonym, receipt.code, columns, {top: reason}, comment)
    everyone = sorted([clicked, *simulating.result()], key=lambda one: one.pseudonym)

    await teams.write(f"{say('command.close.title')} {study.id}")
    await teams.press(say("close.confirm"))
    await teams.hears("Svarene er forseglet")
    await research(bot, "release", study.id, "--out", "sealed.kollegial")
    await research(bot, "export", "sealed.kollegial", "--key", key, "--out", "export")
    export = bot.folder / "export"

    assert rows(export / "sorts.csv") == [
        ["pseudonym", *(s.id for s in study.statements)],
        *([one.pseudonym, *(str(one.sort[s.id]) for s in study.statements)] for one in everyone),
    ]
    assert rows(export / "sorts_r.csv") == [
        ["statement", *(one.pseudonym for one in everyone)],
        *([s.id, *(str(one.sort[s.id]) for one in everyone)] for s in study.statements),
    ]
    assert sorted(rows(export / "comments.csv")[1:]) == sorted(
        written for one in everyone for written in comments(one)
    )


def a_sort(study: Study, seed: int) -> dict[str, int]:
    """A column for every statement, that fill the grid."""
    cells = [value for value, n in study.grid.cells.items() for _ in range(n)]
    random.Random(seed).shuffle(cells)
    return dict(zip((s.id for s in study.statements), cells, strict=True))


def comments(one: Delivered) -> list[list[str]]:
    """A row for each text that somebody wrote."""
    return [
        *([one.pseudonym, "statement", s, str(one.sort[s]), t] for s, t in one.reasons.items()),
        *([one.pseudonym, "question", q, "", given] for q, given in one.answers.items() if given),
        [one.pseudonym, "study", "", "", one.comment],
    ]


async def research(bot: RunningBot, *words: str | Path) -> None:
    """`kollegial study ...` beside the running bot."""
    process = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("kollegial"), "study", *words),
        cwd=bot.folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
