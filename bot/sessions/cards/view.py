"""How a primitive looks on the cards; a primitive says where it looks otherwise than here."""

from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from bot.gateway.events import Json
from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.part import PartView, writing
from bot.ui.texts import Texts
from dialogs.sessions.method import Phase, Primitive
from dialogs.sessions.state import Opened

P = TypeVar("P", bound=Primitive)


@dataclass(frozen=True, slots=True)
class PrimitiveView(Generic[P]):
    """A phase of one primitive, in one language.

    As it stands: something is written in it, everyone is awaited, and the phase says who sees it.
    """

    say: Texts
    meeting: SessionView
    phase: Phase
    does: P

    seen_by: ClassVar[str] = ""
    """`nothing`, `counted` or `form`: who sees what is given; empty where the phase says so."""
    is_awaited: ClassVar[bool] = True
    """Whether the card counts who is finished."""
    is_done_with: ClassVar[bool] = True
    """Whether one says that one is finished, or lets it pass."""

    shows: ClassVar[str] = "panel.show"
    """The text of the button by which the facilitator shows what came of it."""

    def task(self) -> str:
        """What happens now, and whose turn it is."""
        return self.say(f"session.do.{self.does.kind}")

    def addressed(self) -> str:
        """The same, to a member who acts and does not wait for a turn."""
        return self.task()

    def listened_to(self) -> str:
        """The same, to a member who does not; empty where the line is for who acts."""
        return ""

    def leading(self) -> str:
        """The same, said to whoever leads."""
        return self.task()

    def how(self) -> str:
        """Which button it is done with; empty where it needs no saying."""
        return ""

    def opens(self) -> str:
        """The text of the button that opens one's own part; empty where there is none."""
        return "" if self.phase.medium == "oral" else "session.button.write"

    def body(self) -> list[Json]:
        """What the group reads besides contributions."""
        return []

    def about(self) -> str:
        """The phase whose contributions are to be read here too; empty for none."""
        return self.phase.about

    def own(self, view: PartView, opened: Opened) -> list[Json]:
        """The fields and buttons of a member who acts."""
        return writing(view, self.phase, opened)

    def choices(self) -> list[Json]:
        """What whoever leads chooses beside the panel."""
        return []
