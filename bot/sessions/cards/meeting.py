"""What every card of a session is drawn from, and how a contribution looks on any of them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.gateway.events import Json
from bot.sessions.service import Live
from bot.ui.elements import execute, paragraph, plain, small
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.method import Method, Phase
from dialogs.sessions.state import Contribution, Member, PersonId, Session

BEGINNING = 300
"""Characters of a contribution where it is one of many to choose among or to place."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """What drawing a session's cards needs."""

    id: str
    method: Method
    session: Session
    group: str
    """The group's name; empty where it has none."""
    group_id: str
    zone: ZoneInfo
    subgroup: int = 0
    """The small group that it is drawn for, of which alone it then has the texts; 0 for all."""

    @property
    def phase(self) -> Phase | None:
        return queries.phase(self.method, self.session)

    def press(self, title: str, verb: str, *, style: str | None = None, **data: str | int) -> Json:
        """A button that carries the session, and the visit that its card shows."""
        visit = self.session.opened.visit if self.session.opened else 0
        carried = {"session": self.id, "visit": visit, **data}
        return execute(title, f"session.{verb}", carried, style=style)


def meeting_of(live: Live, person: PersonId | None = None) -> SessionView:
    """What drawing a card needs of a session: for all, or with what is for somebody too."""
    number = queries.subgroup_of(live.session, person)
    seen = queries.as_seen(live.session, number)
    name, ident = live.group.name, live.group.id
    return SessionView(live.id, live.method, seen, name, ident, live.zone, number)


def led(live: Live) -> SessionView:
    """The same for the panel, which counts what everyone does and shows nothing of it."""
    name, ident = live.group.name, live.group.id
    return SessionView(live.id, live.method, live.session, name, ident, live.zone)


def is_read(session: Session, phase: Phase) -> bool:
    """Whether what was written or given alone is there to be read by the group."""
    opened = session.opened
    return queries.is_counted(session, phase) or bool(
        opened and opened.is_shown and phase.sees == "group" and queries.hides(phase)
    )


def name_of(session: Session, person: str | None) -> str:
    """As Teams shows it; empty for nobody."""
    return next((member.name for member in session.members if member.id == person), "")


def beginning(candidate: Member | Contribution) -> str:
    """A member's name, or the beginning of a contribution, on one line."""
    text = candidate.name if isinstance(candidate, Member) else candidate.text
    return shortened(text, BEGINNING)


def shortened(text: str, limit: int) -> str:
    """On one line, and with so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]} …"


def contribution(say: Texts, phase: Phase, written: Contribution) -> Json:
    """Under the name that it is shown with, and the theme that it is about."""
    themes = phase.does.asks()
    about = [plain(theme.text[say.language]) for theme in themes if theme.id == written.theme]
    heading = " · ".join(filter(None, (plain(written.name), *about)))
    return {
        "type": "Container",
        "style": "emphasis",
        "spacing": "Small",
        "items": [*([small(heading)] if heading else []), paragraph(plain(written.text))],
    }
