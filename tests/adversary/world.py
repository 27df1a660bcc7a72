"""Lets a planned study happen, and everything leak at the planned moment."""

import logging
import random
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
from argon2 import PasswordHasher
from pyrage import x25519
from sqlalchemy import select

from storage.crypto.sealing import PrivateKey
from storage.operational.store import Operational
from storage.urn.store import Urn
from storage.urn.tables import SUBMISSION
from tests.adversary.attacks import Study
from tests.adversary.designs import Real
from tests.adversary.leak import Leak, Row, copy_sqlite, postgres_tables, sqlite_tables
from tests.adversary.society import ANSWER_SIZE, OPENS, STUDY, Moment, Office, Plan

OURS = ("bot", "storage", "research", "dialogs")
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
RECIPIENT = PrivateKey(str(x25519.Identity.generate())).recipient


class Server(ABC):
    """Where the two databases are, and what of them a leak hands over."""

    @abstractmethod
    def url(self, name: str) -> str:
        """Of the database `operational` or `urn`."""

    @abstractmethod
    async def clear(self) -> None:
        """Make both as new."""

    @abstractmethod
    def crash(self) -> None:
        """Leave what a killed process leaves, for the next one to open."""

    @abstractmethod
    async def tables(self) -> dict[str, list[Row]]:
        """What the databases say."""

    @abstractmethod
    def files(self) -> dict[str, bytes]:
        """What lies on the disk."""


class SqliteServer(Server):
    """A directory, and a new one after each crash."""

    def __init__(self, directory: Path) -> None:
        self._root = directory
        self._crashes = 0

    @property
    def _here(self) -> Path:
        return self._root / str(self._crashes)

    def url(self, name: str) -> str:
        return f"sqlite:///{self._here}/{name}.db"

    async def clear(self) -> None:
        for each in self._root.iterdir():
            if each.name != "template":
                shutil.rmtree(each)
        if not (template := self._root / "template").exists():
            await (await Operational.open(f"sqlite:///{template}/operational.db")).close()
            await (await Urn.open(f"sqlite:///{template}/urn.db")).close()
        self._crashes = 0
        self._copy(template, self._here)

    def crash(self) -> None:
        self._copy(self._here, self._root / str(self._crashes + 1))
        self._crashes += 1

    async def tables(self) -> dict[str, list[Row]]:
        # Reading a copy: the file itself must lie as it was found.
        self._copy(self._here, self._root / "read")
        return {
            table: rows
            for name in ("operational", "urn")
            for table, rows in sqlite_tables(self._root / "read" / f"{name}.db").items()
        }

    def files(self) -> dict[str, bytes]:
        return {
            file.name: file.read_bytes()
            for file in self._here.iterdir()
            if not file.name.endswith("-shm")
        }

    def _copy(self, here: Path, there: Path) -> None:
        for name in "operational", "urn":
            copy_sqlite(here / f"{name}.db", there)


