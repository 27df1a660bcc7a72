"""What those who act in a phase do in it, whatever it is: write, and say that they are done.

What they choose in it belongs to its primitive.

Each gives the session after it, and what there is to say to the one who did it.
"""

from dataclasses import replace

from dialogs.sessions.method import Current, Method, Phase
from dialogs.sessions.phases import without
from dialogs.sessions.queries import (
    as_seen,
    goes_by_theme,
    hides,
    is_apart,
    mine,
    subgroups,
    takes_writing,
    themes,
    themes_left,
    wording_key,
)
from dialogs.sessions.state import (
    TEXT_LIMIT,
    Contribution,
    Effect,
    Finished,
    HardFound,
    Joined,
    Member,
    Notice,
    Opened,
    Passed,
    PersonId,
    Refused,
    Session,
    Stepped,
    Suggested,
    ThemesLeft,
    Told,
    Withdrew,
    Worded,
    Wrote,
    dump,
)
from dialogs.writing import guards
from dialogs.writing.door import RecognisedWords, stopped
from dialogs.writing.text import TooLong, Unstorable, fault, is_blank, room

RESERVE = 16_000
"""Of what a session has room for, what is written leaves so much to members who come, and to
everyone's votes and ratings."""
PHASE_ROOM = 26_000
"""What is written in one phase must fit its card, in UTF-16 code units as a card takes them."""
FRAME_ROOM = 220
"""What a card takes around a contribution: its box, and what is said of it."""
ID_LIMIT = 40
_NOBODY = Member("", "")
"""A facilitator who is no member: known without a name."""


def mark(method: Method, session: Session, now: Current, event: Finished | Passed) -> Stepped:
    """Done, or lets it pass: what was said last counts.

    Who has not answered all of a guide is told so, once: so every theme was offered.
    """
    if not event.anyway and is_unsent(session, now, event.by, event.unsent):
        return session, [Refused("unsent")]
    asks = isinstance(event, Finished) and not event.anyway
    left = themes_left(method, session, event.by) if asks else ()
    if left and not goes_by_theme(session, now.phase):
        return session, [ThemesLeft(tuple(theme.id for theme in left))]
    if isinstance(event, Finished):
        return done(session, now.opened, event.by), []
    after = unchosen(session, now, event.by)
    opened = after.opened or now.opened
    done_, passed = opened.done - {event.by}, opened.passed | {event.by}
    told: list[Effect] = [] if after == session else [Told("taken_back")]
    return replace(after, opened=replace(opened, done=done_, passed=passed)), told


def unchosen(session: Session, now: Current, person: PersonId) -> Session:
    """Without what somebody has chosen in the open phase; they may choose again."""
    opened = now.opened
    given = (opened.votes, opened.ratings, opened.places, opened.answers)
    key = wording_key(session, now.phase, person)
    wording = session.wordings.get(key)
    if wording and person in wording.confirmed:
        confirmed = replace(wording, confirmed=wording.confirmed - {person})
        session = replace(session, wordings={**session.wordings, key: confirmed})
    elif not any(person in each for each in given):
        return session
    opened = replace(
        opened,
        done=opened.done - {person},
        votes={each: value for each, value in opened.votes.items() if each != person},
        ratings={each: value for each, value in opened.ratings.items() if each != person},
        places={each: value for each, value in opened.places.items() if each != person},
        answers={each: value for each, value in opened.answers.items() if each != person},
    )
    return replace(session, opened=opened)


def none_chosen(session: Session, now: Current, person: PersonId) -> Stepped:
    """An empty choice takes back what one has chosen; where that is nothing, it is a slip."""
    after = unchosen(session, now, person)
    return after, [Refused("nothing_chosen") if after == session else Told("taken_back")]


def is_unsent(session: Session, now: Current, person: PersonId, text: str) -> bool:
    """Whether a text on somebody's card is lost if it is not sent: it is neither theirs already,
    nor what is to be agreed on."""
    wording = session.wordings.get(wording_key(session, now.phase, person))
    known = [each.text for each in session.contributions if each.author == person]
    if wording:
        known.append(wording.text)
    return not is_blank(text) and text.split() not in [each.split() for each in known]


# --- Writing ------------------------------------------------------------------------------------


