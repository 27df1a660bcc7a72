"""`make bench-reminders`: everybody's reminders at eight o'clock, while people press.

22,000 people in groups of six have a meeting tomorrow. Their reminders are queued,
and sent past a stub of Teams that refuses whatever goes beyond its published limits;
some people sort statements meanwhile. Then: how long a dispatcher takes to claim
when few messages wait, and when a million do. Prints the figures and writes them
into `docs/performance.md`.
"""

import asyncio
import json
import re
import sys
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter
from zoneinfo import ZoneInfo

from rich.console import Console
from sqlalchemy import Connection, text

from bot.gateway.events import Conversation
from bot.gateway.limits import TEAMS_LIMITS
from bot.reminders.meetings import Meetings
from bot.reminders.service import ReminderService
from bot.sessions.methods import Methods, shipped
from dialogs.groups.group import Group, Meeting
from dialogs.groups.signup import Membership
from dialogs.groups.working_hours import is_working_day
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import Study
from simulation.study import percentile
from storage.crypto.vault import Vault
from storage.operational.outbox import Claimed, OutboxMessage
from storage.operational.store import Operational
from tests.bench import processes
from tests.bench.filling import prepare
from tests.bench.run import Figure
from tests.bench.sorting import Sorter
from tests.bench.teams import TENANT, Teams
from tests.support.databases import (
    drop_postgres_database,
    new_postgres_database,
    postgres_server,
)

PAGE = Path(__file__).parents[2] / "docs/performance.md"
GROUP = 6
PRESSES_S = 3.0
"""Presses a second, beside the reminders."""
SORTERS = 30
OPENS = time(8)
OSLO = ZoneInfo("Europe/Oslo")
LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done."""

    people: int
    seconds: float | None
    """Of sending; None until everybody has theirs."""
    few: int
    """Messages that wait when a claim is measured, and how many are many."""
    many: int
    claims: int


FULL = Plan(people=22_000, seconds=None, few=100, many=1_000_000, claims=200)


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of it."""

    sent: int
    seconds: float
    refused: int
    presses: Sequence[float]
    """How long each took, in seconds."""

    @property
    def rate(self) -> float:
        return self.sent / self.seconds


class StrictTeams(Teams):
    """Refuses with 429 what is beyond the limits that Microsoft publishes."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = self.reminders = 0
        self.everybody_has_theirs = asyncio.Event()
        self.wanted = 0
        self._all: deque[float] = deque(maxlen=30)
        self._sends: defaultdict[str, list[float]] = defaultdict(list)

    def allows(self, method: str, conversation: str) -> bool:
        now, times = monotonic(), self._sends[conversation] if method == "POST" else []
        is_full = len(self._all) == self._all.maxlen and now - self._all[0] < 1
        is_full |= any(
            len(times) >= count and now - times[-count] < seconds
            for count, seconds in TEAMS_LIMITS.sends
        )
        if is_full:
            self.refused += 1
            return False
        self._all.append(now)
        times.append(now)
        return True

    def sent_to(self, conversation: str) -> None:
        if conversation in self._expected:
            super().sent_to(conversation)
            return
        self.reminders += 1
        if self.reminders >= self.wanted:
            self.everybody_has_theirs.set()


def next_morning(today: date) -> datetime:
    """Eight o'clock of a working day before another one."""
    day = today + timedelta(days=1)
    while not (is_working_day(day) and is_working_day(day + timedelta(days=1))):
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, OSLO)


async def gather_people(operational: Operational, teams: Teams, people: int, at: datetime) -> int:
    """Groups of six who meet on the day after `at`; how many people that makes."""
    groups = people // GROUP
    for first in range(0, groups, 100):
        async with operational.begin() as transaction:
            for n in range(first, min(first + 100, groups)):
                members = [f"person-{n}-{seat}" for seat in range(GROUP)]
                for name in members:
                    chat = Conversation(f"chat-{name}", "personal", TENANT, teams.service_url)
                    transaction.remember(name, f"29:{name}", asdict(chat), "Europe/Oslo")
                transaction.run(operational.groups.add(_group(n, members, teams, at)))
    return groups * GROUP


