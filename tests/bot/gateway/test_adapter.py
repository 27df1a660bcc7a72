"""The SDK's pipeline around a turn, and the sign of life in a slow one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from botbuilder.core import Middleware, TurnContext
from botbuilder.schema import Activity

from bot.gateway.events import Answer, Incoming, Say
from tests.support.bot import Bot
from tests.support.teams import FakeTeams


class Sends(Middleware):  # type: ignore[misc] # the SDK is untyped
    """Middleware of the SDK's own kind, as a later part might be."""

    async def on_turn(self, context: TurnContext, logic: Callable[[], Awaitable[Answer]]) -> Answer:
        first = await context.send_activity(Activity(type="message", text="one"))
        second = await context.send_activity(Activity(type="message", text="two"))
        await context.update_activity(Activity(type="message", id=first.id, text="one, better"))
        await context.delete_activity(second.id)
        return await logic()


async def test_what_the_sdk_sends_goes_through_the_same_door(teams: FakeTeams, bot: Bot) -> None:
    kari = teams.user("Kari Eksempel")
    bot.gateway._adapter.use(Sends())

    await kari.write("hei")

    assert [post.text for post in kari.chat.posts] == ["hei", "one, better"]
    assert [sent.method for sent in teams.sent] == ["POST", "POST", "PUT", "DELETE"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.gateway.adapter.TYPING_AFTER_S", 0.0)


def typing(teams: FakeTeams) -> bool:
    return any(sent.body.get("type") == "typing" for sent in teams.sent)


@pytest.mark.usefixtures("impatient")
async def test_a_slow_turn_shows_that_the_bot_is_at_work(teams: FakeTeams, bot: Bot) -> None:
    async def slow(_: Incoming) -> Answer:
        await teams.until(lambda: typing(teams))
        return Say("")

    bot.handler = slow
    assert (await teams.user("Kari Eksempel").write("hei")).status == 200


@pytest.mark.usefixtures("impatient")
async def test_that_this_cannot_be_shown_harms_nobody(teams: FakeTeams, bot: Bot) -> None:
    async def slow(_: Incoming) -> Answer:
        await teams.until(lambda: teams.pending_faults == 0)
        return Say("")

    bot.handler = slow
    teams.fail("POST", status=500)
    assert (await teams.user("Kari Eksempel").write("hei")).status == 200


@pytest.mark.usefixtures("impatient")
async def test_a_group_does_not_see_that_someone_is_with_the_bot(
    teams: FakeTeams, bot: Bot
) -> None:
    async def slow(_: Incoming) -> Answer:
        await asyncio.sleep(0.05)
        return Say("")

    bot.handler = slow
    kari = teams.user("Kari Eksempel")
    await kari.write("hei", teams.group_chat(kari))

    assert teams.sent == []


async def test_a_quick_turn_shows_nothing(teams: FakeTeams) -> None:
    await teams.user("Kari Eksempel").write("hei")

    assert teams.sent == []
