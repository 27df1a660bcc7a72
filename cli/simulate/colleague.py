"""The command `kollegial simulate colleague`: who has no page in the Playground acts all the same.

The Playground hands the bot whatever it is given as an activity, and answers nothing: what came
of it shows in the group chat.
"""

import asyncio
import json
from enum import StrEnum
from typing import Annotated

import aiohttp
import typer

from bot.gateway.events import Json
from cli.playground import CONFIG
from cli.run import demonstration_settings
from cli.streams import stdout
from dialogs.sessions.state import load
from research.studies import StudyRefused
from storage.crypto.vault import Vault
from storage.databases import databases
from storage.operational.sessions import StoredSession

PEOPLE = json.loads(CONFIG.read_text("utf-8"))
GROUP: str = PEOPLE["groupChat"]["id"]
COLLEAGUES: list[Json] = PEOPLE["users"]


class Press(StrEnum):
    """A button of the group's card that needs nothing to be filled in."""

    here = "here"
    done = "done"
    passed = "pass"
    leave = "leave"


def simulate(
    press: Annotated[Press, typer.Argument(help="The button of the group's card.")] = Press.here,
    *,
    name: Annotated[str, typer.Option(help="How the colleague's name begins.")] = "Birk",
    playground_port: Annotated[int, typer.Option(help="Where the Playground answers.")] = 56150,
) -> None:
    """Let a colleague press a button in the Playground's group chat, while `make run` runs.

    A session needs two: write `@Kollegial start`, press `Jeg er her`, and let Birk do so too.
    """
    found = [each for each in COLLEAGUES if each["name"].casefold().startswith(name.casefold())]
    if len(found) != 1:
        names = ", ".join(each["name"] for each in COLLEAGUES)
        raise typer.BadParameter(f"There is no one colleague {name}. There are {names}.")
    asyncio.run(_act(found[0], press, f"http://127.0.0.1:{playground_port}"))
    stdout.print(f"{found[0]['name']} pressed `{press}`. See the card in the group chat.")


async def _act(person: Json, press: Press, playground: str) -> None:
    session = await _session()
    try:
        async with aiohttp.ClientSession() as client:
            await hand_over(client, playground, person, pressed(session, press))
    except aiohttp.ClientError:
        raise StudyRefused(
            f"The Playground does not answer at {playground}. Start it: make run"
        ) from None


async def _session() -> StoredSession:
    key = demonstration_settings().server_key
    vault = Vault.from_hex(key.get_secret_value() if key else "")
    async with databases() as (operational, _):
        found = await operational.sessions(vault).at(GROUP)
    if not found:
        raise StudyRefused(
            "Nobody meets in the Playground's group chat. Write there: @Kollegial start"
        )
    return found[0]


def pressed(session: StoredSession, press: Press) -> Json:
    """A button of the card as it is now."""
    opened = load(session.document).opened
    data = {"session": session.id, "visit": opened.visit if opened else 0}
    return {"type": "Action.Execute", "verb": f"session.{press}", "data": data}


async def hand_over(
    client: aiohttp.ClientSession, playground: str, person: Json, action: Json
) -> None:
    """Give the Playground a press of somebody without a page."""
    address = f"{playground}/_internal/v1/customActivities"
    async with client.get(f"{address}/template?conversationId={GROUP}") as got:
        template: Json = await got.json()
    async with client.post(address, json=template | invoked(person, action)) as answer:
        answer.raise_for_status()


def invoked(person: Json, action: Json) -> Json:
    """What a press says of itself."""
    sender = {key: person[key] for key in ("id", "aadObjectId", "name")}
    value = {"action": action, "trigger": "manual"}
    return {"type": "invoke", "name": "adaptiveCard/action", "from": sender, "value": value}
