"""A real Chromium, the real Playground and the real bot, each on a free port of loopback."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import BrowserContext, async_playwright, expect

from bot.playground import CLI, current_user, playground
from tests.e2e.canvas import Canvas
from tests.e2e.teams import TeamsPage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 30_000
"""Milliseconds that a step in the browser may take on a busy machine."""


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
async def browser() -> AsyncIterator[BrowserContext]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    if not CLI.exists():
        pytest.skip("The packages from npm are not installed (npm ci)")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        process = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update"),
                "--disable-sync",
                # The Playground asks a content network for its fonts; tests stay at home.
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            ],
        )
        context = await process.new_context(
            locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(PATIENCE)
        yield context
        await process.close()


@pytest.fixture
async def canvas(browser: BrowserContext) -> Canvas:
    """Draws a card by itself."""
    return Canvas(await browser.new_page())


@dataclass(frozen=True)
class RunningBot:
    """`folder` is where it works: its databases and keys are in `folder / ".data"`."""

    url: str
    folder: Path


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[RunningBot]:
    """`kollegial run` as it is shipped; who sits at the page is its administrator."""
    port, log = free_port(), tmp_path / "bot.log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KOLLEGIAL_")}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).with_name("kollegial"), "run"),
            cwd=tmp_path,
            env=kept | {"KOLLEGIAL_PORT": str(port), "KOLLEGIAL_ADMINISTRATOR": current_user()},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as session:
            while process.returncode is None:
                try:
                    async with session.get(url):
                        break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
            else:
                pytest.fail(f"The bot ended at once:\n{log.read_text()}")
        yield RunningBot(url, tmp_path)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@pytest.fixture
async def teams(
    browser: BrowserContext, bot: RunningBot, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[TeamsPage]:
    """The page in Teams of somebody who has just installed the bot.

    A failed test leaves `failure.png` in its folder, and the page's text in its report.
    """
    async with playground(
        f"{bot.url}/api/messages", free_port(), tmp_path / "playground"
    ) as address:
        page = TeamsPage(await browser.new_page(), address)
        await page.open()
        yield page
        if request.node.stash.get(_FAILED, default=False):
            await page.picture(tmp_path / "failure.png")
            print(await page.page.locator("body").inner_text())  # noqa: T201 - pytest captures it
            print((tmp_path / "bot.log").read_text("utf-8"))  # noqa: T201 - the same
