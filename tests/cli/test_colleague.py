"""A colleague of the Playground acts from the command line, on what is stored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from typer.testing import CliRunner, Result

from bot.gateway.events import Json
from cli.app import app
from cli.simulate.colleague import GROUP
from simulation.teams import Chat
from tests.bot.delivery.test_finding_people import newest, write
from tests.support.kollegial import SERVER_KEY, kollegial
from tests.support.ports import free_port


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["simulate", "colleague", *arguments], env={"COLUMNS": "200"})


@asynccontextmanager
async def playground(port: int) -> AsyncIterator[list[Json]]:
    """Takes custom activities, as the Playground does."""
    given: list[Json] = []

    async def template(request: web.Request) -> web.Response:
        return web.json_response({"conversation": {"id": request.query["conversationId"]}})

    async def take(request: web.Request) -> web.Response:
        given.append(await request.json())
        return web.Response()

    served, address = web.Application(), "/_internal/v1/customActivities"
    served.add_routes([web.get(f"{address}/template", template), web.post(address, take)])
    runner = web.AppRunner(served)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield given
    await runner.cleanup()


async def test_a_colleague_presses_the_button_of_the_groups_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KOLLEGIAL_SERVER_KEY", SERVER_KEY)
    port = free_port()
    at = ("--playground-port", str(port))
    async with kollegial(tmp_path, ()) as house:
        for name, url in house.database_urls.items():
            monkeypatch.setenv(name, url)
        assert "Nobody meets" in (await asyncio.to_thread(run, *at)).output
        chat = house.teams._new(Chat(GROUP, "groupChat", [house.anne, house.kari, house.ola]))
        await write(house, house.anne, "start saksrunde", chat)
        assert "does not answer" in (await asyncio.to_thread(run, *at)).output
        async with playground(port) as given:
            ran = await asyncio.to_thread(run, *at, "--name", "celine")
        assert ran.exit_code == 0, ran.output

        (activity,) = given
        action = activity["value"]["action"]
        card = newest(chat, house.kari, "session.here")
        await house.kari.press(card, action["verb"], data=action["data"])
        await house.settle()
        assert "Kari Eksempel" in house.kari.sees(card)
    assert "Celine Dalmoen pressed `here`" in ran.output
    assert activity["conversation"] == {"id": GROUP}
    assert activity["from"]["name"] == "Celine Dalmoen"


def test_a_name_that_is_nobodys_is_answered_with_those_there_are() -> None:
    assert "Eira Fossegard" in run("--name", "Zara").output
