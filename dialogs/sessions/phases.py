"""The course of a session: how phases are opened and closed, and how one leads to the next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from dialogs.sessions.method import Current, Method, Phase
from dialogs.sessions.queries import (
    actors,
    current,
    earlier,
    goes_by_theme,
    has_order,
    here,
    hides,
    is_by,
    is_possible,
    needs_owner,
    next_phase,
    plan,
    themes,
    themes_left,
    waiting_for,
    whose_turn,
)
from dialogs.sessions.state import (
    Contribution,
    Effect,
    Ended,
    NotedForSelf,
    Opened,
    PersonId,
    PhaseOpened,
    Session,
    SessionEnded,
    Stepped,
    Told,
    WhyEnded,
)

# --- From phase to phase ------------------------------------------------------------------------


def go(method: Method, session: Session, to: Phase | None, at: datetime, chance: Random) -> Stepped:
    """Close the phase that is open, if any, and open another; end where there is none."""
    if to is None:
        return end(method, session, at, "finished")
    session, effects = _close(method, session)
    session, to = _with_a_case(method, session, to, chance)
    opened = _open(session, to, at, chance)
    visited = {**session.visited, opened.visit: to.id}
    return replace(session, opened=opened, visited=visited), [
        *effects,
        PhaseOpened(opened.visit, opened.until),
    ]


def _with_a_case(
    method: Method, session: Session, to: Phase, chance: Random
) -> tuple[Session, Phase]:
    """Nobody asks who has a case, nor chooses, where one has a place in this meeting: its owner
    goes on with it at once."""
    brought = (member for member in here(session) if member.id in session.brought)
    owner = next((member for member in brought if member.id not in session.declined), None)
    first = _told_after(method, session, to)
    if owner is None or first is None or session.owner:
        return session, to
    asked = Contribution(
        id=f"{chance.getrandbits(64):016x}",
        phase=first.id,
        text=session.brought[owner.id],
        author=owner.id,
        name=owner.name,
        role=owner.role,
        is_shown=True,
    )
    told = (*session.contributions, asked)
    return replace(session, owner=owner.id, contributions=told), first


def _told_after(method: Method, session: Session, phase: Phase) -> Phase | None:
    """Where whoever is chosen from a phase has the word; None where nobody is."""
    phases = iter(plan(method, session))
    if not any(each.does.elects_from() == phase.id for each in phases):
        return None
    return next((each for each in phases if each.does.is_owners), None)


def _open(session: Session, phase: Phase, at: datetime, chance: Random) -> Opened:
    order = list(actors(session, phase)) if has_order(session, phase) else []
    asked = themes(session, phase, "")[:1] if goes_by_theme(session, phase) else ()
    if phase.does.is_shuffled():
        chance.shuffle(order)
    return Opened(
        phase=phase.id,
        visit=session.opened.visit + 1 if session.opened else 1,
        since=at,
        until=until(session, phase, at),
        anonymous=is_anonymous(phase),
        order=tuple(order),
        is_shown=not hides(phase),
        asked=tuple(theme.id for theme in asked),
    )


def until(session: Session, phase: Phase, at: datetime) -> datetime:
    """When the suggested time of a phase is up, or its deadline."""
    if session.pace == "live":
        return at + timedelta(minutes=phase.minutes)
    return session.hours.deadline(at, phase.days)


def is_anonymous(phase: Phase) -> bool:
    """Whether what is written in it is shown under pseudonyms."""
    return phase.sees == "facilitator" or (phase.sees == "group" and phase.does.is_anonymous())


def _close(method: Method, session: Session) -> Stepped:
    """What a phase leaves behind: notes to oneself, ratings and places together, who took part."""
    if (now := current(method, session)) is None:
        return session, []
    phase, opened = now
    effects = noted(session, phase)
    if phase.sees == "writer":
        session = without(session, lambda each: each.phase == phase.id and not each.is_shown)
    session, more = phase.does.closes(method, session, now)
    if _elects_from(method, session, phase):
        took_part = {**session.took_part, phase.id: _took_part(session, phase, opened)}
        session = replace(session, took_part=took_part)
    return session, [*effects, *more]


def noted(session: Session, phase: Phase, person: PersonId | None = None) -> list[Effect]:
    """The notes to oneself of a phase: one for each writer, or this one's alone."""
    notes: dict[PersonId, list[str]] = {}
    for each in session.contributions if phase.sees == "writer" else ():
        is_hidden = each.phase == phase.id and not each.is_shown
        if is_hidden and each.author is not None and person in (None, each.author):
            notes.setdefault(each.author, []).append(each.text)
    return [NotedForSelf(writer, "\n\n".join(texts)) for writer, texts in notes.items()]


def _elects_from(method: Method, session: Session, phase: Phase) -> bool:
    return any(each.does.elects_from() == phase.id for each in plan(method, session))


def _took_part(session: Session, phase: Phase, opened: Opened) -> frozenset[PersonId]:
    """Who was heard or wrote; where talk left no trace of anybody, all who act.

    Not those who passed. Who took part in an earlier visit still has.
    """
    wrote = {each.author for each in session.contributions if each.phase == phase.id}
    heard = opened.done | {author for author in wrote if author is not None}
    earlier_on = session.took_part.get(phase.id, frozenset())
    return frozenset((heard | earlier_on) or actors(session, phase)) - opened.passed


def without(session: Session, gone: Callable[[Contribution], bool]) -> Session:
    """Without some contributions, what the owner picked of them, and where they were placed."""
    left = tuple(each for each in session.contributions if not gone(each))
    ids = {each.id for each in left}
    picked = tuple(each for each in session.picked if each in ids)
    pictures = {
        phase: {each: place for each, place in picture.items() if each in ids}
        for phase, picture in session.pictures.items()
    }
    return replace(session, contributions=left, picked=picked, pictures=pictures)


