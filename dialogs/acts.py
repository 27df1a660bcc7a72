"""What those who act in a phase do in it: write, vote, pick, rate, place, say that they are done.

Each gives the session after it, and what there is to say to the one who did it.
"""

from collections.abc import Mapping
from dataclasses import replace

from dialogs import guards, recognition
from dialogs.course import Outcome, without
from dialogs.method import Agreement, Guide, Matrix, Method, Owner, Phase, Rating, Theme, Vote
from dialogs.session import (
    STATE_LIMIT,
    TEXT_LIMIT,
    Confirmed,
    Contribution,
    ContributionId,
    Finished,
    HardFound,
    Member,
    Notice,
    Opened,
    Passed,
    PersonId,
    Picked,
    Place,
    Placed,
    Rated,
    Refused,
    Session,
    Suggested,
    ThemesLeft,
    Told,
    Voted,
    Withdrew,
    Worded,
    Wording,
    Wrote,
    dump,
)
from dialogs.standing import (
    Current,
    candidates,
    goes_by_theme,
    hides,
    mine,
    placeable,
    shown,
    takes_writing,
    themes,
    themes_left,
)
from dialogs.text import fault, is_blank, room

WRITING_LIMIT = STATE_LIMIT - 16_000
"""What is written leaves room for members who come, and for everyone's votes and ratings."""
PHASE_ROOM = 26_000
"""What is written in one phase must fit its card, in UTF-16 code units as a card takes them."""
FRAME_ROOM = 220
"""What a card takes around a contribution: its box, and what is said of it."""
ID_LIMIT = 40
_NOBODY = Member("", "")
"""A facilitator who is no member: known without a name."""


def mark(method: Method, session: Session, now: Current, event: Finished | Passed) -> Outcome:
    """Done, or lets it pass: what was said last counts.

    Who has not answered all of a guide is told so, once: so every theme was offered.
    """
    asks = isinstance(event, Finished) and not event.anyway
    left = themes_left(method, session, event.by) if asks else ()
    if left and not goes_by_theme(session, now.phase):
        return session, [ThemesLeft(tuple(theme.id for theme in left))]
    done, passed = now.opened.done - {event.by}, now.opened.passed - {event.by}
    if isinstance(event, Finished):
        done |= {event.by}
    else:
        passed |= {event.by}
    return replace(session, opened=replace(now.opened, done=done, passed=passed)), []


# --- Writing ------------------------------------------------------------------------------------


def write(session: Session, now: Current, event: Wrote) -> Outcome:
    """A contribution, new or in the place of one's own earlier one.

    What is written alone is hidden, and after it was shown nothing is added: one
    text that comes later would be its writer's for everyone to see.
    """
    before = next((each for each in session.contributions if each.id == event.id), None)
    if no := _cannot_write(session, now, event, before):
        return session, [no]
    if think := _think_twice(session, now.phase, event):
        return session, [think]
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
        is_shared=event.is_shared and now.phase.shared_learning,
    )
    kept = tuple(each for each in session.contributions if each != before)
    after = replace(session, contributions=(*kept, written))
    if len(dump(after)) > WRITING_LIMIT or _room(after, now.phase) > PHASE_ROOM:
        return session, [Refused("no_room")]
    if before:
        return after, [Told("replaced")]
    return after, [Told("noted" if now.phase.sees == "writer" else "written")]


def _room(session: Session, phase: Phase) -> int:
    """What is written in a phase takes this much of its card."""
    about = {each.id: room(each.text[session.language]) for each in _themes(phase)}
    return sum(
        room(each.text) + room(each.name) + FRAME_ROOM + about.get(each.theme, 0)
        for each in session.contributions
        if each.phase == phase.id
    )


def _themes(phase: Phase) -> tuple[Theme, ...]:
    return phase.does.themes if isinstance(phase.does, Guide) else ()


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
    if is_blank(event.text):
        return Refused("empty")
    return fault("text", event.text, TEXT_LIMIT)


def _think_twice(session: Session, phase: Phase, event: Wrote | Worded) -> Notice | None:
    """What stops a text before it leaves its writer, or asks them to think again."""
    found = recognition.check(event.text)
    if found.hard:
        return HardFound(found.hard)
    suggestion = guards.check(event.text, phase.guards, session.language)
    if not event.anyway and (found.soft or suggestion):
        return Suggested(found.soft, suggestion)
    return None


def withdraw(session: Session, event: Withdrew) -> Outcome:
    """Take back what is one's own and not shown yet."""
    if any(each.id == event.id for each in mine(session, event.by)):
        return without(session, lambda each: each.id == event.id), [Told("withdrawn")]
    is_shown = any(each.id == event.id and each.is_shown for each in session.contributions)
    return session, [Refused("shown" if is_shown else "not_yours")]


