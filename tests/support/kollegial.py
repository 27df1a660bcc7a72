"""The whole bot, as it is shipped, and the small Teams that it belongs to.

async with kollegial(tmp_path) as house:
    reply = await house.kari.write("studie")
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr
from pyrage import x25519

from bot.app import running
from bot.delivery import dispatcher
from bot.gateway.events import Json
from bot.gateway.limits import UNLIMITED
from bot.operation.clock import Now, utc_now
from bot.operation.settings import Settings
from bot.routing.services import Services
from dialogs.studies.definitions import Definition
from dialogs.studies.study import Study
from research import studies
from simulation import cards
from simulation.participant import Mind
from simulation.teams import BotReply, Post, User
from storage.crypto.sealing import PrivateKey
from storage.operational.store import Operational
from storage.urn.store import Urn
from tests.support.ports import free_port
from tests.support.studies import SMALL
from tests.support.teams import APP_ID, SECRET, FakeTeams

SERVER_KEY = "5e" * 32
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""argon2's cheapest: what it costs is not what is tested."""


@dataclass
class House:
    """The bot and those around it. The administrator is `anne`; `kari` and `ola` take part."""

    folder: Path
    teams: FakeTeams
    settings: Settings
    identity: PrivateKey
    anne: User
    kari: User
    ola: User
    now: Now = utc_now
    urls: Mapping[str, str] = field(default_factory=dict)
    """Where the databases are, if not in the folder."""
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    services: Services = field(init=False)

    @property
    def urn(self) -> Urn:
        return self.services.urn

    @property
    def operational(self) -> Operational:
        return self.services.operational

    @property
    def database_urls(self) -> dict[str, str]:
        """As the environment gives them to the researcher's commands."""
        return {**self.urls} or {
            "KOLLEGIAL_DATABASE_URL": f"sqlite:///{self.folder}/kollegial.db",
            "KOLLEGIAL_URN_URL": f"sqlite:///{self.folder}/urn.db",
        }

    async def start(self) -> None:
        urls = self.database_urls
        operational = await Operational.open(urls["KOLLEGIAL_DATABASE_URL"])
        self._running.push_async_callback(operational.close)
        urn = await Urn.open(urls["KOLLEGIAL_URN_URL"], QUICK)
        self._running.push_async_callback(urn.close)
        self.services = await self._running.enter_async_context(
            # What keeping Teams' pace means is tested with the gateway, and takes its time.
            running(self.settings, operational, urn, limits=UNLIMITED, now=self.now)
        )

    async def stop(self) -> None:
        await self._running.aclose()

    async def restart(self) -> None:
        """Nothing survives but the databases."""
        await self.stop()
        await self.start()

    async def create(self, study: Definition, *, is_open: bool = True) -> None:
        await studies.create(
            self.operational, self.urn, study, self.identity.recipient, "a researcher"
        )
        if is_open:
            await studies.open_study(
                self.operational, self.urn, study.id, "a researcher", self.now().date()
            )

    async def settle(self) -> None:
        """Do what is due, and what becomes due by it, and let every card reach its chat."""
        due: datetime | None = self.now()
        while due and due <= self.now():
            await self.services.dispatcher.run_due()
            while on_its_way := self._on_its_way():
                await asyncio.wait(on_its_way)
            due = await self.operational.outbox.next_due()

    async def _arrived(self) -> None:
        """Wait for all that is on its way, unless Teams was told to lose it."""
        while (on_its_way := self._on_its_way()) and not self.teams.is_at_fault:
            await asyncio.wait(on_its_way, timeout=0.05)

    def _on_its_way(self) -> set[asyncio.Task[None]]:
        dispatcher, live = self.services.dispatcher, self.services.live_cards
        workers = {worker for lane in dispatcher._lanes for worker in lane.workers}
        return workers | dispatcher._looking | {*live._tasks.values()}