# --- On -----------------------------------------------------------------------------------------


def advance(
    method: Method, session: Session, now: Current, at: datetime, chance: Random
) -> Stepped:
    """The facilitator's "next", which halts where the group should first see, hear or choose."""
    phase, opened = now
    if counted := phase.does.counts(method, session, now, at, chance, is_last=False):
        return counted
    if goes_by_theme(session, phase) and (left := themes_left(method, session, "")):
        return ask(session, now, left[0].id), []
    if turn := whose_turn(method, session):
        opened = replace(opened, done=opened.done | {turn})
        session = replace(session, opened=opened)
        hears_all = phase.does.hears_all and waiting_for(method, session)
        if whose_turn(method, session) or hears_all:
            return session, []
    if revealed := reveal(session, Current(phase, opened), chance):
        return revealed
    if shown := phase.does.result(method, session, Current(phase, opened)):
        return shown, []
    return go(method, session, next_phase(method, session), at, chance)


def ask(session: Session, now: Current, theme: str) -> Session:
    """Turn to a theme; whoever had the word no longer has it."""
    asked = (*(each for each in now.opened.asked if each != theme), theme)
    return replace(session, opened=replace(now.opened, asked=asked, order=()))


def move_on(
    method: Method, session: Session, now: Current, at: datetime, chance: Random
) -> Stepped:
    """Over days: all are done, or the deadline has come, and nobody leads.

    Nobody is there to be told, and what was shown stays on the phase's own card.
    """
    if revealed := reveal(session, now, chance):
        session, _ = revealed
    if counted := now.phase.does.counts(method, session, now, at, chance, is_last=True):
        session, effects = counted
        return session, [each for each in effects if not isinstance(each, Told)]
    return go(method, session, next_phase(method, session), at, chance)


def reveal(session: Session, now: Current, chance: Random) -> Stepped | None:
    """Show what was written alone, all at once and shuffled; None where there is nothing to show.

    Nothing of how a text came about is left: not its author, its edits, its order or its id.
    """
    phase, opened = now
    written = [each for each in session.contributions if each.phase == phase.id]
    hidden = [each for each in written if not each.is_shown]
    if opened.is_shown or phase.sees == "writer" or not hidden:
        return None
    chance.shuffle(hidden)
    shown = [
        replace(
            each,
            id=f"{chance.getrandbits(64):016x}",
            author=None,
            is_shown=True,
            name="" if _is_of_a_question(opened, each) else each.name,
        )
        for each in hidden
    ]
    others = (each for each in session.contributions if each not in hidden)
    session = replace(
        session, contributions=(*others, *shown), opened=replace(opened, is_shown=True)
    )
    return session, []


def _is_of_a_question(opened: Opened, written: Contribution) -> bool:
    """Whether a pseudonym would tie together what one person answered to several questions.

    Who alone has a role is known by its questions, and would be known by the name in all of them.
    """
    return opened.anonymous and bool(written.theme) and not written.is_open


# --- The owner ----------------------------------------------------------------------------------


def without_episode(method: Method, session: Session) -> Session:
    """What was told, asked and offered about the owner's episode is of no use for another."""
    about = {each.id for each in plan(method, session) if needs_owner(each)}
    return without(session, lambda each: each.phase in about)


def lose_owner(method: Method, session: Session, at: datetime, chance: Random) -> Stepped:
    """The owner stops, or has left: what they told goes, and the group chooses among the others.

    Where nobody is left to choose, it goes on to what needs no owner. After the
    last phase that needs one, what the others offered stays, and the meeting goes on.
    """
    owner = next(each for each in session.members if each.id == session.owner)
    told = {each.id for each in plan(method, session) if each.content == "telling"}
    session = without(session, lambda each: each.phase in told and is_by(owner, each))
    declined = session.declined | {owner.id}
    session = replace(session, owner=None, by_lot=False, declined=declined)
    rest = plan(method, session)[len(earlier(method, session)) :]
    if not any(needs_owner(each) for each in rest):
        return session, []
    session = without_episode(method, session)
    so_far = reversed((*earlier(method, session), rest[0]))
    votes = (each for each in so_far if _elects_owner(each) and is_possible(method, session, each))
    return go(method, session, next(votes, next_phase(method, session)), at, chance)


def _elects_owner(phase: Phase) -> bool:
    return phase.does.elects_from() is not None


# --- The end ------------------------------------------------------------------------------------


def end(method: Method, session: Session, at: datetime, why: WhyEnded) -> Stepped:
    """End, and forget pseudonyms, authors, and what was never shown.

    What the owner has picked goes with them, as a note. Of a method that keeps nothing the
    rest is forgotten too.
    """
    session, effects = _close(method, session)
    chosen = [each.text for each in session.contributions if each.id in session.picked]
    if session.owner and chosen:
        effects = [*effects, NotedForSelf(session.owner, "\n\n".join(chosen))]
    if not method.after.keeps:
        session = replace(
            without(session, lambda _: True), spreads={}, results={}, wordings={}, owner=None
        )
    session = replace(
        session,
        stage=Ended(at, why),
        opened=None,
        members=tuple(replace(member, pseudonym="") for member in session.members),
        contributions=tuple(
            replace(each, author=None) for each in session.contributions if each.is_shown
        ),
        names=(),
        wordings={
            phase: replace(each, confirmed=frozenset()) for phase, each in session.wordings.items()
        },
        took_part={},
        called=frozenset(),
        returned={},
        declined=frozenset(),
        asking=session.asking and replace(session.asking, waiting=(), later=frozenset(), unable=0),
        brought={},
    )
    return session, [*effects, SessionEnded()]
