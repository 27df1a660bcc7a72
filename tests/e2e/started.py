"""A real Chromium, the real bot and the real Playground, each on a free port of loopback."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from cli.playground import current_user, playground
from tests.e2e.teams import TeamsPage
from tests.support.chromium import ARGUMENTS, CHROMIUM
from tests.support.ports import free_port

PATIENCE = 30_000
"""Milliseconds that a step in the browser may take on a busy machine."""

_LATER = """
from datetime import timedelta
import time_machine
from cli.app import app
with time_machine.travel(timedelta(days={days})):
    app()
"""


def _program(days: int) -> tuple[str | Path, ...]:
    """`kollegial`, as it is installed or by a clock that is days ahead."""
    if not days:
        return (Path(sys.executable).with_name("kollegial"),)
    return (sys.executable, "-c", _LATER.format(days=days))


@dataclass(frozen=True)
class RunningBot:
    """`folder` is where it works: its databases and keys are in `folder / ".data"`."""

    url: str
    folder: Path
    process: Process

    async def kill(self) -> None:
        """As when the power goes."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def chromium() -> AsyncIterator[BrowserContext]:
    """Debian's Chromium, by itself."""
    async with async_playwright() as playwright:
        process = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS])
        async with in_norway(process) as context:
            yield context
        await process.close()


@asynccontextmanager
async def in_norway(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A profile of somebody in Norway."""
    expect.set_options(timeout=PATIENCE)
    context = await browser.new_context(
        locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(PATIENCE)
    yield context
    await context.close()


@asynccontextmanager
async def bot_in(
    folder: Path, port: int | None = None, *, days: int = 0
) -> AsyncIterator[RunningBot]:
    """`kollegial run --demo` as it is shipped; who sits at the page is its administrator.

    With a port and a folder that another had before, it goes on where that one ended. Its clock
    is so many `days` ahead.
    What it says is in `folder / "bot.log"`. Raises RuntimeError, with that, where it ends at once.
    """
    port, log = port or free_port(), folder / "bot.log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KOLLEGIAL_")}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *_program(days),
            *("run", "--demo"),
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
        yield RunningBot(url, folder, process)
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
