"""Each due thing is done once, and never before its time, whatever clocks and Teams do."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.delivery.dispatcher import (
    AT_ONCE,
    LEASE,
    MAX_BUGS,
    MAX_BUGS_OF_A_DUTY,
    Dispatcher,
    Work,
)
from bot.gateway.delivery_context import current_delivery
from bot.gateway.events import Ambiguous, Final, Unreachable
from bot.operation import metrics
from dialogs.retention import SENT
from storage.operational.outbox import Claimed, OutboxMessage
from storage.operational.store import Operational

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Kinds: TypeAlias = Mapping[str, Work]


@pytest_asyncio.fixture
async def operational(tmp_path: Path) -> AsyncIterator[Operational]:
    operational = await Operational.open(f"sqlite:///{tmp_path}/kollegial.db")
    yield operational
    await operational.close()


class Desk:
    """A dispatcher, the time, and what it has done."""

    def __init__(self, operational: Operational, **kinds: Work) -> None:
        self.now = NOW
        self.operational = operational
        self.outbox = operational.outbox
        self.done: list[tuple[str, datetime]] = []
        self.dispatcher = Dispatcher(
            operational, {"note": self._note, **kinds}, frozenset({"phase"}), lambda: self.now
        )

    async def _note(self, message: Claimed) -> None:
        self.done.append((message.payload["key"], self.now))

    async def put(self, *messages: OutboxMessage) -> None:
        async with self.operational.begin() as transaction:
            transaction.enqueue_all(messages)

    async def pass_to(self, moment: datetime) -> None:
        """What happens there: a look, and now and then what happens every hour."""
        self.now = moment
        await self.dispatcher._release()
        await self.dispatcher.run_due()


def message(
    key: str,
    due_at: datetime = NOW,
    expires_at: datetime | None = None,
    *,
    kind: str = "note",
    is_bulk: bool = False,
) -> OutboxMessage:
    return OutboxMessage(key, kind, {}, {"key": key}, due_at, expires_at, is_bulk)


# Clocks

MINUTES = st.integers(0, 40 * 24 * 60)
JUMPS = st.sampled_from([timedelta(), HOUR, -HOUR, 30 * DAY, -30 * DAY])
STEPS = st.sampled_from([timedelta(minutes=1), HOUR, DAY, 7 * DAY])


@given(
    dues=st.lists(st.tuples(MINUTES, st.none() | st.integers(1, 3000)), max_size=8),
    steps=st.lists(st.tuples(STEPS, JUMPS, st.booleans()), max_size=25),
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_each_thing_is_done_once_and_never_before_its_time(
    operational: Operational,
    dues: list[tuple[int, int | None]],
    steps: list[tuple[timedelta, timedelta, bool]],
) -> None:
    """The clock is off by an hour or a month for a while, and Teams is away for a while.

    Whoever plans the messages does so again at every step, and what was sent is forgotten
    every night.
    """
    await operational._database.write(lambda c: c.execute(text("DELETE FROM outbox")))
    is_away, failed = False, Counter[str]()

    async def send(sent: Claimed) -> None:
        if is_away:
            failed[sent.payload["key"]] += 1
            raise Unreachable("away", 120.0)
        await desk._note(sent)

    desk = Desk(operational, message=send)
    planned = {
        f"{n}": message(
            f"{n}",
            NOW + timedelta(minutes=due),
            NOW + timedelta(minutes=due + useful) if useful else None,
            kind="message",
        )
        for n, (due, useful) in enumerate(dues)
    }
    true = NOW
    at_rest = timedelta(), False
    await desk.put(*planned.values())
    for pause, jump, is_away in [*steps, (40 * DAY, *at_rest), (HOUR, *at_rest)]:  # noqa: B007 - read in `send`
        true += pause
        if true - NOW < SENT - 31 * DAY:  # what was sent is known for long, not for ever
            await desk.put(*planned.values())
        await desk.pass_to(true + jump)
        await operational.retention.expire(desk.now, desk.now.date())

    done = Counter(key for key, _ in desk.done)
    for key, plan in planned.items():
        assert done[key] <= 1
        assert done[key] == 1 or plan.expires_at
    for key, at in desk.done:
        plan = planned[key]
        assert plan.due_at <= at
        assert plan.expires_at is None or at < plan.expires_at
    assert await desk.outbox.next_due() is None


async def test_after_a_week_what_is_still_useful_is_sent_once_and_the_rest_counted(
    operational: Operational,
) -> None:
    desk, before = Desk(operational), counted("note", "expired")
    await desk.put(
        message("ten minutes before", NOW + DAY, NOW + DAY + HOUR),
        message("the series has changed", NOW + DAY),
        message("next week", NOW + 8 * DAY),
    )
    await desk.pass_to(NOW + 7 * DAY)

    assert desk.done == [("the series has changed", NOW + 7 * DAY)]
    assert counted("note", "expired") - before == 1
    assert await desk.outbox.counted("expired") == {"note": 1}
    await desk.pass_to(NOW + 8 * DAY)
    assert [key for key, _ in desk.done] == ["the series has changed", "next week"]


async def test_what_was_put_off_while_the_clock_was_ahead_is_not_put_off_for_a_month(
    operational: Operational,
) -> None:
    answers = iter([Unreachable("away")])

    async def send(sent: Claimed) -> None:
        for error in answers:
            raise error
        await desk._note(sent)

    desk = Desk(operational, message=send)
    await desk.put(message("a", kind="message"))
    await desk.pass_to(NOW + 30 * DAY)
    assert desk.done == []
    await desk.pass_to(NOW + HOUR)

    assert desk.done == [("a", NOW + HOUR)]


# What becomes of it


def counted(kind: str, outcome: str) -> float:
    value = metrics.REGISTRY.get_sample_value(
        "kollegial_outbox_total", {"kind": kind, "outcome": outcome}
    )
    return value or 0.0


async def test_teams_is_left_alone_for_as_long_as_it_wants_but_not_for_ever(
    operational: Operational,
) -> None:
    async def refuse(_: Claimed) -> None:
        raise Unreachable("throttled", wishes.pop())

    wishes = [24 * 3600.0, 90.0]
    desk = Desk(operational, message=refuse)
    await desk.put(message("a", kind="message"))
    await desk.dispatcher.run_due()
    assert await desk.outbox.next_due() == NOW + timedelta(seconds=90)
    desk.now += timedelta(seconds=90)
    await desk.dispatcher.run_due()

    assert await desk.outbox.next_due() == desk.now + HOUR


async def test_what_becomes_of_a_message_is_counted(operational: Operational) -> None:
    async def fail(sent: Claimed) -> None:
        if error := errors.get(sent.payload["key"]):
            raise error

    errors = {"b": Unreachable(""), "c": Final("BotDisabledByAdmin"), "d": Ambiguous("")}
    outcomes = ("sent", "retried", "parked", "ambiguous")
    before = {outcome: counted("counted", outcome) for outcome in outcomes}
    desk = Desk(operational, counted=fail)
    await desk.put(*(message(key, kind="counted") for key in "abcd"))
    await desk.dispatcher.run_due()

    grown = {outcome: counted("counted", outcome) - before[outcome] for outcome in outcomes}
    assert grown == {"sent": 1, "retried": 2, "parked": 1, "ambiguous": 0}


async def test_a_database_that_is_away_for_a_moment_stops_nothing(operational: Operational) -> None:
    desk = Desk(operational)
    await desk.put(message("a"))
    claim, drop = desk.outbox.claim, desk.outbox.drop_expired

    async def away(*_: object, **__: object) -> None:
        raise OSError

    desk.outbox.claim = away  # type: ignore[method-assign, assignment] # the database is away
    await desk.dispatcher.run_due()
    desk.outbox.claim, desk.outbox.drop_expired = claim, away  # type: ignore[method-assign, assignment] # the database is away for the next question
    await desk.dispatcher.run_due()
    desk.outbox.drop_expired = drop  # type: ignore[method-assign] # the database is there again
    await desk.dispatcher.run_due()

    assert [key for key, _ in desk.done] == ["a"]


async def test_who_cannot_say_that_it_was_sent_lets_go_of_it(operational: Operational) -> None:
    desk = Desk(operational)
    await desk.put(message("a"), message("b"))
    finish = desk.outbox.finish

    async def away(*_: object) -> None:
        desk.outbox.finish = finish  # type: ignore[method-assign] # the database is there again
        raise OSError

    desk.outbox.finish = away  # type: ignore[method-assign, assignment] # the database is away
    await desk.dispatcher.run_due()

    assert sorted(key for key, _ in desk.done) == ["a", "b"]
    assert await desk.outbox.counted("due") == {"note": 1}
    await desk.dispatcher.close()


# Lanes and leases


async def test_what_takes_long_holds_up_nothing_else_and_is_not_taken_over(
    operational: Operational,
) -> None:
    released, begun = asyncio.Event(), asyncio.Event()

    async def slow(sent: Claimed) -> None:
        begun.set()
        await released.wait()
        await desk._note(sent)

    desk, other = Desk(operational, slow=slow), Desk(operational)
    await desk.put(message("slow", kind="slow"))
    running = asyncio.create_task(desk.dispatcher.run_due())
    await begun.wait()
    for n in count(1):
        if n > 5:
            break
        desk.now = other.now = NOW + n * LEASE * 0.9
        await desk.dispatcher._renew()
        await desk.put(message(f"quick {n}"))
        await other.dispatcher.run_due()
    released.set()
    await running

    assert [key for key, _ in other.done] == [f"quick {n}" for n in range(1, 6)]
    assert [key for key, _ in desk.done] == ["slow"]


async def test_who_was_away_for_longer_than_a_lease_sends_nothing_twice(
    operational: Operational,
) -> None:
    """As a machine that was put to sleep before it could send."""
    released, begun = asyncio.Event(), asyncio.Event()

    async def asleep(sent: Claimed) -> None:
        begun.set()
        await released.wait()
        await create(desk, sent)

    async def create(by: Desk, sent: Claimed) -> None:
        errand = current_delivery()
        assert errand
        await errand.begin()
        await by._note(sent)

    desk, other = Desk(operational, phase=asleep), Desk(operational)
    other.dispatcher._kinds = {"phase": lambda sent: create(other, sent)}
    await desk.put(message("a", kind="phase"))
    running = asyncio.create_task(desk.dispatcher.run_due())
    await begun.wait()
    await other.pass_to(NOW + LEASE)
    released.set()
    await running

    assert desk.done == []
    assert other.done == [("a", NOW + LEASE)]
    assert await desk.outbox.counted("done") == {"phase": 1}


async def test_bulk_keeps_nobody_waiting(operational: Operational) -> None:
    released, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def bulk(sent: Claimed) -> None:
        begun.release()
        await released.wait()
        await desk._note(sent)

    desk = Desk(operational, bulk=bulk)
    await desk.put(*(message(f"{n}", kind="bulk", is_bulk=True) for n in range(2 * AT_ONCE)))
    running = asyncio.create_task(desk.dispatcher.run_due())
    for _ in range(AT_ONCE):
        await begun.acquire()
    await desk.put(message("prompt"))
    await desk.dispatcher._look()
    while not desk.done:  # noqa: ASYNC110 - only `bulk` waits for an event
        await asyncio.sleep(0)
    assert begun.locked()
    assert [key for key, _ in desk.done] == ["prompt"]
    released.set()
    await running

    assert Counter(key for key, _ in desk.done) == Counter(
        ["prompt", *map(str, range(2 * AT_ONCE))]
    )


async def test_who_stops_leaves_the_rest_to_others_at_once(operational: Operational) -> None:
    released, begun = asyncio.Event(), asyncio.Event()

    async def slow(sent: Claimed) -> None:
        begun.set()
        await released.wait()
        await desk._note(sent)

    desk, other = Desk(operational, slow=slow), Desk(operational)
    other.dispatcher._kinds = {"slow": other._note}
    await desk.put(*(message(f"{n:02}", kind="slow") for n in range(AT_ONCE + 3)))
    running = asyncio.create_task(desk.dispatcher.run_due())
    await begun.wait()
    closing = asyncio.create_task(desk.dispatcher.close())
    await asyncio.sleep(0)
    released.set()
    await asyncio.gather(running, closing)
    await other.dispatcher.run_due()

    assert len(desk.done) == AT_ONCE
    assert len(other.done) == 3


class FullDisk(Exception):
    """As PostgreSQL's driver says it."""

    sqlstate = "53100"


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        PoolTimeout(),
        OperationalError("INSERT", {}, FullDisk()),
        DBAPIError("INSERT", {}, Exception(), connection_invalidated=True),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_database_that_is_away_parks_nothing(
    operational: Operational, error: Exception
) -> None:
    is_away = True

    async def work(_: Claimed) -> None:
        if is_away:
            raise error

    desk = Desk(operational, phase=work)
    await desk.put(message("a", kind="phase"))
    for _ in range(MAX_BUGS_OF_A_DUTY + 2):
        await desk.pass_to(desk.now + timedelta(minutes=15))
    assert await operational.outbox.parked() == []
    assert await operational.outbox.retried() == {("phase", "the database was away"): 1}

    is_away = False
    await desk.pass_to(desk.now + timedelta(minutes=15))
    assert await operational.outbox.counted("done") == {"phase": 1}


# What fails by a bug


@pytest.mark.parametrize(
    ("kind", "attempts"),
    [("phase", MAX_BUGS), ("update", MAX_BUGS), ("nightly", MAX_BUGS_OF_A_DUTY)],
)
async def test_what_fails_by_a_bug_is_parked_after_some_attempts_whatever_it_does(
    operational: Operational, kind: str, attempts: int
) -> None:
    """`phase` creates a message, `update` creates nothing, `nightly` is a duty."""
    tried = 0

    async def fail(_: Claimed) -> None:
        nonlocal tried
        tried += 1
        raise ValueError("secret")

    desk = Desk(operational, **{kind: fail})
    await desk.put(message("poison", kind=kind))
    for _ in range(attempts + 10):
        await desk.pass_to(desk.now + timedelta(minutes=15))

    (parked,) = await operational.outbox.parked()
    assert (tried, parked.reason) == (attempts, "bug: ValueError")
    assert await operational.outbox.parked_by_bugs() == 1
