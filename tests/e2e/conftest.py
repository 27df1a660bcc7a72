"""What the tests in a browser start, and what a failed one leaves behind."""

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from cli.playground import program
from tests.e2e.canvas import Canvas
from tests.e2e.started import RunningBot, bot_in, in_norway, teams_page
from tests.e2e.teams import TeamsPage
from tests.support.chromium import connected

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
async def browser(devtools: str) -> AsyncIterator[BrowserContext]:
    if not program().exists():
        pytest.skip("The packages from npm are not installed (make test fetches them)")
    async with connected(devtools) as browser, in_norway(browser) as context:
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
            print((bot.folder / "bot.log").read_text("utf-8"))  # noqa: T201 - pytest captures it
