"""What somebody had a moment ago is there once, and gone after a moment."""

import asyncio

from bot.operation.just_now import JustNow


async def test_it_is_given_back_once() -> None:
    just_now: JustNow[str] = JustNow()
    just_now.keep(("session", "kari"), "text")

    assert just_now.take(("session", "ola")) is None
    assert just_now.take(("session", "kari")) == "text"
    assert just_now.take(("session", "kari")) is None


async def test_after_a_moment_it_is_gone_whether_anybody_asks_or_not() -> None:
    just_now: JustNow[str] = JustNow(seconds=0)
    just_now.keep(("session", "kari"), "text")
    for _ in range(3):  # turns of the loop, which has the timer in its next
        await asyncio.sleep(0)

    assert just_now._kept == {}


async def test_what_is_newer_has_a_moment_of_its_own() -> None:
    just_now: JustNow[str] = JustNow()
    just_now.keep(("session", "kari"), "older")
    just_now.keep(("session", "kari"), "newer")
    just_now._let_go(("session", "kari"), "older")

    assert just_now.take(("session", "kari")) == "newer"
