"""Microsoft's identity services may hang; only who needs them waits.

No times are measured: while the service hangs, another turn runs to its end.
"""

import asyncio

from bot.gateway.events import Answer, Incoming, Say
from tests.bot.gateway.test_trust import encoded, message
from tests.support.bot import gateway_bot
from tests.support.clock import Clock
from tests.support.teams import APP_ID, FakeTeams


def asked(teams: FakeTeams, path: str) -> int:
    return sum(path == seen for _, seen in teams.attempts)


async def test_turns_go_on_while_the_keys_are_fetched() -> None:
    clock, released = Clock(), asyncio.Event()
    async with gateway_bot(APP_ID, clock=clock) as (teams, bot):
        genuine = teams.authorization()
        await teams.raw(message(teams), genuine)
        clock.ahead += 60
        teams.fail(path="/openid", until=released)
        stranger = encoded(teams, headers={"kid": "unknown"})

        waiting = [asyncio.create_task(teams.raw(message(teams), stranger)) for _ in range(5)]
        await teams.until(lambda: asked(teams, "/openid") == 2)
        for _ in range(20):
            assert await teams.raw(message(teams), genuine) == 200
        assert not any(task.done() for task in waiting)
        assert len(bot.events) == 21

        released.set()
        assert await asyncio.gather(*waiting) == [401] * 5
        assert asked(teams, "/openid") == 2, "those who waited shared one fetch"


async def test_turns_go_on_while_the_access_token_is_fetched() -> None:
    released = asyncio.Event()
    async with gateway_bot(APP_ID) as (teams, bot):

        async def answer(event: Incoming) -> Answer:
            if event.origin.person.name == "Kari Eksempel":
                await bot.teams.send_text(event.origin.conversation, "hei")
            return Say("")

        bot.handler = answer
        kari, ola = teams.user("Kari Eksempel"), teams.user("Ola Eksempel")
        teams.fail(path="/token", until=released)

        waiting = asyncio.create_task(kari.write("hei"))
        await teams.until(lambda: asked(teams, "/token") == 1)
        for _ in range(20):
            assert (await ola.write("hei")).status == 200
        assert not waiting.done()

        released.set()
        assert (await waiting).status == 200
        assert kari.chat.last.text == "hei"


async def test_what_will_be_needed_is_fetched_at_the_start() -> None:
    async with gateway_bot(APP_ID) as (teams, bot):
        bot.gateway.start()
        await teams.until(lambda: asked(teams, "/keys") == asked(teams, "/token") == 1)


async def test_closing_does_not_wait_for_them() -> None:
    hangs = asyncio.Event()
    async with gateway_bot(APP_ID) as (teams, bot):
        teams.fail(path="/openid", until=hangs)
        teams.fail(path="/token", until=hangs)
        bot.gateway.start()
        await teams.until(lambda: asked(teams, "/openid") == asked(teams, "/token") == 1)

        await bot.gateway.close()
        hangs.set()
