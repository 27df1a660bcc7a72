"""The board without a browser: what a page would ask, and what comes of it in the export."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

import aiohttp

from bot.gateway.events import Json
from bot.operation.demonstration import STUDY
from dialogs.studies.study import Study
from research.export import Export, open_answers, write_export
from research.study_files import read_study
from storage.crypto.codes import Token
from tests.support.kollegial import House

_NUMBERS = count(1)


def another(study: Study) -> Study:
    """The same study under an id of its own: each test closes and exports one."""
    return replace(study, id=f"{study.id}{next(_NUMBERS)}")


def columns_of(study: Study, turn: int = 0) -> dict[str, int]:
    """A whole sort: the study's statements from the least column on, turned round by so many."""
    cells = list(Counter(study.grid.cells).elements())
    cells = cells[turn:] + cells[:turn]
    return {s.id: column for s, column in zip(study.statements, cells, strict=True)}


async def exported(house: House, study: Study, folder: Path) -> dict[str, dict[str, int]]:
    """Close the study and export it: the cells of `sorts.csv`, by pseudonym and statement."""
    await house.services.studies.close(study.id, "a researcher")
    release = await house.urn.release(study.id)
    answers = open_answers(study, release.submissions, house.identity)
    write_export(folder / f"export-{study.id}", Export(study, answers, invited=0))
    with (folder / f"export-{study.id}" / "sorts.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        return {
            row.pop("pseudonym"): {s: int(column) for s, column in row.items()}
            for row in csv.DictReader(file)
        }


@dataclass
class Page:
    """What one tab knows: its token and the nonce of the state that it shows."""

    session: aiohttp.ClientSession
    url: str
    token: str = field(default_factory=lambda: str(Token.new()))
    nonce: str = ""

    async def ask(self, verb: str, **data: Any) -> Json:
        """One request as the page makes it."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.url}/tavle/api/{verb}?l=nb"
        async with self.session.post(address, json=data, headers=headers) as response:
            reply: Json = await response.json()
        self.nonce = reply.get("nonce", self.nonce)
        return reply | {"status": response.status}

    async def begin(self, study: Study, code: str = "") -> Json:
        version = study.information.version
        return await self.ask("begin", study=study.id, version=version, code=code)

    async def press(self, verb: str, **data: Any) -> Json:
        return await self.ask(verb, **{"nonce": self.nonce, "id": token_hex(8), **data})

    async def lay(self, columns: Mapping[str, int]) -> Json:
        """From the beginning to the full grid, one press after the other."""
        await self.press("read_all")
        for n, statement in enumerate(columns):
            pile = ("agree", "neutral", "disagree")[n % 3]
            await self.press("put", statement=statement, pile=pile)
        reply = await self.press("piles_made")
        for statement, column in columns.items():
            reply = await self.press("lay", statement=statement, column=column)
        return reply

    async def arrange(self, columns: Mapping[str, int]) -> Json:
        """The full grid in one press, as the form does it."""
        placed = {f"column.{statement}": str(column) for statement, column in columns.items()}
        return await self.press("arrange", **placed)

    async def deliver(self, earlier_code: str = "") -> Json:
        """From the full grid to the receipt."""
        await self.press("approve")
        reply = await self.press("explain", comment="Takk.")
        code = reply["draft"]["code"]
        return await self.press("deliver", code=code, earlier_code=earlier_code)


def shipped() -> Study:
    """The study of 36 statements that comes with Kollegial."""
    study = read_study(STUDY, date(2026, 11, 21))
    assert isinstance(study, Study)
    return study
