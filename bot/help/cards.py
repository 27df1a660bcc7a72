"""Cards of greeting, help and ready answers; every one leads on with buttons.

A button says the words of a command, as if they had been written (`said`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.gateway.events import Json
from bot.ui.elements import card, execute, folded, heading, paragraph, plain, small
from bot.ui.texts import Texts
from dialogs.studies.study import LANGUAGES
from dialogs.writing.commands import COMMANDS, Command, CommandName
from dialogs.writing.understanding import Perhaps, Topic, named_in

_MOST_ACTIONS = 6
_LEADS_ON: Mapping[Topic, tuple[CommandName, ...]] = {
    "what": ("groups", "study", "help"),
    "anonymous": ("study", "groups"),
    "who_sees": ("log", "groups"),
    "privacy": ("study", "withdraw"),
    "lost_code": ("study", "help"),
    "delete_me": ("erase", "withdraw", "log", "groups"),
    "unsubscribe": ("groups", "reminders", "pause", "withdraw"),
    "who_made": ("help",),
    "not_working": ("resume", "help"),
    "voluntary": ("groups", "study"),
}
"""What somebody who asks this may want to do next, in the personal chat."""
_FIRST: tuple[CommandName, ...] = ("groups", "study", "help")
"""What a newcomer begins with, and who was not understood."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What somebody can do now, where they ask for help."""

    is_personal: bool
    leads: bool = False
    """Whether they are a facilitator."""
    in_session: bool = False
    in_group: bool = False
    """They are in a group, or there is one in this chat."""
    has_study: bool = False
    has_times: bool = False

    def fitting(self) -> list[CommandName]:
        """What may be next, the nearest first."""
        if not self.is_personal:
            return self._together()
        offered: tuple[tuple[CommandName, bool], ...] = (
            ("resume", self.in_session),
            ("groups", self.in_group),
            ("log", self.in_group and not self.leads),
            ("appointments", self.has_times),
            ("study", self.has_study),
            ("five", True),
            ("rehearse", self.leads),
            ("reminders", self.in_group),
            ("groups", not self.in_group),
        )
        return [name for name, is_so in offered if is_so][:_MOST_ACTIONS]

    def _together(self) -> list[CommandName]:
        offered: tuple[tuple[CommandName, bool], ...] = (
            ("start", self.leads or self.in_group),
            ("five", True),
            ("collection", self.in_group),
            ("plan", self.leads),
            ("invite", self.leads and self.has_study),
        )
        return [name for name, is_so in offered if is_so]


def said(say: Texts, name: CommandName, rest: str = "", *, once: bool = False) -> Json:
    """A button that says a command; `once` where it takes the place of its card."""
    words = f"{say(f'command.{name}.title')} {rest}".strip()
    data: Json = {"text": words, "once": True} if once else {"text": words}
    return execute(words, "said", data)


def naming(text: str, *, is_personal: bool, facilitator: bool) -> Json | None:
    """A text with a button for each command that it names; None where it names none."""
    named = [
        words
        for words, command in named_in(text, is_personal=is_personal)
        if facilitator or not command.for_facilitators
    ]
    body = [paragraph(part) for part in text.split("\n\n")]
    buttons = [execute(words, "said", {"text": words}) for words in named[:_MOST_ACTIONS]]
    return card(body, buttons) if buttons else None


def choosing(question: str, choices: Iterable[tuple[str, str]]) -> Json:
    """A question with a button for each title, that says these words."""
    buttons = [execute(title, "said", {"text": words, "once": True}) for title, words in choices]
    return card([paragraph(question)], buttons[:_MOST_ACTIONS])


def leading_on(say: Texts, text: str, names: Iterable[CommandName]) -> Json:
    """A text with buttons."""
    body = [paragraph(part) for part in text.split("\n\n")]
    return card(body, [said(say, name) for name in names])


def languages(say: Texts, *, of_group: bool = False) -> Json:
    """Which language: with oneself, or in the cards that a whole group sees."""
    return card(
        [paragraph(say("language.ask.group" if of_group else "language.ask"))],
        [execute(say(f"language.{code}"), "language", {"language": code}) for code in LANGUAGES],
    )


def welcome(say: Texts, done: str = "") -> Json:
    """When somebody has installed the bot or chosen a language: what it is for, how to start."""
    return card(
        [
            *([small(done)] if done else []),
            heading(say("welcome.personal")),
            paragraph(say("welcome.what")),
            paragraph(say("welcome.start")),
        ],
        [
            *(said(say, name) for name in _FIRST),
            *(
                execute(say(f"language.{code}"), "language", {"language": code})
                for code in LANGUAGES
                if code != say.language
            ),
        ],
    )


def group_welcome(say: Texts, name: str) -> Json:
    """Once, where the bot was added to a chat or a team."""
    return leading_on(say, say("welcome.group", name=plain(name)), ("start", "plan", "help"))


def help_card(say: Texts, here: Situation) -> Json:
    """What can be done now, with buttons; all else that can be written is folded.

    What only facilitators can do is shown to them alone.
    """
    now = here.fitting()
    mine, elsewhere = ("alone", "together") if here.is_personal else ("together", "alone")
    everyones = [c for c in COMMANDS if not (c.for_facilitators or c.for_leaders)]
    sections = [
        (
            "more",
            [
                c
                for c in everyones
                if c.place in ("anywhere", mine) and c.name not in (*now, "help")
            ],
        ),
        (elsewhere, [c for c in everyones if c.place == elsewhere]),
        ("leaders", [c for c in COMMANDS if c.for_leaders]),
    ]
    if here.leads:
        sections.append(("facilitators", [c for c in COMMANDS if c.for_facilitators]))
    by_name = {command.name: command for command in COMMANDS}
    return card(
        [
            heading(say("help")),
            _commands(say, (by_name[name] for name in now)),
            *(
                line
                for name, commands in sections
                for line in folded(f"help.{name}", say(f"help.{name}"), [_commands(say, commands)])
            ),
            small(say("help.privacy"), separator=True),
        ],
        [said(say, name) for name in now],
    )


def under_way(say: Texts, part: str) -> Json:
    """Help in the middle of a session: so short that the card of the part stays in sight."""
    text = f"{part}\n\n{say('help.under_way')}"
    return leading_on(say, text, ("status", "next", "pause", "end"))


def answer(say: Texts, topic: Topic) -> Json:
    """The ready answer to what everybody asks, in the personal chat."""
    return leading_on(say, say(f"answer.{topic}"), _LEADS_ON[topic])


def missed(say: Texts) -> Json:
    """Two lines and three buttons, where nothing was understood."""
    return leading_on(say, say("miss.personal"), _FIRST)


def perhaps(say: Texts, meant: Perhaps) -> Json:
    """Asks whether one of these was meant."""
    names = [command.name for command in meant.commands[: _MOST_ACTIONS - 1]]
    words = [f"{say(f'command.{name}.title')} {meant.rest}".strip() for name in names]
    question = say("perhaps.one", words=plain(words[0])) if len(words) == 1 else say("perhaps.many")
    return card(
        [paragraph(question)],
        [
            *(said(say, name, meant.rest, once=True) for name in names),
            *([] if "help" in names else [said(say, "help", once=True)]),
        ],
    )


def _commands(say: Texts, commands: Iterable[Command]) -> Json:
    def fact(name: str) -> Mapping[str, str]:
        return {"title": say(f"command.{name}.title"), "value": say(f"command.{name}.description")}

    return {"type": "FactSet", "facts": [fact(c.name) for c in commands]}
