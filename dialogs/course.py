"""The course of a session: how phases are opened and closed, and how one leads to the next."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from statistics import median_low
from typing import Literal, TypeAlias

from dialogs.method import (
    Agreement,
    FollowUp,
    Guide,
    Matrix,
    Method,
    Phase,
    Private,
    Rating,
    Round,
    Vote,
)
from dialogs.session import (
    MIN_MEMBERS,
    THIN,
    Agreed,
    Contribution,
    ContributionId,
    Effect,
    Ended,
    Kept,
    Member,
    NotedForSelf,
    Opened,
    PersonId,
    PhaseOpened,
    Place,
    Session,
    SessionEnded,
    SharedForResearch,
    TimeMoved,
    Told,
    WhyEnded,
    Wording,
)
from dialogs.standing import (
    Current,
    actors,
    candidates,
    current,
    earlier,
    goes_by_theme,
    has_order,
    here,
    hides,
    is_possible,
    needs_owner,
    next_phase,
    placeable,
    plan,
    themes,
    themes_left,
    waiting_for,
    whose_turn,
)

SPREAD_FROM = 5
"""With fewer who rated or placed, what is shown would tell who gave what."""

Outcome: TypeAlias = tuple[Session, list[Effect]]


# --- From phase to phase ------------------------------------------------------------------------


def go(method: Method, session: Session, to: Phase | None, at: datetime, chance: Random) -> Outcome:
    """Close the phase that is open, if any, and open another; end where there is none."""
    if to is None:
        return end(method, session, at, "finished")
    session, effects = _close(method, session)
    opened = _open(session, to, at, chance)
    return replace(session, opened=opened), [*effects, PhaseOpened(opened.visit, opened.until)]


def _open(session: Session, phase: Phase, at: datetime, chance: Random) -> Opened:
    order = list(actors(session, phase)) if has_order(session, phase) else []
    asked = themes(session, phase, "")[:1] if goes_by_theme(session, phase) else ()
    if isinstance(phase.does, Round) and phase.does.order == "random":
        chance.shuffle(order)
    return Opened(
        phase=phase.id,
        visit=session.opened.visit + 1 if session.opened else 1,
        since=at,
        until=_until(session, phase, at),
        anonymous=_is_anonymous(phase),
        order=tuple(order),
        is_shown=not hides(phase),
        asked=tuple(theme.id for theme in asked),
    )


def _until(session: Session, phase: Phase, at: datetime) -> datetime:
    if session.pace == "live":
        return at + timedelta(minutes=phase.minutes)
    return session.hours.deadline(at, phase.days)


def _is_anonymous(phase: Phase) -> bool:
    match phase.does:
        case Private(anonymous=is_private) | Guide(alone=is_private):
            return phase.sees == "facilitator" or (phase.sees == "group" and is_private)
    return phase.sees == "facilitator"


def _close(method: Method, session: Session) -> Outcome:
    """What a phase leaves behind: notes to oneself, ratings and places together, who took part."""
    if (now := current(method, session)) is None:
        return session, []
    phase, opened = now
    effects = noted(session, phase)
    if phase.sees == "writer":
        session = without(session, lambda each: each.phase == phase.id)
    if isinstance(phase.does, Rating):
        # What is shown once stays: two spreads would tell what one more person gave.
        spreads = {phase.id: _spread(phase.does, opened), **session.spreads}
        session = replace(session, spreads={p: spread for p, spread in spreads.items() if spread})
    if isinstance(phase.does, Matrix) and (picture := _picture(method, session, phase.does)):
        session = replace(session, pictures={phase.id: picture, **session.pictures})
    if isinstance(phase.does, Agreement):
        effects += _agreed(session, phase)
    if _elects_from(method, session, phase):
        took_part = {**session.took_part, phase.id: _took_part(session, phase, opened)}
        session = replace(session, took_part=took_part)
    return session, effects


def noted(session: Session, phase: Phase, person: PersonId | None = None) -> list[Effect]:
    """The notes to oneself of a phase: one for each writer, or this one's alone."""
    notes: dict[PersonId, list[str]] = {}
    for each in session.contributions if phase.sees == "writer" else ():
        if each.phase == phase.id and each.author is not None and person in (None, each.author):
            notes.setdefault(each.author, []).append(each.text)
    return [NotedForSelf(writer, "\n\n".join(texts)) for writer, texts in notes.items()]


