"""What the tests in a browser start, and what a failed one leaves behind."""

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from bot.playground import CLI
from tests.e2e.canvas import Canvas
from tests.e2e.started import CHROMIUM, RunningBot, bot_in, chromium, teams_page
from tests.e2e.teams import TeamsPage

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


@pytest.fixture
async def browser() -> AsyncIterator[BrowserContext]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    if not CLI.exists():
        pytest.skip("The packages from npm are not installed (npm ci)")
    async with chromium() as context:
        yield context


@pytest.fixture
async def canvas(browser: BrowserContext) -> Canvas:
    """Draws a card by itself."""
    return Canvas(await browser.new_page())


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[RunningBot]:
    async with bot_in(tmp_path) as running:
        yield running


@pytest.fixture
async def teams(
    browser: BrowserContext, bot: RunningBot, request: pytest.FixtureRequest
) -> AsyncIterator[TeamsPage]:
    """Somebody's page. A failed test leaves `failure.png` in its folder, and the page's text."""
    async with teams_page(browser, bot) as page:
        yield page
        if request.node.stash.get(_FAILED, default=False):
            await page.picture(bot.folder / "failure.png")
            print(await page.page.locator("body").inner_text())  # noqa: T201 - pytest captures it
            print((bot.folder / "bot.log").read_text("utf-8"))  # noqa: T201 - the same
