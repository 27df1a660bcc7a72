"""Every method and every questionnaire from start to thanks, beside one who does it all wrong.

A share of the walks in each run; all of them, live and over days, by buttons and by commands, in
three languages, in `make torture`. `TESTS_STORIES=DIR` keeps the logs, which read as stories.
"""

import os
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from bot.sessions.methods import shipped as methods
from dialogs.sessions.state import Pace
from dialogs.studies.study import LANGUAGES, Language
from tests.support.kollegial import kollegial
from tests.support.questionnaires import SHIPPED, shipped
from tests.support.stories import Leads, Story, Walk, fill_in

METHODS = sorted(each.id for each in methods())
QUESTIONNAIRES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
TORTURING = bool(os.environ.get("TESTS_TORTURE"))
SHARE = [("rolleguide", "nn", "live", "buttons"), ("metasamtale", "en", "days", "commands")]
KEPT = os.environ.get("TESTS_STORIES")


def keep(name: str, story: Story) -> None:
    if KEPT:
        Path(KEPT).mkdir(parents=True, exist_ok=True)
        (Path(KEPT) / f"{name}.txt").write_text(str(story), "utf-8")


async def walked(folder: Path, method: str, language: Language, pace: Pace, leads: Leads) -> Story:
    async with kollegial(folder, ()) as house:
        walk = Walk(house, method, language, pace, leads)
        try:
            return await walk.meet()
        finally:
            keep(f"{method}-{language}-{pace}-{leads}", walk.story)


async def answered(folder: Path, name: str, language: Language) -> Story:
    forms = shipped(name)
    story = Story()
    async with kollegial(folder, forms) as house:
        for form in forms:
            if language in form.languages:
                code = await fill_in(house, form.id, language, story)
                assert len(code) > 20
    keep(f"{name}-{language}", story)
    return story


@pytest.mark.torture
@pytest.mark.parametrize(
    ("method", "language", "pace", "leads"),
    [*product(METHODS, LANGUAGES, get_args(Pace), get_args(Leads))] if TORTURING else SHARE,
)
async def test_every_session_reaches_its_thanks(
    tmp_path: Path, method: str, language: Language, pace: Pace, leads: Leads
) -> None:
    story = await walked(tmp_path, method, language, pace, leads)

    assert "Rolf" in str(story)


@pytest.mark.torture
@pytest.mark.parametrize("language", LANGUAGES if TORTURING else LANGUAGES[:1])
@pytest.mark.parametrize("name", QUESTIONNAIRES if TORTURING else ["observasjon"])
async def test_every_questionnaire_reaches_its_thanks(
    tmp_path: Path, name: str, language: Language
) -> None:
    story = await answered(tmp_path, name, language)

    assert "altfor mye" in str(story) or "ingenting" in str(story)
