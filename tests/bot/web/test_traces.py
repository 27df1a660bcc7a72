"""What a sort on the board leaves behind: no token, no code and no address in any log or file."""

import logging
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.web_log import AccessLogger

from storage.crypto.codes import ResumeCode
from tests.support.board import Page, columns_of
from tests.support.kollegial import kollegial
from tests.support.studies import SMALL


class Heard(logging.Handler):
    """Every record of every library, with all that it carries."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        shown = logging.Formatter("%(name)s %(message)s").format(record)
        self.lines.append(f"{shown} {record.__dict__}")


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard, root = Heard(), logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    yield heard
    root.setLevel(level)
    root.removeHandler(heard)


async def a_sort(folder: Path) -> tuple[set[str], str]:
    """A whole sort; its secrets, and all that is left in the databases' files."""
    async with kollegial(folder) as house, aiohttp.ClientSession() as session:
        page = Page(session, f"http://127.0.0.1:{house.settings.port}", str(ResumeCode.new()))
        await page.begin(SMALL)
        await page.lay(columns_of(SMALL))
        done = await page.deliver()
        await page.ask("withdraw", code=done["code"])
        await page.ask("look")
        code = ResumeCode.parse(page.token)
        assert code
        secrets = {page.token, str(code.token()), str(code.token().secret.hex()), done["code"]}
    return secrets, left_in(folder)


def left_in(folder: Path) -> str:
    files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return files.decode("latin-1")


async def test_no_log_and_no_file_has_a_secret_or_an_address(heard: Heard, tmp_path: Path) -> None:
    secrets, files = await a_sort(tmp_path)
    said = "\n".join(heard.lines)
    assert [secret for secret in secrets if secret in said + files] == []
    assert "127.0.0.1" not in files
    assert [line for line in heard.lines if "/tavle" in line] == []


async def test_a_log_that_did_it_wrong_would_be_found(heard: Heard) -> None:
    """An access log of a page that had its token in the address: the planted mistake."""
    log = AccessLogger(logging.getLogger("aiohttp.access"), "%a %r")
    token = str(ResumeCode.new())

    async def page(request: web.Request) -> web.Response:
        log.log(request, response := web.Response(), 0.0)
        return response

    application = web.Application()
    application.add_routes([web.get("/tavle", page)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = runner.addresses[0]
    async with aiohttp.ClientSession() as session:
        await session.get(f"http://127.0.0.1:{address[1]}/tavle?t={token}")
    await runner.cleanup()
    assert [line for line in heard.lines if "/tavle" in line and token in line] != []
