"""Teams refuses, breaks and times out: the sort goes on, and nothing is sent twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.delivery.dispatcher import LEASE, MAX_BUGS
from bot.delivery.live_cards import MAX_FAILURES
from bot.ui.texts import texts
from simulation.teams import Chat, Post, User
from tests.support.kollegial import House, begin, can, impatient, kollegial, press_on, sort
from tests.support.studies import SMALL

SAY = texts("nb")


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


async def invited(house: House) -> Post:
    """An invitation in a channel of twelve."""
    channel = channel_of(house)
    await house.anne.write("inviter", channel)
    await house.teams.until(lambda: len(channel.posts) == 2)
    await house.settle()
    return channel.last


def channel_of(house: House) -> Chat:
    others = [house.teams.user(f"Kollega {n}") for n in range(9)]
    return house.teams.channel(house.anne, house.kari, house.ola, *others)


def consents(user: User) -> list[Post]:
    return [post for post in user.chat.posts if post.card and can(user, post, "study.consent")]


async def waiting(house: House) -> timedelta | None:
    """How long from now the outbox waits, but for the clock's own rows; None if for nothing."""
    due = await house.operational.outbox.next_due()
    pause = due - datetime.now(UTC) if due else None
    return pause if pause and pause < timedelta(minutes=10) else None


# Updates of the card


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 404, "code": "ActivityNotFoundInConversation"},
        {"status": 403, "code": "BotNotInConversationRoster"},
        {"status": 429, "headers": {"Retry-After": "0"}},
        {"status": 412},
        {"status": 500},
        {"status": 503, "headers": {"Retry-After": "0"}},
        {"status": 503, "is_after": True},
        {"is_cut": True},
        {"page": "<html>", "status": 400},
    ],
    ids=str,
)
async def test_a_sort_goes_on_though_no_update_arrives(house: House, fault: dict[str, Any]) -> None:
    post = await begin(house.kari)
    await house.settle()
    house.teams.fail("PUT", times=2, **fault)
    for _ in range(4):
        reply = await press_on(house.kari, post)
        assert reply.card
    await sort(house.kari, post)
    await house.kari.press(post, "qsort.deliver")
    await house.settle()

    assert house.teams.pending_faults == 0
    assert post.card == house.kari.card(post)
    assert can(house.kari, post, "qsort.noted")


async def test_an_update_that_never_works_is_let_go(house: House) -> None:
    post = await begin(house.kari)
    await house.settle()
    house.teams.fail("PUT", status=500, times=MAX_FAILURES)
    assert (await press_on(house.kari, post)).card
    await house.settle()
    assert house.teams.pending_faults == 0

    assert (await press_on(house.kari, post)).card
    await house.settle()
    assert post.card == house.kari.card(post)


async def test_a_card_of_the_past_shows_the_present_when_pressed(house: House) -> None:
    """As after an update that was lost, or a phone that was asleep."""
    post = await begin(house.kari)
    await house.settle()
    house.teams.fail("PUT", status=403)
    await press_on(house.kari, post)
    await house.settle()
    post.views.clear()
    reply = await press_on(house.kari, post)

    assert reply.card
    assert can(house.kari, post, "qsort.pile")


async def test_a_slow_update_holds_up_no_other_chat(house: House) -> None:
    released = asyncio.Event()
    post = await begin(house.kari)
    await house.settle()
    house.teams.fail("PUT", until=released)
    await press_on(house.kari, post)
    other = await begin(house.ola)
    await sort(house.ola, other)
    released.set()
    await house.settle()

    assert (await house.ola.press(other, "qsort.deliver")).card


async def test_stopping_waits_for_updates_and_tries_none_again(house: House) -> None:
    post = await begin(house.kari)
    await house.settle()
    house.teams.fail("PUT", status=500)
    await press_on(house.kari, post)
    await house.stop()
    attempts = [method for method, _ in house.teams.attempts]

    assert house.teams.pending_faults == 0
    assert attempts[-1] == "PUT"
    await house.start()


# Answers to what was written


