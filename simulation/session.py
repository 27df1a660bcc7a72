"""A simulated group in a session: they know of the bot only what its cards say.

Somebody leads from the panel; the others press what the group's card offers, and
write, vote, rate and place in their personal chats. What they write depends on who they are
and on the phase alone, so that two runs can be compared.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Literal

import aiohttp

from bot.gateway.events import Json
from bot.ui.texts import texts
from dialogs.sessions.state import TEXT_LIMIT, Pace
from simulation import cards
from simulation.hand import Faults, Hand, Lost, Tally
from simulation.teams import Chat, Post, SimulatedTeams, User

MAX_STEPS = 400
"""Rounds of presses after which a session that has not ended never will."""
MAX_PRESSES = 60
"""Of "next" in one phase."""
OBSERVER = "Observatør Eksempel"
_SAY = texts("nb")
_YOURS = _SAY("subgroup.yours", number=0, names="").partition("0")[0]
"""How the line of a small group's card begins that says who is in it."""
_LONG = "æ" * 20_000


@dataclass(frozen=True, slots=True)
class SessionScenario:
    """Who meets, where, and what happens to them."""

    method: str
    members: int = 6
    place: Literal["group chat", "channel"] = "group chat"
    pace: Pace = "live"
    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    leaver: bool = False
    """One member leaves in the middle."""
    dropout: bool = False
    """The facilitator hands nothing over and leaves; a member takes over."""
    co_leader: bool = False
    """A member is named to lead as well, leads the second phase, and goes on where the facilitator
    drops out."""
    observer: bool = False
    """Somebody observes, for research; the method's sheet must be open."""
    ill: bool = False
    """All but one leave in the middle: it is a talk with one from there."""
    owner: bool = False
    """Whoever begins has the word, as in five minutes, and does their part too."""
    late: int = 0
    """So many come at once, in the third phase."""
    silent: bool = False
    """Every other member never writes."""
    longwinded: bool = False
    """The first of them tries to send 20,000 characters, in each part."""
    writes_in: str = ""
    """They talk, and write in those parts alone whose title begins so."""
    takes_out: bool = False
    """Whoever leads takes out the first text that is shown."""
    summary: Literal["", "yes", "no"] = ""
    """Whoever leads asks for a summary to take along: all say yes, or one says no."""


@dataclass(slots=True)
class SessionPlayed:
    """What the chats hold in the end."""

    phases: list[str] = field(default_factory=list)
    """Titles, in the order in which they were opened."""
    shown: Mapping[str, Counter[str]] = field(default_factory=dict)
    """What the group read, by the title of its phase: texts, without names and order."""
    ended: str = ""
    """What the last card says."""
    cards: Counter[str] = field(default_factory=Counter)
    """How many status cards each visit had."""
    observed: list[bool] = field(default_factory=list)
    """Whether each phase's card announced the observer."""
    unasked: Counter[str] = field(default_factory=Counter)
    """Personal messages that a member did not ask for, by member."""
    of_one: list[str] = field(default_factory=list)
    """The phases of a talk with one."""
    apart: int = 0
    """Phases that small groups did by themselves: for each a card comes unasked."""
    leaks: set[str] = field(default_factory=set)
    """Who has read what somebody in another small group wrote."""
    taken_out: str = ""
    """The text that was."""
    summary: str = ""
    """What the file says that they take along."""
    faults: list[str] = field(default_factory=list)
    """What must not be."""


def _newly(
    teams: SimulatedTeams, leader: User, scenario: SessionScenario
) -> tuple[Chat, list[User]]:
    members = [teams.user(f"Deltaker {n + 1}") for n in range(scenario.members)]
    in_channel = scenario.place == "channel"
    everyone = (leader, *members)
    return (teams.channel(*everyone) if in_channel else teams.group_chat(*everyone)), members


