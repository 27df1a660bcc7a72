"""The facilitator's panel in the personal chat: phase and readiness, never who wrote what."""

from bot.gateway.events import Json
from bot.sessions.cards.meeting import SessionView, contribution, name_of, shortened
from bot.sessions.cards.phase import (
    NAMED,
    origin,
    readiness,
    rehearsal,
    roles_missing,
    start,
    what_to_do,
    who_sees,
    will_divide,
)
from bot.sessions.cards.primitives import VIEWS, view_of
from bot.ui.elements import (
    ask_first,
    card,
    choice,
    heading,
    notice,
    paragraph,
    plain,
    required,
    show_card,
    small,
)
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.method import Current, Phase
from dialogs.sessions.of_one import is_of_one
from dialogs.sessions.primitives.vote import nobody_votes
from dialogs.sessions.state import Ended, Gathering, Opened, PersonId, Resting, Session
from dialogs.writing.commands import CommandName

EXTENSIONS = (2, 5, 10)
"""Minutes that can be added to a phase in the live pace; in the slow pace it is a day."""
REMOVABLE = 120
"""Texts in the list of what can be taken out: more than one phase has room for."""


def panel(
    say: Texts,
    meeting: SessionView,
    prepared: int,
    notice_: Json | None = None,
    *,
    reader: PersonId = "",
) -> Json:
    """`prepared` is how many have filled in the form for this meeting. `reader` is who leads of
    two."""
    say = say.in_words(meeting.method.words)
    session = meeting.session
    top = [
        small(say("panel.sees")),
        origin(say, meeting),
        *([notice_] if notice_ else []),
        *_together(say, meeting, reader),
    ]
    match session.stage:
        case Gathering():
            return _before(say, meeting, prepared, top)
        case Ended():
            title = plain(meeting.method.title[say.language])
            line = (rehearsal(say, meeting), title, say("panel.over"))
            return card([small(" · ".join(filter(None, line)))])
        case Resting():
            return card(
                [*top, heading(say("panel.resting"))],
                [
                    meeting.press(say("panel.resume"), "resume", style="positive"),
                    meeting.press(say("panel.hand"), "choices"),
                    asks_first(say, meeting, "end"),
                ],
            )
    return _running(say, meeting, top)


def _together(say: Texts, meeting: SessionView, reader: PersonId) -> list[Json]:
    """With whom one leads; to the co-leader, with a button to say no."""
    session = meeting.session
    if isinstance(session.stage, Ended) or session.co_leader is None:
        return []
    if reader != session.co_leader:
        other = plain(name_of(session, session.co_leader)) or say("welcome.someone")
        return [small(say("panel.co", name=other))]
    leader = plain(name_of(session, session.facilitator)) or say("panel.co.leader")
    no = meeting.press(say("panel.co.no"), "co_end", beside=1)
    return [
        notice(say("panel.co.you", name=leader), "emphasis"),
        {"type": "ActionSet", "actions": [no]},
    ]


def handed_over(say: Texts, meeting: SessionView) -> Json:
    """The panel of somebody who no longer leads."""
    leader = plain(name_of(meeting.session, meeting.session.facilitator))
    text = say("panel.handed", name=leader) if leader else say("panel.left")
    return card([origin(say, meeting), paragraph(text)])


def _counted(say: Texts, key: str, n: int) -> str:
    return say(key, n=n) if n else say(f"{key}.none")


def _before(say: Texts, meeting: SessionView, prepared: int, top: list[Json]) -> Json:
    session = meeting.session
    here = [member for member in session.members if member.is_here]
    body = [
        *top,
        heading(say("panel.before")),
        paragraph(say("rehearsal.before" if session.is_rehearsal else "panel.before.task")),
        paragraph(_counted(say, "panel.here", len(here))),
        *roles_missing(say, meeting),
        *will_divide(say, meeting),
    ]
    if meeting.method.preparation:
        body.append(small(_counted(say, "panel.prepared", prepared)))
    actions = [start(say, meeting, "positive")]
    if len(meeting.method.frame.paces) > 1:
        now = say(f"session.pace.{session.pace}")
        body.append(paragraph(say("panel.pace.now", pace=now)))
        actions += [
            meeting.press(say("panel.pace.to", pace=say(f"session.pace.{pace}")), "pace", pace=pace)
            for pace in meeting.method.frame.paces
            if pace != session.pace
        ]
    if _can_name(meeting):
        actions.append(meeting.press(say("panel.co.name"), "choices"))
    return card(body, [*actions, asks_first(say, meeting, "end")])


