"""Processes that are killed, as `kill -9` would, at a step of one's choice.

A program under `serve` forks a child for each line of JSON that it reads, and
answers with a line, `{"acknowledged", "killed"}`. The child kills itself at its
`kill_at`-th step: before and after each await of each task, each SQL statement,
each commit, and each emptying of a log.

    async with victims("tests.storage.urn.victim") as process:
        acknowledged, killed = await live_and_die(process, url=url, kill_at=7)
"""

import asyncio
import itertools
import json
import os
import signal
import sys
import types
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeAlias, TypeVar

import asyncpg
from sqlalchemy import Engine, event

from storage.database import Database, SqliteDatabase

T = TypeVar("T")
Acknowledge: TypeAlias = Callable[[str], None]


class Steps:
    """Counts, and kills at one of the counts."""

    def __init__(self, kill_at: int) -> None:
        self._kill_at = kill_at
        self._count = itertools.count(1)

    def watch(self, opened: Database) -> None:
        """Have all that a database does be steps."""
        event.listen(Engine, "before_cursor_execute", self.step)
        event.listen(Engine, "after_cursor_execute", self.step)
        database: Any = opened
        if isinstance(database, SqliteDatabase):
            database._plain = self.around(database._plain)  # type: ignore[method-assign] # every step around it may be the last
            dialect: Any = database._engine.dialect
        else:
            dialect = database._engine.sync_engine.dialect
        dialect.do_commit = self.around(dialect.do_commit)

    def watch_tasks(self) -> None:
        """Have all that tasks, which begin from now on, wait for be steps."""

        async def stepping(coroutine: Coroutine[Any, Any, T]) -> T:
            return await self.awaiting(coroutine)

        def task(
            loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
        ) -> "asyncio.Task[Any]":
            return asyncio.Task(stepping(coroutine), loop=loop, **options)

        asyncio.get_running_loop().set_task_factory(task)

    def step(self, *_args: object, **_kwargs: object) -> None:
        if next(self._count) == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., T]) -> Callable[..., T]:
        def stepped(*args: Any, **kwargs: Any) -> T:
            self.step()
            result = function(*args, **kwargs)
            self.step()
            return result

        return stepped

    @types.coroutine
    def awaiting(self, awaitable: Awaitable[T]) -> Generator[Any, Any, T]:
        """What `await` does, with a step wherever it hands over to the event loop."""
        inner = awaitable.__await__()
        try:
            waited_for = next(inner)
            while True:
                self.step()
                try:
                    sent = yield waited_for
                except BaseException as error:  # noqa: BLE001 - it is the coroutine's to handle
                    waited_for = inner.throw(error)
                else:
                    self.step()
                    waited_for = inner.send(sent)
        except StopIteration as end:
            result: T = end.value
            return result


def serve(live: Callable[..., Coroutine[Any, Any, None]]) -> None:
    """Live a life in a child for each line, `live(..., acknowledge=)`, and tell how it went."""
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(live(**json.loads(line), acknowledge=partial(_tell, writer)))
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as acknowledgements:
            acknowledged = acknowledgements.read().split("\n")[:-1]
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({"acknowledged": acknowledged, "killed": killed}), flush=True)  # noqa: T201 - who started us reads it


def _tell(pipe: int, acknowledgement: str) -> None:
    os.write(pipe, f"{acknowledgement}\n".encode())


@asynccontextmanager
async def victims(module: str) -> AsyncIterator[Process]:
    """A program that serves lives, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE
    )
    yield process
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == 0


async def live_and_die(process: Process, *, url: str, **life: Any) -> tuple[set[str], bool]:
    """What was acknowledged, and whether the child was killed."""
    assert process.stdin is not None
    assert process.stdout is not None
    async with _outlived_by_nothing(url):
        process.stdin.write(json.dumps({"url": url, **life}).encode())
        process.stdin.write(b"\n")
        told: dict[str, Any] = json.loads(await process.stdout.readline())
    acknowledged = set(told["acknowledged"])
    assert told["killed"] or "alive" in acknowledged, "the child died of something else"
    return acknowledged, told["killed"]


@asynccontextmanager
async def _outlived_by_nothing(url: str) -> AsyncIterator[None]:
    # PostgreSQL may still be carrying out what the dead one asked for last.
    if not url.startswith("postgresql:"):
        yield
        return
    connection = await asyncpg.connect(url)
    here = "SELECT array_agg(pid) FROM pg_stat_activity WHERE datname = current_database()"
    before = await connection.fetchval(here)
    yield
    while set(await connection.fetchval(here)) - set(before):
        await connection.execute("SELECT pg_sleep(0.005)")
    await connection.close()
