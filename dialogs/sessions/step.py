"""A session: one meeting of a group, led through the phases of a method.

    Gathering --started--> Running <--paused/resumed--> Resting
                              |
                              +--last phase, or ended--> Ended

`step` is the whole dialog. It reads no clock, draws no lots, sends nothing and
stores nothing: events carry the time and the randomness, and the shell carries
out the effects. Every history of events leaves a valid session.

Over days nobody need lead: a phase ends when all are done, or at its deadline.
In the live pace it ends at the facilitator's word alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from random import Random

from dialogs.groups.working_hours import WorkingHours
from dialogs.sessions.actions import bring_back, mark, unchosen, withdraw, write
from dialogs.sessions.asking import answered, answers_due, decline, invite, postpone
from dialogs.sessions.method import Current, Method
from dialogs.sessions.of_one import are_enough, held, turned
from dialogs.sessions.phases import (
    advance,
    ask,
    end,
    go,
    lose_owner,
    move_on,
    noted,
    reveal,
    without,
)
from dialogs.sessions.queries import (
    actors,
    asked,
    current,
    goes_by_theme,
    has_order,
    is_apart,
    is_complete,
    is_here,
    is_overdue,
    leads,
    may_act,
    missing_roles,
    next_phase,
    phase_before,
    themes,
    whose_turn,
    will_divide,
)
from dialogs.sessions.state import (
    Accepted,
    Advanced,
    AfterwardsEvent,
    Agreed,
    Answered,
    AnswersDue,
    Asked,
    Asking,
    CameLater,
    CoLeaderCame,
    Confirmed,
    Declined,
    Effect,
    Ended,
    EndedCoLeading,
    Event,
    Extended,
    FacilitatorChanged,
    Finished,
    Gathering,
    GaveWord,
    GroupEvent,
    HandedOver,
    InPhase,
    Invited,
    Joined,
    Kept,
    LanguageSet,
    Lapsed,
    Left,
    Member,
    NamedCoLeader,
    NotedForSelf,
    Observed,
    OwnerStopped,
    PaceSet,
    Passed,
    Paused,
    PersonId,
    PhaseEvent,
    Picked,
    Placed,
    Postponed,
    Rated,
    Refused,
    Resting,
    Resumed,
    Returned,
    Revealed,
    Running,
    Session,
    Skipped,
    Started,
    Stepped,
    Stopped,
    TimeMoved,
    TimeUp,
    Told,
    TookOut,
    TookOver,
    TurnCame,
    Voted,
    WentBack,
    Why,
    WhyEnded,
    Worded,
    Wording,
    Wrote,
)
from dialogs.sessions.subgroups import divided, mended
from dialogs.sessions.summary import about_summary, noting_kept
from dialogs.sessions.taking_out import take_out
from dialogs.studies.study import Language
from dialogs.writing.text import fault

NAME_LIMIT = 60

_LEADING = (
    PaceSet
    | Started
    | Advanced
    | Skipped
    | WentBack
    | Revealed
    | GaveWord
    | Asked
    | Extended
    | HandedOver
    | NamedCoLeader
    | EndedCoLeading
    | Stopped
    | Invited
)
"""What only those may do who lead."""
_ACTING = (
    Finished | Passed | Wrote | Voted | Picked | Rated | Placed | Answered | Worded | Confirmed
)
"""What those may do who act in the phase."""
_ANSWERING = Accepted | Postponed | Declined
"""What those may do who are asked in their own chat."""


def begin(
    method: Method,
    meeting: int,
    facilitator: PersonId,
    language: Language,
    *,
    zone: str,
    at: datetime,
    agreed: Mapping[str, str] | None = None,
    name: str = "",
    asking: Asking | None = None,
    co_leader: PersonId | None = None,
) -> Session:
    """A session that gathers its members. The pace is the method's first.

    `name` is that of whoever begins it, who is here from the first where the method is the
    owner's. `agreed` is what the group agreed on before, by phase: it can be opened again.
    `asking` where each works in their own chat.
    """
    return Session(
        method=method.id,
        meeting=meeting,
        language=language,
        pace=method.frame.paces[0],
        hours=WorkingHours(zone),
        facilitator=facilitator,
        co_leader=co_leader,
        members=(Member(facilitator, _clean(name)),) if method.led_by == "owner" else (),
        stage=Gathering(at),
        wordings={
            phase: Wording(text, 1, is_agreed=True) for phase, text in (agreed or {}).items()
        },
        asking=asking,
    )


def step(method: Method, session: Session, event: Event) -> Stepped:
    """One event: the new session, and what to do or say. A refusal changes nothing.

    `method` is as it is written, whoever is here; `held` says how it is gone by.
    """
    whole, method = method, held(method, session)
    chance = Random(event.seed)  # noqa: S311 - the seed is the shell's, and cannot be guessed
    if isinstance(event, Lapsed):
        after, effects = _lapse(method, session, event)
    elif isinstance(event, AnswersDue):
        after, effects = answers_due(method, session, event)
    elif isinstance(event, TimeUp):
        after, effects = _time_up(method, session, event, chance)
    elif isinstance(event, AfterwardsEvent):
        after, effects = about_summary(session, event)
    elif why := _refusal(session, event):
        after, effects = session, [Refused(why)]
    elif isinstance(event, InPhase):
        after, effects = _in_phase(method, session, event, chance)
    else:
        after, effects = _at_any_time(method, session, event, chance)
    after = mended(held(whole, after), after)
    after, alone = turned(whole, session, after)
    after, more = _settle(held(whole, after), session, after)
    effects = [*effects, *alone, *more]
    if method.after.keeps and not session.is_rehearsal:
        after = noting_kept(after, effects)
    return after, _without_traces(effects) if session.is_rehearsal else effects


def _without_traces(effects: list[Effect]) -> list[Effect]:
    """Of a rehearsal nothing is kept, and to members who are nobody nothing is sent."""
    traces = NotedForSelf | Kept | Agreed | TurnCame | Returned
    return [each for each in effects if not isinstance(each, traces)]


def _refusal(session: Session, event: PhaseEvent | GroupEvent) -> Why | None:
    """Who may do what, and when, as far as it is the same for all."""
    observes = session.observer is not None and session.observer.id == event.by
    is_known = is_here(session, event.by) or leads(session, event.by)
    if isinstance(session.stage, Ended):
        return "ended"
    if isinstance(event, _ANSWERING):
        return None if event.by in asked(session) else "not_asked"
    if observes and not isinstance(event, Left):
        return "is_observer"
    if isinstance(event, Left) and event.by in asked(session):
        return None
    if not (is_known or observes or isinstance(event, Joined | Observed)):
        return "not_a_member"
    if isinstance(event, _LEADING) and not leads(session, event.by):
        return "not_facilitator" if session.facilitator else "nobody_leads"
    if isinstance(event, Stopped) and event.visit not in (None, _visit(session)):
        return "phase_over"
    if isinstance(event, Started | PaceSet) and not isinstance(session.stage, Gathering):
        return "phase_over"
    if isinstance(event, Paused | Resumed) and isinstance(session.stage, Gathering):
        return "not_running"
    return None


def _visit(session: Session) -> int:
    """Of the part that is open; none is while members gather."""
    return session.opened.visit if session.opened else 0


def _at_any_time(  # noqa: C901, PLR0912 - the table of events reads best whole
    method: Method, session: Session, event: GroupEvent, chance: Random
) -> Stepped:
    match event:
        case Joined():
            return _join(method, session, event)
        case Observed():
            return _observe(method, session, event)
        case Accepted() | Postponed() | Declined() | Invited():
            return _about_asking(method, session, event, chance)
        case Left(by=by, at=at):
            return _leave(method, session, by, at, chance)
        case PaceSet(pace=pace):
            if pace not in method.frame.paces:
                return session, [Refused("unknown_pace")]
            return replace(session, pace=pace), []
        case LanguageSet(language=language):
            return replace(session, language=language), []
        case Started():
            return _start(method, session, event, chance)
        case Paused(at=at):
            is_resting = isinstance(session.stage, Resting)
            after = session if is_resting else replace(session, stage=Resting(at))
            return after, [Told("pause_asked")]
        case Resumed(at=at):
            return _resume(method, session, at)
        case HandedOver(to=""):
            return session, [Refused("nothing_chosen")]
        case HandedOver(to=to):
            if not is_here(session, to):
                return session, [Refused("not_a_member")]
            if session.is_rehearsal:
                return session, [Refused("rehearsal")]
            return _hand_over(session, event.by, to)
        case TookOver(by=by, at=at):
            is_free = not session.facilitator or is_overdue(session, at)
            if not is_free and by != session.co_leader:
                return session, [Refused("has_facilitator")]
            return _take_over(session, by)
        case NamedCoLeader(to=to):
            return _name_co_leader(method, session, to)
        case EndedCoLeading():
            if session.co_leader is None:
                return session, [Refused("no_co_leader")]
            return replace(session, co_leader=None), []
        case Stopped(at=at):
            return end(method, session, at, _why_stopped(method, session))
        case OwnerStopped(by=by, at=at):
            if by != session.owner:
                return session, [Refused("not_yours")]
            session, effects = lose_owner(method, session, at, chance)
            return session, [Told("stopped"), *effects]
        case TookOut():
            return take_out(method, session, event)
        case _:
            return withdraw(session, event)


def _about_asking(
    method: Method,
    session: Session,
    event: Accepted | Postponed | Declined | Invited,
    chance: Random,
) -> Stepped:
    if (asking := session.asking) is None:
        return session, [Refused("not_asked")]
    match event:
        case Invited():
            return invite(method, session, asking, event)
        case Postponed():
            return postpone(session, asking, event)
        case Declined(by=by):
            return decline(session, asking, by)
        case _:  # Accepted
            return _accept(method, session, asking, event, chance)


def _accept(
    method: Method, session: Session, asking: Asking, event: Accepted, chance: Random
) -> Stepped:
    """The first yes begins the talk, and the next ones come into it."""
    by, at, seed = event.by, event.at, event.seed
    session, effects = answered(session, asking, by)
    session, more = _join(method, session, Joined(by=by, at=at, seed=seed, name=event.name))
    if isinstance(session.stage, Gathering):
        started = Started(by=by, at=at, seed=seed, names=event.names)
        session, begun = _start(method, session, started, chance)
        return session, [*effects, *more, *begun]
    return session, [*effects, *more, CameLater(by)]


def _why_stopped(method: Method, session: Session) -> WhyEnded:
    """Who stops in the last part has come to the end."""
    if isinstance(session.stage, Gathering):
        return "never_started"
    return "ended" if next_phase(method, session) else "finished"


def _in_phase(  # noqa: C901, PLR0912 - the table of events reads best whole
    method: Method, session: Session, event: PhaseEvent, chance: Random
) -> Stepped:
    now = current(method, session)
    if now is None or not isinstance(session.stage, Running):
        return session, [Refused("not_running")]
    if why := _out_of_turn(method, session, now, event):
        return session, [Refused(why)]
    match event:
        case Advanced(at=at):
            return advance(method, session, now, at, chance)
        case Skipped(at=at):
            return go(method, session, next_phase(method, session), at, chance)
        case WentBack(at=at):
            before = phase_before(method, session)
            if before is None:
                return session, [Refused("first_phase")]
            return go(method, session, before, at, chance)
        case Revealed():
            revealed = reveal(session, now, chance)
            return revealed or (session, [Refused("nothing_to_show")])
        case GaveWord(to=to):
            return _give_word(session, now, to)
        case Extended(until=until):
            return _extend(session, now, until)
        case Asked(theme=theme):
            if goes_by_theme(session, now.phase) and not theme:
                return session, [Refused("nothing_chosen")]
            if not goes_by_theme(session, now.phase) or theme not in _ids(session, now):
                return session, [Refused("no_choice")]
            return ask(session, now, theme), []
        case Wrote():
            return write(session, now, event)
        case Picked() | Worded():
            return _choose(method, session, now, event)
        case Finished() | Passed():
            outcome = mark(method, session, now, event)
        case _:
            outcome = _choose(method, session, now, event)
    if outcome[0] == session:  # refused, or said before
        return outcome
    return _or_on(method, outcome, event.at, chance)


def _choose(method: Method, session: Session, now: Current, event: PhaseEvent) -> Stepped:
    """What is chosen belongs to the primitive of the phase, where it has anything to choose."""
    chosen = now.phase.does.accepts(method, session, now, event)
    why: Why = "no_writing" if isinstance(event, Worded) else "no_choice"
    return chosen or (session, [Refused(why)])


def _ids(session: Session, now: Current) -> set[str]:
    return {theme.id for theme in themes(session, now.phase, "")}


def _out_of_turn(method: Method, session: Session, now: Current, event: PhaseEvent) -> Why | None:
    is_late = event.visit not in (None, now.opened.visit)
    if is_late or (isinstance(event, Advanced) and event.turn not in (None, now.opened.turn)):
        return "phase_over"
    if isinstance(event, _ACTING) and not may_act(method, session, event.by):
        return "not_your_turn"
    return None


# --- What follows by itself ---------------------------------------------------------------------


def _lapse(method: Method, session: Session, event: Lapsed) -> Stepped:
    if isinstance(session.stage, Ended):
        return session, []
    return end(method, session, event.at, _why_stopped(method, session))


def _time_up(method: Method, session: Session, event: TimeUp, chance: Random) -> Stepped:
    now = current(method, session)
    is_running = isinstance(session.stage, Running) and session.pace == "days"
    if now is None or not is_running or event.visit != now.opened.visit:
        return session, []
    if event.at < now.opened.until:  # it was extended
        return session, []
    return move_on(method, session, now, event.at, chance)


def _or_on(method: Method, outcome: Stepped, at: datetime, chance: Random) -> Stepped:
    """Over days a phase ends when it waits for nobody."""
    session, effects = outcome
    now = current(method, session)
    if now is None or session.pace != "days" or not isinstance(session.stage, Running):
        return outcome
    if not is_complete(method, session):
        return outcome
    session, more = move_on(method, session, now, at, chance)
    return session, [*effects, *more]


def _settle(method: Method, before: Session, session: Session) -> Stepped:
    """Count the turns of a visit, and bring up the notes of those whose turn has come."""
    opened, earlier = session.opened, before.opened
    means_otherwise = _next_means(method, before) != _next_means(method, session)
    if opened and earlier and opened.visit == earlier.visit and means_otherwise:
        session = replace(session, opened=replace(opened, turn=opened.turn + 1))
    due = [each for each in _telling(method, session) if each not in session.called]
    session = replace(session, called=session.called.union(due))
    return session, [TurnCame(member) for member in due]


def _next_means(method: Method, session: Session) -> tuple[object, ...]:
    """What "next" hangs on in one visit."""
    counted = session.spreads, session.pictures, session.results
    opened = session.opened
    hidden = opened and (opened.is_shown, opened.runoff, opened.asked)
    return whose_turn(method, session), hidden, *counted


def _telling(method: Method, session: Session) -> tuple[PersonId, ...]:
    """Who tells now of their own, and has notes for it."""
    now = current(method, session)
    if now is None or not isinstance(session.stage, Running):
        return ()
    phase, opened = now
    if phase.content != "telling" and not phase.does.brings_notes:
        return ()
    turn = whose_turn(method, session)
    tells = ((turn,) if turn else ()) if opened.order else actors(session, phase)
    return tuple(each for each in tells if is_here(session, each))


# --- Who is here --------------------------------------------------------------------------------


def _join(method: Method, session: Session, event: Joined) -> Stepped:
    if event.role and event.role not in {role.id for role in method.roles}:
        return session, [Refused("unknown_role")]
    known = {member.id: member for member in session.members}
    if event.by not in known and len(known) >= method.room:
        return session, [Refused("full")]
    had = known[event.by].role if event.by in known else ""
    if method.roles and not (event.role or had):
        return session, [Refused("no_role")]
    new = Member(event.by, "", pseudonym=session.names[0] if session.names else "")
    names = session.names if event.by in known else session.names[1:]
    member = replace(
        known.get(event.by, new),
        name=_clean(event.name),
        role=event.role or had,
        is_here=True,
    )
    members = {**known, event.by: member}
    session = replace(session, members=tuple(members.values()), names=names)
    now = current(method, session)
    if now and has_order(session, now.phase) and event.by in actors(session, now.phase):
        order = tuple(dict.fromkeys((*now.opened.order, event.by)))
        session = replace(session, opened=replace(now.opened, order=order))
    came: list[Effect] = [CoLeaderCame()] if _comes_to_lead(known, session, event.by) else []
    session, back = bring_back(session, now, event) if now else (session, [])
    return session, [*came, *back]


def _comes_to_lead(known: Mapping[PersonId, Member], session: Session, person: PersonId) -> bool:
    """Whether whoever comes is to lead as well, and was not here yet."""
    before = known.get(person)
    return person == session.co_leader and not (before and before.is_here)


def _clean(name: str) -> str:
    """As Teams shows it, without what cannot be stored."""
    return "".join(each for each in name if not fault("name", each, 1))[:NAME_LIMIT]


def _observe(method: Method, session: Session, event: Observed) -> Stepped:
    if not method.observer:
        return session, [Refused("no_observer")]
    if session.observer:
        return session, [Refused("observer_taken")]
    if leads(session, event.by):
        return session, [Refused("is_facilitator")]
    if is_here(session, event.by):
        return session, [Refused("is_member")]
    return replace(session, observer=Member(event.by, _clean(event.name))), []


def _leave(
    method: Method, session: Session, person: PersonId, at: datetime, chance: Random
) -> Stepped:
    """What they wrote and is not shown goes with them, and so do their vote, rating and places."""
    if session.observer and person == session.observer.id:
        return replace(session, observer=None), []
    if session.asking and person in session.asking.waiting:
        return decline(session, session.asking, person)
    before = session
    effects: list[Effect] = []
    if now := current(method, session):
        effects += noted(session, now.phase, person)
        session = unchosen(session, now, person)
    session = without(session, lambda each: each.author == person and not each.is_shown)
    is_gathering = isinstance(session.stage, Gathering)
    session = replace(
        session,
        members=tuple(
            replace(member, is_here=member.is_here and member.id != person)
            for member in session.members
            if member.id != person or not is_gathering
        ),
    )
    if leads(session, person):
        session, more = _lead_no_more(session, person)
        effects += more
    session, alone = turned(method, before, session)
    session, more = _after_leaving(held(method, session), session, person, at, chance)
    return session, [*effects, *alone, *more]


def _after_leaving(
    method: Method, session: Session, person: PersonId, at: datetime, chance: Random
) -> Stepped:
    """Fewer than two cannot go on live, and nobody at all starts nothing.

    Without its owner the group chooses again.
    """
    is_deserted = session.facilitator is None and not session.members
    if isinstance(session.stage, Gathering) and is_deserted:
        return end(method, session, at, "never_started")
    if session.asking and person == session.owner:  # it was theirs
        return end(method, session, at, "ended")
    if session.is_rehearsal and session.facilitator is None:  # nobody is left but the invented
        return end(method, session, at, "ended")
    is_running = isinstance(session.stage, Running)
    if is_running and session.pace == "live" and not are_enough(method, session):
        return end(method, session, at, "too_few")
    if person == session.owner:
        return lose_owner(method, session, at, chance)
    return _or_on(method, (session, []), at, chance)


# --- Who leads ----------------------------------------------------------------------------------


def _led_by(session: Session, person: PersonId | None) -> Stepped:
    if person == session.facilitator:
        return session, []
    co_leader = None if person == session.co_leader else session.co_leader
    return replace(session, facilitator=person, co_leader=co_leader), [FacilitatorChanged()]


def _lead_no_more(session: Session, person: PersonId) -> Stepped:
    """Who leads goes: the co-leader leads, where they are here to do so."""
    if person == session.co_leader:
        return replace(session, co_leader=None), []
    co_leader = session.co_leader
    return _led_by(session, co_leader if co_leader and is_here(session, co_leader) else None)


def _hand_over(session: Session, by: PersonId, to: PersonId) -> Stepped:
    """One hands over what one has: the co-leader does not put another in the leader's place."""
    if by != session.co_leader:
        return _led_by(session, to)
    if to == by:
        return session, []
    alone = replace(session, co_leader=None)
    if to == session.facilitator:
        return alone, []
    return replace(session, co_leader=to), [CoLeaderCame()]


