"""`kollegial study preview`: a study as participants will see it, on the researcher's machine.

A bot with databases of its own in a folder that is deleted when it ends; the answers are
sealed with a key that nobody has.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bot.app import running
from bot.operation import demonstration, logs
from bot.operation.settings import Settings
from cli.playground import PlaygroundError, current_user, playground
from cli.streams import say
from dialogs.studies.study import Study
from research.studies import StudyRefused, create, open_study
from storage.crypto.sealing import nobodys_key
from storage.databases import databases, migrate_both

PLAYGROUND_PORT = 56151


def show(studies: Sequence[Study], port: int, *, with_playground: bool) -> None:
    """Until Ctrl-C. Raises `StudyRefused` where it cannot start."""
    logs.configure()
    with tempfile.TemporaryDirectory(prefix="kollegial-preview-") as name:
        folder = Path(name)
        try:
            asyncio.run(_until_stopped(studies, port, folder, with_playground=with_playground))
        except (OSError, PlaygroundError) as error:
            raise StudyRefused(
                f"The preview cannot start at port {port}: {error} Choose another --port."
            ) from None
    say("Stopped. Nothing is kept.")


async def _until_stopped(
    studies: Sequence[Study], port: int, folder: Path, *, with_playground: bool
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, stopped.set)
    async with shown(studies, port, folder) as boards:
        say("The board in a browser:\n" + "\n".join(f"    {address}" for address in boards))
        say("Nothing that is sorted there is kept, and nobody can read it. Stop with Ctrl-C.")
        if with_playground:
            messages = f"http://127.0.0.1:{port}/api/messages"
            async with playground(messages, PLAYGROUND_PORT, folder) as address:
                say(f"The cards, as in Teams: {address} (write `studie` there)")
                await stopped.wait()
        else:
            await stopped.wait()


@asynccontextmanager
async def shown(studies: Sequence[Study], port: int, folder: Path) -> AsyncIterator[list[str]]:
    """The bot with these studies open, and nothing else; the addresses of their boards."""
    os.environ["KOLLEGIAL_DATABASE_URL"] = f"sqlite:///{folder}/kollegial.db"
    os.environ["KOLLEGIAL_URN_URL"] = f"sqlite:///{folder}/urn.db"
    settings = Settings.demonstration().model_copy(
        update={
            "host": "127.0.0.1",
            "port": port,
            "administrator": current_user(),
            "server_key": SecretStr(demonstration.server_key(folder)),
        }
    )
    async for _ in migrate_both():
        pass
    pilots = [study.as_pilot() for study in studies]
    async with databases() as (operational, urn):
        for pilot in pilots:
            await create(operational, urn, pilot, nobodys_key(), "the preview")
            today = datetime.now(UTC).date()
            await open_study(operational, urn, pilot.id, "the preview", today)
        async with running(settings, operational, urn):
            yield [f"{settings.board}/studie/{pilot.id}" for pilot in pilots]
