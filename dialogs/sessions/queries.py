"""Where a session stands: which phase, whose turn, who may act, of whom it waits, what is seen.

Cards and the dialog itself read the same answers here.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from dialogs.sessions.method import Actor, Audience, Current, Method, Phase, Role, Theme
from dialogs.sessions.state import (
    THIN,
    Contribution,
    Gathering,
    Member,
    Opened,
    PersonId,
    Resting,
    Running,
    Session,
)

OVERDUE = {"live": timedelta(minutes=10), "days": timedelta(days=1)}
"""How long a phase may wait for its facilitator when its time is up."""
Theirs: TypeAlias = Literal["start", "begins", "rest", "act", "turn", "lead", "done", "listen"]
"""What somebody does next: nothing, while they have given theirs or listen."""
REST_OVERDUE = timedelta(days=1)
"""The same, for a break."""
SPREAD_FROM = 5
"""With fewer who rated or placed, what is shown would tell who gave what."""


# --- Phases -------------------------------------------------------------------------------------


def plan(method: Method, session: Session) -> tuple[Phase, ...]:
    """The phases of this meeting, also those that may be passed over."""
    phases = method.plan(session.meeting)
    if session.is_divided:
        return phases
    return tuple(phase for phase in phases if phase.divided != "only")


def phase(method: Method, session: Session) -> Phase | None:
    """The one that is open."""
    opened = session.opened
    return next((p for p in plan(method, session) if opened and p.id == opened.phase), None)


def current(method: Method, session: Session) -> Current | None:
    """None before the start and after the end."""
    now = phase(method, session)
    return Current(now, session.opened) if now and session.opened else None


def earlier(method: Method, session: Session) -> tuple[Phase, ...]:
    """The phases before the open one, in the plan's order."""
    phases, now = plan(method, session), phase(method, session)
    return phases[: phases.index(now)] if now else ()


def later(method: Method, session: Session) -> tuple[Phase, ...]:
    """The phases after the open one; all of them before the start."""
    phases, now = plan(method, session), phase(method, session)
    return phases[phases.index(now) + 1 :] if now else phases


def next_phase(method: Method, session: Session) -> Phase | None:
    """The next in which somebody can act; None where the session would end."""
    return next((p for p in later(method, session) if is_possible(method, session, p)), None)


def foreseen(method: Method, session: Session) -> Phase | None:
    """The next as whoever leads may expect it: while an owner is chosen, there will be one."""
    now = phase(method, session)
    if now is None or now.does.elects_from() is None:
        return next_phase(method, session)
    return next(
        (p for p in later(method, session) if needs_owner(p) or is_possible(method, session, p)),
        None,
    )


def phase_before(method: Method, session: Session) -> Phase | None:
    """The last before the open one in which somebody can act."""
    before = reversed(earlier(method, session))
    return next((p for p in before if is_possible(method, session, p)), None)


def is_possible(method: Method, session: Session, phase: Phase) -> bool:
    """Whether anybody can act: a phase without is passed over, and so is a break over days."""
    if not phase.does.is_possible(method, session, phase):
        return False
    return phase.acts == "facilitator" or bool(actors(session, phase))


def needs_owner(phase: Phase) -> bool:
    """Whether it is about the owner's episode."""
    return _acts(phase) in ("owner", "others")


def hides(phase: Phase) -> bool:
    """Whether what is written is hidden at first: alone, or from the group."""
    return phase.does.is_alone() or phase.sees != "group"


def has_order(session: Session, phase: Phase) -> bool:
    """Whether its members come in turn. Over days nobody waits for their turn, and small groups
    keep their own."""
    is_together = not is_apart(session, phase)
    return phase.does.has_order() and session.pace == "live" and is_together


def takes_writing(session: Session, phase: Phase) -> bool:
    """Whether one can write in it; over days what else is said aloud is written."""
    return phase.does.writes and (phase.medium != "oral" or session.pace == "days")


