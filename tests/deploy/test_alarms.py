"""What goes wrong in production sounds an alarm, and the alarm says what to do.

The rules of `deploy/prometheus/alerts.yaml` are judged on the figures that the bot really shows.
Prometheus' language is read as far as those rules use it.
"""

import operator
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.operation.clock import utc_now
from storage.operational.outbox import OutboxMessage
from tests.support.kollegial import House, kollegial
from tests.support.ports import free_port
from tests.support.studies import SMALL

RULES = Path(__file__).parents[2] / "deploy/prometheus/alerts.yaml"
ALARMS = yaml.safe_load(RULES.read_text("utf-8"))["groups"][0]["rules"]
Figures: TypeAlias = dict[tuple[str, frozenset[tuple[str, str]]], float]
_COMPARED = {"==": operator.eq, ">": operator.gt}
_TERM = re.compile(
    r"(?P<increase>increase\()?(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})?(?:\[\w+\]\))?"
    r" (?P<compared>==|>) (?P<limit>-?\d+)"
)


async def figures(house: House) -> Figures:
    """What Prometheus would get; `up` is its own."""
    address = f"http://127.0.0.1:{house.settings.metrics_port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        text = await response.text()
    found: Figures = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    return found | {("up", frozenset({("job", "kollegial")})): 1}


def sounding(before: Figures, after: Figures) -> dict[str, str]:
    """The alarms whose expression holds, and what each says to do."""
    return {
        rule["alert"]: rule["annotations"]["description"]
        for rule in ALARMS
        if any(_holds(term, before, after) for term in rule["expr"].split(" or "))
    }


def _holds(term: str, before: Figures, after: Figures) -> bool:
    read = _TERM.fullmatch(term)
    assert read is not None, term
    wanted = frozenset(re.findall(r'(\w+)="([^"]*)"', read["labels"] or ""))
    compared = _COMPARED[read["compared"]]
    return any(
        compared(value - (before.get(key, 0) if read["increase"] else 0), float(read["limit"]))
        for key, value in after.items()
        if key[0] == read["name"] and wanted <= key[1]
    )


class Watch:
    """The figures before and after."""

    def __init__(self, house: House, before: Figures) -> None:
        self._house = house
        self._before = before

    async def sounds(self) -> dict[str, str]:
        return sounding(self._before, await figures(self._house))


async def watched(house: House) -> Watch:
    await house.kari.write("hjelp")  # the token and the keys are there
    watch = Watch(house, await figures(house))
    assert await watch.sounds() == {}
    return watch


class Clock:
    """The machine's, and how far it was put forward."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


def settings() -> dict[str, Any]:
    return {"metrics_port": free_port()}


async def a_message(house: House, key: str) -> None:
    """Something that the dispatcher does and may repeat: a card that is to change."""
    post = house.kari.chat.last
    chat = {
        "id": house.kari.chat.id,
        "kind": "personal",
        "tenant": house.teams.tenant,
        "service_url": house.teams.service_url,
        "team": None,
    }
    payload = {"study": SMALL.id, "activity": post.id}
    async with house.operational.begin() as transaction:
        transaction.enqueue(OutboxMessage(key, "close_invitation", chat, payload, house.now()))


async def test_teams_answers_503_for_ten_minutes(tmp_path: Path) -> None:
    clock = Clock()
    async with kollegial(tmp_path, now=clock, **settings()) as house:
        watch = await watched(house)
        house.services.dispatcher.ticker.close()
        await a_message(house, "a")
        house.teams.fail("PUT", status=503, times=20)
        await house.settle()
        clock.ahead = timedelta(minutes=6)
        sounds = await watch.sounds()

        assert "tried again by itself" in sounds["KollegialMessagesLate"]
        house.teams.forgive()
        clock.ahead = timedelta(minutes=20)
        await house.settle()
        assert "KollegialMessagesLate" not in await watch.sounds()


async def test_the_secret_expires(tmp_path: Path) -> None:
    async with kollegial(tmp_path, **settings()) as house:
        watch = await watched(house)
        token: Any = house.services.teams._teams._connector._token  # type: ignore[attr-defined] # as the connector keeps it
        token.forget(token._token)  # as it does once Teams refuses it
        house.teams.fail(path="/token", status=401, times=9)
        sounds = await watch.sounds()

    assert "Make a new secret" in sounds["KollegialNoToken"]
    assert "KollegialNotReady" in sounds


async def test_the_tenant_disables_the_bot(tmp_path: Path) -> None:
    async with kollegial(tmp_path, **settings()) as house:
        watch = await watched(house)
        for n in range(7):
            await a_message(house, f"{n}")
        house.teams.fail("PUT", status=403, code="BotDisabledByAdmin", times=7)
        await house.settle()
        sounds = await watch.sounds()

    assert "BotDisabledByAdmin" in sounds["KollegialParked"]


async def test_the_disk_is_full(tmp_path: Path) -> None:
    async with kollegial(tmp_path, **settings()) as house:
        watch = await watched(house)

        async def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        house.operational._database._write = full  # type: ignore[method-assign, assignment] # the disk is full
        for _ in range(3):
            await house.kari.write("studie")
        sounds = await watch.sounds()

    assert "53100 is a full disk" in sounds["KollegialTurnsFail"]


async def test_the_urns_role_loses_a_privilege(tmp_path: Path) -> None:
    """The night's work fails each time: nobody sees it, but for the alarm."""
    clock = Clock()
    async with kollegial(tmp_path, now=clock, **settings()) as house:
        watch = await watched(house)

        async def denied() -> None:
            raise PermissionError("permission denied for table submission")

        house.urn.reseal = denied  # type: ignore[method-assign] # the role lacks TRUNCATE
        clock.ahead = timedelta(hours=40)
        await house.settle()
        sounds = await watch.sounds()

    assert "deploy/postgres/roles.sql" in sounds["KollegialNightNotDone"]


async def test_a_replica_hangs(tmp_path: Path) -> None:
    async with kollegial(tmp_path, **settings()) as house:
        watch = await watched(house)
        before: Mapping[Any, float] = watch._before

    hanging = dict(before) | {("up", frozenset({("job", "kollegial")})): 0.0}
    assert "restart it" in sounding(dict(before), hanging)["KollegialDown"]


async def test_a_database_goes_away(tmp_path: Path) -> None:
    async with kollegial(tmp_path, **settings()) as house:
        watch = await watched(house)

        def gone(*_: object) -> None:
            raise ConnectionError

        house.urn.states = gone  # type: ignore[method-assign, assignment] # it does not answer
        sounds = await watch.sounds()

    assert "has room on its disk" in sounds["KollegialDatabaseDown"]


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: str(alarm["alert"]))
def test_every_rule_is_read(alarm: dict[str, Any]) -> None:
    for term in alarm["expr"].split(" or "):
        assert _TERM.fullmatch(term), term