def _take_over(session: Session, by: PersonId) -> Stepped:
    """The co-leader changes places with whoever led, who may be ill today and back tomorrow."""
    before, is_co_leader = session.facilitator, by == session.co_leader
    session, effects = _led_by(session, by)
    return (replace(session, co_leader=before) if is_co_leader else session), effects


def _name_co_leader(method: Method, session: Session, to: PersonId) -> Stepped:
    if to == session.co_leader:  # named twice
        return session, []
    if why := _no_co_leader(method, session, to):
        return session, [Refused(why)]
    return replace(session, co_leader=to), [CoLeaderCame()]


def _no_co_leader(method: Method, session: Session, to: PersonId) -> Why | None:
    if session.is_rehearsal:
        return "rehearsal"
    if not method.after.keeps:
        return "no_co_leader"
    if not to:
        return "nothing_chosen"
    if to == session.facilitator:
        return "leads_already"
    if not is_here(session, to):
        return "not_a_member"
    return "has_co_leader" if session.co_leader else None


def _start(method: Method, session: Session, event: Started, chance: Random) -> Stepped:
    if not are_enough(method, session):
        return session, [Refused("too_few")]
    if not event.anyway and missing_roles(method, session):
        return session, [Refused("role_missing")]
    count = len(session.members)
    pairs = zip(session.members, event.names[:count], strict=True)
    members = tuple(replace(member, pseudonym=pseudonym) for member, pseudonym in pairs)
    session = replace(
        session,
        stage=Running(),
        members=members,
        names=event.names[count : method.room],
        owner=session.facilitator if method.led_by == "owner" else None,
        brought=event.brought,
    )
    if method.subgroups and will_divide(method, session):
        session = divided(method.subgroups, session, chance)
    return go(method, session, next_phase(method, session), event.at, chance)


