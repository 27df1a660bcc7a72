"""Many studies: first to practise on, then to attack.

A long campaign has a worker on every processor, which gives back numbers only; the
leaks stay where they were made.
"""

import asyncio
import os
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from tests.adversary.attacks import Adversary, Study, score
from tests.adversary.designs import Real
from tests.adversary.society import plan
from tests.adversary.world import PostgresServer, Server, SqliteServer, World
from tests.support.databases import drop_postgres_database, new_postgres_database

T = TypeVar("T")
FEW = 60


@dataclass(frozen=True)
class Result:
    """How well the adversary did."""

    way: str
    right: int
    """Persons it found, over all studies."""
    answers: int
    """Persons there were to be found."""
    studies: int


@dataclass(frozen=True)
class Campaign:
    """One design on one kind of database."""

    design: type[Real]
    postgres: str | None
    """A PostgreSQL server's URL; None for SQLite."""

    def run(self, practice: int, studies: int) -> Result:
        """Practise on some studies, then attack others."""
        workers = (os.cpu_count() or 1) if studies > FEW else 1
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:

            def spread(work: Callable[[range], T], seeds: range) -> list[T]:
                if workers == 1:  # a process of its own would cost more than the work
                    return [work(seeds)]
                return list(pool.map(work, [seeds[i::workers] for i in range(workers)]))

            learnt = sum(spread(self.practise, range(practice)), Counter[str]())
            way = max(learnt, key=lambda each: learnt[each])
            found = spread(partial(self.attack, way=way), range(practice, practice + studies))
        return Result(way, sum(r for r, _ in found), sum(a for _, a in found), studies)

    def practise(self, seeds: range) -> Counter[str]:
        async def practise() -> Counter[str]:
            learnt = Counter[str]()
            async with self._server() as server:
                for seed in seeds:
                    study = await self._happen(seed, server)
                    learnt.update(Adversary(random.Random(seed)).practise(study))
            return learnt

        return asyncio.run(practise())

    def attack(self, seeds: range, way: str) -> tuple[int, int]:
        async def attack() -> tuple[int, int]:
            right = answers = 0
            async with self._server() as server:
                for seed in seeds:
                    study = await self._happen(seed, server)
                    matching = Adversary(random.Random(seed)).attack(study.leak, way)
                    right += score(matching, study.truth)
                    answers += len(study.truth)
            return right, answers

        return asyncio.run(attack())

    async def _happen(self, seed: int, server: Server) -> Study:
        return await World(plan(seed), server, self.design()).happen()

    @asynccontextmanager
    async def _server(self) -> AsyncIterator[Server]:
        if self.postgres is None:
            with tempfile.TemporaryDirectory(dir=_quick_directory()) as directory:
                yield SqliteServer(Path(directory))
        else:
            urls = [await new_postgres_database(self.postgres) for _ in range(2)]
            yield PostgresServer(*urls)
            for url in urls:
                await drop_postgres_database(self.postgres, url)


def _quick_directory() -> str | None:
    """In memory where there is such a place: what is written is the same."""
    memory = "/dev/shm"  # noqa: S108 - no file in it has a name that can be foreseen
    return memory if Path(memory).is_dir() else None
