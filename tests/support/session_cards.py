"""Every card that a session can show, for tests and for pictures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.gateway.events import Conversation, Json
from bot.sessions.cards import apart, own, panel
from bot.sessions.cards import phase as cards
from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.now import now
from bot.sessions.cards.part import PartView
from bot.sessions.cards.subgroups import subgroup_card
from bot.studies import pseudonyms
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.method import Method
from dialogs.sessions.of_one import held
from dialogs.sessions.primitives.cluster import PILES, Cluster, sortable
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.matrix import Matrix, placeable
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.primitives.vote import Vote, candidates
from dialogs.sessions.rehearsing import gathered, next_move, rehearsed
from dialogs.sessions.state import (
    MAX_MEMBERS,
    MOST_MEMBERS,
    Accepted,
    Advanced,
    Answered,
    AnswersDue,
    Asking,
    Confirmed,
    Declined,
    Ended,
    Event,
    HardFound,
    Invited,
    Joined,
    Notice,
    Observed,
    Paused,
    Picked,
    Placed,
    Postponed,
    Rated,
    Refused,
    Session,
    Skipped,
    Started,
    Suggested,
    Summary,
    Told,
    Voted,
    Worded,
    Wrote,
)
from dialogs.sessions.step import begin, step
from dialogs.writing.commands import CommandName
from dialogs.writing.guards import Suggestion
from dialogs.writing.recognition import Finding
from dialogs.writing.text import TooLong
from tests.support.sessions import MONDAY

Named: TypeAlias = tuple[str, Json]

MEMBERS = (
    "Kari Eksempel",
    "Ola Eksempel",
    "Siri Eksempel",
    "Per Eksempel",
    "Mona Eksempel",
    "Ali Eksempel",
)
LEADER = "lead"
ZONE = ZoneInfo("Europe/Oslo")


def every_card(
    method: Method, say: Texts, *, number: int = 1, said: str = "Hva tenkte du da det ble stille?"
) -> Iterator[Named]:
    """From the gathering to the thanks, and each member's own; `said` is what everyone writes."""
    session = begin(
        method, number, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Frode Eksempel"
    )
    yield "gathering", cards.group_card(say, _meeting(method, session))
    session = _gathered(method, session, with_observer=bool(method.observer))
    yield "gathered", cards.group_card(say, _meeting(method, session))
    yield "panel before", panel.panel(say, _meeting(method, session), prepared=4)
    names = pseudonyms.for_session(say.language, MAX_MEMBERS)
    session = _do(method, session, Started(by=LEADER, at=MONDAY, seed=1, names=names))
    shown: set[int] = set()
    while not isinstance(session.stage, Ended):
        assert session.opened
        opened = session.opened
        if opened.visit not in shown:
            shown.add(opened.visit)
            yield from _of_phase(method, session, say)
            session = _acted(method, session, said)
            yield f"{opened.phase}, written", _group(say, method, session)
        before = session
        session = _do(method, session, Advanced(by=LEADER, at=MONDAY, seed=2))
        if session == before:
            session = _do(method, session, Skipped(by=LEADER, at=MONDAY, seed=2))
        over = queries.phase(method, before)
        if over and isinstance(over.does, Matrix):
            yield f"{over.id}, over", cards.closed(say, _meeting(method, session), over)
        if session.opened and before.opened and session.opened.visit == before.opened.visit:
            phase = queries.phase(method, session)
            if isinstance(phase and phase.does, Private | Vote | Rating | Matrix | Cluster):
                yield f"{session.opened.phase}, shown", _group(say, method, session)
    yield "ended", cards.ended(say, _meeting(method, session), [said], MONDAY + timedelta(14))
    yield from _taking_along(method, session, say)
    yield "collection", cards.collection(say, "6" * 32, "Lillevik", dict.fromkeys("abc", said))
    for form in method.forms.values():
        for page in range(len(form.parts)):
            filled = {field.id: said for field in form.parts[page].fields}
            yield (
                f"form {form.id} {page + 1}",
                own.form_page(say, own.FormView(form, {}, filled, page, method.words)),
            )