def _running(say: Texts, meeting: SessionView, top: list[Json]) -> Json:
    session, phase, opened = meeting.session, meeting.phase, meeting.session.opened
    if phase is None or opened is None:
        raise TypeError("a session that runs has a phase")
    ready = readiness(meeting, phase)
    following = queries.foreseen(meeting.method, session)
    body = [
        *top,
        heading(plain(phase.title[say.language])),
        *([notice(say("panel.owner_stopped"))] if queries.has_lost_owner(session) else []),
        *([notice(say("panel.of_one"))] if is_of_one(meeting.method, session) else []),
        *([notice(say("panel.no_votes"))] if nobody_votes(session, phase) else []),
        paragraph(what_to_do(say, meeting, phase, leads=True)),
        *([paragraph(say("panel.ready", n=ready[0], total=ready[1]))] if ready else []),
        *([small(say("panel.subgroups", n=len(parts)))] if (parts := _apart(meeting)) else []),
        small(say("panel.who_sees", who=who_sees(say, meeting, phase, opened))),
        *_of_few(say, meeting, phase),
    ]
    if following:
        body.append(small(say("panel.next", title=plain(following.title[say.language]))))
    return card(
        [*body, *_themes(say, meeting, phase), *_for_the_facilitator(say, meeting, phase)],
        [
            forward(say, meeting, phase, opened),
            meeting.press(say("panel.back"), "back"),
            asks_first(say, meeting, "skip"),
            meeting.press(say("panel.more"), "choices"),
            asks_first(say, meeting, "end"),
        ],
    )


def _apart(meeting: SessionView) -> tuple[int, ...]:
    """The small groups that work by themselves now."""
    phase = meeting.phase
    is_apart = phase is not None and queries.is_apart(meeting.session, phase)
    return queries.subgroups(meeting.session) if is_apart else ()


