"""The cards of a talk in which each works in their own chat: asked, waiting, under way, over."""

from collections.abc import Iterator
from datetime import datetime

from bot.gateway.events import Json
from bot.sessions.cards.meeting import SessionView, name_of
from bot.sessions.cards.panel import asks_first, forward
from bot.sessions.cards.phase import ended, origin, phase_body
from bot.sessions.cards.primitives import view_of
from bot.ui.elements import card, execute, heading, notice, paragraph, plain, small
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.method import Method
from dialogs.sessions.state import Asking, Ended, Gathering, PersonId, Resting

SHORT = 15
"""Minutes: what takes no longer is asked for as five."""


def card_of(say: Texts, meeting: SessionView, person: PersonId) -> Json:
    """Where somebody is, with the buttons that are theirs."""
    stage = meeting.session.stage
    if not queries.is_here(meeting.session, person):
        return card([origin(say, meeting), paragraph(say("colleague.left"))])
    if isinstance(stage, Ended) and stage.why == "never_started":
        return card([origin(say, meeting), paragraph(say("colleague.in_vain"))])
    if isinstance(stage, Ended):
        return ended(say, meeting)
    if isinstance(stage, Gathering):
        return _waiting(say, meeting)
    return _phase(say, meeting, person)


def asked(say: Texts, meeting: SessionView) -> Json:
    """In the place of the card on which somebody waited for an answer."""
    stage = meeting.session.stage
    is_in_vain = isinstance(stage, Ended) and stage.why == "never_started"
    text = "colleague.in_vain" if is_in_vain else "colleague.begun"
    return card([origin(say, meeting), paragraph(say(text))])


def _waiting(say: Texts, meeting: SessionView) -> Json:
    """How many have not answered, can later, or cannot: never who."""
    asking = _asking(meeting)
    body = [origin(say, meeting), heading(say("colleague.asked")), *_answers(say, asking)]
    more = None if asking.waiting else "positive"
    if asking.waiting:
        body.append(paragraph(say("colleague.stands", at=_clock(meeting))))
        body.append(small(say("colleague.comes")))
    return card(
        body,
        [
            execute(say("colleague.more"), "colleague.more", {"session": meeting.id}, style=more),
            meeting.press(say("colleague.withdraw"), "end"),
        ],
    )


def _answers(say: Texts, asking: Asking) -> Iterator[Json]:
    later = len(asking.later)
    for key, n in (
        ("colleague.none_yet", len(asking.waiting) - later),
        ("colleague.can_later", later),
        ("colleague.cannot", asking.unable),
    ):
        if n:
            yield paragraph(say(key, n=n))


def _phase(say: Texts, meeting: SessionView, person: PersonId) -> Json:
    """As on a group's card; whoever asked leads, and the others may go."""
    session, opened = meeting.session, meeting.session.opened
    say, phase, body = phase_body(say, meeting)
    buttons: list[Json] = []
    if isinstance(session.stage, Resting):
        buttons.append(meeting.press(say("session.button.resume"), "resume", style="positive"))
    elif opened:
        opens = view_of(say, meeting, phase).opens()
        if person == session.facilitator:
            buttons.append(forward(say, meeting, phase, opened))
        if opens and queries.may_act(meeting.method, session, person):
            buttons.append(meeting.press(say(opens), "open"))
    leads = person == session.facilitator
    go = (
        asks_first(say, meeting, "end")
        if leads
        else meeting.press(say("session.button.leave"), "leave")
    )
    return card(body, [*buttons, go])


def question(say: Texts, meeting: SessionView, person: PersonId, now: datetime) -> Json:
    """Can you? Yes, later, or no without a reason; once nobody waits for it, a line."""
    session = meeting.session
    if person not in queries.asked(session):
        return gone(say, meeting)
    who, asking = plain(name_of(session, session.facilitator)), _asking(meeting)
    is_later = person in asking.later
    told = [notice(_put_off(say, meeting, person, now), "good")] if is_later else []
    return card(
        [
            origin(say, meeting),
            heading(_asked_for(say, meeting.method, "colleague.question", who)),
            *told,
            paragraph(_asked_for(say, meeting.method, "colleague.question.what", who)),
            paragraph(say("colleague.question.free", name=who)),
            small(say("colleague.stands", at=_clock(meeting))),
            small(say("colleague.question.off")),
        ],
        [
            _answer(say, meeting, "yes", "positive"),
            *([] if is_later else [_answer(say, meeting, "later")]),
            _answer(say, meeting, "no"),
            _answer(say, meeting, "off"),
        ],
    )


def gone(say: Texts, meeting: SessionView) -> Json:
    """Nobody waits for an answer to this question."""
    return card([origin(say, meeting), paragraph(say("colleague.gone"))])


def asks(say: Texts, method: Method) -> str:
    """What a notification shows of the question."""
    return _asked_for(say, method, "colleague.asks")


def _asked_for(say: Texts, method: Method, key: str, name: str = "") -> str:
    """Nobody says yes to five minutes, and finds that it is an hour."""
    minutes = method.frame.minutes
    if minutes <= SHORT:
        return say(key, name=name)
    title = plain(method.title[say.language])
    return say(f"{key}.long", name=name, title=title, minutes=minutes)


def _put_off(say: Texts, meeting: SessionView, person: PersonId, now: datetime) -> str:
    """By when to say yes, and when they are reminded of it, if that is to come."""
    done = say("colleague.later.done", at=_clock(meeting))
    again = _asking(meeting).again.get(person)
    if again is None or again <= now:
        return done
    return f"{done} {say('colleague.later.again', at=_local(meeting, again))}"


def _answer(say: Texts, meeting: SessionView, what: str, style: str | None = None) -> Json:
    carried = {"session": meeting.id}
    return execute(say(f"colleague.{what}"), f"colleague.{what}", carried, style=style)


def _asking(meeting: SessionView) -> Asking:
    if meeting.session.asking is None:
        raise TypeError("nobody is asked where all share a chat")
    return meeting.session.asking


def _clock(meeting: SessionView) -> str:
    return _local(meeting, _asking(meeting).until)


def _local(meeting: SessionView, at: datetime) -> str:
    return f"{at.astimezone(meeting.zone):%H:%M}"