def _taking_along(method: Method, session: Session, say: Texts) -> Iterator[Named]:
    """The last card, as the group is asked for a summary and answers."""
    until = MONDAY + timedelta(7)
    something = replace(session, kept=("of something",))
    yield "ended, something kept", cards.ended(say, _meeting(method, something))
    for name, summary, address in (
        ("asked", Summary(until), ""),
        ("refused", Summary(until, is_refused=True), ""),
        ("made", Summary(until, key="6" * 32), "https://example.org/summary/a/b.txt"),
        ("over", Summary(until, key="6" * 32), ""),
    ):
        meeting = _meeting(method, replace(something, summary=summary))
        yield f"ended, summary {name}", cards.ended(say, meeting, summary=address)


def _of_phase(method: Method, session: Session, say: Texts) -> Iterator[Named]:
    """The group's card as the phase opens, the panel, and a member's own part."""
    meeting = _meeting(method, session)
    assert session.opened
    name = session.opened.phase
    yield name, cards.group_card(say, meeting)
    yield f"{name}, panel", panel.panel(say, meeting, prepared=4)
    yield f"{name}, panel's choices", panel.choices(say, meeting)
    person = next(iter(queries.acting(method, session)), "")
    phase = queries.phase(method, session)
    has_part = phase and isinstance(phase.does, Vote | Rating | Matrix | Cluster)
    if phase and (has_part or queries.takes_writing(session, phase)):
        yield f"{name}, own", own.own(PartView(say, meeting, person, "new"))


def follow_up(method: Method, say: Texts) -> SessionView:
    """Their second meeting, where they tell what they have tried."""
    session = begin(
        method, 2, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Frode Eksempel"
    )
    session = _gathered(method, session, with_observer=False)
    names = pseudonyms.for_session(say.language, MAX_MEMBERS)
    session = _do(method, session, Started(by=LEADER, at=MONDAY, seed=1, names=names))
    while (phase := queries.phase(method, session)) and not phase.does.brings_notes:
        session = _do(method, session, Skipped(by=LEADER, at=MONDAY, seed=2))
    return _meeting(method, session)


