"""What those who act in a phase do in it: write, vote, pick, rate, and say that they are done.

Each gives the session after it, and what there is to say to the one who did it.
"""

from dataclasses import replace

from dialogs import guards, recognition
from dialogs.course import Outcome, without
from dialogs.method import Method, Owner, Rating, Vote
from dialogs.session import (
    STATE_LIMIT,
    TEXT_LIMIT,
    Contribution,
    Finished,
    HardFound,
    Member,
    Notice,
    Opened,
    Passed,
    PersonId,
    Picked,
    Rated,
    Refused,
    Session,
    Suggested,
    Told,
    Voted,
    Withdrew,
    Wrote,
    dump,
)
from dialogs.standing import Current, candidates, hides, mine, shown, takes_writing
from dialogs.study import Language
from dialogs.text import fault, is_blank

WRITING_LIMIT = STATE_LIMIT - 16_000
"""What is written leaves room for members who come, and for everyone's votes and ratings."""
ID_LIMIT = 40
_NOBODY = Member("", "")
"""A facilitator who is no member: known without a name."""
_NORWEGIAN: tuple[Language, ...] = ("nb", "nn")


def mark(session: Session, now: Current, event: Finished | Passed) -> Outcome:
    """Done, or lets it pass: what was said last counts."""
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
    if no := _cannot_write(session, now, event, before) or _think_twice(session, now, event):
        return session, [no]
    member = next((each for each in session.members if each.id == event.by), _NOBODY)
    is_pseudonymous = now.opened.anonymous and not event.is_open
    written = Contribution(
        id=event.id,
        phase=now.phase.id,
        text=event.text,
        author=event.by,
        name=member.pseudonym if is_pseudonymous else member.name,
        role=member.role,
        is_shown=not hides(now.phase),
        is_open=event.is_open,
        is_shared=event.is_shared and now.phase.shared_learning,
    )
    kept = tuple(each for each in session.contributions if each != before)
    after = replace(session, contributions=(*kept, written))
    if len(dump(after)) > WRITING_LIMIT:
        return session, [Refused("no_room")]
    if before:
        return after, [Told("replaced")]
    return after, [Told("noted" if now.phase.sees == "writer" else "written")]


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
    if is_blank(event.text):
        return Refused("empty")
    return fault("text", event.text, TEXT_LIMIT)


def _think_twice(session: Session, now: Current, event: Wrote) -> Notice | None:
    """What stops a text before it leaves its writer, or asks them to think again."""
    found = recognition.check(event.text)
    if found.hard:
        return HardFound(found.hard)
    # Whoever writes one of the two Norwegian languages falls into the other at times.
    languages = _NORWEGIAN if session.language in _NORWEGIAN else (session.language,)
    suggestions = (guards.check(event.text, now.phase.guards, each) for each in languages)
    suggestion = next((each for each in suggestions if each), None)
    if not event.anyway and (found.soft or suggestion):
        return Suggested(found.soft, suggestion)
    return None


def withdraw(session: Session, event: Withdrew) -> Outcome:
    """Take back what is one's own and not shown yet."""
    if any(each.id == event.id for each in mine(session, event.by)):
        return without(session, lambda each: each.id == event.id), [Told("withdrawn")]
    is_shown = any(each.id == event.id and each.is_shown for each in session.contributions)
    return session, [Refused("shown" if is_shown else "not_yours")]


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
