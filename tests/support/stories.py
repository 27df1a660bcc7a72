"""A session or a questionnaire walked from start to thanks, with a log that reads as a story.

`Walk(house, method, ...).meet()` lets a group hold a whole session; `fill_in` lets somebody answer
a questionnaire. Beside them sits `Rolf`, who does everything wrong: he presses without choosing,
sends nothing and far too much, presses twice and on old cards, in the wrong place and with words
of another language. Whatever he does he is answered, nothing of it is a fault of the bot, and
nobody else is held up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.gateway.events import Json
from bot.ui.texts import Texts, texts
from dialogs.sessions.state import TEXT_LIMIT
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards
from simulation.teams import BotReply, Post, User
from tests.support.kollegial import House, press_raw

LOCALES: dict[Language, str] = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
WIDTH = 90
MAX_STEPS = 150
_NEXT: dict[Language, str] = {"nb": "neste", "nn": "neste", "en": "next"}
_GIVES = ("vote", "pick", "rate", "place", "answer", "confirm", "agree", "send")
"""What a member does in their own part, in the order in which it is tried."""
Leads = Literal["buttons", "commands"]


@dataclass
class Story:
    """What happened, a line for each thing."""

    lines: list[str] = field(default_factory=list)

    def heading(self, text: str) -> None:
        self.lines += ["", f"== {text} =="]

    def shows(self, whose: str, card: Json) -> None:
        """All that a card says, as somebody reads it."""
        lines = [line for line in cards.text_of(card).splitlines() if line.strip()]
        self.lines += [f"{whose} viser:", *(f"    {line}" for line in lines)]

    def wrote(self, user: User, text: str, answer: str) -> None:
        self._tell(f"{user.name} skriver «{_short(text)}»", answer)

    def pressed(self, user: User, title: str, given: dict[str, str], answer: str) -> None:
        filled = ", ".join(f"«{_short(value)}»" for value in given.values())
        self._tell(f"{user.name} trykker «{title}»{f' med {filled}' if filled else ''}", answer)

    def _tell(self, what: str, answer: str) -> None:
        self.lines.append(f"{what}. -> {_short(answer) or '(kortet)'}")

    def __str__(self) -> str:
        return "\n".join(self.lines).strip() + "\n"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else f"{line[:WIDTH]} … ({len(text)} tegn)"


class Table:
    """Somebody at the bot, whose every act is told in the story and must be answered."""

    def __init__(self, house: House, story: Story) -> None:
        self.house = house
        self.story = story

    async def write(self, user: User, text: str, chat: Any = None) -> str:
        """Write; what the bot says to it, which may be nothing but a card."""
        place = chat or user.chat
        before = len(place.posts)
        reply = await user.write(text, place)
        await self.house.settle()
        said = [
            post.text or cards.text_of(user.card(post))
            for post in place.posts[before:]
            if post.author is None
        ]
        assert reply.status == 200
        answer = said[0] if said else ""
        self.story.wrote(user, text, answer)
        self.sound(answer)
        return answer

    async def press(
        self,
        user: User,
        post: Post,
        verb: str,
        given: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
    ) -> BotReply:
        title = cards.action(user.card(post), verb, data).get("title", verb)
        reply = await user.press(post, verb, given, data=data)
        await self.house.settle()
        self.pressed(user, str(title), given or {}, reply)
        return reply

    def pressed(self, user: User, title: str, given: dict[str, str], reply: BotReply) -> None:
        assert reply.status == 200, (title, reply.body)
        answer = reply.text or _notices(reply.card or {})
        self.story.pressed(user, title, given, answer)
        self.sound(reply.text)
        assert reply.text.strip() or reply.card, f"{title} is answered with nothing"

    def sound(self, answer: str) -> None:
        """No fault of the bot, and no name of a text that is missing."""
        for language in LANGUAGES:
            assert texts(language)("error.bug") not in answer, self.story.lines[-1]

    def verbs(self, user: User, post: Post) -> set[str]:
        return {str(each.get("verb", "")) for each in cards.actions(user.card(post))}

    def newest(self, user: User, chat: Any, verb: str) -> Post | None:
        """The newest card in a chat with this button, as the user sees it."""
        return next(
            (
                post
                for post in reversed(chat.posts)
                if post.author is None and post.card and verb in self.verbs(user, post)
            ),
            None,
        )


def _notices(card: Json) -> str:
    """What a card says first: what happened."""
    said = [
        item["text"]
        for each in cards.elements(card)
        if each.get("type") == "Container" and each.get("bleed")
        for item in each["items"]
    ]
    return " ".join(said)


class Rolf:
    """Does everything wrong."""

    def __init__(self, table: Table, user: User) -> None:
        self.table, self.user = table, user
        self.old: list[tuple[str, BotReply]] = []

    async def spoil(self, post: Post, elsewhere: Post | None = None) -> None:
        """Every button of a card: with nothing, with too much, twice, and in the wrong place."""
        for verb in [action["verb"] for action in _harmless(self.user.card(post))]:
            for how, given in [*_wrong(self.user.card(post))]:
                # As the card is now: what he did before may have changed it.
                there = [a for a in _harmless(self.user.card(post)) if a["verb"] == verb]
                if there:
                    await self._raw(post, there[0], how, given)
                    if elsewhere is not None and how == "ingenting":
                        await self._raw(elsewhere, there[0], "et annet sted", {})
        if self.old:
            title, reply = self.old[0]
            again = await self.table.house.teams.redeliver(reply)
            self.table.pressed(self.user, f"{title} (gammelt)", {}, again)

    async def _raw(self, post: Post, action: Json, how: str, given: dict[str, str]) -> None:
        data = {**action.get("data", {}), **given}
        reply = await press_raw(self.user, post, action["verb"], data)
        await self.table.house.settle()
        title = f"{action.get('title', action['verb'])} ({how})"
        self.table.pressed(self.user, title, {}, reply)
        self.old.append((str(action.get("title")), reply))
        del self.old[:-3]


def _harmless(card: Json) -> Iterator[Json]:
    """The buttons that a member may press wrongly without leaving the room by it."""
    leaving = {"session.leave", "session.take", "session.end", "session.stop", "session.observe"}
    leaving |= {"session.break", "session.here", "questionnaire.break", "study.decline"}
    leaving |= {"questionnaire.approve", "questionnaire.deliver", "session.start"}
    for action in cards.actions(card):
        if action["type"] == "Action.Execute" and action["verb"] not in leaving:
            yield action


def _wrong(card: Json) -> Iterator[tuple[str, dict[str, str]]]:
    fields = cards.inputs(card)
    yield "ingenting", {}
    yield "det som ikke finnes", dict.fromkeys(fields, "finnes-ikke")
    if any(each["type"] == "Input.Text" for each in fields.values()):
        long = "æ" * (TEXT_LIMIT + 1)
        yield "altfor mye", {i: long for i, f in fields.items() if f["type"] == "Input.Text"}
        yield "mellomrom", {i: " \u200b" for i, f in fields.items() if f["type"] == "Input.Text"}
    axes = [each for each in fields if each.startswith("across.")]
    if axes:
        yield "halvt", {axes[0]: "1"}


# --- A session ----------------------------------------------------------------------------------


@dataclass
class Walk:
    """A group that holds a session of a method."""

    house: House
    method: str
    language: Language = "nb"
    pace: Literal["live", "days"] = "live"
    leads: Leads = "buttons"
    members: int = 4
    with_rolf: bool = True
    story: Story = field(default_factory=Story)

    def __post_init__(self) -> None:
        self.say: Texts = texts(self.language)
        self.table = Table(self.house, self.story)
        locale = LOCALES[self.language]
        names = ("Kari", "Ola", "Siri", "Per", "Mona", "Ali")
        self.people = [self.house.teams.user(n, locale=locale) for n in names[: self.members]]
        self.leader = self.house.anne
        self.leader.locale = locale
        others = [each for each in LANGUAGES if each != self.language]
        self.rolf = Rolf(self.table, self.house.teams.user("Rolf", locale=LOCALES[others[0]]))
        everyone = [*self.people, *([self.rolf.user] if self.with_rolf else [])]
        self.everyone = everyone
        self.chat = self.house.teams.group_chat(self.leader, *everyone)

    async def meet(self) -> Story:
        """From `start` to thanks."""
        self.story.heading(f"{self.method}, {self.language}, {self.pace}, {self.leads}")
        await self._gather()
        done = ""
        for _ in range(MAX_STEPS):
            post = self._open()
            if post is None:
                ends = [p for p in self.chat.posts if _heading(p.card or {}) == self._thanks]
                assert len(ends) == 1, str(self.story)
                self.story.shows("Kortet i gruppa", self.leader.card(ends[0]))
                return self.story
            visit = self._visit(post)
            if visit != done:
                done = visit
                self.story.heading(_heading(post.card or {}))
                self.story.shows("Kortet i gruppa", post.card or {})
                await self._act(post)
            await self._next(visit)
        raise AssertionError(f"it never ends:\n{self.story}")

    async def _gather(self) -> None:
        await self.table.write(self.leader, f"start {self.method}", self.chat)
        gathering = self._card("session.here")
        self.story.shows("Kortet i gruppa", gathering.card or {})
        role = cards.inputs(gathering.card or {}).get("role")
        for n, person in enumerate(self.everyone):
            if person is self.rolf.user:
                await self.table.press(person, gathering, "session.here")  # without a role
            given = {"role": role["choices"][n % len(role["choices"])]["value"]} if role else {}
            await self.table.press(person, self._card("session.here"), "session.here", given)
        panel = self.table.newest(self.leader, self.leader.chat, "session.start")
        assert panel
        self.story.shows("Panelet", self.leader.card(panel))
        paces = [a.get("data", {}).get("pace") for a in cards.actions(self.leader.card(panel))]
        if self.pace in paces:  # it is another one now
            await self.table.press(self.leader, panel, "session.pace", None, {"pace": self.pace})
        if self.leads == "commands":
            await self.table.write(self.leader, "start", self.chat)
        else:
            await self.table.press(self.leader, panel, "session.start")

    async def _act(self, post: Post) -> None:
        """Everybody does their part; Rolf first does it wrongly."""
        visit = self._visit(post)
        if self.with_rolf:
            await self.rolf.spoil(post)
            if part := await self._part(self.rolf.user, post):
                await self.rolf.spoil(part, elsewhere=post)
            wrong = _NEXT["en" if self.language != "en" else "nb"]
            await self.table.write(self.rolf.user, wrong, self.chat)
        for person in self.everyone:
            if not self._is_open(visit):
                return
            if part := await self._part(person, post):
                if person is self.everyone[0]:
                    self.story.shows(f"{person.name} sin egen del", person.card(part))
                await self._give(person, part)
        for person in self.everyone:
            if self._is_open(visit) and "session.done" in self.table.verbs(person, post):
                await self.table.press(person, post, "session.done")

    async def _part(self, person: User, post: Post) -> Post | None:
        """One's own part of the phase, where there is one."""
        if "session.open" not in self.table.verbs(person, post):
            return None
        await self.table.press(person, post, "session.open")
        part = self.table.newest(person, person.chat, "session.pass")
        return part if part and self._visit(part, person) == self._visit(post) else None

    async def _give(self, person: User, part: Post) -> None:
        card = person.card(part)
        verbs = self.table.verbs(person, part)
        verb = next((f"session.{each}" for each in _GIVES if f"session.{each}" in verbs), None)
        if verb is None:
            return
        given = {}
        for ident, asked in cards.inputs(card).items():
            if asked["type"] == "Input.ChoiceSet" and asked["choices"]:
                given[ident] = asked["choices"][0]["value"]
            elif asked["type"] == "Input.Text" and verb in ("session.send", "session.agree"):
                given[ident] = f"{person.name} ringte først, og spurte så"
        await self.table.press(person, part, verb, given)
        sure = [
            each for each in cards.actions(person.card(part))
            if each.get("verb") == verb and each.get("data", {}).get("anyway")
        ]  # fmt: skip
        if sure:
            await self.table.press(person, part, verb, given, {"anyway": "yes"})

    async def _next(self, visit: str) -> None:
        if not self._is_open(visit):  # over days it went on by itself
            return
        if self.leads == "commands":
            await self.table.write(self.leader, _NEXT[self.language], self.chat)
            return
        panel = self.table.newest(self.leader, self.leader.chat, "session.next")
        if panel is not None:
            await self.table.press(self.leader, panel, "session.next")

    # What the chat shows

    @property
    def _thanks(self) -> str:
        return self.say("session.ended")

    def _card(self, verb: str) -> Post:
        found = self.table.newest(self.leader, self.chat, verb)
        assert found, str(self.story)
        return found

    def _open(self) -> Post | None:
        return self.table.newest(self.leader, self.chat, "session.break")

    def _is_open(self, visit: str) -> bool:
        post = self._open()
        return post is not None and self._visit(post) == visit

    def _visit(self, post: Post, user: User | None = None) -> str:
        card = user.card(post) if user else post.card or {}
        return next(
            (str(e["data"]["visit"]) for e in cards.actions(card) if "visit" in e.get("data", {})),
            "",
        )