class PostgresServer(Server):
    """Two databases on one server, as their tables show them: `xmin` and `ctid` too."""

    def __init__(self, operational: str, urn: str) -> None:
        self._urls = {"operational": operational, "urn": urn}

    def url(self, name: str) -> str:
        return self._urls[name]

    async def clear(self) -> None:
        for url in self._urls.values():
            connection = await asyncpg.connect(url)
            await connection.execute(
                "DROP TABLE IF EXISTS extra, participated, visits, ends, first"
            )
            tables = await connection.fetchval(
                "SELECT string_agg(tablename, ', ') FROM pg_tables "
                "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
            if tables:
                await connection.execute(f"TRUNCATE {tables}")
            await connection.close()

    def crash(self) -> None:
        """A server outlives its clients."""

    async def tables(self) -> dict[str, list[Row]]:
        found = [await postgres_tables(url, name) for name, url in self._urls.items()]
        return found[0] | found[1]

    def files(self) -> dict[str, bytes]:
        return {}


@dataclass
class World:
    """One study on one server."""

    plan: Plan
    server: Server
    design: Real
    now: datetime = OPENS
    log: list[str] = field(default_factory=list)
    exports: list[tuple[datetime, frozenset[str], frozenset[str]]] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)

    async def happen(self) -> Study:
        """Everything up to the leak."""
        dice = random.Random(self.plan.seed)
        await self.server.clear()
        with self._logged(), self.design.mistakes():
            office = self.design.office(*await self._open(), dice)
            await office.urn.register(STUDY, RECIPIENT, ANSWER_SIZE)
            await self.design.prepare(office, self.plan.people)
            await office.urn.open_study(STUDY)
            for moment in self.plan.moments[: self.plan.leaks_after]:
                await self._pass_time(office, moment.at)
                await self._turn(office, moment)
                if dice.random() < 0.01:
                    await self._crash(office)
            if self.plan.leaks_after == sum(m.at < self.plan.closes for m in self.plan.moments):
                await self._pass_time(office, self.plan.closes)
            leak = Leak(
                people=self.plan.people,
                chats=[
                    (m.at, m.person)
                    for m in self.plan.moments[: self.plan.leaks_after]
                    if office.is_seen(m)
                ],
                addresses={person: office.address(person) for person in self.plan.people},
                exports=self.exports,
                log="\n".join(self.log),
                tables=await self.server.tables(),
                files=self.server.files(),
            )
            await office.finish()
            await office.urn.close()
            await office.operational.close()
        return Study(leak, {name: self.truth[name] for name in leak.pseudonyms})

    async def _open(self) -> tuple[Urn, Operational]:
        return (
            await Urn.open(self.server.url("urn"), QUICK),
            await Operational.open(self.server.url("operational")),
        )

    async def _crash(self, office: Office) -> None:
        urn, operational = office.urn, office.operational
        await office.finish()
        self.server.crash()
        office.urn, office.operational = await self._open()
        await urn.close()
        await operational.close()

    async def _turn(self, office: Office, moment: Moment) -> None:
        if pseudonym := await office.turn(moment):
            self.truth[pseudonym] = moment.person
            await self.design.submitted(office, moment.person, pseudonym, moment.at)

    async def _pass_time(self, office: Office, until: datetime) -> None:
        """Nights, the closing, and exports, each at its time."""
        night = self.now.replace(hour=3, minute=0) + timedelta(days=1)
        nights = []
        while night <= until:
            nights.append((night, self._night))
            night += timedelta(days=1)
        due = [*nights, (self.plan.closes, self._close)]
        due += [(at, self._export) for at in self.plan.exports]
        for at, doing in sorted(due, key=lambda each: each[0]):
            if self.now < at <= until:
                self.now = at
                await doing(office)
        self.now = max(self.now, until)

    async def _night(self, office: Office) -> None:
        if self.design.exports_nightly and self.now < self.plan.closes:
            names = await office.urn._database.read(
                lambda c: frozenset(c.scalars(select(SUBMISSION.c.pseudonym)))
            )
            self.exports.append((self.now, names, frozenset()))
        await office.urn.reseal()

    async def _close(self, office: Office) -> None:
        await office.urn.close_study(STUDY)

    async def _export(self, office: Office) -> None:
        released = await office.urn.release(STUDY)
        names = frozenset(name for name, _ in released.submissions)
        self.exports.append((self.now, names, frozenset(released.withdrawn)))

    @contextmanager
    def _logged(self) -> Iterator[None]:
        """Everything that any logger says, down to DEBUG, at the study's time."""
        handler = logging.Handler(logging.DEBUG)
        handler.emit = self._note  # type: ignore[method-assign] # the adversary reads the log
        root, ours = logging.getLogger(), [logging.getLogger(name) for name in OURS]
        levels = {logger: logger.level for logger in (root, *ours)}
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        for logger in ours:  # whatever an earlier test has made of them
            logger.setLevel(logging.NOTSET)
        try:
            yield
        finally:
            for logger, level in levels.items():
                logger.setLevel(level)
            root.removeHandler(handler)

    def _note(self, record: logging.LogRecord) -> None:
        self.log.append(f"{self.now.isoformat()} {record.name} {record.getMessage()}")