class SimulatedGroup:
    """The group at work: `await Circle(...).meet()`."""

    def __init__(
        self,
        teams: SimulatedTeams,
        leader: User,
        scenario: SessionScenario,
        tally: Tally,
        between: Callable[[], Awaitable[None]] | None = None,
        *,
        planned: tuple[Chat, Sequence[User]] | None = None,
        settle: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`between` is done once in every phase: to start the bot anew, say. `planned`: the chat
        of a group whose meeting it is, and who comes to it; else they are new to each other.
        `settle` lets a bot of this process send what is due."""
        self._settle = settle
        self._teams = teams
        self._scenario = scenario
        self._between = between
        self._tally = tally
        self._is_planned = planned is not None
        self._chat, self._members = (
            (planned[0], [*planned[1]]) if planned else _newly(teams, leader, scenario)
        )
        self._leader = self._led = leader
        everyone = [leader, *self._members]
        self._before = len(self._chat.posts)
        """Posts of the chat that are none of this session's."""
        self._thread: str | None = None
        self._hands = {
            user.id: Hand(user, Random(f"{scenario.seed}/{n}"), tally, scenario.faults)
            for n, user in enumerate(everyone)
        }
        self._asked: Counter[str] = Counter()
        self._outcome = SessionPlayed()

    async def meet(self) -> SessionPlayed:
        """From `start` to the card that says thanks. Raises Lost."""
        await self._gather()
        done = ""
        for _ in range(MAX_STEPS):
            post = await self._open_card(done)
            if post is None:
                await self._try_old_cards()
                outcome = self._look_back()
                if self._scenario.summary:
                    await self._take_along()
                return outcome
            done = self._visit(post)
            self._outcome.phases.append(self._title(post))
            self._outcome.observed.append(OBSERVER in cards.text_of(post.card or {}))
            if self._between:
                await self._between()
            await self._happenings(len(self._outcome.phases))
            if len(self._members) == 1 and self._leader not in self._members:
                self._outcome.of_one.append(self._title(post))
            await self._act(post)
            await self._advance(done)
            if self._scenario.takes_out and not self._outcome.taken_out:
                await self._take_out()
        raise Lost("the session does not end")

    # The course of a session

    async def _gather(self) -> None:
        leader = self._hands[self._leader.id]
        reply = await leader.patiently(lambda: self._leader.write("start", self._chat))
        if self._scenario.place == "channel":
            self._thread = reply.activity["id"]
        if not self._is_planned:
            choice = await self._wait(lambda: self._with("session.choose"))
            chosen = {"method": self._scenario.method}
            await leader.press(choice, "session.choose", chosen, line_will_do=True)
        gathering = await self._wait(lambda: self._with("session.here"))
        for number, member in enumerate(self._members):
            await self._press(member, gathering, "session.here", self._role(gathering, number))
        if self._scenario.observer:
            await self._observe(gathering)
        panel = await self._wait(lambda: self._own(self._leader, "session.start"))
        if self._scenario.pace == "days":
            await leader.press(panel, "session.pace", data={"pace": "days"})
        if self._scenario.co_leader:
            await self._name_co_leader()
        await leader.press(panel, "session.start")

    async def _name_co_leader(self) -> None:
        """Written where all read it; whoever is named gets the panel in their own chat."""
        named = f"medleder {self._members[0].name}"
        leader = self._hands[self._leader.id]
        await leader.patiently(
            lambda: self._leader.write(named, self._chat, thread=self._thread), line_will_do=True
        )
        await self._wait(lambda: self._own(self._members[0], "session.start"))

    async def _observe(self, gathering: Post) -> None:
        """Say so in the group, and accept the information on the sheet."""
        observer = self._teams.user(OBSERVER)
        self._chat.members.append(observer)
        self._hands[observer.id] = Hand(observer, Random(0), self._tally, Faults())
        await self._press(observer, gathering, "session.observe")
        sheet = await self._wait(lambda: self._own(observer, "study.consent"))
        await self._hands[observer.id].press(sheet, "study.consent")

    def _role(self, gathering: Post, number: int) -> dict[str, str]:
        """Parts are taken in turn, where the method has any."""
        asked = cards.inputs(gathering.card or {}).get("role")
        if asked is None:
            return {}
        return {"role": asked["choices"][number % len(asked["choices"])]["value"]}

    async def _happenings(self, phase: int) -> None:
        """The second phase is the co-leader's; a member leaves in the third, or all but
        one; the facilitator in the fourth."""
        if self._scenario.co_leader and phase in (2, 3):
            self._leader, self._led = (self._members[0] if phase == 2 else self._led), self._leader
        if self._scenario.ill and phase == 3:
            while len(self._members) > 1:
                gone = self._members.pop()
                await self._press(gone, self._gathering(), "session.leave")
        if self._scenario.leaver and phase == 3:
            gone = self._members.pop()
            await self._press(gone, self._gathering(), "session.leave")
        if self._scenario.late and phase == 3:
            late = [self._teams.user(f"Sen {n + 1}") for n in range(self._scenario.late)]
            for n, user in enumerate(late):
                chance = Random(f"{self._scenario.seed}/late/{n}")
                self._hands[user.id] = Hand(user, chance, self._tally, self._scenario.faults)
            self._chat.members += late
            card = self._gathering()
            await asyncio.gather(*(self._press(user, card, "session.here") for user in late))
            self._members += late
        if self._scenario.dropout and phase == 4:
            await self._press(self._leader, self._gathering(), "session.leave")
            self._leader = self._members[0]
            if not self._scenario.co_leader:
                post = await self._wait(lambda: self._with("session.take"))
                await self._press(self._leader, post, "session.take")
            await self._wait(lambda: self._own(self._leader, "session.next"))

    async def _act(self, post: Post) -> None:
        """Everyone does their part, at once, as often as the order of a round demands."""
        visit = self._visit(post)
        if not self._title(post).startswith(self._scenario.writes_in):
            return
        await asyncio.gather(*(self._write(member, post) for member in self._writers()))
        if _SAY("session.subgroups.apart") in cards.text_of(post.card or {}):
            self._outcome.apart += 1
            self._read_apart()
        agrees = self._own(self._members[0], "session.agree")
        if agrees and self._visit(agrees, self._members[0]) == visit:
            for member in self._members:  # what one of them has worded is confirmed by all
                await self._write(member, post)
        # In small groups nobody waits for their turn.
        for _ in range(1 if self._outcome.apart else len(self._members)):
            if not self._is_open(visit) or "session.done" not in self._verbs(post):
                return
            await asyncio.gather(
                *(self._press(member, post, "session.done") for member in self._members)
            )

    def _writers(self) -> list[User]:
        if self._scenario.silent:
            return self._members[::2]
        return [*self._members, self._leader] if self._scenario.owner else self._members

    def _read_apart(self) -> None:
        """Nobody's card has what was written in another small group."""
        by_name = {member.name: member for member in self._members}
        for member in self._members:
            read = member.sees(post) if (post := self._own(member, "session.open")) else ""
            here = next((one for one in read.splitlines() if one.startswith(_YOURS)), "")
            mine = here.partition(": ")[2].split(", ")
            self._outcome.leaks |= {
                f"{member.name} reads what {other} wrote elsewhere"
                for other in by_name.keys() - set(mine)
                if f"{other} om «" in read and here
            }

    async def _write(self, member: User, post: Post) -> None:
        """The part in the personal chat, where the card offers one."""
        if "session.open" not in self._verbs(post):
            return
        visit = self._visit(post)
        reply = await self._press(member, post, "session.open")
        if reply not in (_SAY("private.sent"), _SAY("private.later")):
            return
        self._asked[member.id] += 1
        await self._until(lambda: bool(self._part(member, visit)) or not self._is_open(visit))
        part = self._part(member, visit)
        if part is None:  # the last of the others was done just then, and it went on
            return
        hand, card = self._hands[member.id], member.card(part)
        fields = cards.inputs(card)
        given = {
            key: asked["choices"][n % len(asked["choices"])]["value"]
            for n, (key, asked) in enumerate(fields.items())
            if key.startswith(("scale.", "across.", "up.", "answer."))
        }
        verbs = self._verbs(part, member)
        if given:
            (verb,) = {"session.rate", "session.place", "session.answer"}.intersection(verbs)
            await hand.press(part, verb, given)
        elif "session.agree" in verbs:
            await self._agree(member, part)
        elif asked := fields.get("choices"):
            await hand.press(part, "session.vote", {"choices": self._choice(asked)})
        elif asked := fields.get("picked"):
            await hand.press(part, "session.pick", {"picked": self._choice(asked)})
        elif "text" in fields:
            text = f"{member.name} om «{self._title(post)}»"
            themes = [each["value"] for each in fields.get("theme", {}).get("choices", ())]
            for about in [{"theme": theme} for theme in themes] or [{}]:
                await self._send(hand, part, {"text": text, **about})

    async def _send(self, hand: Hand, part: Post, given: Mapping[str, str]) -> None:
        """Write; and once more where the bot asks whether one is sure."""
        if self._scenario.longwinded and hand.user is self._members[0]:
            await self._send_too_much(hand, part, given)
        await hand.press(part, "session.send", given)
        if any(each.get("data", {}).get("anyway") for each in cards.actions(hand.user.card(part))):
            with suppress(cards.CannotPress):  # sent by an older press that was delivered again
                await hand.press(part, "session.send", given, {"anyway": "yes"})

    async def _send_too_much(self, hand: Hand, part: Post, given: Mapping[str, str]) -> None:
        """It is said how much there is room for, and what was written stays in the field."""
        reply = await hand.press(part, "session.send", {**given, "text": _LONG}, line_will_do=True)
        told = _SAY("own.too_long", length=len(_LONG), limit=TEXT_LIMIT)
        field = cards.inputs(hand.user.card(part)).get("text", {})
        is_there = told in hand.user.sees(part) and field.get("value") == _LONG
        if not is_there and _SAY("text.stays") not in reply.text:
            self._outcome.faults.append(f"{hand.user.name} lost a text of {len(_LONG)} characters")

    async def _take_out(self) -> None:
        """From the list without pseudonyms; it goes off the cards, and back to its writer alone."""
        panel, hand = self._own(self._leader, "session.choices"), self._hands[self._leader.id]
        if panel is None:
            return
        await hand.press(panel, "session.choices", line_will_do=True)
        listed = self._own(self._leader, "session.remove")
        if listed is None:
            return
        first = cards.inputs(self._leader.card(listed))["id"]["choices"][0]
        await hand.press(listed, "session.remove", {"id": first["value"]}, line_will_do=True)
        self._outcome.taken_out = text = str(first["title"])
        await self._until(lambda: bool(self._with_text(_SAY("own.returned"))))
        back = self._with_text(_SAY("own.returned"))
        if [user.name for user in back] != [user.name for user in self._with_text(text, back)]:
            self._outcome.faults.append("a text that was taken out is not where it should be")

    def _with_text(self, text: str, among: Sequence[User] | None = None) -> list[User]:
        """Those with a card of it in their own chat."""
        users = [self._leader, *self._members] if among is None else among
        return [
            user
            for user in users
            if any(text in user.sees(post) for post in user.chat.posts if post.author is None)
        ]

    async def _take_along(self) -> None:
        """Whoever leads asks; the last to answer says no, where somebody does."""
        post = self._with("session.summary")
        if post is None:
            self._outcome.faults.append("no summary can be asked for")
            return
        await self._press(self._leader, post, "session.summary")
        await self._wait(lambda: self._with("session.summary_answer"))
        for n, member in enumerate(self._members, 1):
            is_no = self._scenario.summary == "no" and n == len(self._members)
            await self._press(member, post, _SAY("summary.no" if is_no else "summary.yes"))
        if self._scenario.summary == "no":
            await self._until(lambda: _SAY("summary.refused") in cards.text_of(post.card or {}))
        else:
            await self._until(lambda: bool(self._link(post)))
        if link := self._link(post):
            async with aiohttp.ClientSession() as session, session.get(link) as answer:
                self._outcome.summary = await answer.text()

    def _link(self, post: Post) -> str:
        links = (str(each.get("url", "")) for each in cards.actions(post.card or {}))
        return next((link for link in links if "/summary/" in link), "")

    async def _agree(self, member: User, part: Post) -> None:
        """Confirm what somebody has worded, or word it."""
        hand, verb = self._hands[member.id], "session.confirm"
        if verb in self._verbs(part, member):
            await hand.press(part, verb)
        else:
            await hand.press(part, "session.agree", {"text": "Vi spør når vi lurer."})

    def _choice(self, asked: Json) -> str:
        """The first in the alphabet: the same whatever the order on the card."""
        return str(min(asked["choices"], key=lambda each: each["title"])["value"])

    async def _advance(self, visit: str) -> None:
        """The facilitator goes on until the phase is over."""
        for _ in range(MAX_PRESSES):
            if not await self._stays(visit):
                return
            panel = self._own(self._leader, "session.next")
            if panel is None or self._visit(panel, self._leader) != visit:
                continue  # the panel knows already that it is over
            with suppress(cards.CannotPress):
                await self._hands[self._leader.id].press(panel, "session.next")
        raise Lost(f"the phase does not end: {self._leader.sees(self._leader.chat.last)}")

    async def _stays(self, visit: str) -> bool:
        """Whether the phase is still open, when what is under way has come."""
        if self._settle:
            await self._settle()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._teams.on_its_way_s):
                await self._teams.until(lambda: not self._is_open(visit))
        return self._is_open(visit)

    async def _try_old_cards(self) -> None:
        """A card that looks open is one that the bot, killed just then, has never known of."""
        for post in self._posts():
            if "session.break" in self._verbs(post):
                await self._press(self._members[0], post, "session.break")
        await self._until(lambda: self._with("session.break") is None)

    # What the chats show

    def _posts(self) -> list[Post]:
        """The bot's cards in the group, the newest first."""
        return [
            post
            for post in reversed(self._chat.posts[self._before :])
            if post.author is None and post.card and post.thread == self._thread
        ]

    def _with(self, verb: str) -> Post | None:
        return next((post for post in self._posts() if verb in self._verbs(post)), None)

    def _gathering(self) -> Post:
        """Any card of the session that tells which it is."""
        return self._posts()[0]

    def _is_open(self, visit: str) -> bool:
        post = self._with("session.break") or self._with("session.resume")
        return not self._is_over() and post is not None and self._visit(post) == visit

    async def _open_card(self, after: str) -> Post | None:
        """The card of the next phase; None when the session has ended."""

        def there() -> bool:
            post = self._with("session.break")
            is_next = post is not None and int(self._visit(post)) > int(after or -1)
            return self._is_over() or is_next

        await self._until(there)
        return None if self._is_over() else self._with("session.break")

    def _is_over(self) -> bool:
        return any(_SAY("session.ended") == self._title(post) for post in self._posts()[:2])

    def _own(self, user: User, verb: str) -> Post | None:
        """The newest card in somebody's personal chat with this button."""
        return next(
            (
                post
                for post in reversed(user.chat.posts)
                if post.card and verb in self._verbs(post, user)
            ),
            None,
        )

    def _part(self, member: User, visit: str) -> Post | None:
        """The member's part of this visit, also where others act in it."""
        post = self._own(member, "session.pass")
        return post if post is not None and self._visit(post, member) == visit else None

    def _verbs(self, post: Post, user: User | None = None) -> set[str]:
        card = user.card(post) if user else post.card or {}
        return {str(each.get("verb", "")) for each in cards.actions(card)}

    def _visit(self, post: Post, user: User | None = None) -> str:
        card = user.card(post) if user else post.card or {}
        visits = [
            each["data"]["visit"] for each in cards.actions(card) if "visit" in each.get("data", {})
        ]
        return str(visits[0]) if visits else ""

    def _title(self, post: Post) -> str:
        """The heading, or the first bold line of a phase that is over."""
        for element in cards.elements(post.card or {}):
            if element.get("style") == "heading" or element.get("text", "").startswith("**"):
                return str(element["text"]).strip("*").replace("\\", "")
        return ""

    def _look_back(self) -> SessionPlayed:
        outcome = self._outcome
        shown: dict[str, Counter[str]] = {}
        for post in self._posts():
            read = Counter(
                item["text"]
                for element in cards.elements(post.card or {})
                if element.get("type") == "Container" and element.get("style") == "emphasis"
                for item in element["items"][-1:]
                if item.get("type") == "TextBlock"
            )
            if read:
                shown[self._title(post)] = read
        outcome.shown = shown
        outcome.ended = cards.text_of(self._posts()[0].card or {})
        titles = Counter(self._title(post) for post in self._posts())
        outcome.cards = Counter({title: titles[title] for title in outcome.phases})
        for member in self._members:
            sent = sum(post.author is None for post in member.chat.posts)
            outcome.unasked[member.name] = sent - self._asked[member.id]
        return outcome

    # Acting

    async def _press(
        self, user: User, post: Post, verb: str, inputs: Mapping[str, str] | None = None
    ) -> str:
        """Press on the group's card; what the presser alone is told."""
        hand = self._hands[user.id]
        try:
            reply = await hand.press(post, verb, inputs, line_will_do=True)
        except cards.CannotPress:
            return ""
        return reply.text

    async def _wait(self, find: Callable[[], Post | None]) -> Post:
        await self._until(lambda: find() is not None)
        found = find()
        if found is None:
            raise Lost("a card came and went")
        return found

    async def _until(self, condition: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(60):
                while not condition():
                    with suppress(TimeoutError):
                        await self._teams.until(condition)
        except TimeoutError:
            seen = [self._title(post) for post in self._posts()[:3]]
            raise Lost(f"nothing comes after {seen}") from None