def _heading(card: Json) -> str:
    return next(
        (str(e["text"]) for e in cards.elements(card) if e.get("style") == "heading"), ""
    ).replace("\\", "")


# --- A questionnaire ----------------------------------------------------------------------------


async def fill_in(house: House, study: str, language: Language, story: Story) -> str:
    """Rolf answers a questionnaire, wrongly and then rightly, to its thanks; his code."""
    table = Table(house, story)
    user = house.teams.user("Rolf", locale=LOCALES[language])
    rolf = Rolf(table, user)
    story.heading(f"{study}, {language}")
    # By name: an observer's sheet stands in no list.
    await table.write(user, f"{'studie' if language != 'en' else 'study'} {study}")
    post = user.chat.last
    await table.press(user, post, "study.start", data={"study": study})
    await table.press(user, post, "study.consent")
    spoiled = set()
    for _ in range(MAX_STEPS):
        verbs = table.verbs(user, post)
        where = _heading(user.card(post))
        if where not in spoiled:
            spoiled.add(where)
            story.shows("Kortet", user.card(post))
            await rolf.spoil(post)
            verbs = table.verbs(user, post)
        if "questionnaire.resume" in verbs:
            await table.press(user, post, "questionnaire.resume")
        elif "questionnaire.unpaired" in verbs:
            await table.press(user, post, "questionnaire.unpaired")
        elif "questionnaire.mine" in verbs:
            await table.press(user, post, "questionnaire.mine")
        elif "questionnaire.approve" in verbs:
            await table.press(user, post, "questionnaire.approve")
        elif "questionnaire.deliver" in verbs:
            await table.press(user, post, "questionnaire.deliver")
            break
        else:
            await table.press(user, post, "questionnaire.next", _answers(user.card(post)))
            if "questionnaire.leave" in table.verbs(user, post):
                await table.press(user, post, "questionnaire.leave", _answers(user.card(post)))
    facts = next(e["facts"] for e in cards.elements(user.card(post)) if e.get("facts"))
    await table.press(user, post, "qsort.noted")
    story.shows("Kortet", user.card(post))
    return str(facts[1]["value"])


def _answers(card: Json) -> dict[str, str]:
    given = {}
    for ident, asked in cards.inputs(card).items():
        if asked["type"] == "Input.ChoiceSet":
            given[ident] = asked["choices"][0]["value"]
        else:
            given[ident] = "Slik var det."
    return given
