"""What is due by itself: every night once, also when the clocks change; closing; retention."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
import time_machine
from pyrage import x25519

from bot.delivery.dispatcher import Dispatcher, Work
from bot.delivery.maintenance import SYSTEM, Clock
from bot.gateway.events import Conversation
from bot.operation.clock import utc_now
from bot.studies.service import StudyService
from dialogs.studies.study import Study
from research import studies
from storage.crypto.codes import Code, Token
from storage.crypto.sealing import PrivateKey
from storage.crypto.vault import Vault
from storage.operational.outbox import Claimed
from storage.operational.store import Operational
from storage.urn.store import Urn
from tests.support.kollegial import QUICK
from tests.support.studies import SMALL

OSLO = ZoneInfo("Europe/Oslo")
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


class Days:
    """A bot without Teams, and the date of our choice."""

    def __init__(self, operational: Operational, urn: Urn, travel: time_machine.Traveller) -> None:
        self.operational = operational
        self.urn = urn
        self.studies = StudyService(operational, urn)
        self.clock = Clock(operational, urn, self.studies, utc_now)
        self.done: Counter[str] = Counter()
        self._travel = travel
        kinds = {kind: self._noted(kind) for kind in ("nightly", "close", "destroy")}
        kinds["close_invitation"] = self._close_invitation
        self.dispatcher = Dispatcher(operational, kinds, frozenset(), utc_now)

    def _noted(self, kind: str) -> Work:
        async def work(message: Claimed) -> None:
            await getattr(self.clock, kind)(message)
            self.done[f"{kind} {datetime.now(OSLO):%d %H:%M}"] += 1

        return work

    async def _close_invitation(self, _: Claimed) -> None:
        self.done["close_invitation"] += 1

    async def pass_to(self, moment: datetime) -> None:
        """The dispatcher looks every quarter of an hour until then."""
        now = datetime.now(UTC)
        while now < moment:
            now = min(now + timedelta(minutes=15), moment)
            self._travel.move_to(now)
            await self.dispatcher.run_due()

    async def create(self, study: Study) -> None:
        recipient = PrivateKey(str(x25519.Identity.generate())).recipient
        await studies.create(self.operational, self.urn, study, recipient, "a researcher")
        await self.urn.open_study(study.id)
        await self.clock.wind()


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2027, 1, 1, 12, tzinfo=OSLO)) as traveller:
        yield traveller


@pytest_asyncio.fixture
async def days(tmp_path: Path, travel: time_machine.Traveller) -> AsyncIterator[Days]:
    operational = await Operational.open(f"sqlite:///{tmp_path}/kollegial.db")
    await operational.use(Vault(bytes(32)))
    urn = await Urn.open(f"sqlite:///{tmp_path}/urn.db", QUICK)
    yield Days(operational, urn, travel)
    await operational.close()
    await urn.close()


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
async def test_every_night_has_its_work_once(
    days: Days, travel: time_machine.Traveller, change: date
) -> None:
    travel.move_to(datetime(change.year, change.month, change.day - 1, 1, tzinfo=OSLO))
    await days.clock.wind()
    await days.pass_to(datetime(change.year, change.month, change.day, 23, tzinfo=OSLO))

    assert days.done == {f"nightly {change.day} 03:30": 1}
    due = await days.operational.outbox.next_due()
    following = datetime.combine(change + timedelta(days=1), datetime.min.time(), OSLO)
    assert due == following.replace(hour=3, minute=30)


async def test_starting_anew_adds_no_work(days: Days, travel: time_machine.Traveller) -> None:
    for hour in (1, 9, 23):
        travel.move_to(datetime(2027, 3, 27, hour, tzinfo=OSLO))
        await days.clock.wind()
    await days.pass_to(datetime(2027, 3, 28, 12, tzinfo=OSLO))

    assert days.done == {"nightly 28 03:30": 1}


async def test_what_came_due_while_the_bot_was_down_is_done_once(
    days: Days, travel: time_machine.Traveller
) -> None:
    await days.clock.wind()
    travel.move_to(datetime(2027, 1, 9, 12, tzinfo=OSLO))
    await days.clock.wind()
    await days.pass_to(datetime(2027, 1, 10, 4, tzinfo=OSLO))

    assert days.done == {"nightly 09 12:15": 1, "nightly 10 03:30": 1}


async def test_nights_go_on_after_the_clock_was_a_month_ahead(
    days: Days, travel: time_machine.Traveller
) -> None:
    await days.clock.wind()
    travel.move_to(datetime(2027, 1, 31, 12, tzinfo=OSLO))
    await days.dispatcher.run_due()
    assert days.done == {"nightly 31 12:00": 1}, "that of the second of January"
    travel.move_to(datetime(2027, 1, 1, 13, tzinfo=OSLO))
    await days.clock.wind()  # as every hour
    await days.pass_to(datetime(2027, 1, 2, 12, tzinfo=OSLO))
    await days.clock.wind()
    await days.pass_to(datetime(2027, 1, 4, 4, tzinfo=OSLO))

    assert days.done == {f"nightly {night}": 1 for night in ("31 12:00", "03 03:30", "04 03:30")}


async def test_a_night_that_fails_is_tried_again_and_the_next_one_comes(days: Days) -> None:
    reseal = days.urn.reseal
    failed: list[datetime] = []

    async def fails_once() -> None:
        days.urn.reseal = reseal  # type: ignore[method-assign] # the database was locked
        failed.append(datetime.now(OSLO))
        raise TimeoutError

    days.urn.reseal = fails_once  # type: ignore[method-assign] # the database is locked this once
    await days.clock.wind()
    await days.pass_to(datetime(2027, 1, 3, 4, tzinfo=OSLO))

    assert [f"{at:%d %H:%M}" for at in failed] == ["02 03:30"]
    assert days.done == {"nightly 02 03:45": 1, "nightly 03 03:30": 1}


@pytest.mark.parametrize("last", [SPRING, AUTUMN, date(2027, 6, 30)], ids=str)
async def test_a_study_closes_after_its_last_day(
    days: Days, travel: time_machine.Traveller, last: date
) -> None:
    travel.move_to(datetime(last.year, last.month, last.day, 0, 30, tzinfo=OSLO))
    await days.create(replace(SMALL, closes=last))
    await days.create(replace(SMALL, id="annen", closes=last + timedelta(days=9)))
    await days.pass_to(datetime(last.year, last.month, last.day, 23, 59, tzinfo=OSLO))
    assert await days.studies.is_open(SMALL.id)
    await days.pass_to(datetime.now(OSLO) + timedelta(hours=6))

    assert await days.studies.state(SMALL.id) == "closed"
    assert await days.studies.state("annen") == "open"
    log = await days.operational.audit_log()
    assert [(e.who, e.study) for e in log if e.what == "close"] == [(SYSTEM, SMALL.id)]


async def test_a_study_that_somebody_closed_is_not_closed_again(days: Days) -> None:
    await days.create(replace(SMALL, closes=date(2027, 1, 2)))
    await days.studies.close(SMALL.id, "a researcher")
    await days.pass_to(datetime(2027, 1, 4, tzinfo=OSLO))

    assert days.done["close 03 03:30"] == 1
    log = await days.operational.audit_log()
    assert [e.who for e in log if e.what == "close"] == ["a researcher"]


async def test_nothing_but_a_certificate_is_left_after_retention(days: Days) -> None:
    await days.create(replace(SMALL, retention=date(2027, 1, 3)))
    await days.create(replace(SMALL, id="annen", retention=date(2027, 2, 3)))
    token, code = Token.new(), Code.new()
    draft = await days.urn.open_draft(token, SMALL.id, b"draft")
    assert draft is not None
    await days.urn.submit(token, draft, b"answer", "fjord-ekorn", code)
    await days.urn.open_draft(Token.new(), SMALL.id, b"draft")
    await days.studies.announced(
        SMALL.id, Conversation("19:a", "channel", "tenant", "https://smba.example/"), "1", 12
    )
    await days.pass_to(datetime(2027, 1, 4, 3, 15, tzinfo=OSLO))
    assert await days.studies.state(SMALL.id) == "open"
    await days.pass_to(datetime(2027, 1, 6, tzinfo=OSLO))

    assert await days.urn.states() == {SMALL.id: "destroyed", "annen": "open"}
    assert await days.urn.verify(code) is None
    log = await days.operational.audit_log()
    ours = [(e.who, e.what) for e in log if e.study == SMALL.id and e.who == SYSTEM]
    assert ours == [
        (SYSTEM, "close"),
        (SYSTEM, "destroyed a study: 1 invitations, 1 submissions"),
    ]
    assert (days.done["destroy 04 03:30"], days.done["close_invitation"]) == (1, 1)
    await days.clock.wind()
    await days.pass_to(datetime(2027, 1, 7, tzinfo=OSLO))
    assert sum(n for work, n in days.done.items() if work.startswith("destroy")) == 1