@asynccontextmanager
async def kollegial(
    folder: Path,
    opened: Sequence[Definition] = (SMALL,),
    *,
    signed: bool = True,
    now: Now = utc_now,
    urls: Mapping[str, str] | None = None,
    **settings: object,
) -> AsyncIterator[House]:
    """The bot on loopback with SQLite in `folder`, these studies open, and a clock."""
    port = free_port()
    app_id = APP_ID if signed else None
    async with FakeTeams(f"http://127.0.0.1:{port}/api/messages", app_id=app_id) as teams:
        anne = teams.user("Anne Administrator")
        credentials: dict[str, object] = (
            {"app_id": APP_ID, "app_secret": SecretStr(SECRET), "tenant": teams.tenant}
            if signed
            else {"is_demonstration": True}
        )
        values: dict[str, object] = {
            "host": "127.0.0.1",
            "port": port,
            "openid_url": teams.openid_url,
            "token_url": teams.token_url,
            "administrator": anne.id,
            "server_key": SecretStr(SERVER_KEY),
        }
        house = House(
            folder,
            teams,
            Settings(**{**values, **credentials, **settings}),  # type: ignore[arg-type] # checked by pydantic
            PrivateKey(str(x25519.Identity.generate())),
            anne,
            teams.user("Kari Eksempel"),
            teams.user("Ola Eksempel"),
            now,
            urls or {},
        )
        teams.arrived, teams.on_its_way_s = house._arrived, 0
        await house.start()
        try:
            for study in opened:
                await house.create(study)
            yield house
        finally:
            await house.stop()


@contextmanager
def impatient() -> Iterator[None]:
    """Where nothing will come of its message meanwhile, a press here does not wait for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatcher, "SETTLE_S", 0.2)
        yield


async def begin(user: User, study: str = SMALL.id) -> Post:
    """From `studie` to the first card of the sort; the post that holds the card."""
    await user.write("studie")
    post = user.chat.last
    await user.press(post, "study.start", data={"study": study})
    await user.press(post, "study.consent")
    return post


async def sort(user: User, post: Post, until: str = "qsort.deliver") -> None:
    """Go on from any step, laying what comes first, until the card has this button."""
    while not can(user, post, until):
        await press_on(user, post)


async def press_on(user: User, post: Post) -> BotReply:
    """The press that leads one step further."""
    return await user.press(post, *onward(user, post))


def onward(user: User, post: Post) -> tuple[str, dict[str, str]]:
    """The verb and the inputs of that press."""
    card = user.card(post)
    verb = next(v for v in _ONWARD if can(user, post, v))
    given: dict[str, str] = {}
    for key, asked in cards.inputs(card).items():
        if key.startswith("pile."):
            score = Mind(1, 0, 0).score(key)
            given[key] = "agree" if score > 0.3 else "disagree" if score < -0.3 else "neutral"
        elif key == "chosen" or (key == "second" and verb == "qsort.exchange"):
            given[key] = asked["choices"][0]["value"]
    return verb, given


_ONWARD = (
    "study.consent",
    "qsort.read",
    "qsort.pile",
    "qsort.choose",
    "qsort.exchange",
    "qsort.approve",
    "qsort.explain",
    "qsort.deliver",
    "qsort.noted",
)


def can(user: User, post: Post, verb: str) -> bool:
    return any(action.get("verb") == verb for action in cards.actions(user.card(post)))


def carried(user: User, post: Post, verb: str) -> Json:
    """What the button of a verb sends, without inputs."""
    return dict(cards.action(user.card(post), verb)["data"])


def laid(user: User, post: Post, study: Study) -> dict[str, int]:
    """The column of each statement, as the grid on the card is drawn."""
    drawn = next(e for e in cards.elements(user.card(post)) if e["type"] == "ColumnSet")
    columns = ([item["text"] for item in column["items"]] for column in drawn["columns"])
    return {
        study.statements[int(number) - 1].id: int(value.replace("−", "-"))
        for value, *numbers in columns
        for number in numbers
        if number.isdecimal()
    }


def fact(user: User, post: Post, index: int) -> str:
    """The pseudonym (0) or the code (1) on the card."""
    facts = next(e["facts"] for e in cards.elements(user.card(post)) if e["type"] == "FactSet")
    return str(facts[index]["value"])


async def deliver(user: User, study: str = SMALL.id, earlier_code: str = "") -> tuple[str, str]:
    """A whole sort; the pseudonym and the code on the receipt, which is left standing."""
    post = await begin(user, study)
    await sort(user, post)
    given = {"earlier_code": earlier_code} if earlier_code else {}
    await user.press(post, "qsort.deliver", given)
    return fact(user, post, 0), fact(user, post, 1)


async def press_raw(user: User, post: Post, verb: object, data: object) -> BotReply:
    """A press with anything at all in it, as a forged client could send it."""
    activity = user._activity(post.chat, "invoke", post.thread or post.id) | {
        "name": "adaptiveCard/action",
        "replyToId": post.id,
        "value": {
            "action": {"type": "Action.Execute", "verb": verb, "data": data},
            "trigger": "manual",
        },
    }
    return await user._teams.deliver(activity)
