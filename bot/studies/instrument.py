"""What can be answered: a Q-sort and a questionnaire, each with a dialog and cards of its own."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar

from pydantic import TypeAdapter

from bot.gateway.events import Json
from bot.studies.board_link import BoardLink
from bot.ui.texts import Texts

CodeNotice: TypeAlias = Literal[
    "deliver.mistyped_code",
    "deliver.unknown_code",
    "deliver.withdrawn",
    "deliver.taken",
    "pair.mistyped_code",
    "pair.unknown_code",
]
"""What there is to say of a code or a delivery: the key of a text in the kind's room."""


class Work(Protocol):
    """A draft, whatever else it holds."""

    @property
    def pseudonym(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def corrects(self) -> bool: ...


D = TypeVar("D")
W = TypeVar("W", bound=Work)
N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Record(Generic[W, N]):
    """What the urn keeps of a draft: with it, the press that led here and what was said to it."""

    draft: W
    pressed: str
    said: tuple[N | CodeNotice, ...]


@dataclass(frozen=True, slots=True)
class InstrumentView(Generic[D]):
    """What drawing a participant's card needs."""

    study: D
    say: Texts
    token: str
    nonce: str
    """Issued for this step; a press with another one changes nothing."""
    board: BoardLink | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Some of an answer in words: what was asked, and what was answered to it."""

    title: str
    lines: tuple[tuple[str, str], ...]


class Instrument(ABC, Generic[D, W]):
    """One kind of study: `D` is its definition and `W` the draft of an answer."""

    records: TypeAdapter[Record[W, Any]]

    @abstractmethod
    def begin(self, study: D, pseudonym: str, code: str) -> W:
        """A new draft."""

    @abstractmethod
    def again(self, study: D, pseudonym: str, code: str, delivered: bytes) -> W:
        """A new draft that corrects what was handed in under this pseudonym and code."""

    @abstractmethod
    def read(self, verb: str, data: Json) -> Any | None:
        """The event of a press; None for a verb or data that no card of this kind carries."""

    @abstractmethod
    def step(self, study: D, draft: W, event: Any) -> tuple[W, list[Any]]:
        """One event: the new draft, and what to do or say."""

    @abstractmethod
    def draw(self, view: InstrumentView[D], draft: W, said: Sequence[Any]) -> Json:
        """The card for where the participant is. Texts among `said` are shown as they are."""

    @abstractmethod
    def told(self, study: D, say: Texts, delivered: bytes) -> list[Part]:
        """What was handed in, for whoever has its code to read."""

    @abstractmethod
    def answer(self, study: D, draft: W, before: str) -> bytes:
        """What is sealed. `before` is the pseudonym of the answer it is paired with, if any."""
