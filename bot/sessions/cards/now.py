"""What is somebody's to do now, where a session is under way: a few lines, and the way there."""

from bot.gateway.deep_links import link_to
from bot.gateway.events import Conversation, Json
from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.phase import origin, readiness, what_to_do
from bot.ui.elements import card, execute, heading, paragraph, plain
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.state import PersonId


def now(say: Texts, meeting: SessionView, person: PersonId, place: Conversation) -> Json:
    """For one of the members, in their own chat."""
    say = say.in_words(meeting.method.words)
    theirs = queries.theirs(meeting.method, meeting.session, person)
    fetch, is_apart = say("command.resume.title"), meeting.session.asking is not None
    waits = _waits(say, meeting)
    waits_for_answers = is_apart and meeting.phase is None
    group = {"type": "Action.OpenUrl", "title": say("now.link"), "url": link_to(place)}
    return card(
        [
            *_part(say, meeting),
            paragraph(say("colleague.comes" if waits_for_answers else f"now.{theirs}")),
            *([paragraph(waits)] if waits and theirs in ("lead", "done") else []),
        ],
        [
            execute(say("now.fetch"), "said", {"text": fetch}),
            *([] if is_apart or meeting.session.is_rehearsal else [group]),
        ],
    )


def under_way(say: Texts, meeting: SessionView) -> str:
    """For the group: where it is, what all do, and how many it waits for; nobody by name."""
    say = say.in_words(meeting.method.words)
    phase = meeting.phase
    if phase is None:
        return say("session.gathering.task")
    title, task = plain(phase.title[say.language]), what_to_do(say, meeting, phase)
    return " ".join(filter(None, (say("now.part", title=title, task=task), _waits(say, meeting))))


def _part(say: Texts, meeting: SessionView) -> list[Json]:
    if (phase := meeting.phase) is None:
        return [origin(say, meeting)]
    title = plain(phase.title[say.language])
    return [
        origin(say, meeting),
        heading(title),
        paragraph(what_to_do(say, meeting, phase)),
    ]


def _waits(say: Texts, meeting: SessionView) -> str:
    """How many are not finished; empty where nobody is waited for."""
    ready = readiness(meeting, meeting.phase) if meeting.phase else None
    left = ready[1] - ready[0] if ready else 0
    return say("now.waits", n=left) if left else ""
