"""One participant sorts every statement of the shipped study in a real chat client."""

import random
from datetime import UTC, datetime

import pytest

from bot.demonstration import STUDY
from bot.texts import texts
from dialogs.study import Study
from research.study_files import read_study
from tests.e2e.sorting import Sorter
from tests.e2e.teams import TeamsPage

pytestmark = pytest.mark.browser


async def test_a_whole_sort_is_clicked_and_delivered(teams: TeamsPage) -> None:
    study = read_study(STUDY, datetime.now(UTC).date())
    assert isinstance(study, Study)
    cells = [value for value, n in study.grid.cells.items() for _ in range(n)]
    random.Random(1).shuffle(cells)
    columns = dict(zip((s.id for s in study.statements), cells, strict=True))
    await teams.write("språk bokmål")

    delivered = await Sorter(teams, texts("nb"), study, columns).sort(comment="Godt å tenke høyt.")

    await teams.sees(texts("nb")("delivered.after")[:20])
    assert len(delivered.pseudonym.split("-")) == 2
