"""What is clicked in a real chat client is what the researcher gets, cell by cell."""

import asyncio
import csv
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demonstration import KEY, STUDY
from bot.texts import texts
from dialogs.study import Study
from research.study_files import read_study
from tests.e2e.conftest import RunningBot
from tests.e2e.sorting import Sorter
from tests.e2e.teams import TeamsPage

pytestmark = pytest.mark.browser


async def test_the_export_equals_what_was_clicked(teams: TeamsPage, bot: RunningBot) -> None:
    study = read_study(STUDY, datetime.now(UTC).date())
    assert isinstance(study, Study)
    say = texts("nb")
    columns = a_sort(study, seed=1)
    top = max(columns, key=lambda ident: columns[ident])
    reason, comment = "Fordi det er slik, «alltid».", "Godt å tenke høyt; 2 < 3, *ikke sant*?"

    await teams.write("språk bokmål")
    delivered = await Sorter(teams, say, study, columns).sort({top: reason}, comment)
    await teams.write(f"{say('command.close.title')} {study.id}")
    await teams.press(say("close.confirm"))
    await teams.hears("Svarene er forseglet")
    export = await export_of(study, bot.folder)

    pseudonym = delivered.pseudonym
    assert rows(export / "sorts.csv") == [
        ["pseudonym", *(s.id for s in study.statements)],
        [pseudonym, *(str(columns[s.id]) for s in study.statements)],
    ]
    assert rows(export / "comments.csv")[1:] == [
        [pseudonym, "statement", top, str(columns[top]), reason],
        [pseudonym, "study", "", "", comment],
    ]


def a_sort(study: Study, seed: int) -> dict[str, int]:
    """A column for every statement, that fill the grid."""
    cells = [value for value, n in study.grid.cells.items() for _ in range(n)]
    random.Random(seed).shuffle(cells)
    return dict(zip((s.id for s in study.statements), cells, strict=True))


async def export_of(study: Study, folder: Path) -> Path:
    """What `kollegial study export` writes."""
    process = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("kollegial"), "study", "export", study.id),
        *("--key", Path(".data") / KEY, "--out", "export"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return folder / "export"


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
