"""The screen of a sorting hour: whole fives, never who, and nothing kept."""

from pathlib import Path

import aiohttp

from bot.ui.texts import texts
from bot.web.hour import KEPT_S, STEPS, WATCHED_S, Steps
from tests.support.board import Page
from tests.support.kollegial import kollegial
from tests.support.questionnaires import ONCE
from tests.support.studies import SMALL

SAY = texts("nb")


class TestCounts:
    def setup_method(self) -> None:
        self.now = 1000.0
        self.steps = Steps(lambda: self.now)

    def note(self, people: range, step: str) -> None:
        for n in people:
            self.steps.note("prove", f"token {n}", step)

    def test_nobody_is_noted_while_no_screen_is_open(self) -> None:
        self.note(range(20), "sorting")
        assert self.steps.watch("prove") == {}
        self.now += WATCHED_S + 1
        self.note(range(20), "sorting")
        assert self.steps._at == {}

    def test_fewer_than_five_are_not_told_and_more_in_fives(self) -> None:
        self.steps.watch("prove")
        for there, told in ((4, 0), (5, 5), (9, 5), (11, 10)):
            self.note(range(there), "reading")
            assert self.steps.watch("prove").get("reading", 0) == told

    def test_each_sort_is_at_one_step_and_is_forgotten(self) -> None:
        self.steps.watch("prove")
        self.note(range(10), "reading")
        self.note(range(5), "sorting")
        assert self.steps.watch("prove") == {"reading": 5, "sorting": 5}
        assert "token" not in repr(self.steps._at)
        self.now += KEPT_S + 1
        assert self.steps.watch("prove") == {}


async def test_the_screen_leads_through_the_steps(tmp_path: Path) -> None:
    async with kollegial(tmp_path, [SMALL, ONCE]) as house, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{house.settings.port}"

        async def screen(path: str) -> tuple[int, str]:
            async with session.get(f"{url}/tavle/time/{path}") as response:
                return response.status, await response.text()

        for step in STEPS:
            status, html = await screen(f"{SMALL.id}?l=nb&steg={step}")
            assert status == 200
            assert SAY(f"web.page.step.{step}") in html
        assert "Ut fra dine erfaringer." in (await screen(f"{SMALL.id}?l=nb"))[1]
        pages = [Page(session, url) for _ in range(6)]
        for page in pages:
            await page.begin(SMALL)
            await page.press("read_all")
        assert await screen(f"{SMALL.id}/tall") == (200, '{"presorting":5}')
        assert "minst 5" in (await screen(f"{SMALL.id}?l=nb"))[1]
        for other in (ONCE.id, "none"):
            assert (await screen(other))[0] == 404
            assert await screen(f"{other}/tall") == (200, "{}")
