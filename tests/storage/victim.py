"""A participant whose process is killed: run as a program by `test_kills.py`.

It forks a child for each line that it reads, `{"url", "study", "kill_at"}`, and
answers with a line, `{"acknowledged", "killed"}`. The child kills itself, as
`kill -9` would, at its `kill_at`-th step: before and after each await, each SQL
statement, each commit, and each emptying of a log.
"""

import asyncio
import hashlib
import itertools
import json
import os
import signal
import sys
import types
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine, event

from storage.codes import ALPHABET, Code, Token
from storage.database import SqliteDatabase
from storage.urn import Refusal, Urn
from tests.storage.conftest import QUICK

T = TypeVar("T")
BEGUN, LAID = b"nothing yet", b"every statement lies on the grid"
FIRST, SECOND = b"first", b"second"
NAME, WITHDRAWN_NAME = "rolig elv", "vid fjord"


@dataclass(frozen=True)
class Secrets:
    """What the people of a study hold. They survive, as they do on cards and paper."""

    study: str

    def _bytes(self, purpose: str) -> bytes:
        return hashlib.sha256(f"{self.study} {purpose}".encode()).digest()

    def token(self, purpose: str) -> Token:
        return Token(self._bytes(purpose))

    def code(self, purpose: str) -> Code:
        text = "".join(ALPHABET[byte % 32] for byte in self._bytes(purpose))
        return Code(text[:6], text[6:23])


async def take_part(urn: Urn, study: str, acknowledge: Callable[[str], None]) -> None:
    """Begin, go on, submit, change the answer; another withdraws; the study closes."""
    secrets = Secrets(study)
    draft = await urn.open_draft(secrets.token("first"), study, BEGUN)
    assert draft is not None
    acknowledge("begun")
    draft = await urn.save_draft(secrets.token("first"), draft, LAID)
    assert draft is not None
    acknowledge("laid")
    submitted = await urn.submit(secrets.token("first"), draft, FIRST, NAME, secrets.code("mine"))
    assert not isinstance(submitted, Refusal)
    acknowledge("submitted")
    draft = await urn.open_draft(secrets.token("second"), study, LAID)
    assert draft is not None
    acknowledge("begun again")
    replaced = await urn.replace(secrets.token("second"), draft, SECOND, secrets.code("mine"))
    assert not isinstance(replaced, Refusal)
    acknowledge("replaced")
    assert await urn.withdraw(secrets.code("theirs")) is not None
    acknowledge("withdrawn")
    await urn.close_study(study)
    acknowledge("closed")


class Steps:
    """Counts, and kills at one of the counts."""

    def __init__(self, kill_at: int) -> None:
        self._kill_at = kill_at
        self._count = itertools.count(1)

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


async def live(url: str, study: str, kill_at: int, acknowledge: Callable[[str], None]) -> None:
    urn = await Urn.open(url, QUICK)
    steps = Steps(kill_at)
    event.listen(Engine, "before_cursor_execute", steps.step)
    event.listen(Engine, "after_cursor_execute", steps.step)
    database: Any = urn._database
    if isinstance(database, SqliteDatabase):
        database._plain = steps.around(database._plain)  # type: ignore[method-assign] # kills
        dialect: Any = database._engine.dialect
    else:
        dialect = database._engine.sync_engine.dialect
    dialect.do_commit = steps.around(dialect.do_commit)
    await steps.awaiting(take_part(urn, study, acknowledge))
    acknowledge("alive")
    await urn.close()


def main() -> None:
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
        print(json.dumps({"acknowledged": acknowledged, "killed": killed}), flush=True)  # noqa: T201 - read


def _tell(pipe: int, acknowledgement: str) -> None:
    os.write(pipe, f"{acknowledgement}\n".encode())


if __name__ == "__main__":
    main()
