"""A standing panel and colleagues who bring it their cases, from the queue to how it went.

They know of the bot only what their cards say. What each writes depends on who they are alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from bot.sessions.methods import shipped
from bot.ui.texts import texts
from simulation.hand import Faults, Lost, Tally
from simulation.people import Bot, People, TalkPlayed, in_chat, newest
from simulation.teams import Chat, SimulatedTeams, User

HURRIES = ("soon", "urgent", "can_wait")
_SAY = texts("nb")
_UNTIL_THE_DAY, _TO_THE_HOUR = timedelta(days=6), timedelta(hours=22, minutes=50)
_BEFORE = timedelta(minutes=10)
_WEEKS = timedelta(weeks=5)


@dataclass(frozen=True, slots=True)
class PanelScenario:
    """How many cases are brought; the panel has three meetings."""

    cases: int = 4
    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    restarts: bool = False
    """The bot is started anew after each case, and before the meeting."""


class _Panel:
    """Who leads it, who sits on it, and who bring their cases."""

    def __init__(self, bot: Bot, teams: SimulatedTeams, leader: User, cases: int) -> None:
        self.leader, self.member = leader, teams.user("Kari Panel")
        self.owners = [teams.user(f"Kollega {n}") for n in range(cases)]
        self.channel: Chat = teams.channel(leader, self.member, *self.owners)
        self.bot = bot


def question_of(number: int) -> str:
    return f"Hva kan jeg gjøre annerledes i sak {'abcdefghijklmnopqrstuvwxyz'[number % 26]}?"


async def simulate_panel(
    bot: Bot, teams: SimulatedTeams, leader: User, scenario: PanelScenario, tally: Tally
) -> TalkPlayed:
    """Cases are brought, one is taken back, one is heard and told of, and the panel ends. Raises
    Lost."""
    people = People(bot, tally, scenario.seed, scenario.faults)
    panel = _Panel(bot, teams, leader, scenario.cases)
    first = (bot.now() + timedelta(days=7)).date()
    method = next(method.id for method in shipped() if method.has_queue)
    line = f"planlegg {method} 3 x 14 dager fra {first} kl 10:00"
    await people.write(leader, line, panel.channel)
    await leader.press(panel.channel.last, "group.plan")
    await bot.settle()
    await panel.member.press(in_chat(panel.channel, "group.join"), "group.join")
    for number, owner in enumerate(panel.owners):
        await _bring(people, owner, number)
        if scenario.restarts:
            await bot.restart()
    people.played.faults += await _queue_of(people, panel)
    if len(panel.owners) > 1:  # the last of them thinks better of it
        await people.press(panel.owners[-1], "case.withdraw")
    await _meet(people, panel, restarts=scenario.restarts)
    await _tell(people, panel)
    await _end(people, panel)
    people.played.faults += await bot.rows("queued_case")
    return people.played


async def _bring(people: People, owner: User, number: int) -> None:
    await people.write(owner, "sak")
    hurry = HURRIES[number % len(HURRIES)]
    await people.press(owner, "case.bring", question=question_of(number), hurry=hurry)


async def _queue_of(people: People, panel: _Panel) -> list[str]:
    """As many questions as there are meetings, and nobody's name."""
    await people.write(panel.member, "kø")
    seen = panel.member.sees(panel.member.chat.last)
    shown = sum(question_of(number) in seen for number in range(len(panel.owners)))
    wrong = [f"the panel sees {each.name}" for each in panel.owners if each.name in seen]
    if shown != min(len(panel.owners), 3):
        wrong.append(f"the panel sees {shown} questions")
    return wrong


async def _meet(people: People, panel: _Panel, *, restarts: bool) -> None:
    """The owner of the first case is there: it is the case at once."""
    bot, owner = panel.bot, panel.owners[0]
    await bot.pass_time(_UNTIL_THE_DAY)
    await bot.pass_time(_TO_THE_HOUR)
    if _SAY("reminder.origin.case", title="Veiledningsforum") not in _all(owner):
        people.played.faults.append("the owner was not reminded")
    await bot.pass_time(_BEFORE)
    if restarts:
        await bot.restart()
    await people.write(panel.leader, "start", panel.channel)
    for user, role in ((panel.member, "panel"), (owner, "veileder")):
        await user.press(in_chat(panel.channel, "session.here"), "session.here", {"role": role})
    await bot.settle()
    for verb in ("session.start", "session.next"):
        await people.press(panel.leader, verb)
    seen = _all_in(panel.channel, panel.member)
    if question_of(0) not in seen:
        people.played.faults.append("the case that has a place is not what the meeting is about")
    people.played.phases += [_SAY("case"), _SAY("queue", name="Veiledningsforum")]
    await people.write(panel.leader, "avslutt likevel", panel.channel)


async def _tell(people: People, panel: _Panel) -> None:
    """Some weeks later the owner is asked, and tells."""
    await panel.bot.pass_time(_WEEKS)
    owner = panel.owners[0]
    if newest(owner, "case.went") is None:
        raise Lost(f"nobody asks how it went: {owner.sees(owner.chat.last)}")
    await people.press(owner, "case.went", went="Det gikk bedre enn ventet")
    seen = _all_in(panel.channel, panel.member)
    if "bedre enn ventet" not in seen or owner.name in seen.partition("Siden sist")[2]:
        people.played.faults.append("the panel does not read how it went, or reads whose it was")
    people.played.phases.append(_SAY("case_went.title"))


async def _end(people: People, panel: _Panel) -> None:
    """The panel ends, and who waits is told."""
    await people.write(panel.leader, "grupper")
    await people.press(panel.leader, "group.panel")
    await people.press(panel.leader, "group.end")
    await panel.bot.pass_time(timedelta(days=1))
    left = panel.owners[1:-1]
    told = [each for each in left if _SAY("case_closed.title") in _all(each)]
    if len(told) != len(left):
        people.played.faults.append(f"{len(told)} of {len(left)} were told of the end")
    people.played.ended = _SAY("case_closed.title")


def _all(user: User) -> str:
    return _all_in(user.chat, user)


def _all_in(chat: Chat, user: User) -> str:
    return "\n".join(_seen(chat, user))


def _seen(chat: Chat, user: User) -> Iterator[str]:
    for post in chat.posts:
        if post.author is None:
            yield user.sees(post)