def in_small_groups(method: Method, say: Texts, said: str = "Mindre papir.") -> Iterator[Named]:
    """Where thirteen are divided: before it begins, and of the phases that are otherwise then."""
    session = begin(method, 1, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Frode")
    for n in range(MAX_MEMBERS + 1):
        name = MEMBERS[n] if n < len(MEMBERS) else f"{n} Eksempel"
        session = _do(method, session, Joined(by=f"m{n}", at=MONDAY, seed=n, name=name))
    yield "divided, gathering", _group(say, method, session)
    yield "divided, panel before", panel.panel(say, _meeting(method, session), prepared=0)
    names = pseudonyms.for_session(say.language, MOST_MEMBERS)
    session = _do(method, session, Started(by=LEADER, at=MONDAY, seed=1, names=names))
    while phase := queries.phase(method, session):
        if phase.divided:
            yield from _divided(method, session, say)
        session = (
            _found(method, session, said) if phase.does.gathers else _acted(method, session, said)
        )
        if queries.is_apart(session, phase):
            yield f"divided, {phase.id}, written", subgroup_card(say, _of_one(method, session))
        if queries.hides(phase) and phase.sees == "group":
            session = _do(method, session, Advanced(by=LEADER, at=MONDAY, seed=2))
            if queries.is_apart(session, phase):
                yield f"divided, {phase.id}, shown", subgroup_card(say, _of_one(method, session))
            yield f"divided, {phase.id}, shown to all", _group_only(say, method, session)
        session = _do(method, session, Skipped(by=LEADER, at=MONDAY, seed=2))


def _divided(method: Method, session: Session, say: Texts) -> Iterator[Named]:
    mine, name = _of_one(method, session), session.opened.phase if session.opened else ""
    yield f"divided, {name}", _group_only(say, method, session)
    yield f"divided, {name}, panel", panel.panel(say, _meeting(method, session), prepared=0)
    if queries.is_apart(session, mine.phase or method.phases[0]):
        yield f"divided, {name}, small group", subgroup_card(say, mine)
    yield f"divided, {name}, own", own.own(PartView(say, mine, "m0", "new"))


def _found(method: Method, session: Session, said: str) -> Session:
    """Each small group words a line, and one more says yes."""
    for number in queries.subgroups(session):
        one, other = [each.id for each in queries.in_subgroup(session, number)][:2]
        act: dict[str, Any] = {"at": MONDAY, "seed": number}
        text = f"{said} ({number})"
        session = _do(method, session, Worded(by=one, text=text, edition=0, **act))
        session = _do(method, session, Confirmed(by=other, edition=1, **act))
    return session


def _of_one(method: Method, session: Session) -> SessionView:
    """As one member's cards are drawn."""
    number = queries.subgroup_of(session, "m0")
    meeting = _meeting(method, queries.as_seen(session, number))
    return replace(meeting, subgroup=number)


def _group_only(say: Texts, method: Method, session: Session) -> Json:
    return _group(say, method, queries.as_seen(session, 0))


def rehearsing(method: Method, say: Texts) -> Iterator[Named]:
    """What whoever rehearses it sees, from the gathering to the end."""
    method, chat = rehearsed(method), Conversation("a:1", "personal", "tenant", "https://teams")
    begun = begin(method, 1, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Kari")
    session = gathered(method, begun, MONDAY)
    names = pseudonyms.for_session(say.language, MAX_MEMBERS)
    yield "rehearsal, gathering", _group(say, method, session)
    yield "rehearsal, panel before", panel.panel(say, _meeting(method, session), prepared=0)
    session = _do(method, session, Started(by=LEADER, at=MONDAY, seed=1, names=names))
    while opened := session.opened:
        while move := next_move(method, session, "of", MONDAY):
            session = _do(method, session, move.event)
        meeting, name = _meeting(method, session), opened.phase
        yield f"rehearsal, {name}", _group(say, method, session)
        yield f"rehearsal, {name}, panel", panel.panel(say, meeting, prepared=0)
        yield f"rehearsal, {name}, panel's choices", panel.choices(say, meeting)
        yield f"rehearsal, {name}, now", now(say, meeting, LEADER, chat)
        phase = queries.phase(method, session)
        yield f"rehearsal, {name}, over", cards.closed(say, meeting, phase)
        session = _do(method, session, Advanced(by=LEADER, at=MONDAY, seed=2))
    yield "rehearsal, ended", cards.ended(say, _meeting(method, session))


def of_writers(method: Method, say: Texts, said: str = "Vi satt stille.") -> Iterator[Json]:
    """A member's own part once they have written: read, changed, turned, agreed on."""
    session = begin(
        method, 1, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Frode Eksempel"
    )
    session = _gathered(method, session, with_observer=False)
    names = pseudonyms.for_session(say.language, MAX_MEMBERS)
    session = _do(method, session, Started(by=LEADER, at=MONDAY, seed=1, names=names))
    while not isinstance(session.stage, Ended):
        yield panel.choices(say, _meeting(method, session))
        person = next(iter(queries.acting(method, session)), "")
        if person:
            worded = Worded(by=person, at=MONDAY, seed=1, text=said, edition=0)
            session = _do(method, _acted(method, session, said), worded)
            meeting, mine = _meeting(method, session), queries.mine(session, person)
            view = PartView(
                say, meeting, person, "new", text=said, note=f"{said} " * 1000, study="Studie"
            )
            yield own.own(view)
            yield own.own(replace(view, notices=[Suggested((), None)]))
            yield own.returned(say, meeting, said)
            if mine:
                yield own.own(replace(view, editing=mine[0].id))
        session = _do(method, session, Skipped(by=LEADER, at=MONDAY, seed=2))


def notices(text: str) -> list[Notice]:
    """What can be said of a text, one of each kind."""
    return [
        TooLong("text", 20_000, 1_500),
        HardFound((Finding(0, 4, "identity_number"), Finding(5, 9, "email"))),
        Suggested((Finding(0, 4, "name"),), Suggestion("advice", text)),
        Suggested((), Suggestion("case", None)),
        Refused("phase_over"),
        Told("written"),
    ]


def resting(method: Method, say: Texts) -> Iterator[Named]:
    """In a break, and without anybody who leads."""
    session = begin(
        method, 1, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Frode Eksempel"
    )
    session = _gathered(method, session, with_observer=False)
    names = pseudonyms.for_session(say.language, MAX_MEMBERS)
    session = _do(method, session, Started(by=LEADER, at=MONDAY, seed=1, names=names))
    session = _do(method, session, Paused(by="m0", at=MONDAY, seed=1))
    yield "break", _group(say, method, session)
    yield "break, panel", panel.panel(say, _meeting(method, session), prepared=0)
    for leader in (LEADER, "m1"):  # without a name here, and with one
        both = _meeting(method, replace(session, facilitator=leader, co_leader="m0"))
        yield f"{leader} and m0 lead", cards.group_card(say, both)
        yield f"panel of {leader}", panel.panel(say, both, prepared=0, reader=leader)
        yield f"panel of m0 beside {leader}", panel.panel(say, both, prepared=0, reader="m0")
        yield f"choices of {leader} and m0", panel.choices(say, both)
    yield "nobody leads", _group(say, method, replace(session, facilitator=None))
    if method.frame.with_one:
        yield from with_one(method, say)


def with_one(method: Method, say: Texts) -> Iterator[Named]:
    """All but one are ill: before it begins, and in every part where something is written."""
    session = begin(
        method, 1, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Frode Eksempel"
    )
    session = _do(method, session, Joined(by="m0", at=MONDAY, seed=1, name=MEMBERS[0]))
    yield "with one, gathered", _group(say, method, session)
    names = pseudonyms.for_session(say.language, MAX_MEMBERS)
    session = _do(method, session, Started(by=LEADER, at=MONDAY, seed=1, names=names))
    while phase := queries.phase(method, session):
        if queries.takes_writing(session, phase):
            wrote = Wrote(by="m0", at=MONDAY, seed=2, id=f"one-{phase.id}", text="Det gikk fint.")
            session = _do(method, session, wrote)
            meeting = _meeting(held(method, session), session)
            yield f"with one, {phase.id}", cards.group_card(say, meeting)
            yield f"with one, {phase.id}, panel", panel.panel(say, meeting, prepared=0)
            yield f"with one, {phase.id}, own", own.own(PartView(say, meeting, "m0", "new"))
        session = _do(method, session, Skipped(by=LEADER, at=MONDAY, seed=2))
    yield "with one, ended", cards.ended(say, _meeting(method, session), [])


def asked(method: Method, say: Texts) -> Iterator[Json]:
    """What is asked before something is done for all, and what is one's own to do."""
    session = begin(
        method, 1, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Frode Eksempel"
    )
    meeting = _meeting(method, _gathered(method, session, with_observer=False))
    names: tuple[CommandName, ...] = ("skip", "end")
    yield from (panel.asking(say, meeting, name) for name in names)
    place = Conversation("19:a", "groupChat", "tenant", "https://teams")
    yield now(say, meeting, "m0", place)
    yield now(say, _meeting(method, replace(session, asking=Asking(MONDAY))), LEADER, place)


def gone(method: Method, say: Texts, said: str = "Vi satt stille.") -> Iterator[Json]:
    """Of whoever no longer leads, and of a text that was taken out."""
    session = begin(
        method, 1, LEADER, say.language, zone="Europe/Oslo", at=MONDAY, name="Frode Eksempel"
    )
    meeting = _meeting(method, session)
    yield panel.handed_over(say, meeting)
    yield own.returned(say, meeting, said)


def each_apart(method: Method, say: Texts, said: str = "Hva tenkte du da?") -> Iterator[Named]:
    """Where each works in their own chat: who asks, who is asked, and who is in it."""
    until, name = MONDAY + timedelta(hours=4), MEMBERS[0]
    session = begin(
        *(method, 1, LEADER, say.language),
        zone="Europe/Oslo",
        at=MONDAY,
        name=name,
        asking=Asking(until),
    )

    def meeting(at: Session) -> SessionView:
        return replace(_meeting(method, at), group="")

    def card_of(person: str) -> Json:
        return apart.card_of(say, meeting(session), person)

    def question(person: str) -> Json:
        return apart.question(say, meeting(session), person, MONDAY)

    names = pseudonyms.for_session(say.language, MAX_MEMBERS)
    act: dict[str, Any] = {"at": MONDAY, "seed": 1}
    asked = ("m0", "m1")[: method.frame.max_size - 1]
    invited = Invited(by=LEADER, people=asked, until=until, **act)
    session = _do(method, session, invited)
    yield "asked", question("m0")
    yield "waiting", card_of(LEADER)
    session = _do(method, session, Postponed(by="m0", **act))
    yield "asked, later", question("m0")
    if "m1" in asked:
        session = _do(method, session, Declined(by="m1", **act))
        yield "waiting, later and no", card_of(LEADER)
    yield "asked, over", question("m1")
    lapsed = _do(method, session, AnswersDue(at=until, seed=1))
    yield "in vain", apart.card_of(say, meeting(lapsed), LEADER)
    yield "in vain, closed", apart.asked(say, meeting(lapsed))
    alone = _do(method, session, Declined(by="m0", **act))
    yield "nobody can", apart.card_of(say, meeting(alone), LEADER)
    session = _do(method, session, Accepted(by="m0", name=MEMBERS[1], names=names, **act))
    yield "begun", apart.asked(say, meeting(session))
    yield "left", card_of("m5")
    while session.opened:
        here = session.opened.phase
        for person in (LEADER, "m0"):
            yield f"{here}, apart, {person}", card_of(person)
        session = _acted(method, session, said)
        yield f"{here}, apart, written", card_of("m0")
        paused = _do(method, session, Paused(by="m0", **act))
        yield f"{here}, apart, break", apart.card_of(say, meeting(paused), LEADER)
        session = _do(method, session, Advanced(by=LEADER, **act))
    yield "ended, apart", card_of(LEADER)


def _gathered(method: Method, session: Session, *, with_observer: bool) -> Session:
    roles = [role.id for role in method.roles] or [""]
    for n, name in enumerate(MEMBERS):
        role = roles[n % len(roles)]
        session = _do(method, session, Joined(by=f"m{n}", at=MONDAY, seed=n, name=name, role=role))
    if with_observer:
        event = Observed(by="observer", at=MONDAY, seed=1, name="Odd Observatør")
        session = _do(method, session, event)
    return session


def _acted(method: Method, session: Session, said: str) -> Session:
    """Everyone who can, does their part."""
    phase = queries.phase(method, session)
    assert phase
    for n, person in enumerate(queries.acting(method, session)):
        act: dict[str, Any] = {"by": person, "at": MONDAY, "seed": n}
        event: Event
        match phase.does:
            case Vote():
                choices = tuple(each.id for each in candidates(method, session)[:1])
                event = Voted(**act, choices=choices)
            case Rating(scales=scales):
                event = Rated(**act, values={scale.id: 1 + n % scale.steps for scale in scales})
            case Matrix():
                shown = placeable(method, session, phase.does)
                places = {each.id: (1 + at % 5, 1 + at % 3) for at, each in enumerate(shown)}
                event = Placed(**act, places=places)
            case Cluster():
                texts_ = sortable(method, session, phase.does)
                values = {each.id: PILES[at // 2] for at, each in enumerate(texts_)}
                event = Answered(**act, values=values)
            case Owner(picks=picks) if picks:
                ids = tuple(each.id for each in queries.shown(method, session, picks)[:2])
                event = Picked(**act, contributions=ids)
            case Guide(steps=steps, themes=themes) if steps and not n:
                values = {each.id: str(1 + at % steps) for at, each in enumerate(themes)}
                event = Answered(**act, values=values)
            case _:
                asked = queries.themes(session, phase, person) if phase.does.is_alone() else ()
                theme = asked[n % len(asked)].id if asked else ""
                id_ = f"{phase.id}{n}"
                event = Wrote(**act, id=id_, text=said, theme=theme, anyway=True)
        session = _do(method, session, event)
    return session


def _do(method: Method, session: Session, event: Event) -> Session:
    return step(method, session, event)[0]


def _group(say: Texts, method: Method, session: Session) -> Json:
    return cards.group_card(say, _meeting(method, session))


def _meeting(method: Method, session: Session) -> SessionView:
    return SessionView("5" * 32, method, session, "Lillevik", "6" * 32, ZONE)