def goes_by_theme(session: Session, phase: Phase) -> bool:
    """Whether the group talks about one theme of a guide at a time."""
    asks = bool(phase.does.asks()) and not phase.does.is_alone()
    return asks and session.pace == "live"


# --- People -------------------------------------------------------------------------------------


def here(session: Session) -> tuple[Member, ...]:
    """The members who have not left."""
    return tuple(member for member in session.members if member.is_here)


def is_here(session: Session, person: PersonId) -> bool:
    return any(member.id == person for member in here(session))


def leaders(session: Session) -> tuple[PersonId, ...]:
    """Who leads, and who leads together with them."""
    return tuple(filter(None, (session.facilitator, session.co_leader)))


def leads(session: Session, person: PersonId) -> bool:
    """Whether somebody may do what only those may who lead."""
    return person in leaders(session)


def asked(session: Session) -> tuple[PersonId, ...]:
    """Who has a question in their own chat, and has said neither yes nor no."""
    return session.asking.waiting if session.asking else ()


def is_thin(method: Method, session: Session, subgroup: int = 0) -> bool:
    """So few that pseudonyms hide little: from who could write, not from who did."""
    is_anonymous = session.opened is not None and session.opened.anonymous
    return is_anonymous and len(acting(method, session, subgroup)) <= THIN


def has_lost_owner(session: Session) -> bool:
    """Whether an owner wanted to stop, and there is no other yet."""
    return bool(session.declined) and session.owner is None


def missing_roles(method: Method, session: Session) -> tuple[Role, ...]:
    """The roles of the method that nobody here has: without them it is another method."""
    held = {member.role for member in here(session)}
    return tuple(role for role in method.roles if role.id not in held)


def few_wrote(session: Session, phase: Phase) -> bool:
    """Whether what is to be shown next is of so few that one can guess who: before it is.

    Of small groups in one of them.
    """
    opened = session.opened
    if opened is None or opened.is_shown or not opened.anonymous or phase.sees != "group":
        return False
    writers: dict[int, set[PersonId | None]] = {}
    for each in session.contributions:
        if each.phase == phase.id and not (each.is_shown or each.is_open):
            writers.setdefault(each.subgroup, set()).add(each.author)
    return any(len(of_one) <= THIN for of_one in writers.values())


def is_overdue(session: Session, at: datetime) -> bool:
    """Whether the group has waited so long that a member may take over."""
    match session.stage, session.opened:
        case Gathering(since), _:
            return at - since >= OVERDUE[session.pace]
        case Resting(since), _:
            return at - since >= REST_OVERDUE
        case Running(), Opened() as opened:
            return at - opened.until >= OVERDUE[session.pace]
    return False


def actors(session: Session, phase: Phase) -> tuple[PersonId, ...]:
    """Who acts in a phase, in the order in which they joined."""
    everyone = here(session)
    match _acts(phase):
        case "owner":
            return tuple(member.id for member in everyone if member.id == session.owner)
        case "everyone":
            return tuple(member.id for member in everyone)
        case "others":
            others = (member.id for member in everyone if member.id != session.owner)
            return tuple(others) if session.owner else ()
        case "facilitator":
            return leaders(session)
    return tuple(member.id for member in everyone if member.role == phase.acts)


def _acts(phase: Phase) -> Actor:
    return "owner" if phase.does.is_owners else phase.acts


def acting(method: Method, session: Session, subgroup: int = 0) -> tuple[PersonId, ...]:
    """Who acts in the open phase; of a small group alone, where it does it by itself."""
    now = phase(method, session)
    everyone = actors(session, now) if now else ()
    if now is None or not subgroup or not is_apart(session, now):
        return everyone
    return tuple(each for each in everyone if subgroup_of(session, each) == subgroup)


def may_act(method: Method, session: Session, person: PersonId) -> bool:
    """Whether somebody can write, vote or say that they are done, now."""
    return isinstance(session.stage, Running) and person in acting(method, session)