def _agreed(session: Session, phase: Phase) -> list[Effect]:
    """What all have confirmed, the one who worded it and somebody else at least."""
    wording = session.wordings.get(phase.id, Wording(""))
    is_for_all = wording.confirmed.issuperset(actors(session, phase))
    agrees = is_for_all and len(wording.confirmed) >= MIN_MEMBERS
    return [Agreed(phase.id, wording.text)] if agrees else []


def _spread(rating: Rating, opened: Opened) -> dict[str, tuple[int, ...]]:
    """By scale, how many gave 1, 2, ...; a scale that few rated is left out."""
    spread = {}
    for scale in rating.scales:
        given = Counter(each[scale.id] for each in opened.ratings.values() if scale.id in each)
        if given.total() >= SPREAD_FROM:
            spread[scale.id] = tuple(given[step] for step in range(1, scale.steps + 1))
    return spread


def _picture(method: Method, session: Session, matrix: Matrix) -> dict[ContributionId, Place]:
    """Where each contribution lies for the group: the median on either axis.

    Of two in the middle the lower, so that it lies on a step. What few have placed is left out.
    """
    given = session.opened.places.values() if session.opened else ()
    picture = {}
    for each in placeable(method, session, matrix):
        places = [places[each.id] for places in given if each.id in places]
        if len(places) >= SPREAD_FROM:
            picture[each.id] = (median_low(x for x, _ in places), median_low(y for _, y in places))
    return picture


def _elects_from(method: Method, session: Session, phase: Phase) -> bool:
    votes = (each.does for each in plan(method, session) if isinstance(each.does, Vote))
    return any(vote.elects == "owner" and vote.of == phase.id for vote in votes)


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
) -> Outcome:
    """The facilitator's "next", which halts where the group should first see, hear or choose."""
    phase, opened = now
    if isinstance(phase.does, Vote):
        return _count(method, session, now, at, chance, is_last=False)
    if goes_by_theme(session, phase) and (left := themes_left(method, session, "")):
        return ask(session, now, left[0].id), []
    if turn := whose_turn(method, session):
        opened = replace(opened, done=opened.done | {turn})
        session = replace(session, opened=opened)
        is_round = isinstance(phase.does, Round | FollowUp)
        if whose_turn(method, session) or (is_round and waiting_for(method, session)):
            return session, []
    if revealed := reveal(session, Current(phase, opened), chance):
        return revealed
    return go(method, session, next_phase(method, session), at, chance)


def ask(session: Session, now: Current, theme: str) -> Session:
    """Turn to a theme; whoever had the word no longer has it."""
    asked = (*(each for each in now.opened.asked if each != theme), theme)
    return replace(session, opened=replace(now.opened, asked=asked, order=()))


def move_on(
    method: Method, session: Session, now: Current, at: datetime, chance: Random
) -> Outcome:
    """Over days: all are done, or the deadline has come, and nobody leads.

    Nobody is there to be told, and what was shown stays on the phase's own card.
    """
    if revealed := reveal(session, now, chance):
        session, _ = revealed
    if isinstance(now.phase.does, Vote):
        session, effects = _count(method, session, now, at, chance, is_last=True)
        return session, [each for each in effects if not isinstance(each, Told)]
    return go(method, session, next_phase(method, session), at, chance)


def reveal(session: Session, now: Current, chance: Random) -> Outcome | None:
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
        replace(each, id=f"{chance.getrandbits(64):016x}", author=None, is_shown=True)
        for each in hidden
    ]
    others = (each for each in session.contributions if each not in hidden)
    session = replace(
        session, contributions=(*others, *shown), opened=replace(opened, is_shown=True)
    )
    unnamed = {each.author for each in hidden if not each.is_open}
    is_thin = opened.anonymous and 0 < len(unnamed) <= THIN
    return session, [Told("thin")] if is_thin else []


# --- The owner ----------------------------------------------------------------------------------


