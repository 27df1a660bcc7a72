"""What can be written to the bot, in three languages, and by whom."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

Name: TypeAlias = Literal[
    "help",
    "study",
    "log",
    "start",
    "next",
    "back",
    "pause",
    "put_off",
    "appointments",
    "reminders",
    "resume",
    "end",
    "collection",
    "withdraw",
    "result",
    "language",
    "groups",
    "plan",
    "invite",
    "close",
    "status",
]
Scope: TypeAlias = Literal["personal", "team", "groupChat"]


@dataclass(frozen=True, slots=True)
class Command:
    """`words` are all that is understood; the first of each language is what texts show."""

    name: Name
    words: tuple[str, ...]
    scopes: tuple[Scope, ...]
    """Where Teams lists it, which it does for ten commands at most; understood everywhere."""
    for_facilitators: bool = False


EVERYWHERE: tuple[Scope, ...] = ("personal", "team", "groupChat")
ALONE: tuple[Scope, ...] = ("personal",)
TOGETHER: tuple[Scope, ...] = ("team", "groupChat")

COMMANDS: tuple[Command, ...] = (
    Command("help", ("hjelp", "help", "hi", "hello", "hei", "hallo"), EVERYWHERE),
    Command("start", ("start",), TOGETHER),
    Command("next", ("neste", "next"), TOGETHER),
    Command("back", ("tilbake", "back"), ()),
    Command("study", ("studie", "studier", "studiar", "study", "studies"), ALONE),
    Command("log", ("logg", "log"), ALONE),
    Command("pause", ("pause", "break"), EVERYWHERE),
    Command("resume", ("fortsett", "hald fram", "resume", "continue"), EVERYWHERE),
    Command("end", ("avslutt", "end"), TOGETHER),
    Command("collection", ("samling", "collection"), TOGETHER),
    Command(
        "appointments",
        ("timer", "timar", "appointments", "avtaler", "avtalar", "slots"),
        (),
    ),
    Command("put_off", ("utsett", "utset", "put off", "snooze"), ()),
    Command(
        "reminders",
        ("varsler", "varsel", "reminders", "påminnelser", "påminningar", "notifications"),
        ALONE,
    ),
    Command("withdraw", ("trekk", "withdraw"), ALONE),
    Command("result", ("resultat", "resultater", "result", "results"), ALONE),
    Command("language", ("språk", "sprak", "language"), EVERYWHERE),
    Command("groups", ("grupper", "gruppe", "groups", "group"), ALONE),
    Command("plan", ("planlegg", "plan"), TOGETHER, for_facilitators=True),
    Command("invite", ("inviter", "invite"), TOGETHER, for_facilitators=True),
    Command("close", ("lukk", "close"), ALONE, for_facilitators=True),
    Command("status", ("status",), EVERYWHERE),
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command and what was written after it."""

    command: Command
    rest: str


def understand(text: str) -> Spoken | None:
    """The command a message begins with; None where it is none of ours."""
    tidy = " ".join(unicodedata.normalize("NFKC", text).split()).lstrip("/")
    for command in COMMANDS:
        for word in command.words:
            if found := re.match(rf"{re.escape(word)}(?=$|[\s!?.,:])[!?.,:]*", tidy, re.IGNORECASE):
                return Spoken(command, tidy[found.end() :].strip())
    return None
