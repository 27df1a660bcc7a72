"""What can be written to the bot, in three languages, and by whom."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

CommandName: TypeAlias = Literal[
    "help",
    "study",
    "log",
    "notes",
    "five",
    "before",
    "beside",
    "gladly",
    "case",
    "queue",
    "start",
    "rehearse",
    "panel",
    "next",
    "back",
    "skip",
    "more_time",
    "word",
    "theme",
    "pace",
    "hand_over",
    "co_leader",
    "take_over",
    "pause",
    "put_off",
    "appointments",
    "reminders",
    "resume",
    "end",
    "collection",
    "withdraw",
    "erase",
    "result",
    "language",
    "groups",
    "plan",
    "year",
    "invite",
    "close",
    "status",
]
TeamsScope: TypeAlias = Literal["personal", "team", "groupChat"]
CommandPlace: TypeAlias = Literal["anywhere", "alone", "together"]
"""In the personal chat, or in a group chat or channel."""
_SCOPES: dict[CommandPlace, tuple[TeamsScope, ...]] = {
    "anywhere": ("personal", "team", "groupChat"),
    "alone": ("personal",),
    "together": ("team", "groupChat"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """`words` are all that is understood; the first of each language is what texts show.

    It belongs to a place, and says so where it is written elsewhere.
    """

    name: CommandName
    words: tuple[str, ...]
    place: CommandPlace
    for_facilitators: bool = False
    listed: CommandPlace | Literal["nowhere"] | None = None
    """Where Teams lists it, which it does for ten commands of a place at most; None: where it
    belongs."""
    for_leaders: bool = False
    """Whether it is for who leads a session: a button of the panel does the same."""
    asks_first: bool = False
    """Whether it ends or passes over something for others: a card asks, and its button does it."""

    @property
    def scopes(self) -> tuple[TeamsScope, ...]:
        """Where Teams lists it."""
        listed = self.listed or self.place
        return () if listed == "nowhere" else _SCOPES[listed]


ANYWAY = frozenset(("likevel", "anyway"))
"""After a command: it is meant, and not asked about."""
COMMANDS: tuple[Command, ...] = (
    Command("help", ("hjelp", "help", "hi", "hello", "hei", "hallo"), "anywhere"),
    Command("groups", ("grupper", "gruppe", "groups", "group"), "alone"),
    Command("study", ("studie", "studier", "studiar", "study", "studies"), "alone"),
    Command("start", ("start",), "together"),
    Command("five", ("fem minutter", "fem minutt", "five minutes"), "anywhere"),
    Command(
        "before",
        ("før samtalen", "before the conversation"),
        "anywhere",
        listed="nowhere",
    ),
    Command(
        "beside",
        ("to i samtalen", "two in the conversation"),
        "anywhere",
        listed="nowhere",
    ),
    Command(
        "gladly",
        ("spør meg gjerne om", "spør meg gjerne", "ask me about", "gladly ask me about"),
        "alone",
        listed="nowhere",
    ),
    Command(
        "case",
        (
            *("sak", "meld sak", "meld inn sak", "saker", "mine saker"),
            *("case", "bring a case", "cases", "my cases"),
            *("meld inn ei sak", "meld ei sak", "meld en sak", "meld inn en sak", "sakene mine"),
        ),
        "alone",
        listed="nowhere",
    ),
    Command(
        "queue",
        ("kø", "køen", "saker i kø", "queue", "the queue"),
        "alone",
        listed="nowhere",
    ),
    Command(
        "rehearse",
        (
            *("øv", "øving", "øve", "øv på", "øve på"),
            *("rehearse", "rehearsal", "practise", "practice"),
        ),
        "alone",
        listed="nowhere",
    ),
    Command("panel", ("panel", "panelet", "the panel"), "anywhere", listed="nowhere"),
    Command("next", ("neste", "next"), "together"),
    Command("back", ("tilbake", "back"), "together", listed="nowhere"),
    Command(
        "skip",
        ("hopp over", "skip"),
        "together",
        listed="nowhere",
        for_leaders=True,
        asks_first=True,
    ),
    Command(
        "more_time",
        (
            *("mer tid", "meir tid", "more time", "forleng", "extend"),
            *("fem minutter til", "fem minutt til", "five more minutes"),
        ),
        "together",
        listed="nowhere",
        for_leaders=True,
    ),
    Command(
        "word",
        ("ordet til", "ordet", "word to", "the word to", "the floor to"),
        "together",
        listed="nowhere",
        for_leaders=True,
    ),
    Command(
        "theme", ("spørsmål", "question", "tema"), "together", listed="nowhere", for_leaders=True
    ),
    Command("pace", ("tempo", "pace"), "together", listed="nowhere", for_leaders=True),
    Command(
        "hand_over",
        ("overlat til", "overlat", "hand over to", "hand over"),
        "together",
        listed="nowhere",
        for_leaders=True,
    ),
    Command(
        "co_leader",
        ("medleder", "medleiar", "co-leader", "coleader"),
        "together",
        listed="nowhere",
        for_leaders=True,
    ),
    Command("take_over", ("ta over", "take over"), "together", listed="nowhere", for_leaders=True),
    Command("resume", ("fortsett", "hald fram", "resume", "continue"), "anywhere", listed="alone"),
    Command("pause", ("pause", "break"), "anywhere", listed="together"),
    Command("end", ("avslutt", "end"), "together", asks_first=True),
    Command(
        "collection",
        ("idébank", "idebank", "ideas", "samling", "collection"),
        "anywhere",
        listed="together",
    ),
    Command("log", ("logg", "log"), "alone"),
    Command(
        "notes",
        ("notater", "notat", "notata", "notes", "mine notater", "notata mine", "my notes"),
        "alone",
        listed="nowhere",
    ),
    Command(
        "reminders",
        ("varsler", "varsel", "reminders", "påminnelser", "påminningar", "notifications"),
        "alone",
    ),
    Command("put_off", ("utsett", "utset", "put off", "snooze"), "alone", listed="nowhere"),
    Command(
        "appointments",
        ("timer", "timar", "appointments", "avtaler", "avtalar", "slots"),
        "anywhere",
        listed="nowhere",
    ),
    Command("withdraw", ("trekk", "withdraw"), "alone"),
    Command("erase", ("slett", "delete me", "erase me"), "alone", listed="nowhere"),
    Command("result", ("resultat", "resultater", "result", "results"), "alone"),
    Command("status", ("status",), "anywhere", listed="together"),
    Command("language", ("språk", "sprak", "language"), "anywhere", listed="alone"),
    Command("plan", ("planlegg", "plan"), "together", for_facilitators=True),
    Command(
        "year",
        (
            *("årsoppsummering", "årsoppsummeringen", "årsoppsummeringa", "årsrapport"),
            *("yearly summary", "the year"),
        ),
        "alone",
        for_facilitators=True,
        listed="nowhere",
    ),
    Command("invite", ("inviter", "invite"), "together", for_facilitators=True),
    Command(
        "close",
        ("lukk", "close"),
        "alone",
        for_facilitators=True,
        listed="nowhere",
        asks_first=True,
    ),
)
ASKING_FIRST = frozenset(command.name for command in COMMANDS if command.asks_first)
