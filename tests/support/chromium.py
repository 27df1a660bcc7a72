"""A real Chromium for files that a researcher opens, and what a report must be in it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest_asyncio.fixture
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        process = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"],
        )
        yield process
        await process.close()


async def assert_legible(chromium: Browser, path: Path, width: int) -> Page:
    """Open a report: nothing bars anyone from reading it, and only tables scroll sideways."""
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await page.goto(path.as_uri())
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    return page
