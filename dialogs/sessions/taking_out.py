"""A text that was shown is taken out again.

Whoever leads takes out any, without learning whose it is; a member takes out their own. It goes
off the cards and out of what the group keeps, and its writer gets it back where the session still
knows them, by the pseudonym that it stands under.
"""

from collections import Counter
from dataclasses import replace

from dialogs.sessions.method import Method
from dialogs.sessions.phases import without
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.queries import as_seen, leads, plan, shown, subgroup_of, writer_of
from dialogs.sessions.state import (
    ContributionId,
    Effect,
    Opened,
    PersonId,
    Refused,
    Returned,
    Session,
    Stepped,
    TakenOut,
    Told,
    TookOut,
)


def take_out(method: Method, session: Session, event: TookOut) -> Stepped:
    """What others have chosen of it goes with it; nobody is told whose it was."""
    if not event.id:
        return session, [Refused("nothing_chosen")]
    theirs = as_seen(session, subgroup_of(session, event.by)).contributions
    found = next((c for c in theirs if c.id == event.id and c.is_shown), None)
    if found is None:
        return session, [Refused("no_choice")]
    writer = writer_of(session, found)
    if event.by != writer and not leads(session, event.by):
        return session, [Refused("not_yours")]
    after = _without_choices(without(session, lambda each: each.id == event.id), event.id)
    before, left = _collectable(method, session), _collectable(method, after)
    gone = TakenOut(tuple((before - left).elements()), tuple((left - before).elements()))
    if writer is None:
        return after, [Told("taken_out"), gone]
    after, returned = _return(after, writer, found.text)
    return after, [Told("taken_out"), gone, returned]


def _return(session: Session, writer: PersonId, text: str) -> tuple[Session, Effect]:
    theirs = (*session.returned.get(writer, ()), text)
    return replace(session, returned={**session.returned, writer: theirs}), Returned(writer)


def _without_choices(session: Session, gone: ContributionId) -> Session:
    """Nobody has voted for it, placed it or put it in a pile."""
    return replace(session, opened=session.opened and _unchosen(session.opened, gone))


def _unchosen(opened: Opened, gone: ContributionId) -> Opened:
    return replace(
        opened,
        votes={
            person: left
            for person, given in opened.votes.items()
            if (left := tuple(each for each in given if each != gone))
        },
        places={
            person: {each: place for each, place in given.items() if each != gone}
            for person, given in opened.places.items()
        },
        answers={
            person: {each: value for each, value in given.items() if each != gone}
            for person, given in opened.answers.items()
        },
    )


def _collectable(method: Method, session: Session) -> Counter[str]:
    """The texts that a vote may have put into the group's collection, piles as one."""
    votes = (phase.does for phase in plan(method, session) if phase.does.keeps())
    of = {vote.of for vote in votes if isinstance(vote, Vote)}
    return Counter(each.text for phase in of for each in shown(method, session, phase))
