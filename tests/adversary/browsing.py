"""The same workplace at the board: by link or from the card, over HTTP, through the real routes.

Each person has a network address of their own, which the server sees as it would; Teams sees
those who come from the card when they say yes there, and nobody who comes from the link.
"""

# ruff: noqa: ARG002 - each mistake needs but some of what it is told

import logging
import random
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp
from aiohttp import web
from sqlalchemy import text

from bot.studies.service import StudyService
from bot.web.routes import BoardRoutes
from dialogs.studies.definitions import Definition
from storage.crypto.codes import Code, Token
from storage.operational.store import Operational
from storage.urn.store import Urn
from tests.adversary.designs import Real
from tests.adversary.society import STUDY, Deed, Holder, Moment, Office
from tests.support.board import Page, columns_of
from tests.support.studies import SMALL

SORT = replace(SMALL, id=STUDY)


class OneStudy(StudyService):
    """The study of the campaign, which is in the urn alone."""

    async def get(self, study_id: str) -> Definition:
        del study_id
        return SORT


class Surfing(Office):
    """One turn for each moment, as a browser carries it out."""

    def __init__(self, urn: Urn, operational: Operational, dice: random.Random) -> None:
        super().__init__(urn, operational, dice)
        self._addresses: dict[str, str] = {}
        self._by_card: set[str] = set()
        self._pages: dict[str, Page] = {}
        self._served: tuple[Urn, web.AppRunner, str] | None = None
        self.begun: dict[str, datetime] = {}
        self.opens_by_press = False
        """A mistake: everybody presses in Teams to open the board."""

    def is_seen(self, moment: Moment) -> bool:
        return moment.deed is Deed.CHAT or (
            moment.deed in {Deed.BEGIN, Deed.BEGIN_AGAIN}
            and (self.opens_by_press or moment.person in self._by_card)
        )

    def address(self, person: str) -> str:
        """Where somebody sits."""
        return self._addresses.get(person, "")

    async def turn(self, moment: Moment) -> str | None:
        if moment.person not in self._addresses:
            n = len(self._addresses) + 100
            self._addresses[moment.person] = f"127.9.{n}.{self.dice.randint(100, 254)}"
            if self.dice.random() < 0.5:
                self._by_card.add(moment.person)
        if self.is_seen(moment):
            await self.see(moment)
        self.acting = moment.person
        if moment.deed is Deed.BEGIN:
            self.begun[moment.person] = moment.at
        if moment.deed is Deed.CHAT:
            return None
        return await self._do(moment.deed, self.holders.setdefault(moment.person, Holder()))

    async def _do(self, deed: Deed, holder: Holder) -> str | None:
        url = await self._serve()
        connector = aiohttp.TCPConnector(local_addr=(self._addresses[self.acting], 0))
        async with aiohttp.ClientSession(connector=connector) as session:
            page = Page(session, url)
            if known := self._pages.get(self.acting):
                page.token, page.nonce = known.token, known.nonce
            if deed in {Deed.BEGIN, Deed.BEGIN_AGAIN}:
                page.token = str(Token.new())
                holder.token = Token.parse(page.token)
                await page.begin(SORT)
            elif holder.token:
                return await self._at_the_board(deed, holder, page)
            self._pages[self.acting] = page
        return None

    async def _at_the_board(self, deed: Deed, holder: Holder, page: Page) -> str | None:
        self._pages[self.acting] = page
        columns = columns_of(SORT, self.dice.randrange(9))
        if deed is Deed.WITHDRAW and holder.code:
            await page.ask("withdraw", code=str(holder.code))
            return None
        if deed is Deed.WITHDRAW or (deed is Deed.REPLACE and not holder.code):
            return None
        holder.words += self.dice.randint(0, 20)
        await page.arrange(columns)
        if deed is Deed.PRESS:
            return None
        await page.press("approve")
        reply = await page.press("explain", comment="ord " * min(holder.words, 100), anyway="yes")
        if "draft" not in reply:
            return None
        code = reply["draft"]["code"]
        earlier = str(holder.code) if deed is Deed.REPLACE else ""
        done = await page.press("deliver", code=code, earlier_code=earlier)
        if done["kind"] != "delivered" or earlier:
            return None
        holder.code = self.code_of(done["code"])
        holder.pseudonym = done["pseudonym"]
        return holder.pseudonym

    @staticmethod
    def code_of(typed: str) -> Code | None:
        code = Code.parse(typed)
        return code if isinstance(code, Code) else None

    async def _serve(self) -> str:
        """The address; a new server where the urn is a new one, after a crash."""
        if self._served and self._served[0] is self.urn:
            return self._served[2]
        await self.finish()
        application = web.Application()
        application.add_routes(BoardRoutes(self.urn, OneStudy(self.operational, self.urn)).routes())
        runner = web.AppRunner(application, access_log=None)  # as `bot/app.py` runs it
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._served = self.urn, runner, url
        return url

    async def finish(self) -> None:
        if self._served:
            await self._served[1].cleanup()
            self._served = None


class Browsing(Real):
    """The real design, at the board."""

    def office(self, urn: Urn, operational: Operational, dice: random.Random) -> Office:
        return Surfing(urn, operational, dice)


class Visits(Browsing):
    """Keeps two tables: from where each visit came, and what was handed in on it."""

    async def prepare(self, office: Office, people: list[str]) -> None:
        await run(office, "CREATE TABLE visits (visit TEXT, address TEXT)")
        await run(office, "CREATE TABLE ends (visit TEXT, pseudonym TEXT)")

    async def submitted(self, office: Office, person: str, pseudonym: str, at: datetime) -> None:
        visit = self.mark(office.dice.getrandbits(64))
        address = office.address(person)
        await run(office, "INSERT INTO visits VALUES (:visit, :what)", visit=visit, what=address)
        await run(office, "INSERT INTO ends VALUES (:visit, :what)", visit=visit, what=pseudonym)

    def mark(self, drawn: int) -> str:
        """What the browser brings back with each request."""
        raise NotImplementedError


class Cookie(Visits):
    """By a cookie."""

    def mark(self, drawn: int) -> str:
        return f"visit={drawn:016x}"


class Etag(Visits):
    """By an ETag, which browsers bring back without being asked."""

    def mark(self, drawn: int) -> str:
        return f'W/"{drawn:016x}"'


class AccessLog(Browsing):
    """An access log, of a page that has its receipt in the address."""

    async def submitted(self, office: Office, person: str, pseudonym: str, at: datetime) -> None:
        logging.getLogger("aiohttp.access").info(
            '%s "GET /tavle/levert/%s HTTP/1.1" 200', office.address(person), pseudonym
        )


class FirstRequest(Browsing):
    """Opening the board is a press, and the first request after it is noted with the answer."""

    def office(self, urn: Urn, operational: Operational, dice: random.Random) -> Office:
        office = Surfing(urn, operational, dice)
        office.opens_by_press = True
        return office

    async def prepare(self, office: Office, people: list[str]) -> None:
        await run(office, "CREATE TABLE first (pseudonym TEXT, asked TEXT)")

    async def submitted(self, office: Office, person: str, pseudonym: str, at: datetime) -> None:
        assert isinstance(office, Surfing)
        asked = office.begun[person] + timedelta(seconds=office.dice.uniform(0.5, 3))
        statement = "INSERT INTO first VALUES (:pseudonym, :asked)"
        await run(office, statement, pseudonym=pseudonym, asked=asked.isoformat())


async def run(office: Office, statement: str, **values: str) -> None:
    """A mistake's own statement in the urn."""
    await office.urn._database.write(lambda c: c.execute(text(statement), values))
