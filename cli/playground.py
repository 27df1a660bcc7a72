"""Microsoft's Agents Playground beside the bot: Teams as a page in a browser.

For trying and testing, on loopback. It comes from npm (`package-lock.json`) and
is installed when first needed, in a clone into the clone, otherwise into the user's
cache; `python -m cli.playground` only installs it.
`docs/playground.md` tells how it differs from Teams.
"""

import asyncio
import json
import os
import shutil
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT

import aiohttp
import typer

ROOT = Path(__file__).parents[1]
CONFIG = Path(__file__).with_suffix(".json")
"""The people, the group chat and the team. JSON is YAML, which it expects."""
PRELOAD = Path(__file__).with_suffix(".cjs")
LOCKED = Path(__file__).with_name("npm")
"""`package.json` and its lock."""


def home() -> Path:
    """Where npm installs it."""
    if (ROOT / "pyproject.toml").exists():
        return ROOT
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kollegial"


START_SECONDS = 60
STOP_SECONDS = 5


class PlaygroundError(Exception):
    """It cannot run; the message says why and what to do."""


def current_user() -> str:
    """The Entra object id of the one who sits at the page."""
    user: str = json.loads(CONFIG.read_text("utf-8"))["currentUser"]["aadObjectId"]
    return user


@asynccontextmanager
async def playground(bot: str, port: int, folder: Path) -> AsyncIterator[str]:
    """Run the Playground for the bot that listens at the URL `bot`; yields its own address.

    `folder` takes its log, which holds no messages. Raises `PlaygroundError`.
    """
    await install()
    _require_free(port)
    address = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *(_program("node"), "--require", PRELOAD, program(), "start", "--disable-telemetry"),
        *("--app-endpoint", bot, "--channel-id", "msteams", "--port", str(port)),
        *("--service-url", f"{address}/_connector"),
        env=_environment(folder),
        stdin=PIPE,
        stdout=DEVNULL,
        start_new_session=True,  # Ctrl-C is for us; we stop it when the bot is done
    )
    try:
        await _answers(address, process)
        yield address
    finally:
        await _stop(process)


async def install() -> None:
    """Install the packages of `package-lock.json`, unless the installed ones are newer.

    Raises `PlaygroundError`.
    """
    if _is_installed():
        return
    typer.echo("Installing the Playground with npm (once) ...", err=True)
    place = home()
    place.mkdir(parents=True, exist_ok=True)
    for file in LOCKED.iterdir():
        shutil.copyfile(file, place / file.name)
    npm = await asyncio.create_subprocess_exec(
        *(_program("npm"), "ci", "--prefer-offline", "--no-audit", "--no-fund"),
        *("--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
        cwd=place,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
    )
    said, _ = await npm.communicate()
    if npm.returncode:
        raise PlaygroundError(
            f"npm could not install the Playground. It said:\n\n{said.decode(errors='replace')}\n"
            "If it cannot reach its registry, see to the network or the proxy (`npm ping` "
            "tells), then try again. The bot alone needs no npm: `kollegial run`."
        )


def _is_installed() -> bool:
    installed = home() / "node_modules/.package-lock.json"  # npm writes it last
    lock = LOCKED / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime


def program() -> Path:
    """What Node.js runs."""
    return home() / "node_modules/@microsoft/m365agentsplayground/cli.js"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise PlaygroundError(
            f"The Playground needs Node.js 20 or later, and `{name}` is not on the PATH. "
            "Install it (Debian: `apt-get install nodejs npm`), or run the bot without "
            "the Playground: `kollegial run`."
        )
    return found


def _require_free(port: int) -> None:
    # It would silently take another port, and print it where nobody looks.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PlaygroundError(
                f"Port {port} is taken, perhaps by a Playground that still runs. "
                "Stop what uses it, or choose another with `--playground-port`."
            ) from None


def _environment(folder: Path) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    return os.environ | {
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(CONFIG),
        "M365_AGENTS_PLAYGROUND_LOGFILE": str(folder / "playground.log"),
        "TEAMSAPPTESTER_BROWSER": "none",
    }


async def _answers(address: str, process: asyncio.subprocess.Process) -> None:
    deadline = time.monotonic() + START_SECONDS
    async with aiohttp.ClientSession() as session:
        while process.returncode is None and time.monotonic() < deadline:
            try:
                async with session.get(address) as response:
                    response.raise_for_status()
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
    state = "does not answer" if process.returncode is None else "ended at once"
    damaged = home() / "node_modules"
    raise PlaygroundError(
        f"The Playground {state}. If it is damaged, delete {damaged} and try again."
    )


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def _main() -> None:
    try:
        asyncio.run(install())
    except PlaygroundError as error:
        typer.echo(error, err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    _main()