def _group(n: int, members: Sequence[str], teams: Teams, at: datetime) -> Group:
    place = Conversation(f"19:group-{n}", "groupChat", TENANT, teams.service_url)
    group = Group(
        name=f"Group {n}",
        method="veiledningsgruppe",
        language="nb",
        timezone="Europe/Oslo",
        conversation=asdict(place),
        place=place.id,
        facilitator=members[0],
        size_min=5,
        size_max=8,
        created=at.date(),
        used=at.date(),
        retention=at.date() + timedelta(days=365),
    )
    seats = tuple(Membership(name, name, "joined") for name in members)
    meeting = Meeting(1, at + timedelta(days=1, hours=5), 90)
    return replace(group, members=seats, meetings=(meeting,))


async def none_tied(_: str) -> tuple[Questionnaire, ...]:
    """The groups that are measured have no questionnaire."""
    return ()


async def queue(operational: Operational, at: datetime) -> tuple[int, float]:
    """Have what falls due at `at` queued; how many messages that is, and how many seconds.

    The groups' reminders are planned as the bot plans them. Those of that morning are then
    taken out and queued anew, to measure that alone.
    """
    sources = {
        "meeting": Meetings(
            operational,
            operational.sessions(Vault(bytes(32))),
            Methods(shipped()),
            "https://kollegial.example.org",
            none_tied,
        )
    }
    planner = ReminderService(operational, None, sources, lambda: at - timedelta(hours=1))  # type: ignore[arg-type] # who plans sends nothing, and needs no Teams
    for group in await operational.groups.all():
        wanted = {"source": "meeting", "of": group.id}
        await planner.plan(Claimed(group.id, "plan_reminders", {}, wanted, 1, was_begun=False))

    def take_out(connection: Connection) -> list[OutboxMessage]:
        due = {"at": at.astimezone(UTC).replace(tzinfo=None).isoformat(" ") + ".000000"}
        rows = connection.execute(
            text("DELETE FROM outbox WHERE due_at = :at RETURNING key, payload, expires_at"), due
        ).all()
        return [
            OutboxMessage(
                key, "reminder", {}, json.loads(payload), at, _moment(expires), is_bulk=True
            )
            for key, payload, expires in rows
        ]

    messages = await operational._database.write(take_out)
    began = perf_counter()
    async with operational.begin() as transaction:
        transaction.enqueue_all(messages)
    return len(messages), perf_counter() - began


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


async def send(plan: Plan, teams: StrictTeams, folder: Path, study: Study, at: datetime) -> Sending:
    """The bot from eight o'clock on, and those who press meanwhile."""
    presses: list[float] = []
    async with processes.kollegial(teams, folder, at) as bot:
        sorters = [Sorter(teams, await bot.client(), f"sorter-{n}", study) for n in range(SORTERS)]

        async def press(sorter: Sorter) -> None:
            await sorter.turn()  # to warm up
            while True:
                began = perf_counter()
                presses.append(await sorter.turn())
                await asyncio.sleep(SORTERS / PRESSES_S - (perf_counter() - began))

        began = perf_counter()
        people = []
        for sorter in sorters:
            people.append(asyncio.create_task(press(sorter)))
            await asyncio.sleep(1 / PRESSES_S)
        with suppress(TimeoutError):
            async with asyncio.timeout(plan.seconds):
                await teams.everybody_has_theirs.wait()
        seconds = perf_counter() - began
        for task in people:
            task.cancel()
        await asyncio.wait(people)
    return Sending(teams.reminders, seconds, teams.refused, presses)


_FILL = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "
        "INSERT INTO outbox (id, key, kind, conversation, payload, due_at, is_bulk, state, "
        "attempts, begun, next_at) SELECT 'id' || i, 'key' || i, 'reminder', '{}', '{}', "
        "datetime('2027-01-01', i || ' seconds') || '.000000', 0, 'due', 0, 0, "
        "datetime('2027-01-01', i || ' seconds') || '.000000' FROM n"
    ),
    "postgresql": (
        "INSERT INTO outbox (id, key, kind, conversation, payload, due_at, is_bulk, state, "
        "attempts, begun, next_at) SELECT 'id' || i, 'key' || i, 'reminder', '{}', '{}', "
        "timestamptz '2027-01-01 UTC' + i * interval '1 second', false, 'due', 0, false, "
        "timestamptz '2027-01-01 UTC' + i * interval '1 second' "
        "FROM generate_series(1, :rows) AS i"
    ),
}


