"""A real Chromium: one for all tests of a process, and a profile of its own for each.

Starting one costs more than most of the tests in it do.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from tests.support.ports import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # The Playground asks a content network for its fonts; tests stay at home.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@contextmanager
def running() -> Iterator[str]:
    """Chromium, and where it can be spoken to."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    port = free_port()
    with asyncio.Runner() as runner:
        playwright = runner.run(async_playwright().start())
        process = runner.run(
            playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*ARGUMENTS, f"--remote-debugging-port={port}"]
            )
        )
        yield f"http://127.0.0.1:{port}"
        runner.run(process.close())
        runner.run(playwright.stop())


@asynccontextmanager
async def connected(devtools: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(devtools)
        yield browser
        for context in browser.contexts:
            await context.close()
        await browser.close()


@pytest_asyncio.fixture
async def chromium(devtools: str) -> AsyncIterator[Browser]:
    async with connected(devtools) as browser:
        yield browser


async def assert_legible(chromium: Browser, path: Path, width: int) -> Page:
    """Open a report: nothing bars anyone from reading it, and only tables scroll sideways."""
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await page.goto(path.as_uri())
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    return page
