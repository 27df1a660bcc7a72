"""A real Chromium, the real bot and the real Playground, each on a free port of loopback."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from playwright.async_api import BrowserContext, async_playwright, expect

from bot.playground import current_user, playground
from tests.e2e.teams import TeamsPage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 30_000
"""Milliseconds that a step in the browser may take on a busy machine."""


@dataclass(frozen=True)
class RunningBot:
    """`folder` is where it works: its databases and keys are in `folder / ".data"`."""

    url: str
    folder: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def chromium() -> AsyncIterator[BrowserContext]:
    """Debian's Chromium, in Norway."""
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


@asynccontextmanager
async def bot_in(folder: Path) -> AsyncIterator[RunningBot]:
    """`kollegial run` as it is shipped; who sits at the page is its administrator.

    What it says is in `folder / "bot.log"`. Raises RuntimeError, with that, where it ends at once.
    """
    port, log = free_port(), folder / "bot.log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KOLLEGIAL_")}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).with_name("kollegial"), "run"),
            cwd=folder,
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
                raise RuntimeError(f"The bot ended at once:\n{log.read_text()}")
        yield RunningBot(url, folder)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def teams_page(browser: BrowserContext, bot: RunningBot) -> AsyncIterator[TeamsPage]:
    """The page in Teams of somebody who has just installed the bot."""
    log = bot.folder / "playground"
    async with playground(f"{bot.url}/api/messages", free_port(), log) as address:
        page = TeamsPage(await browser.new_page(), address)
        await page.open()
        yield page
