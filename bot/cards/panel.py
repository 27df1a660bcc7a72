"""The facilitator's panel in the personal chat: phase and readiness, never who wrote what."""

from bot.cards.parts import card, choice, heading, notice, paragraph, plain, show_card, small
from bot.cards.session import (
    Meeting,
    contribution,
    name_of,
    origin,
    readiness,
    shortened,
    what_to_do,
    who_sees,
)
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs import standing
from dialogs.method import Guide, Phase
from dialogs.session import Ended, Gathering, Opened, Resting, Session

THEME = 150
"""Characters of a theme where it is one of many; the group's card has the whole of it."""
EXTENSIONS = (2, 5, 10)
"""Minutes that can be added to a phase in the live pace; in the slow pace it is a day."""


def panel(say: Texts, meeting: Meeting, prepared: int, notice_: Json | None = None) -> Json:
    """`prepared` is how many have filled in the form for this meeting."""
    session = meeting.session
    top = [small(say("panel.sees")), origin(say, meeting), *([notice_] if notice_ else [])]
    match session.stage:
        case Gathering():
            return _before(say, meeting, prepared, top)
        case Ended():
            return card([*top, heading(say("session.ended")), paragraph(say("panel.over"))])
        case Resting():
            return card(
                [*top, heading(say("panel.resting"))],
                [
                    meeting.press(say("panel.resume"), "resume", style="positive"),
                    _hand_over(say, meeting),
                    _end(say, meeting),
                ],
            )
    return _running(say, meeting, top)


def handed_over(say: Texts, meeting: Meeting) -> Json:
    """The panel of somebody who no longer leads."""
    leader = plain(name_of(meeting.session, meeting.session.facilitator))
    text = say("panel.handed", name=leader) if leader else say("panel.left")
    return card([origin(say, meeting), paragraph(text)])


def _before(say: Texts, meeting: Meeting, prepared: int, top: list[Json]) -> Json:
    session = meeting.session
    here = [member for member in session.members if member.is_here]
    body = [
        *top,
        heading(say("panel.before")),
        paragraph(say("panel.before.task")),
        paragraph(say("panel.here", n=len(here))),
    ]
    if meeting.method.preparation:
        body.append(small(say("panel.prepared", n=prepared)))
    actions = [meeting.press(say("panel.start"), "start", style="positive")]
    paces = meeting.method.frame.paces
    if len(paces) > 1:
        body.append(
            {
                "type": "Input.ChoiceSet",
                "id": "pace",
                "label": say("session.pace"),
                "style": "expanded",
                "value": session.pace,
                "choices": [choice(say(f"session.pace.{pace}"), pace) for pace in paces],
            }
        )
        actions.append(meeting.press(say("panel.pace"), "pace"))
    return card(body, [*actions, _end(say, meeting)])


def _running(say: Texts, meeting: Meeting, top: list[Json]) -> Json:
    session, phase, opened = meeting.session, meeting.phase, meeting.session.opened
    if phase is None or opened is None:
        raise TypeError("a session that runs has a phase")
    ready = readiness(meeting, phase)
    following = standing.next_phase(meeting.method, session)
    body = [
        *top,
        heading(plain(phase.title[say.language])),
        *([notice(say("panel.no_votes"))] if standing.nobody_votes(session, phase) else []),
        paragraph(what_to_do(say, meeting, phase)),
        *([paragraph(say("panel.ready", n=ready[0], total=ready[1]))] if ready else []),
        small(say("panel.who_sees", who=who_sees(say, phase, opened))),
        *([small(say("panel.thin"))] if standing.is_thin(meeting.method, session) else []),
    ]
    if following:
        body.append(small(say("panel.next", title=plain(following.title[say.language]))))
    return card(
        [*body, *_themes(say, meeting, phase), *_for_the_facilitator(say, meeting, phase)],
        [
            # The turn as well: pressed twice, it must not pass somebody over.
            meeting.press(
                say(_forward(meeting, phase, opened)), "next", style="positive", turn=opened.turn
            ),
            meeting.press(say("panel.back"), "back"),
            meeting.press(say("panel.skip"), "skip"),
            _time_and_word(say, meeting),
            _hand_over(say, meeting),
            _end(say, meeting),
        ],
    )