async def claiming(plan: Plan, few: str, many: str) -> tuple[float, float]:
    """Milliseconds of a claim where few messages wait, and where many do: medians.

    What was claimed is given back, so that as many wait the next time.
    """
    now = datetime(2028, 1, 1, tzinfo=UTC)
    both = [await Operational.open(url) for url in (few, many)]
    for operational, rows in zip(both, (plan.few, plan.many), strict=True):

        def fill(connection: Connection, rows: int = rows) -> None:
            connection.execute(text(_FILL[connection.dialect.name]), {"rows": rows})
            connection.execute(text("ANALYZE"))

        await operational._database.write(fill)
    took: list[list[float]] = [[], []]
    for _ in range(plan.claims):
        for operational, times in zip(both, took, strict=True):
            began = perf_counter()
            claimed = await operational.outbox.claim(50, now, LEASE)
            times.append(1000 * (perf_counter() - began))
            await operational.outbox.renew([message.id for message in claimed], now)
    for operational in both:
        await operational.close()
    return median(took[0]), median(took[1])


async def run(
    plan: Plan, folder: Path, server: str, tell: Callable[[str], None]
) -> tuple[list[Figure], str]:
    """Measure everything; the figures, and a line on the whole."""
    at = next_morning(datetime.now(UTC).date())
    async with StrictTeams().open() as teams:
        tell("Gathering people in groups")
        study = await prepare(folder / "reminders", 100)
        operational = await Operational.open(f"sqlite:///{folder}/reminders/operational.db")
        await gather_people(operational, teams, plan.people, at)
        tell("Planning and queueing")
        teams.wanted, seconds = await queue(operational, at)
        await operational.close()
        tell(f"Sending {teams.wanted:,} reminders at Teams' pace")
        sending = await send(plan, teams, folder / "reminders", study, at)
    wanted, p99 = teams.wanted, 1000 * percentile(sending.presses, 99)
    figures = [
        Figure(f"queue {wanted:,} reminders", "below 10 s", f"{seconds:.1f} s", seconds < 10),
        Figure(
            "requests refused by a Teams that keeps its limits",
            "none",
            f"{sending.refused}",
            sending.refused == 0,
        ),
        Figure("a press meanwhile, p99", "below 300 ms", f"{p99:.0f} ms", p99 < 300),
    ]
    tell(f"Claims with {plan.few:,} and with {plan.many:,} messages waiting")
    for name, urls in {
        "SQLite": [f"sqlite:///{folder}/{size}.db" for size in ("few", "many")],
        "PostgreSQL": [await new_postgres_database(server) for _ in range(2)],
    }.items():
        few, many = await claiming(plan, *urls)
        figures.append(
            Figure(
                f"a claim on {name} with {plan.many:,} waiting, beside {plan.few:,}",
                "at most 1.5 times",
                f"{many:.1f} ms, {few:.1f} ms",
                many <= 1.5 * few,
            )
        )
        if name == "PostgreSQL":
            for url in urls:
                await drop_postgres_database(server, url)
    pressed = len(sending.presses)
    return figures, (
        f"{sending.sent:,} reminders went out in {sending.seconds:.0f} s, {sending.rate:.1f} a "
        f"second, beside {pressed:,} presses ({pressed / sending.seconds:.1f} a second, median "
        f"{1000 * percentile(sending.presses, 50):.0f} ms)."
    )


def main() -> int:
    """1 where a figure misses what is wanted of it."""
    out, server = Console(), postgres_server()
    with tempfile.TemporaryDirectory(prefix="kollegial-bench-") as folder:
        figures, whole = asyncio.run(
            run(FULL, Path(folder), server, lambda step: out.print(f"[dim]{step} ..."))
        )
    lines = [whole, "", "| figure | wanted | measured | |", "|---|---|---|---|"]
    for figure in figures:
        mark = "yes" if figure.is_good else "NO"
        lines.append(f"| {figure.name} | {figure.wanted} | {figure.measured} | {mark} |")
    out.print("\n".join(lines), markup=False)
    written = re.sub(
        r"(?s)(<!-- reminders -->\n).*(<!-- end of reminders -->)",
        lambda around: around[1] + "\n".join([*lines, ""]) + around[2],
        PAGE.read_text("utf-8"),
    )
    PAGE.write_text(written, "utf-8")
    return 0 if all(figure.is_good for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
