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
Place: TypeAlias = Literal["anywhere", "alone", "together"]
"""In the personal chat, or in a group chat or channel."""
_SCOPES: dict[Place, tuple[Scope, ...]] = {
    "anywhere": ("personal", "team", "groupChat"),
    "alone": ("personal",),
    "together": ("team", "groupChat"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """`words` are all that is understood; the first of each language is what texts show.

    It belongs to a place, and says so where it is written elsewhere.
    """

    name: Name
    words: tuple[str, ...]
    place: Place
    for_facilitators: bool = False
    is_listed: bool = True
    """Whether Teams lists it, which it does for ten commands of a place at most."""

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Where Teams lists it."""
        return _SCOPES[self.place] if self.is_listed else ()


COMMANDS: tuple[Command, ...] = (
    Command("help", ("hjelp", "help", "hi", "hello", "hei", "hallo"), "anywhere"),
    Command("groups", ("grupper", "gruppe", "groups", "group"), "alone"),
    Command("study", ("studie", "studier", "studiar", "study", "studies"), "alone"),
    Command("start", ("start",), "together"),
    Command("next", ("neste", "next"), "together"),
    Command("back", ("tilbake", "back"), "together", is_listed=False),
    Command("resume", ("fortsett", "hald fram", "resume", "continue"), "anywhere"),
    Command("pause", ("pause", "break"), "anywhere"),
    Command("end", ("avslutt", "end"), "together"),
    Command("collection", ("samling", "collection"), "together"),
    Command("log", ("logg", "log"), "alone"),
    Command(
        "reminders",
        ("varsler", "varsel", "reminders", "påminnelser", "påminningar", "notifications"),
        "alone",
    ),
    Command("put_off", ("utsett", "utset", "put off", "snooze"), "alone", is_listed=False),
    Command(
        "appointments",
        ("timer", "timar", "appointments", "avtaler", "avtalar", "slots"),
        "anywhere",
        is_listed=False,
    ),
    Command("withdraw", ("trekk", "withdraw"), "alone"),
    Command("result", ("resultat", "resultater", "result", "results"), "alone"),
    Command("status", ("status",), "anywhere"),
    Command("language", ("språk", "sprak", "language"), "anywhere"),
    Command("plan", ("planlegg", "plan"), "together", for_facilitators=True),
    Command("invite", ("inviter", "invite"), "together", for_facilitators=True),
    Command("close", ("lukk", "close"), "alone", for_facilitators=True),
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
