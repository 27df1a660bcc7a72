"""How long a press takes in a session: `python -m tests.bench.meeting`.

Fifty groups are in a session, in a process of its own over SQLite. Again and again the
eight of one group press at once, and the time of each press is taken until its answer;
the other groups go on pressing, one press after the other in each second. At last it
tells how large a session's state has become.
"""

import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from rich.console import Console

from simulation import cards
from simulation.process import BotProcess
from simulation.study import percentile
from simulation.teams import Chat, Post, SimulatedTeams, User
from storage.crypto.vault import Vault
from storage.operational.store import Operational
from tests.support.kollegial import SERVER_KEY

METHOD = "veiledningsgruppe"
WANTED_MS = 300
STATE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Scale:
    groups: int = 50
    members: int = 8
    rounds: int = 40


@dataclass(slots=True)
class Figures:
    """Seconds of each press of the eight, and bytes of the largest session."""

    seconds: list[float] = field(default_factory=list)
    largest: int = 0

    @property
    def p99_ms(self) -> float:
        return percentile(self.seconds, 99) * 1000


async def measure(scale: Scale, folder: Path) -> Figures:
    """Let them meet. Raises TimeoutError where a card does not come."""
    figures = Figures()
    async with SimulatedTeams("") as teams:
        leader = teams.user("Fasilitator Eksempel")
        database = f"sqlite:///{folder}/kollegial.db"
        settings = {
            "KOLLEGIAL_DATABASE_URL": database,
            "KOLLEGIAL_URN_URL": f"sqlite:///{folder}/urn.db",
            "KOLLEGIAL_ADMINISTRATOR": leader.id,
            "KOLLEGIAL_SERVER_KEY": SERVER_KEY,
        }
        async with BotProcess(settings) as bot:
            teams.bot_url = bot.url
            rooms = [await _meet(teams, leader, scale, n) for n in range(scale.groups)]
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as tasks:
                for number, room in enumerate(rooms[1:]):
                    tasks.create_task(_go_on(room, stop, number / len(rooms)))
                for _ in range(scale.rounds):
                    await _at_once(rooms[0], figures)
                    await asyncio.sleep(0.2)
                stop.set()
        figures.largest = await _largest(database, rooms)
    return figures


@dataclass(frozen=True, slots=True)
class _Room:
    chat: Chat
    members: list[User]
    post: Post


async def _meet(teams: SimulatedTeams, leader: User, scale: Scale, number: int) -> _Room:
    """A group that has begun its first round, in which nobody has an order to wait for."""
    members = [teams.user(f"Deltaker {number}-{n}") for n in range(scale.members)]
    chat = teams.group_chat(leader, *members)
    await leader.write(f"start {METHOD}", chat)
    await teams.until(lambda: _find(chat, "session.here") is not None)
    for member in members:
        await member.press(_post(chat, "session.here"), "session.here")
    await leader.write("start", chat)
    await teams.until(lambda: _find(chat, "session.break") is not None)
    await leader.write("neste", chat)
    await teams.until(lambda: _find(chat, "session.open") is not None)
    return _Room(chat, members, _post(chat, "session.open"))


async def _at_once(room: _Room, figures: Figures) -> None:
    async def press(member: User) -> float:
        began = perf_counter()
        await member.press(room.post, "session.here")
        return perf_counter() - began

    figures.seconds += await asyncio.gather(*(press(member) for member in room.members))
    for member in room.members[:4]:  # what changes the session, and so every card
        began = perf_counter()
        await member.press(room.post, "session.leave")
        figures.seconds.append(perf_counter() - began)


async def _go_on(room: _Room, stop: asyncio.Event, offset: float) -> None:
    """A press each second; `offset` seconds after the others, for groups keep no common time."""
    await asyncio.sleep(offset)
    turn = 0
    while not stop.is_set():
        member = room.members[turn % len(room.members)]
        await member.press(room.post, "session.leave" if turn % 2 else "session.here")
        turn += 1
        await asyncio.sleep(1)


async def _largest(database: str, rooms: list[_Room]) -> int:
    operational = await Operational.open(database)
    sessions = operational.sessions(Vault.from_hex(SERVER_KEY))
    found = [live for room in rooms for live in await sessions.at(room.chat.id)]
    await operational.close()
    return max(len(each.document) for each in found)


def _find(chat: Chat, verb: str) -> Post | None:
    return next(
        (
            post
            for post in reversed(chat.posts)
            if post.card and any(a.get("verb") == verb for a in cards.actions(post.card))
        ),
        None,
    )


def _post(chat: Chat, verb: str) -> Post:
    found = _find(chat, verb)
    assert found is not None
    return found


def main() -> int:
    """1 where a figure misses what is wanted of it."""
    with tempfile.TemporaryDirectory(prefix="kollegial-bench-") as folder:
        figures = asyncio.run(measure(Scale(), Path(folder)))
    out = Console(highlight=False)
    for percent in (50, 99):
        out.print(f"p{percent} of a press: {percentile(figures.seconds, percent) * 1000:.0f} ms")
    out.print(f"presses: {len(figures.seconds)}; wanted: p99 below {WANTED_MS} ms")
    out.print(f"largest session: {figures.largest} bytes; wanted: below {STATE_BYTES}")
    return 0 if figures.p99_ms < WANTED_MS and figures.largest < STATE_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