def _of_few(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    """Before anything is shown that one could guess the writers of."""
    if queries.few_wrote(meeting.session, phase):
        is_apart = queries.is_apart(meeting.session, phase)
        return [notice(say("panel.few_wrote.apart" if is_apart else "panel.few_wrote"))]
    return [small(say("panel.thin"))] if queries.is_thin(meeting.method, meeting.session) else []


def _themes(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    if not view_of(say, meeting, phase).choices():
        return []
    return [{"type": "ActionSet", "actions": [meeting.press(say("panel.theme"), "choices")]}]


def choices(say: Texts, meeting: SessionView, *, reader: PersonId = "") -> Json:
    """What whoever leads chooses among, on a card of its own.

    The panel follows what the others do, and each time what stands chosen on it is wiped.
    """
    session, phase = meeting.session, meeting.phase
    body = [origin(say, meeting), heading(say("panel.more"))]
    if phase is not None and session.opened is not None and not isinstance(session.stage, Resting):
        body += [*view_of(say, meeting, phase).choices(), *_time_and_word(say, meeting)]
    leading = [*_co_leader(say, meeting), *_hand_over(say, meeting)]
    return card([*body, *_taking_out(say, meeting, reader), *leading])


def forward(say: Texts, meeting: SessionView, phase: Phase, opened: Opened) -> Json:
    """With the turn as well: pressed twice, it must not pass somebody over."""
    title = say(_forward(meeting, phase, opened))
    return meeting.press(title, "next", style="positive", turn=opened.turn)


def _forward(meeting: SessionView, phase: Phase, opened: Opened) -> str:
    """What "next" means now."""
    if nobody_votes(meeting.session, phase):
        return "panel.lot"
    if queries.hides(phase) and not opened.is_shown and phase.sees == "group":
        return "panel.show"
    if phase.does.result(meeting.method, meeting.session, Current(phase, opened)):
        return VIEWS[type(phase.does)].shows
    waits = queries.waiting_for(meeting.method, meeting.session)
    is_in_turn = queries.has_order(meeting.session, phase) and len(waits) > 1
    return "panel.person" if is_in_turn else "panel.forward"


def _for_the_facilitator(say: Texts, meeting: SessionView, phase: Phase) -> list[Json]:
    """What only whoever leads gets to see, under pseudonyms."""
    shown = queries.shown_to_facilitator(meeting.method, meeting.session, phase.id)
    return [contribution(say, phase, each) for each in shown]


def _time_and_word(say: Texts, meeting: SessionView) -> list[Json]:
    """More time, a break, the word to somebody."""
    session = meeting.session
    slow = session.pace == "days"
    more = [
        meeting.press(say("panel.extend.day"), "extend", beside=1, days=1)
        if slow
        else meeting.press(say("panel.extend", n=minutes), "extend", beside=1, minutes=minutes)
        for minutes in ((1,) if slow else EXTENSIONS)
    ]
    pause = meeting.press(say("panel.break"), "break", beside=1)
    body: list[Json] = [{"type": "ActionSet", "actions": [*more, pause]}]
    waiting = queries.waiting_for(meeting.method, session)
    is_apart = meeting.phase is not None and queries.is_apart(session, meeting.phase)
    if waiting and not is_apart:
        button = meeting.press(say("panel.word.give"), "word", beside=1)
        body += [
            _people(say("panel.word"), "word", session, waiting),
            {"type": "ActionSet", "actions": [button]},
        ]
    return body


def _taking_out(say: Texts, meeting: SessionView, reader: PersonId) -> list[Json]:
    """Texts that were shown, the newest first: without the name that they stand under."""
    session = meeting.session
    theirs = queries.as_seen(session, queries.subgroup_of(session, reader))
    written = [each for each in theirs.contributions if each.is_shown][::-1]
    if not written:
        return []
    which: Json = {
        "type": "Input.ChoiceSet",
        "id": "id",
        "label": say("panel.remove.which"),
        "style": "compact",
        "placeholder": say("qsort.choose_one"),
        "choices": [choice(shortened(each.text, NAMED), each.id) for each in written[:REMOVABLE]],
    }
    remove = meeting.press(say("panel.remove.confirm"), "remove", beside=1)
    body = [required(say, which), small(say("panel.remove.what"))]
    return [{"type": "ActionSet", "actions": [show_card(say("panel.remove"), body, remove)]}]


def _hand_over(say: Texts, meeting: SessionView) -> list[Json]:
    session, others = meeting.session, _others(meeting.session)
    if not others:
        return [small(say("panel.hand.nobody"))]
    button = meeting.press(say("panel.hand.confirm"), "hand", beside=1)
    return [
        _people(say("panel.hand.who"), "to", session, others),
        {"type": "ActionSet", "actions": [button]},
    ]


def _others(session: Session) -> tuple[PersonId, ...]:
    """Who is here and can lead, beside whoever leads."""
    return tuple(
        each.id
        for each in queries.here(session)
        if each.id != session.facilitator and not each.is_invented
    )


def _can_name(meeting: SessionView) -> bool:
    """Whether there is somebody to lead together with, and nobody does."""
    session = meeting.session
    return meeting.method.after.keeps and not session.co_leader and bool(_others(session))


def _co_leader(say: Texts, meeting: SessionView) -> list[Json]:
    """Somebody to lead together with; of a talk of a few minutes nobody is asked to."""
    session, others = meeting.session, _others(meeting.session)
    if session.co_leader:
        end = meeting.press(say("panel.co.end"), "co_end", beside=1)
        return [{"type": "ActionSet", "actions": [end]}]
    if not _can_name(meeting):
        return []
    button = meeting.press(say("panel.co.confirm"), "co", beside=1)
    body = [
        required(say, _people(say("panel.co.who"), "co", session, others)),
        small(say("panel.co.what")),
    ]
    return [{"type": "ActionSet", "actions": [show_card(say("panel.co.name"), body, button)]}]


def asks_first(say: Texts, meeting: SessionView, name: CommandName) -> Json:
    """A button for what ends or passes over something for all: it shows the question first."""
    confirm = _confirm(say, meeting, name)
    return ask_first(say(f"panel.{name}"), _question(say, meeting, name), confirm)


def asking(say: Texts, meeting: SessionView, name: CommandName) -> Json:
    """The same question by itself, where the command was written."""
    say = say.in_words(meeting.method.words)
    body = [origin(say, meeting), paragraph(_question(say, meeting, name))]
    keep = meeting.press(say("panel.keep"), "keep")
    return card(body, [_confirm(say, meeting, name, beside=1), keep])


def _question(say: Texts, meeting: SessionView, name: CommandName) -> str:
    """Passing over the last part is ending."""
    if name == "skip" and queries.next_phase(meeting.method, meeting.session) is not None:
        return say("panel.skip.question")
    if meeting.session.is_rehearsal:
        return say("rehearsal.end.question")
    keeps = meeting.method.after.keeps
    return say("panel.end.question" if keeps else "panel.end.question.forgotten")


def _confirm(say: Texts, meeting: SessionView, name: CommandName, **data: int) -> Json:
    return meeting.press(say(f"panel.{name}.confirm"), name, style="destructive", **data)


def _people(label: str, ident: str, session: Session, people: tuple[str, ...]) -> Json:
    return {
        "type": "Input.ChoiceSet",
        "id": ident,
        "label": label,
        "choices": [choice(name_of(session, person), person) for person in people],
    }