def whose_turn(method: Method, session: Session) -> PersonId | None:
    """In a round with an order, or where the facilitator gave somebody the word."""
    if (now := current(method, session)) is None:
        return None
    phase, opened = now
    waits = set(actors(session, phase)) - opened.done - opened.passed
    return next((person for person in opened.order if person in waits), None)


def waiting_for(method: Method, session: Session) -> tuple[PersonId, ...]:
    """Of whom the open phase still waits: neither done nor passed. It informs, and never locks."""
    if (now := current(method, session)) is None:
        return ()
    phase, opened = now
    is_free = not phase.does.waits(session.pace) or goes_by_theme(session, phase)
    is_over = is_counted(session, phase) or (hides(phase) and opened.is_shown)
    left = tuple(p for p in actors(session, phase) if p not in opened.done | opened.passed)
    if is_free or is_over or (_acts(phase) == "facilitator" and len(left) < len(leaders(session))):
        return ()  # of two who lead one is enough
    return left


def theirs(method: Method, session: Session, person: PersonId) -> Theirs:
    """What is somebody's to do now."""
    is_leading, waits = leads(session, person), waiting_for(method, session)
    match session.stage:
        case Gathering():
            return "start" if is_leading else "begins"
        case Resting():
            return "rest"
    if person in waits:
        turn = whose_turn(method, session)
        return "act" if turn in (None, person) else "turn"
    if is_leading:
        return "lead"
    has_given = session.opened is not None and person in session.opened.done | session.opened.passed
    return "done" if has_given else "listen"


def is_counted(session: Session, phase: Phase) -> bool:
    """Whether the group sees what all have given together."""
    return phase.id in {*session.spreads, *session.pictures, *session.results}


def is_complete(method: Method, session: Session) -> bool:
    """Whether the open phase waits for nobody."""
    return session.opened is not None and not waiting_for(method, session)


def themes(session: Session, phase: Phase, person: PersonId) -> tuple[Theme, ...]:
    """What of a guide somebody is asked, by their role; all, where the group talks about it."""
    roles = {member.role for member in here(session) if member.id == person}
    is_for_all = goes_by_theme(session, phase)
    return tuple(
        theme
        for theme in phase.does.asks()
        if is_for_all or not theme.roles or roles.intersection(theme.roles)
    )


def themes_left(method: Method, session: Session, person: PersonId) -> tuple[Theme, ...]:
    """What of the open guide the group has not come to, or this person has not answered."""
    now = current(method, session)
    if now is None or (hides(now.phase) and now.opened.is_shown):
        return ()
    phase, opened = now
    answered = {
        each.theme
        for each in session.contributions
        if each.phase == phase.id and each.author == person
    }
    offered = set(opened.asked) if goes_by_theme(session, phase) else answered
    return tuple(each for each in themes(session, phase, person) if each.id not in offered)


# --- Small groups -------------------------------------------------------------------------------


def will_divide(method: Method, session: Session) -> bool:
    """Whether they are more than one group: all who are here when it begins."""
    most = method.subgroups.over if method.subgroups else method.room
    return session.asking is None and len(here(session)) > most


def is_apart(session: Session, phase: Phase) -> bool:
    """Whether small groups do the phase, each by itself."""
    return session.is_divided and (phase.divided == "apart" or phase.does.gathers)


def subgroup_of(session: Session, person: PersonId | None) -> int:
    """Which small group somebody is in; 0 for none."""
    return next((each.subgroup for each in session.members if each.id == person), 0)


def in_subgroup(session: Session, number: int) -> tuple[Member, ...]:
    """Who is in a small group, and here."""
    return tuple(member for member in here(session) if member.subgroup == number)


def subgroups(session: Session) -> tuple[int, ...]:
    """Those that somebody is in."""
    return tuple(sorted({member.subgroup for member in here(session)} - {0}))


def wording_key(session: Session, phase: Phase, person: PersonId) -> str:
    """Under what it lies that is to be agreed on: each small group has its own."""
    return f"{phase.id}/{subgroup_of(session, person)}" if is_apart(session, phase) else phase.id


