"""No turn keeps the others waiting: what takes long happens in threads of its own.

Counted by where work is done, not by how long it takes: a slow machine changes nothing.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event

from storage.crypto import sealing
from tests.support.kollegial import deliver, kollegial

Threads = dict[str, set[int]]
"""In which threads each kind of slow work was done."""


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Threads]:
    seen: Threads = defaultdict(set)

    def watch(owner: object, name: str, kind: str) -> None:
        original = getattr(owner, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            seen[kind].add(threading.get_ident())
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, watched)

    def note(kind: str) -> Callable[..., None]:
        return lambda *_: seen[kind].add(threading.get_ident())

    watch(PasswordHasher, "hash", "argon2id")
    watch(PasswordHasher, "verify", "argon2id again")
    watch(sealing, "encrypt", "age")
    listeners = [("before_cursor_execute", note("SQL")), ("commit", note("commit"))]
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    yield seen
    for name, listener in listeners:
        event.remove(Engine, name, listener)


async def test_databases_hashes_and_seals_stay_off_the_event_loop(
    tmp_path: Path, threads: Threads
) -> None:
    async with kollegial(tmp_path) as house:
        _, code = await deliver(house.kari)
        await deliver(house.ola, earlier_code=code)  # replaces
        await house.ola.write(f"trekk {code}")
        await house.ola.press(house.ola.chat.last, "study.withdraw", data={"sure": "yes"})

    assert threads.keys() == {"argon2id", "argon2id again", "age", "SQL", "commit"}
    assert threading.get_ident() not in set().union(*threads.values())
