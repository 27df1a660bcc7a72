"""What arrives from Teams and what can be sent there, as plain values."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

Json: TypeAlias = dict[str, Any]
ACTIVITY_GONE = "ActivityNotFoundInConversation"
"""The conversation is there, the message in it is not."""
ConversationKind: TypeAlias = Literal["personal", "groupChat", "channel"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: taken from the authenticated activity, never from card data."""

    id: str
    """`from.aadObjectId`: the only identity that roles may rest on.

    `from.id` where an installation was made in nobody's name, and where there
    are no credentials and so nothing is vouched for.
    """
    teams_id: str
    """`from.id` (`29:...`): the address for starting a personal chat."""
    name: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where something is said, and how to reach it again."""

    id: str
    kind: ConversationKind
    tenant: str
    service_url: str
    team: str | None = None
    """The team's id where the conversation is a channel."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What every incoming event has: who, where, in which language and zone."""

    person: Person
    conversation: Conversation
    activity_id: str
    locale: str
    """As the client gives it (`nb-NO`); empty where it does not."""
    timezone: str | None
    """As the client gives it, so not certain to be a zone that exists."""
    spoken: str = ""
    """The language in which whoever did it is spoken to, once that is decided."""

    @property
    def is_personal(self) -> bool:
        return self.conversation.kind == "personal"


@dataclass(frozen=True, slots=True)
class Message:
    """Text written to the bot; mentions of the bot are cut away."""

    origin: Origin
    text: str
    """As a command is read: on one line, and no longer than a command can be."""
    whole: str = ""
    """All of it, without markup and without what is quoted of others."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button on a card: Action.Execute, or Action.Submit from older clients."""

    origin: Origin
    verb: str
    data: Json
    """What the action and the inputs carry. Anyone can forge it."""
    card_id: str | None
    """The activity that holds the card, where Teams says it."""
    is_invoke: bool
    """Whether an answer in the response is expected (Action.Execute)."""
    is_automatic: bool
    """A refresh by the client: answer with a card, and update nothing."""


@dataclass(frozen=True, slots=True)
class Added:
    """The bot was installed, or added to a chat or team."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class Removed:
    """The bot was uninstalled or taken out of a chat or team."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class MembersLeft:
    """People were taken out of a chat or team, or left it."""

    origin: Origin
    people: tuple[str, ...]
    """Their directory ids, else their ids in Teams."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody whom Teams vouches for and whom the bot does not serve: they get a line, and
    nothing of them is kept.
    """

    origin: Origin
    why: Literal["guest", "tenant"]
    """Without an account in a directory, or with one of another organisation."""
    is_invoke: bool
    speaks: bool
    """Whether they wrote or pressed something, and so expect an answer."""


Told: TypeAlias = Message | Added | Removed | MembersLeft
"""What Teams wants no answer to."""
Incoming: TypeAlias = Press | Told | Stranger


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Answer to a press: put this card in the place of the pressed one."""

    card: Json


@dataclass(frozen=True, slots=True)
class Say:
    """Answer to a press: a line for the presser alone; the card stays."""

    text: str


Answer: TypeAlias = ShowCard | Say
"""To a press there always is one: without it, Teams shows an error and presses again."""


class Handler(Protocol):
    """What the gateway calls with each trusted event."""

    async def press(self, press: Press) -> Answer:
        """A button was pressed."""

    async def tell(self, event: Told) -> None:
        """Anything else happened, which Teams wants no answer to."""

    async def turn_away(self, stranger: Stranger) -> Say:
        """Somebody came whom the bot does not serve."""


class SendError(Exception):
    """A send that came to nothing; `final` tells whether trying again is pointless."""


class Final(SendError):
    """Not going to work as things are: blocked by the user, not installed, forgotten activity."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        """Of the answer, where there was one."""
        self.whose = ""
        """The id of the person whose personal chat it was about, where it was one."""

    @property
    def is_nobody_there(self) -> bool:
        """Whether they could not be reached; a sign of life from them may change that."""
        return self.status in (403, 404) and self.code != ACTIVITY_GONE


class Unreachable(SendError):
    """Certainly not delivered, and may be tried again later."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after
        """For how many seconds Teams wants to be left alone, where it says so."""


class NotFound(Unreachable):
    """Teams knows no such conversation: it may in a minute, or it has another id by now."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.whose = ""
        """As in `Final`."""


class Ambiguous(SendError):
    """May or may not have been delivered: a time-out or a 5xx after sending."""


class Teams(Protocol):
    """Sending. Cards and texts are never combined in one activity.

    All methods raise `SendError`. Retries within one call follow the retry
    table of Teams; creating a message is never repeated after an ambiguous
    failure, updating and deleting are.
    """

    async def send_text(self, conversation: Conversation, text: str) -> str:
        """The new activity's id."""

    async def send_card(self, conversation: Conversation, card: Json, summary: str) -> str:
        """The new activity's id. `summary` is what notifications show."""

    async def update_card(self, conversation: Conversation, activity_id: str, card: Json) -> None:
        """Put another card in the place of one."""

    async def delete(self, conversation: Conversation, activity_id: str) -> None:
        """Take a message away."""

    async def personal_chat(self, person: Person, near: Conversation) -> Conversation:
        """The personal chat with someone met in `near`, created where there is none."""

    async def members(self, conversation: Conversation) -> frozenset[str]:
        """Who is in the conversation, by Teams' ids, the bot left out: to be counted, not kept."""
