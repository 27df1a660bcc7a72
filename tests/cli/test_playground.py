"""The Playground starts, stops and says what to do when it cannot."""

import json
import os
import shutil
import socket
import sys
from pathlib import Path
from subprocess import PIPE, Popen

import aiohttp
import psutil
import pytest

from cli import playground as module
from cli.playground import CONFIG, PlaygroundError, current_user, install, playground, program
from tests.support.ports import free_port

BOT = "http://127.0.0.1:9/api/messages"

needs_npm = pytest.mark.skipif(
    not (program().exists() and shutil.which("node")),
    reason="The packages from npm are not installed",
)


@pytest.mark.browser
@needs_npm
async def test_it_serves_our_people_on_loopback_alone_and_stops(tmp_path: Path) -> None:
    port = free_port()
    async with playground(BOT, port, tmp_path) as address, aiohttp.ClientSession() as session:
        # Without our preload it would listen on every interface.
        assert listeners(port) == {"127.0.0.1"}
        async with session.get(
            f"{address}/_connector/v3/conversations/19:lillevik@thread.tacv2/members"
        ) as got:
            names = [member["name"] for member in await got.json()]
        assert names[0] == "Alma Bråtenes"
        assert len(names) == 6

    assert listeners(port) == set()


@pytest.mark.browser
@needs_npm
def test_it_ends_with_the_bot_however_the_bot_ends(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, pathlib, signal\n"
        "from cli.playground import playground\n"
        "async def main():\n"
        f"    async with playground({BOT!r}, {free_port()}, pathlib.Path({str(tmp_path)!r})):\n"
        "        print('up', flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with Popen([sys.executable, "-c", program], stdout=PIPE) as bot:
        assert bot.stdout is not None
        assert bot.stdout.readline() == b"up\n"
        (child,) = psutil.Process(bot.pid).children()
        bot.kill()
    gone, alive = psutil.wait_procs([child], timeout=30)

    assert (len(gone), alive) == (1, [])


async def test_a_taken_port_is_named_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_is_installed", lambda: True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PlaygroundError, match=f"Port {port} is taken.*--playground-port"):
            async with playground(BOT, port, tmp_path):
                pass


async def test_a_machine_without_node_is_told_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROOT", clone(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PlaygroundError, match=r"Node\.js 20 or later.*kollegial run"):
        await install()


async def test_npm_that_cannot_install_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr(module, "ROOT", clone(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(PlaygroundError, match=r"(?s)ENOTFOUND.*npm ping"):
        await install()


async def test_outside_a_clone_it_is_installed_into_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nmkdir node_modules && touch node_modules/.package-lock.json\n")
    npm.chmod(0o755)
    monkeypatch.setattr(module, "ROOT", tmp_path / "site-packages")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    await install()

    cache = tmp_path / "cache/kollegial"
    wanted = json.loads((cache / "package.json").read_text("utf-8"))["devDependencies"]
    locked = json.loads((cache / "package-lock.json").read_text("utf-8"))["packages"]
    assert wanted.keys() == locked[""]["devDependencies"].keys()
    assert f"node_modules/{program().relative_to(cache / 'node_modules').parent}" in locked
    assert program().is_relative_to(cache)
    npm.unlink()
    await install()  # it is there


def test_the_one_at_the_page_can_be_made_administrator() -> None:
    assert current_user() in CONFIG.read_text("utf-8")


def listeners(port: int) -> set[str]:
    """The addresses on which somebody listens on this port."""
    return {
        c.laddr.ip
        for c in psutil.net_connections("tcp")
        if c.status == psutil.CONN_LISTEN and c.laddr and c.laddr.port == port
    }


def clone(folder: Path) -> Path:
    """A clone in which nothing is installed yet."""
    (folder / "pyproject.toml").touch()
    return folder
