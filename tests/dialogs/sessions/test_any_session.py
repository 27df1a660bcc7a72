"""A session: what holds for every history, sensible and forged, of methods of several shapes."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dialogs.sessions import queries
from dialogs.sessions.method import Method
from dialogs.sessions.primitives.cluster import ALONE, PILES
from dialogs.sessions.primitives.matrix import Matrix, placeable
from dialogs.sessions.primitives.vote import candidates
from dialogs.sessions.state import (
    STATE_LIMIT,
    Advanced,
    Answered,
    Asked,
    Confirmed,
    Effect,
    Ended,
    EndedCoLeading,
    Event,
    Extended,
    Finished,
    Gathering,
    GaveWord,
    HandedOver,
    HardFound,
    InPhase,
    Joined,
    Left,
    NamedCoLeader,
    Observed,
    OwnerStopped,
    Pace,
    PaceSet,
    Passed,
    Paused,
    PhaseOpened,
    Picked,
    Placed,
    Rated,
    Refused,
    Resting,
    Resumed,
    Revealed,
    Running,
    Session,
    Skipped,
    Started,
    Stopped,
    Suggested,
    ThemesLeft,
    TimeUp,
    Told,
    TookOut,
    TookOver,
    Voted,
    WentBack,
    Withdrew,
    Worded,
    Wrote,
    dump,
    load,
)
from dialogs.sessions.step import begin, step
from dialogs.writing.text import TooLong, Unstorable
from tests.support.sessions import EVERYTHING, GUIDANCE, MONDAY, NAMES, TINY

PEOPLE = ("kari", "ola", "siri", "per", "lise")
people = st.sampled_from(PEOPLE)
anybody = st.sampled_from([*PEOPLE, "frode", "obs", "stranger"])
leads = st.sampled_from([None, None, None, *PEOPLE, "stranger"])
"""None: whoever is the facilitator."""
any_text = st.sampled_from(
    ["Hva tenkte du da?", "Du burde ringe", "41 23 45 67", " ", "x" * 1501, "\x00", "y" * 1500]
)
numbers = st.integers(0, 6)
NOTHING_DONE = Refused | HardFound | Suggested | ThemesLeft | TooLong | Unstorable


class AnySession(RuleBasedStateMachine):
    """Any acts in any order. The machine draws who and what; the rest is of the state."""

    method: Method
    session: Session

    @initialize(
        pace=st.sampled_from(["live", "days"]),
        meeting=st.integers(1, 3),
        phases=st.integers(-1, 12),
    )
    def gather(self, pace: Pace, meeting: int, phases: int) -> None:
        """Most histories begin somewhere in the middle of a meeting."""
        self.now = MONDAY
        self.seed = 0
        self.visits = [0]
        self.session = begin(self.method, meeting, "frode", "nb", zone="Europe/Oslo", at=self.now)
        for person in PEOPLE:
            roles = self.method.roles
            role = roles[0 if person == "ola" else -1].id if roles else ""
            self.act(Joined, person, name=person.title(), role=role)
        self.act(PaceSet, "frode", pace=pace)
        if phases >= 0:
            self.act(Started, "frode", names=NAMES)
            self.play_on(phases)

    def act(self, kind: type[Event], by: str | None, **values: Any) -> list[Effect]:
        self.seed += 1
        by = by or self.session.facilitator or "kari"
        return self.take(kind(by=by, at=self.now, seed=self.seed, **values))  # type: ignore[call-arg] # of the events only TimeUp has no `by`

    def take(self, event: Event) -> list[Effect]:
        before = self.session
        self.session, effects = step(self.method, before, event)
        is_refused = any(isinstance(each, NOTHING_DONE) for each in effects)
        if is_refused or isinstance(before.stage, Ended):
            assert self.session == before
        self.visits += [each.visit for each in effects if isinstance(each, PhaseOpened)]
        self.everyone_was_heard(before, event)
        return effects

    def everyone_was_heard(self, before: Session, event: Event) -> None:
        """A round is left only when all have been heard or passed, unless it is skipped."""
        now = queries.current(self.method, before)
        if now is None or not isinstance(event, Advanced) or self.session.opened is None:
            return
        has_moved = self.session.opened.visit != now.opened.visit
        if has_moved and queries.has_order(before, now.phase):
            turn = queries.whose_turn(self.method, before)
            assert set(queries.waiting_for(self.method, before)) <= {turn}

    @property
    def visit(self) -> int:
        return self.session.opened.visit if self.session.opened else 0

    @property
    def rating(self) -> dict[str, int]:
        now = queries.phase(self.method, self.session)
        return {each.id: 3 for each in getattr(now.does, "scales", ())} if now else {}

    @property
    def placeable(self) -> list[str]:
        now = queries.phase(self.method, self.session)
        if now is None or not isinstance(now.does, Matrix):
            return []
        return [each.id for each in placeable(self.method, self.session, now.does)]

    @property
    def edition(self) -> int:
        wording = self.session.wordings.get("agreement")
        return wording.edition if wording else 0

    @property
    def ids(self) -> list[str]:
        return [*(each.id for each in self.session.contributions), "forged"]

    @rule(phases=st.integers(1, 3))
    def play_on(self, phases: int) -> None:
        """The group does what the phases are for."""
        to = self.visit + phases
        for _ in range(40):
            if not isinstance(self.session.stage, Running) or self.visit >= to:
                return
            visit = self.visit
            choices = candidates(self.method, self.session)
            for person in queries.waiting_for(self.method, self.session):
                self.act(Wrote, person, id=f"of {self.seed}", text="Hva så?", visit=visit)
                self.act(Voted, person, choices=tuple(c.id for c in choices[:1]), visit=visit)
                self.act(Worded, person, text="Vi sier fra", edition=0, visit=visit)
                self.act(Confirmed, person, edition=1, visit=visit)
                self.act(Rated, person, values=self.rating, visit=visit)
                places = dict.fromkeys(self.placeable, (2, 3))
                self.act(Placed, person, places=places, visit=visit)
            if self.visit == visit:
                self.act(TookOver, "kari")
                self.act(Advanced, None)

    # Who is here, and who leads

    @rule(by=anybody, role=st.sampled_from(["", "", "panel", "forged"]))
    def join(self, by: str, role: str) -> None:
        self.act(Joined, by, name=by.title(), role=role)

    @rule(by=anybody)
    def leave(self, by: str) -> None:
        self.act(Left, by)

    @rule(by=st.sampled_from(["obs", "kari", "frode"]))
    def observe(self, by: str) -> None:
        self.act(Observed, by, name="Obs")

    @rule(by=leads)
    @precondition(lambda self: isinstance(self.session.stage, Gathering))
    def start(self, by: str | None) -> None:
        self.act(Started, by, names=NAMES)

    @rule(by=leads, to=anybody)
    def hand_over(self, by: str | None, to: str) -> None:
        self.act(HandedOver, by, to=to)

    @rule(by=leads, to=anybody)
    def name_co_leader(self, by: str | None, to: str) -> None:
        self.act(NamedCoLeader, by, to=to)

    @rule(by=leads)
    def end_co_leading(self, by: str | None) -> None:
        self.act(EndedCoLeading, by)

    @rule(by=people)
    def take_over(self, by: str) -> None:
        self.act(TookOver, by)

    @rule(by=people)
    def pause(self, by: str) -> None:
        self.act(Paused, by)

    @rule(by=leads)
    @precondition(lambda self: isinstance(self.session.stage, Resting))
    def resume(self, by: str | None) -> None:
        self.act(Resumed, by)

    @rule(minutes=st.sampled_from([1, 10, 60, 24 * 60]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(visit=st.integers(0, 3))
    def time_up(self, visit: int) -> None:
        self.seed += 1
        self.take(TimeUp(at=self.now, visit=self.visit - visit, seed=self.seed))

    # The facilitator

    @rule(by=leads, turn=st.sampled_from([None, 0, 1]))
    def advance(self, by: str | None, turn: int | None) -> None:
        self.act(Advanced, by, turn=turn)

    @rule(kind=st.sampled_from([Advanced, Skipped, WentBack, Revealed]))
    def press_twice(self, kind: type[InPhase]) -> None:
        opened = self.session.opened
        turn = {"turn": opened.turn if opened else 0} if kind is Advanced else {}
        press = kind(
            by=self.session.facilitator or "", at=self.now, seed=7, visit=self.visit, **turn
        )
        self.take(press)  # type: ignore[arg-type] # each of the four kinds is an event
        once = self.session
        self.take(press)  # type: ignore[arg-type] # each of the four kinds is an event
        assert self.session == once

    @rule(by=leads, kind=st.sampled_from([Skipped, WentBack, Revealed]), age=st.integers(0, 2))
    def lead(self, by: str | None, kind: type[Event], age: int) -> None:
        self.act(kind, by, visit=self.visit - age)

    @rule(by=leads, to=anybody)
    def give_word(self, by: str | None, to: str) -> None:
        self.act(GaveWord, by, to=to)

    @rule(by=leads, minutes=st.integers(-5, 90))
    def extend(self, by: str | None, minutes: int) -> None:
        self.act(Extended, by, until=self.now + timedelta(minutes=minutes))

    @rule(by=leads, is_meant=st.integers(0, 9))
    def stop(self, by: str | None, is_meant: int) -> None:
        if is_meant == 0:
            self.act(Stopped, by)

    # The members

    @rule(by=anybody, kind=st.sampled_from([Finished, Finished, Passed]), age=st.integers(0, 1))
    def say_done(self, by: str, kind: type[Event], age: int) -> None:
        self.act(kind, by, visit=self.visit - age)

    @rule()
    def all_are_done(self) -> None:
        for person in queries.waiting_for(self.method, self.session):
            self.act(Finished, person, anyway=True)

    @rule(by=leads, theme=st.sampled_from(["first", "second", "third", "forged"]))
    def ask(self, by: str | None, theme: str) -> None:
        self.act(Asked, by, theme=theme)

    @rule(by=anybody, age=st.integers(0, 1))
    def word(self, by: str, age: int) -> None:
        self.act(Worded, by, text="Vi sier fra", edition=self.edition - age)

    @rule(by=anybody, age=st.integers(0, 1))
    def confirm(self, by: str, age: int) -> None:
        self.act(Confirmed, by, edition=self.edition - age)

    @rule(by=anybody, which=numbers, text=any_text, flags=st.tuples(*[st.booleans()] * 2))
    def write(self, by: str, which: int, text: str, flags: tuple[bool, bool]) -> None:
        ids = [*self.ids, *(f"new {self.seed}" for _ in range(4))]
        anyway, is_open = flags
        self.act(
            Wrote,
            by,
            id=ids[which % len(ids)],
            text=text,
            anyway=anyway,
            is_open=is_open,
        )

    @rule(by=anybody, which=numbers)
    def withdraw(self, by: str, which: int) -> None:
        self.act(Withdrew, by, id=self.ids[which % len(self.ids)])

    @rule(by=leads, which=numbers)
    def take_out(self, by: str | None, which: int) -> None:
        """What is shown goes at the word of who leads or wrote it, and nobody has chosen it."""
        ident = self.ids[which % len(self.ids)]
        was_shown = any(each.id == ident and each.is_shown for each in self.session.contributions)
        effects = self.act(TookOut, by, id=ident)
        is_out = ident not in self.ids
        assert is_out == (Told("taken_out") in effects)
        assert not is_out or was_shown
        if is_out and (opened := self.session.opened):
            chosen = *opened.votes.values(), *opened.places.values(), *opened.answers.values()
            assert not any(ident in given for given in chosen)

    @rule(by=anybody, which=st.lists(numbers, max_size=3))
    def vote(self, by: str, which: list[int]) -> None:
        ids = [each.id for each in candidates(self.method, self.session)] or ["forged"]
        self.act(Voted, by, choices=tuple(ids[each % len(ids)] for each in which))

    @rule(which=numbers)
    def all_vote_for_one(self, which: int) -> None:
        ids = [each.id for each in candidates(self.method, self.session)] or ["forged"]
        for person in PEOPLE:
            self.act(Voted, person, choices=(ids[which % len(ids)],))

    @rule(which=st.lists(numbers, max_size=3))
    def pick(self, which: list[int]) -> None:
        ids = tuple(self.ids[each % len(self.ids)] for each in which)
        self.act(Picked, self.session.owner, contributions=ids)

    @rule(value=numbers, scale=st.sampled_from(["one", "useful", "forged"]))
    def rate(self, value: int, scale: str) -> None:
        for person in PEOPLE:
            self.act(Rated, person, values={scale: value})

    @rule(across=numbers, up=numbers, which=numbers)
    def place(self, across: int, up: int, which: int) -> None:
        ids = [*self.placeable, "forged"]
        for person in PEOPLE:
            self.act(Placed, person, places={ids[which % len(ids)]: (across, up)})

    @rule(pile=st.sampled_from([*PILES, ALONE, "forged"]), which=st.lists(numbers, max_size=3))
    def sort(self, pile: str, which: list[int]) -> None:
        ids = [each.id for each in self.session.contributions] or ["forged"]
        for person in PEOPLE:
            self.act(Answered, person, values={ids[each % len(ids)]: pile for each in which})

    @rule(by=people, is_owner=st.integers(0, 3))
    def owner_stops(self, by: str, is_owner: int) -> None:
        if is_owner == 0:
            self.act(OwnerStopped, self.session.owner or by)
        self.act(OwnerStopped, by)

    # What always holds

    @invariant()
    def it_can_be_stored(self) -> None:
        document = dump(self.session)
        assert len(document) <= STATE_LIMIT
        assert load(document) == self.session

    @invariant()
    def one_phase_is_open_from_the_start_to_the_end(self) -> None:
        is_under_way = isinstance(self.session.stage, Running | Resting)
        assert (self.session.opened is not None) == is_under_way
        assert (queries.phase(self.method, self.session) is not None) == is_under_way

    @invariant()
    def each_visit_is_the_next(self) -> None:
        assert self.visits == list(range(len(self.visits)))

    @invariant()
    def only_those_who_are_here_act_or_are_waited_for(self) -> None:
        here = {each.id for each in queries.here(self.session)}
        acting = set(queries.acting(self.method, self.session))
        assert acting <= here | {*queries.leaders(self.session)}
        assert set(queries.waiting_for(self.method, self.session)) <= acting
        assert {queries.whose_turn(self.method, self.session)} <= {None, *acting}
        if opened := self.session.opened:
            assert {*opened.votes, *opened.ratings, *opened.places, *opened.answers} <= here
            assert not opened.done & opened.passed

    @invariant()
    def the_owner_is_here_and_willing(self) -> None:
        owner = self.session.owner
        if owner is not None and not isinstance(self.session.stage, Ended):
            assert queries.is_here(self.session, owner)
            assert owner not in self.session.declined

    @invariant()
    def two_who_lead_are_two(self) -> None:
        assert len({*queries.leaders(self.session)}) == len(queries.leaders(self.session))

    @invariant()
    def the_observer_is_nobody_else(self) -> None:
        if observer := self.session.observer:
            assert not queries.is_here(self.session, observer.id)
            assert not queries.leads(self.session, observer.id)

    @invariant()
    def what_is_hidden_has_a_writer_here_and_what_is_shown_of_it_has_none(self) -> None:
        ids = [each.id for each in self.session.contributions]
        assert len(ids) == len(set(ids))
        phases = {each.id: each for each in self.method.phases}
        for each in self.session.contributions:
            phase = phases[each.phase]
            if not each.is_shown:
                assert queries.hides(phase)
                assert each.author is not None
            elif queries.hides(phase):
                assert each.author is None
        for phase in self.method.phases:
            shown = queries.shown(self.method, self.session, phase.id)
            assert all(each.is_shown for each in shown)
            assert not shown or phase.sees == "group"

    @invariant()
    def pseudonyms_differ_and_are_forgotten(self) -> None:
        pseudonyms = [each.pseudonym for each in self.session.members]
        if isinstance(self.session.stage, Gathering | Ended):
            assert not any(pseudonyms)
        else:
            assert len(set(pseudonyms)) == len(pseudonyms)
            assert all(pseudonyms)

    @invariant()
    def whoever_has_picked_picked_what_is_there(self) -> None:
        assert set(self.session.picked) <= set(self.ids)

    def teardown(self) -> None:
        """From anywhere there is a way to the end, with a facilitator or without."""
        if not hasattr(self, "session") or isinstance(self.session.stage, Gathering):
            return
        there = self.session
        if there.pace == "days" and isinstance(there.stage, Running):
            self.the_clock_leads_to_the_end()
            self.session = there
        self.a_member_leads_to_the_end()

    def the_clock_leads_to_the_end(self) -> None:
        for _ in range(3 * len(self.method.phases)):
            if opened := self.session.opened:
                self.take(TimeUp(at=opened.until, visit=opened.visit, seed=1))
        assert isinstance(self.session.stage, Ended)

    def a_member_leads_to_the_end(self) -> None:
        self.visits = list(range(self.visit + 1))
        self.now += timedelta(days=400)
        for person in ("lise", "per"):
            self.act(Joined, person, name=person.title())
        self.act(TookOver, "per")
        self.act(Resumed, "per")
        for _ in range(3 * len(self.method.phases)):
            self.act(Skipped, "per")
        assert isinstance(self.session.stage, Ended)


class AnyGuidance(AnySession):
    method = GUIDANCE


class AnyOfEverything(AnySession):
    method = EVERYTHING


class AnyTiny(AnySession):
    method = TINY


TestGuidance = AnyGuidance.TestCase
TestEverything = AnyOfEverything.TestCase
TestTiny = AnyTiny.TestCase
TestGuidance.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
TestEverything.settings = TestGuidance.settings
TestTiny.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