def _forward(meeting: Meeting, phase: Phase, opened: Opened) -> str:
    """What "next" means now."""
    if standing.nobody_votes(meeting.session, phase):
        return "panel.lot"
    if standing.hides(phase) and not opened.is_shown and phase.sees == "group":
        return "panel.show"
    waits = standing.waiting_for(meeting.method, meeting.session)
    is_in_turn = standing.has_order(meeting.session, phase) and len(waits) > 1
    return "panel.person" if is_in_turn else "panel.forward"


def _themes(say: Texts, meeting: Meeting, phase: Phase) -> list[Json]:
    """The guide: any question next, or again, and how many are left."""
    session = meeting.session
    if not isinstance(phase.does, Guide) or not standing.goes_by_theme(session, phase):
        return []
    asked = session.opened.asked if session.opened else ()
    marked = {theme.id: "✓ " if theme.id in asked else "" for theme in phase.does.themes}
    following = next((id_ for id_, mark in marked.items() if not mark), "")
    return [
        {
            "type": "Input.ChoiceSet",
            "id": "theme",
            "label": say("panel.theme"),
            "style": "expanded",
            "wrap": True,
            "value": following,
            "choices": [
                choice(marked[theme.id] + shortened(theme.text[say.language], THEME), theme.id)
                for theme in phase.does.themes
            ],
        },
        {"type": "ActionSet", "actions": [meeting.press(say("panel.theme.ask"), "ask")]},
    ]


def _for_the_facilitator(say: Texts, meeting: Meeting, phase: Phase) -> list[Json]:
    """What only whoever leads gets to see, under pseudonyms."""
    shown = standing.shown_to_facilitator(meeting.method, meeting.session, phase.id)
    return [contribution(say, phase, each) for each in shown]


def _time_and_word(say: Texts, meeting: Meeting) -> Json:
    """More time, the word to somebody, a break: unfolded when wanted."""
    session = meeting.session
    slow = session.pace == "days"
    body: list[Json] = [
        {
            "type": "ActionSet",
            "actions": [
                meeting.press(say("panel.extend.day"), "extend", days=1)
                if slow
                else meeting.press(say("panel.extend", n=minutes), "extend", minutes=minutes)
                for minutes in ((1,) if slow else EXTENSIONS)
            ],
        }
    ]
    waiting = standing.waiting_for(meeting.method, session)
    if waiting:
        body += [
            _people(say("panel.word"), "to", session, waiting),
            {
                "type": "ActionSet",
                "actions": [meeting.press(say("panel.word.give"), "word")],
            },
        ]
    body.append({"type": "ActionSet", "actions": [meeting.press(say("panel.break"), "break")]})
    return show_card(say("panel.more"), body)


def _hand_over(say: Texts, meeting: Meeting) -> Json:
    session = meeting.session
    others = tuple(m.id for m in session.members if m.is_here and m.id != session.facilitator)
    if not others:
        return show_card(say("panel.hand"), [paragraph(say("panel.hand.nobody"))])
    button = meeting.press(say("panel.hand.confirm"), "hand")
    return show_card(
        say("panel.hand"),
        [
            _people(say("panel.hand.who"), "to", session, others),
            {"type": "ActionSet", "actions": [button]},
        ],
    )


def _end(say: Texts, meeting: Meeting) -> Json:
    button = meeting.press(say("panel.end.confirm"), "end", style="destructive")
    return show_card(
        say("panel.end"),
        [paragraph(say("panel.end.question")), {"type": "ActionSet", "actions": [button]}],
    )


def _people(label: str, ident: str, session: Session, people: tuple[str, ...]) -> Json:
    return {
        "type": "Input.ChoiceSet",
        "id": ident,
        "label": label,
        "choices": [choice(name_of(session, person), person) for person in people],
    }