async def test_an_answer_that_cannot_be_sent_is_no_error(house: House) -> None:
    for status in (403, 500):
        house.teams.fail("POST", path="/activities", status=status)
        assert (await house.kari.write("hjelp")).status == 200
        assert (await house.kari.write("hjelp")).status == 200
        assert SAY("help") in house.kari.sees(house.kari.chat.last)


async def test_a_card_that_could_not_be_brought_down_is_still_where_it_was(house: House) -> None:
    post = await begin(house.kari)
    await house.settle()
    house.teams.fail("POST", path="/activities", status=500)
    await house.kari.write("fortsett")
    await house.settle()

    assert can(house.kari, post, "qsort.read")


@pytest.mark.parametrize("what", ["message", "press", "submit", "added"])
async def test_a_bug_is_told_to_the_person(house: House, what: str) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    post = await begin(house.kari)
    count = len(house.kari.chat.posts)
    house.operational.roles = broken  # type: ignore[method-assign, assignment] # a bug of ours, planted
    house.urn.draft = broken  # type: ignore[method-assign, assignment] # a bug of ours, planted
    house.operational.begin = broken  # type: ignore[method-assign, assignment] # a bug of ours, planted
    if what == "message":
        reply = await house.kari.write("hjelp")
        (told,) = house.kari.chat.posts[count + 1 :]
        assert told.text.startswith(SAY("error.bug"))
    elif what == "press":
        reply = await press_on(house.kari, post)
        assert reply.text.startswith(SAY("error.bug"))
    elif what == "submit":
        activity = house.kari._activity(post.chat, "message", None)
        data = {"verb": "qsort.read", "token": "A" * 43}
        reply = await house.teams.deliver(activity | {"value": data, "replyToId": post.id})
        assert house.kari.chat.last.text.startswith(SAY("error.bug"))
    else:
        (reply, _) = await house.teams.install(house.kari.chat, house.kari)
        assert len(house.kari.chat.posts) == count

    assert reply.status == 200


async def test_a_bug_that_cannot_be_told_is_no_other_bug(house: House) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret")

    house.operational.roles = broken  # type: ignore[method-assign, assignment] # a bug of ours, planted
    house.teams.fail("POST", path="/activities", status=403)

    assert (await house.kari.write("hjelp")).status == 200


# What the dispatcher sends


async def press_invitation(house: House, said: str = "private.parked", **fault: Any) -> None:
    """With a fault for the sending of the card in the personal chat."""
    await house.kari.write("hjelp")
    post = await invited(house)
    house.teams.fail("POST", path="/activities", **fault)
    assert (await house.kari.press(post, "study.start")).text == SAY(said)
    await house.settle()
    assert house.teams.pending_faults == 0


async def parked(house: House) -> list[tuple[str, str]]:
    return [(p.kind, p.reason) for p in await house.operational.outbox.parked()]


async def test_what_will_never_work_is_parked(house: House) -> None:
    await press_invitation(house, status=403, code="MessageWritesBlocked")

    assert await parked(house) == [("consent", "MessageWritesBlocked")]
    assert consents(house.kari) == []


async def test_what_waits_for_an_installation_is_sent_with_it(house: House) -> None:
    await press_invitation(house, status=403, code="BotNotInConversationRoster")
    assert await parked(house) == [("consent", "BotNotInConversationRoster")]
    await house.teams.install(house.kari.chat, house.kari)
    await house.settle()

    assert await parked(house) == []
    assert len(consents(house.kari)) == 1


async def test_what_may_have_been_sent_is_parked(house: House) -> None:
    with impatient():
        await press_invitation(house, "private.later", status=502, is_after=True)

    assert await parked(house) == [("consent", "ambiguous: ServiceError")]
    assert len(consents(house.kari)) == 1
    assert await waiting(house) is None


async def test_what_was_not_sent_is_sent_when_teams_wants_it_again(house: House) -> None:
    with impatient():
        await press_invitation(house, "private.later", status=429, headers={"Retry-After": "60"})
    assert await parked(house) == []
    assert consents(house.kari) == []
    pause = await waiting(house)
    assert pause
    assert timedelta(seconds=30) < pause <= timedelta(seconds=60)

    put_forward(house, timedelta(seconds=61))
    await house.settle()
    assert await waiting(house) is None
    assert len(consents(house.kari)) == 1