def _count(
    method: Method, session: Session, now: Current, at: datetime, chance: Random, *, is_last: bool
) -> Outcome:
    """Count a vote: `is_last` where nobody can be asked to choose again."""
    phase, opened = now
    chosen = candidates(method, session)
    ids = [each.id for each in chosen]
    votes = Counter(each for choices in opened.votes.values() for each in choices if each in ids)
    effects: list[Effect] = []
    if isinstance(phase.does, Vote) and phase.does.elects == "collection":
        effects = _kept(session, chosen, votes)
    elif ids and (votes or opened.runoff):
        top = [each for each in ids if votes[each] == max(votes.values(), default=0)]
        if len(top) > 1 and not opened.runoff:
            return _vote_again(session, now, tuple(top), at, "tie_again")
        effects = [Told("tie_lot")] if len(top) > 1 else []
        session = _elect(method, session, chance.choice(top), by_lot=len(top) > 1)
    elif ids and session.owner is None and not is_last:
        return _vote_again(session, now, tuple(ids), at, "nobody_chosen")
    session, more = go(method, session, next_phase(method, session), at, chance)
    return session, [*effects, *more]


def _kept(
    session: Session, chosen: Iterable[Member | Contribution], votes: Counter[str]
) -> list[Effect]:
    """What more than half of those present agreed to keep."""
    most = len(here(session)) / 2
    kept = (
        each.text for each in chosen if isinstance(each, Contribution) and votes[each.id] > most
    )
    texts = tuple(sorted(kept))
    return [Kept(texts)] if texts else []


def _vote_again(
    session: Session,
    now: Current,
    top: tuple[str, ...],
    at: datetime,
    why: Literal["tie_again", "nobody_chosen"],
) -> Outcome:
    """Once: where this does not settle it either, the lot does."""
    until = _until(session, now.phase, at)
    nobody: frozenset[PersonId] = frozenset()
    again = replace(
        now.opened, runoff=top, votes={}, done=nobody, passed=nobody, since=at, until=until
    )
    effects: list[Effect] = [Told(why), TimeMoved(again.visit, until)]
    return replace(session, opened=again), effects


def _elect(method: Method, session: Session, owner: PersonId, *, by_lot: bool) -> Session:
    if session.owner not in (None, owner):
        session = _without_episode(method, session)
    return replace(session, owner=owner, by_lot=by_lot)


def _without_episode(method: Method, session: Session) -> Session:
    """What was told, asked and offered about the owner's episode is of no use for another."""
    about = {each.id for each in plan(method, session) if needs_owner(each)}
    return without(session, lambda each: each.phase in about)


def lose_owner(method: Method, session: Session, at: datetime, chance: Random) -> Outcome:
    """The owner stops, or has left: what they told goes, and the group chooses among the others.

    Where nobody is left to choose, it goes on to what needs no owner. After the
    last phase that needs one, what the others offered stays, and the meeting goes on.
    """
    owner = next(each for each in session.members if each.id == session.owner)
    told = {each.id for each in plan(method, session) if each.content == "telling"}
    session = without(session, lambda each: each.phase in told and _is_by(owner, each))
    declined = session.declined | {owner.id}
    session = replace(session, owner=None, by_lot=False, declined=declined)
    rest = plan(method, session)[len(earlier(method, session)) :]
    if not any(needs_owner(each) for each in rest):
        return session, []
    session = _without_episode(method, session)
    so_far = reversed((*earlier(method, session), rest[0]))
    votes = (each for each in so_far if _elects_owner(each) and is_possible(method, session, each))
    return go(method, session, next(votes, next_phase(method, session)), at, chance)


def _is_by(member: Member, contribution: Contribution) -> bool:
    if contribution.author is not None:
        return contribution.author == member.id
    return contribution.name in (member.pseudonym, member.name)


def _elects_owner(phase: Phase) -> bool:
    return isinstance(phase.does, Vote) and phase.does.elects == "owner"


# --- The end ------------------------------------------------------------------------------------


def end(method: Method, session: Session, at: datetime, why: WhyEnded) -> Outcome:
    """End, and forget pseudonyms, authors, and what was never shown."""
    session, effects = _close(method, session)
    # In the order of the alphabet: that of arrival would tell something.
    shared = tuple(
        sorted(
            (each.phase, each.text, each.role)
            for each in session.contributions
            if each.is_shared and each.is_shown
        )
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
        declined=frozenset(),
    )
    return session, [*effects, *([SharedForResearch(shared)] if shared else []), SessionEnded()]