def write(session: Session, now: Current, event: Wrote) -> Stepped:
    """A contribution, new or in the place of one's own earlier one.

    What is written alone is hidden, and after it was shown nothing is added: one
    text that comes later would be its writer's for everyone to see.
    """
    before = next((each for each in session.contributions if each.id == event.id), None)
    if no := _cannot_write(session, now, event, before):
        return session, [no]
    if why := stopped_text(session, now.phase, event):
        return session, [why]
    member = next((each for each in session.members if each.id == event.by), _NOBODY)
    is_pseudonymous = now.opened.anonymous and not event.is_open
    written = Contribution(
        id=event.id,
        phase=now.phase.id,
        text=event.text,
        author=event.by,
        name=member.pseudonym if is_pseudonymous else member.name,
        role=member.role,
        theme=event.theme,
        is_shown=not hides(now.phase),
        is_open=event.is_open,
        subgroup=member.subgroup if is_apart(session, now.phase) else 0,
    )
    kept = tuple(each for each in session.contributions if each != before)
    after = replace(session, contributions=(*kept, written))
    if not _has_room(after, now.phase):
        return session, [Refused("no_room")]
    if before:
        return after, [Told("replaced")]
    return after, [Told("noted" if now.phase.sees == "writer" else "written")]


def bring_back(session: Session, now: Current, event: Joined) -> Stepped:
    """What a member had written, where the phase is still open and has not been shown."""
    phase, opened = now
    if hides(phase) and opened.is_shown:
        return session, []
    there = {each.id for each in session.contributions}
    back = tuple(
        each
        for each in event.back
        if each.author == event.by and each.phase == phase.id and each.id not in there
    )
    after = replace(session, contributions=(*session.contributions, *back))
    fits = _has_room(after, phase)
    return (after, [Told("back")]) if back and fits else (session, [])


def _has_room(session: Session, phase: Phase) -> bool:
    """Whether what is written fits the session, and the card of each who reads it."""
    is_stored = len(dump(session)) <= session.limit - RESERVE
    readers = subgroups(session) if is_apart(session, phase) else (0,)
    return is_stored and all(_room(session, phase, each) <= PHASE_ROOM for each in readers)


def _room(session: Session, phase: Phase, reader: int) -> int:
    """What is written in a phase takes this much of its card."""
    about = {each.id: room(each.text[session.language]) for each in phase.does.asks()}
    return sum(
        room(each.text) + room(each.name) + FRAME_ROOM + about.get(each.theme, 0)
        for each in as_seen(session, reader).contributions
        if each.phase == phase.id
    )


def _cannot_write(
    session: Session, now: Current, event: Wrote, before: Contribution | None
) -> Notice | None:
    """Why this text cannot be kept, wherever it says."""
    phase, opened = now
    if not takes_writing(session, phase):
        return Refused("no_writing")
    if before and (before.author != event.by or before.is_shown):
        return Refused("shown" if before.is_shown else "not_yours")
    if (before and before.phase != phase.id) or (hides(phase) and opened.is_shown):
        return Refused("phase_over")
    if fault("id", event.id, ID_LIMIT):
        return Refused("not_yours")
    if event.theme not in ("", *(each.id for each in themes(session, phase, event.by))):
        return Refused("no_choice")
    return Refused("empty") if is_blank(event.text) else None


def stopped_text(session: Session, phase: Phase, event: Wrote | Worded) -> Notice | None:
    """What stops a text before it leaves its writer, or asks them to think again."""
    why = stopped("text", event.text, TEXT_LIMIT, anyway=event.anyway)
    match why:
        case RecognisedWords(findings=findings, hard=True):
            return HardFound(findings)
        case TooLong() | Unstorable():
            return why
    if event.anyway:
        return None
    suggestion = guards.check(event.text, phase.guards, session.language)
    soft = why.findings if why else ()
    return Suggested(soft, suggestion) if soft or suggestion else None


def withdraw(session: Session, event: Withdrew) -> Stepped:
    """Take back what is one's own and not shown yet."""
    if any(each.id == event.id for each in mine(session, event.by)):
        return without(session, lambda each: each.id == event.id), [Told("withdrawn")]
    is_shown = any(each.id == event.id and each.is_shown for each in session.contributions)
    return session, [Refused("shown" if is_shown else "not_yours")]


# --- Choosing -----------------------------------------------------------------------------------


def done(session: Session, opened: Opened, person: PersonId) -> Session:
    """Whoever has chosen is finished with the phase."""
    is_done, passed = opened.done | {person}, opened.passed - {person}
    return replace(session, opened=replace(opened, done=is_done, passed=passed))


def fits(session: Session, after: Session, told: Told, reserve: int = 0) -> Stepped:
    """What comes of a choice, where the session has room for it."""
    has_room = len(dump(after)) <= after.limit - reserve
    return (after, [told]) if has_room else (session, [Refused("no_room")])
