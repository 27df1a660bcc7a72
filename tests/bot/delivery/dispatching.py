"""A dispatcher whose process is killed: run as a program by `test_dispatcher_kills.py`."""

from collections.abc import Mapping
from datetime import datetime

import aiohttp

from bot.delivery.dispatcher import Dispatcher, Work
from bot.gateway.events import Conversation, Json, Teams
from bot.gateway.gateway import Gateway
from storage.operational.outbox import Claimed
from storage.operational.store import Operational
from tests.support.killing import Acknowledge, Steps, serve

CREATES = frozenset({"phase"})


def kinds(teams: Teams) -> Mapping[str, Work]:
    """A card that must not be there twice, a harmless reminder, and a change of what is there."""

    async def post(message: Claimed) -> None:
        await teams.send_card(_place(message), card(message.payload["text"]), "A card")

    async def change(message: Claimed) -> None:
        shown = card(message.payload["text"])
        await teams.update_card(_place(message), message.payload["activity"], shown)

    return {"phase": post, "reminder": post, "status": change}


def card(text: str) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": text}]}


def _place(message: Claimed) -> Conversation:
    return Conversation(**message.conversation)


async def live(url: str, now: str, kill_at: int, acknowledge: Acknowledge) -> None:
    """Send what is due."""
    operational = await Operational.open(url)
    async with aiohttp.ClientSession() as session:
        gateway = Gateway(credentials=None, session=session)
        moment = datetime.fromisoformat(now)
        dispatcher = Dispatcher(operational, kinds(gateway.teams), CREATES, lambda: moment)
        steps = Steps(kill_at)
        steps.watch(operational._database)
        steps.watch_tasks()
        await steps.awaiting(dispatcher.run_due())
        acknowledge("alive")
    await operational.close()


if __name__ == "__main__":
    serve(live)
