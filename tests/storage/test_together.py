"""What waits is done in one go, and nobody pays for what somebody else does wrong."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from storage.database import open_database
from storage.together import Together
from tests.support.databases import NewDatabase


class Ledger:
    """Does work once it may; `went` has what was done in one go."""

    def __init__(self) -> None:
        self.went: list[list[Any]] = []
        self.may_end = asyncio.Event()
        self.together = Together(self._do, lambda error: isinstance(error, OSError))

    async def _do(self, works: Sequence[Callable[[], Any]]) -> list[Any]:
        await self.may_end.wait()
        self.went.append([])
        results = [work() for work in works]
        self.went[-1] = results
        return results


def number(value: int) -> int:
    return value


def failing(error: Exception) -> int:
    raise error


async def test_what_comes_meanwhile_is_done_in_one_go() -> None:
    ledger = Ledger()
    asked = [ledger.together.do(partial(number, n)) for n in range(5)]
    ledger.may_end.set()

    assert await asyncio.gather(*asked) == [0, 1, 2, 3, 4]
    assert ledger.went == [[0], [1, 2, 3, 4]]


async def test_one_that_fails_fails_alone() -> None:
    ledger = Ledger()
    works = [
        partial(number, 0),
        partial(number, 1),
        partial(failing, KeyError()),
        partial(number, 3),
    ]
    asked = [ledger.together.do(work) for work in works]
    ledger.may_end.set()
    first, second, failed, last = await asyncio.gather(*asked, return_exceptions=True)

    assert (first, second, last) == (0, 1, 3)
    assert isinstance(failed, KeyError)
    assert ledger.went == [[0], [], [1], [], [3]]


async def test_where_nothing_can_be_done_all_are_told_at_once() -> None:
    ledger = Ledger()
    works = [partial(number, 0), partial(number, 1), partial(failing, OSError())]
    asked = [ledger.together.do(work) for work in works]
    ledger.may_end.set()
    first, second, third = await asyncio.gather(*asked, return_exceptions=True)

    assert first == 0
    assert isinstance(second, OSError)
    assert second is third
    assert ledger.went == [[0], []]


async def test_what_is_cancelled_while_it_waits_is_not_done() -> None:
    ledger = Ledger()
    begun, waiting, last = [ledger.together.do(partial(number, n)) for n in range(3)]
    await asyncio.sleep(0)
    begun.cancel()
    waiting.cancel()
    ledger.may_end.set()

    assert await last == 2
    assert ledger.went == [[0], [2]]


async def test_resting_waits_for_all_of_it() -> None:
    ledger = Ledger()
    asked = [ledger.together.do(partial(number, n)) for n in range(3)]
    ledger.may_end.set()
    await ledger.together.rest()

    assert all(each.done() for each in asked)


async def test_those_who_write_at_once_share_a_transaction_and_no_mistake(
    new_database: NewDatabase,
) -> None:
    database = await open_database(await new_database(), "operational")
    wanted = [partial(_grant, f"person-{n % 5}") for n in range(8)]
    outcomes = await asyncio.gather(
        *(database.write(work) for work in wanted), return_exceptions=True
    )
    kept = await database.read(lambda c: c.exec_driver_sql("SELECT person FROM role").all())
    await database.close()

    assert sorted(row.person for row in kept) == [f"person-{n}" for n in range(5)]
    assert sum(isinstance(each, Exception) for each in outcomes) == 3


def _grant(name: str, connection: Any) -> None:
    connection.exec_driver_sql(f"INSERT INTO role VALUES ('{name}', 'researcher')")


async def test_a_transaction_that_cannot_be_committed_is_nobodys(tmp_path: Path) -> None:
    """Those who shared it are told, and nothing of it is there."""
    database = await open_database(f"sqlite:///{tmp_path}/operational.db", "operational")
    await database.write(partial(_grant, "before"))

    def full(connection: Any) -> None:
        _grant("after", connection)
        raise OSError(28, "No space left on device")

    works: list[Callable[[Any], None]] = [partial(_grant, "one"), partial(_grant, "two"), full]
    outcomes = await asyncio.gather(
        *(database.write(work) for work in works), return_exceptions=True
    )
    kept = await database.read(lambda c: c.exec_driver_sql("SELECT person FROM role").all())
    await database.close()

    assert {row.person for row in kept} == {"before", "one"}
    assert [isinstance(each, OSError) for each in outcomes] == [False, True, True]