def _resume(method: Method, session: Session, at: datetime) -> Stepped:
    """Go on where the group was, with as much time as was left."""
    if not isinstance(session.stage, Resting) or session.opened is None:
        return session, []
    if session.pace == "live" and not are_enough(method, session):
        return session, [Refused("too_few")]
    opened = session.opened
    since = max(session.stage.since, opened.since)
    until = opened.until + (at - since)
    if session.pace == "days":  # as much working time is left as there was
        until = session.hours.after(at, session.hours.worked(since, opened.until))
    session = replace(session, stage=Running(), opened=replace(opened, until=until))
    return session, [TimeMoved(opened.visit, until)]


def _give_word(session: Session, now: Current, to: PersonId) -> Stepped:
    """Next is who was given the word, also if they had been heard or had passed."""
    if not now.phase.does.gives_word or is_apart(session, now.phase):
        return session, [Refused("no_choice")]
    if not to:
        return session, [Refused("nothing_chosen")]
    if to not in actors(session, now.phase):
        return session, [Refused("not_a_member")]
    opened = replace(
        now.opened,
        order=(to, *(each for each in now.opened.order if each != to)),
        done=now.opened.done - {to},
        passed=now.opened.passed - {to},
    )
    return replace(session, opened=opened), []


def _extend(session: Session, now: Current, until: datetime) -> Stepped:
    if until <= now.opened.until:
        return session, []
    opened = replace(now.opened, until=until)
    return replace(session, opened=opened), [TimeMoved(opened.visit, until)]