async def test_what_may_be_repeated_is(house: House) -> None:
    """An invitation that must say that it is closed."""
    post = await invited(house)
    house.teams.fail("PUT", status=500, is_after=True)
    await house.services.studies.close(SMALL.id, "a researcher")
    await house.settle()
    assert SAY("invite.closed") in house.kari.sees(post)
    assert await waiting(house) is not None

    await house.teams.until(lambda: len([s for s in house.teams.sent if s.method == "PUT"]) == 2)
    await house.settle()
    assert await waiting(house) is None
    assert await parked(house) == []


def put_forward(house: House, by: timedelta) -> None:
    """Have the dispatcher think that it is so much later than before."""
    dispatcher = house.services.dispatcher
    before = dispatcher._now
    dispatcher._now = lambda: before() + by


async def die_while_sending(house: House) -> None:
    """Somebody sends what is due, and is not heard of again until their lease has run out."""
    for message in await house.operational.outbox.claim(50, datetime.now(UTC), -LEASE):
        await house.operational.outbox.begin(message)


async def test_who_died_while_sending_may_have_sent(house: House) -> None:
    post = await invited(house)
    await house.kari.write("hjelp")
    house.services.dispatcher.wake = lambda: None  # type: ignore[method-assign] # as if the bot had died before it
    house.services.dispatcher.ticker.close()
    with impatient():
        await house.kari.press(post, "study.start")
    await house.services.studies.close(SMALL.id, "a researcher")
    await die_while_sending(house)
    await house.settle()

    assert await parked(house) == [("consent", "ambiguous: interrupted while sending")]
    assert consents(house.kari) == []
    assert SAY("invite.closed") in house.kari.sees(post)


async def test_a_bug_in_one_kind_stops_no_other(house: House) -> None:
    post = await invited(house)
    await house.kari.write("hjelp")

    async def broken(_: object) -> None:
        raise RuntimeError("secret")

    kinds: Any = house.services.dispatcher._kinds
    kinds["consent"] = broken
    house.services.dispatcher.wake = lambda: None  # type: ignore[method-assign] # all are to be due at once
    with impatient():
        await house.kari.press(post, "study.start")
    await house.services.studies.close(SMALL.id, "a researcher")
    await house.settle()
    assert SAY("invite.closed") in house.kari.sees(post)
    for _ in range(1, MAX_BUGS):
        assert await parked(house) == []
        put_forward(house, timedelta(minutes=1))
        await house.settle()

    assert await parked(house) == [("consent", "bug: RuntimeError")]


async def test_what_may_be_repeated_survives_a_bug(house: House) -> None:
    post = await invited(house)
    kinds: Any = house.services.dispatcher._kinds
    works = kinds["close_invitation"]

    async def broken_once(_: object) -> None:
        kinds["close_invitation"] = works
        raise RuntimeError("secret")

    kinds["close_invitation"] = broken_once
    await house.services.studies.close(SMALL.id, "a researcher")
    await house.settle()
    assert await parked(house) == []
    assert can(house.kari, post, "study.start")

    await house.teams.until(lambda: not can(house.kari, post, "study.start"))


async def test_stopping_lets_what_is_under_way_be_sent(house: House) -> None:
    released = asyncio.Event()
    post = await invited(house)
    await house.kari.write("hjelp")
    house.teams.fail("POST", path="/activities", until=released)
    with impatient():
        await house.kari.press(post, "study.start")
    await house.teams.until(lambda: house.teams.pending_faults == 0)
    stopping = asyncio.create_task(house.stop())
    await asyncio.sleep(0)
    released.set()
    await stopping
    await house.start()
    await die_while_sending(house)
    await house.settle()

    assert len(consents(house.kari)) == 1
    assert await parked(house) == []


async def test_stopping_just_after_waking_does_not_hang(house: House) -> None:
    for _ in range(3):
        house.services.dispatcher.wake()
    async with asyncio.timeout(60):
        await house.services.dispatcher.close()