def as_seen(session: Session, subgroup: int) -> Session:
    """The session as it may be shown to a small group, or with 0 to all: without what belongs to
    another. Every card is drawn from it."""
    if not session.is_divided:
        return session
    mine = f"/{subgroup}"
    return replace(
        session,
        contributions=tuple(c for c in session.contributions if c.subgroup in (0, subgroup)),
        wordings={
            key.removesuffix(mine): wording
            for key, wording in session.wordings.items()
            if "/" not in key or key.endswith(mine)
        },
    )


def of_subgroup(session: Session, number: int) -> tuple[object, ...]:
    """All that the card of a small group hangs on."""
    seen, mine = as_seen(session, number), in_subgroup(session, number)
    opened, ids = session.opened, {member.id for member in mine}
    given = opened and (opened.done & ids, opened.passed & ids)
    shared = (session.stage, session.facilitator, session.language, session.observer)
    what = opened and (opened.visit, opened.until, opened.is_shown)
    return mine, seen.contributions, seen.wordings, given, what, shared


# --- What is written, and chosen ----------------------------------------------------------------


def shown(method: Method, session: Session, of: str) -> tuple[Contribution, ...]:
    """What the group may see of a phase: of what was written alone, shuffled, all or nothing.

    `phase.theme` is what was written to one question of a guide.
    """
    phase_id, _, theme = of.partition(".")
    revealed = _revealed(method, session, phase_id, "group")
    return tuple(each for each in revealed if theme in ("", each.theme))


def origin_of(method: Method, session: Session, phase_id: str) -> Phase:
    """Where what a phase shows was written: of one that this session does not have, before it."""
    phase = next(each for each in method.phases if each.id == phase_id)
    if phase.divided != "only" or session.is_divided:
        return phase
    return origin_of(method, session, phase.does.needs()[0].phase)


def shown_to_facilitator(
    method: Method, session: Session, phase_id: str
) -> tuple[Contribution, ...]:
    """What the facilitator alone may see of a phase, under pseudonyms."""
    return _revealed(method, session, phase_id, "facilitator")


def _revealed(
    method: Method, session: Session, phase_id: str, audience: Audience
) -> tuple[Contribution, ...]:
    phase = next((p for p in method.phases if p.id == phase_id and p.sees == audience), None)
    return phase.does.shows(method, session, phase) if phase else ()


def heard(before: Session, session: Session) -> frozenset[PersonId]:
    """Whose words all can read now that they could not read before."""
    new = (each for each in session.contributions if each not in before.contributions)
    return frozenset(each.author for each in new if each.is_shown and each.author)


def mine(session: Session, person: PersonId) -> tuple[Contribution, ...]:
    """A member's own contributions that are not shown yet: they can be changed and withdrawn."""
    return tuple(c for c in session.contributions if c.author == person and not c.is_shown)


def is_by(member: Member, contribution: Contribution) -> bool:
    """Whether it is this member's: by their id, or once it is shown by the name that it bears."""
    if contribution.author is not None:
        return contribution.author == member.id
    return bool(contribution.name) and contribution.name in (member.pseudonym, member.name)


def writer_of(session: Session, contribution: Contribution) -> PersonId | None:
    """Whose it is, as far as the session knows; nobody's where that may be two."""
    writers = [member.id for member in session.members if is_by(member, contribution)]
    return writers[0] if len(writers) == 1 else None


def shown_of(session: Session, person: PersonId) -> tuple[Contribution, ...]:
    """What of a member's own was shown, as far as the session knows whose it is."""
    return tuple(
        each
        for each in session.contributions
        if each.is_shown and writer_of(session, each) == person
    )


def unseen(method: Method, session: Session, person: PersonId) -> tuple[Contribution, ...]:
    """What a member has written in the open phase, and nobody sees yet.

    Not what they write to themselves: that is noted as they leave.
    """
    now = phase(method, session)
    if now is None or now.sees == "writer":
        return ()
    return tuple(each for each in mine(session, person) if each.phase == now.id)