# --- Agreeing -----------------------------------------------------------------------------------


def word(session: Session, now: Current, event: Worded) -> Outcome:
    """What to agree on: whoever words it agrees to it, and the others confirm it anew."""
    before = session.wordings.get(now.phase.id, Wording(""))
    if not isinstance(now.phase.does, Agreement):
        return session, [Refused("no_writing")]
    if event.edition != before.edition:
        return session, [Refused("reworded")]
    if is_blank(event.text):
        return session, [Refused("empty")]
    if why := fault("text", event.text, TEXT_LIMIT) or _think_twice(session, now.phase, event):
        return session, [why]
    by = frozenset({event.by})
    wording = Wording(event.text, before.edition + 1, by)
    opened = replace(now.opened, done=by, passed=frozenset())
    wordings = {**session.wordings, now.phase.id: wording}
    after = replace(session, wordings=wordings, opened=opened)
    if len(dump(after)) > WRITING_LIMIT:
        return session, [Refused("no_room")]
    return after, [Told("worded")]


def confirm(session: Session, now: Current, event: Confirmed) -> Outcome:
    """Agree to the edition that one has read."""
    wording = session.wordings.get(now.phase.id)
    if wording is None or not isinstance(now.phase.does, Agreement):
        return session, [Refused("no_choice")]
    if event.edition != wording.edition:
        return session, [Refused("reworded")]
    wording = replace(wording, confirmed=wording.confirmed | {event.by})
    session = replace(session, wordings={**session.wordings, now.phase.id: wording})
    return _done(session, now.opened, event.by), [Told("confirmed")]


# --- Choosing -----------------------------------------------------------------------------------


def vote(method: Method, session: Session, now: Current, event: Voted) -> Outcome:
    """For one to be the owner, or for those texts that the group should keep, be it none."""
    choices = tuple(dict.fromkeys(event.choices))
    ids = {each.id for each in candidates(method, session)}
    does = now.phase.does
    is_many = isinstance(does, Vote) and (does.elects == "collection" or len(choices) == 1)
    if not is_many or not ids.issuperset(choices):
        return session, [Refused("no_choice")]
    opened = replace(now.opened, votes={**now.opened.votes, event.by: choices})
    after = _done(session, opened, event.by)
    if len(dump(after)) > STATE_LIMIT:
        return session, [Refused("no_room")]
    return after, [Told("voted")]


def rate(session: Session, now: Current, event: Rated) -> Outcome:
    """On the phase's own scales, all or some."""
    if now.phase.id in session.spreads:
        return session, [Refused("shown")]
    does = now.phase.does
    steps = {each.id: each.steps for each in does.scales} if isinstance(does, Rating) else {}
    is_valid = all(1 <= value <= steps.get(scale, 0) for scale, value in event.values.items())
    if not event.values or not is_valid:
        return session, [Refused("no_choice")]
    ratings = {**now.opened.ratings, event.by: dict(event.values)}
    return _done(session, replace(now.opened, ratings=ratings), event.by), [Told("rated")]


def place(method: Method, session: Session, now: Current, event: Placed) -> Outcome:
    """On the phase's two axes, everything that is to be placed or some of it."""
    if now.phase.id in session.pictures:
        return session, [Refused("shown")]
    if not _can_be_placed(method, session, now.phase, event.places):
        return session, [Refused("no_choice")]
    opened = replace(now.opened, places={**now.opened.places, event.by: dict(event.places)})
    after = _done(session, opened, event.by)
    if len(dump(after)) > STATE_LIMIT:
        return session, [Refused("no_room")]
    return after, [Told("placed")]


def _can_be_placed(
    method: Method, session: Session, phase: Phase, places: Mapping[ContributionId, Place]
) -> bool:
    does = phase.does
    if not isinstance(does, Matrix) or not places:
        return False
    ids = {each.id for each in placeable(method, session, does)}
    return ids.issuperset(places) and all(
        1 <= x <= does.across.steps and 1 <= y <= does.up.steps for x, y in places.values()
    )


def _done(session: Session, opened: Opened, person: PersonId) -> Session:
    done, passed = opened.done | {person}, opened.passed - {person}
    return replace(session, opened=replace(opened, done=done, passed=passed))


def pick(method: Method, session: Session, now: Current, event: Picked) -> Outcome:
    """What the owner wants to try, in the order of what is shown."""
    does = now.phase.does
    offered = shown(method, session, does.picks) if isinstance(does, Owner) else ()
    ids = [each.id for each in offered]
    if not set(ids).issuperset(event.contributions):
        return session, [Refused("no_choice")]
    picked = tuple(each for each in ids if each in event.contributions)
    return replace(session, picked=picked), [Told("picked")]
