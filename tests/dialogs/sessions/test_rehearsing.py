"""A rehearsal: whoever leads only leads, and the invented members do the rest."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import get_args

import pytest

from bot.sessions.methods import shipped
from dialogs.sessions import rehearsing
from dialogs.sessions.method import Content, Method
from dialogs.sessions.queries import here
from dialogs.sessions.rehearsing import (
    AT_LEAST,
    AT_ONCE,
    HESITATES,
    IS_DONE,
    can_be,
    gathered,
    most,
    next_move,
    read_size,
    rehearsed,
    words,
)
from dialogs.sessions.state import (
    MIN_MEMBERS,
    Advanced,
    Agreed,
    Ended,
    Event,
    HandedOver,
    Kept,
    Left,
    NotedForSelf,
    Passed,
    Paused,
    Refused,
    Session,
    Skipped,
    Started,
    TurnCame,
    Wrote,
)
from dialogs.sessions.step import begin, step
from dialogs.studies.study import LANGUAGES, Language
from dialogs.writing.door import RecognisedWords, stopped
from dialogs.writing.guards import GUARDS, check
from tests.support.sessions import EVERYTHING, GUIDANCE, MONDAY, NAMES

LEADER = "7" * 36


@dataclass
class Rehearsal:
    """Somebody who presses "next" whenever nothing more comes of itself."""

    method: Method
    of: str = "of"
    members: int = 0
    language: Language = "nb"
    session: Session = field(init=False)
    events: list[Event] = field(default_factory=list)
    effects: list[object] = field(default_factory=list)
    pauses: set[object] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.method = rehearsed(self.method)
        begun = begin(
            self.method, 1, LEADER, self.language, zone="Europe/Oslo", at=MONDAY, name="Kari"
        )
        self.session = gathered(self.method, begun, MONDAY, self.members)

    def do(self, event: Event) -> bool:
        """Whether it changed anything."""
        before = self.session
        self.session, effects = step(self.method, self.session, event)
        self.events.append(event)
        self.effects += effects
        return self.session != before

    def act(self) -> None:
        """Everything that the invented members do by themselves."""
        for _ in range(100):
            move = next_move(self.method, self.session, self.of, MONDAY)
            if move is None:
                return
            self.pauses.add(move.after)
            assert self.do(move.event)
        raise AssertionError("they never stop")

    def start(self) -> None:
        assert next_move(self.method, self.session, self.of, MONDAY) is None, "nobody runs ahead"
        assert self.do(Started(by=LEADER, at=MONDAY, seed=1, names=NAMES))

    def play(self) -> "Rehearsal":
        self.start()
        for _ in range(150):
            self.act()
            if isinstance(self.session.stage, Ended):
                return self
            if not self.do(Advanced(by=LEADER, at=MONDAY, seed=2)):
                self.do(Skipped(by=LEADER, at=MONDAY, seed=2))
        raise AssertionError("it never ends")

    def of_kind(self, kind: type) -> list[Event]:
        return [each for each in self.events if isinstance(each, kind)]

    def texts(self) -> Iterator[str]:
        return (each.text for each in self.events if isinstance(each, Wrote))


@pytest.mark.parametrize("method", shipped(), ids=lambda method: method.id)
def test_every_method_can_be_rehearsed_to_its_end(method: Method) -> None:
    played = Rehearsal(method).play()

    assert isinstance(played.session.stage, Ended)
    assert played.session.stage.why == "finished"
    assert played.session.contributions == ()
    traces = Kept | Agreed | NotedForSelf | TurnCame
    assert not any(isinstance(each, traces) for each in played.effects)
    assert len(list(played.texts())) > 1, "they say something"


@pytest.mark.parametrize("method", shipped(), ids=lambda method: method.id)
def test_every_method_can_be_rehearsed_with_few_and_with_many(method: Method) -> None:
    for members in (MIN_MEMBERS, most(method)):
        assert can_be(method, members)
        played = Rehearsal(method, members=members)
        assert len(here(played.session)) == members
        stage = played.play().session.stage
        assert isinstance(stage, Ended)
        assert stage.why == "finished"
    assert not can_be(method, MIN_MEMBERS - 1)
    assert not can_be(method, most(method) + 1)


@pytest.mark.parametrize(
    ("written", "name", "size"),
    [
        ("veiledningsgruppe 2", "veiledningsgruppe", 2),
        ("Saksrunde med 12 deltakere", "Saksrunde", 12),
        ("case round with 3 people", "case round", 3),
        ("fem minutter", "fem minutter", 0),
        ("2", "", 2),
        ("", "", 0),
        ("uke 1000", "uke 1000", 0),
    ],
)
def test_how_many_is_read_where_it_is_written(written: str, name: str, size: int) -> None:
    assert read_size(written) == (name, size)


def test_every_primitive_has_something_for_them() -> None:
    played = [Rehearsal(method).play() for method in (EVERYTHING, GUIDANCE)]
    chosen = {type(event).__name__ for each in played for event in each.events}
    assert chosen >= {"Voted", "Rated", "Placed", "Answered", "Worded", "Confirmed", "Picked"}


def test_it_goes_the_same_way_again_and_another_way_next_time() -> None:
    method = next(each for each in shipped() if each.id == "veiledningsgruppe")
    once, again = Rehearsal(method).play(), Rehearsal(method).play()
    assert once.events == again.events
    assert any(Rehearsal(method, f"of {n}").play().events != once.events for n in range(3))


def test_somebody_hesitates_passes_and_advises_too_early() -> None:
    method = next(each for each in shipped() if each.id == "veiledningsgruppe")
    played = Rehearsal(method).play()
    assert played.pauses == {IS_DONE, AT_ONCE, HESITATES}
    assert played.of_kind(Passed)
    assert set(played.texts()) & set(words()["advice"]["nb"])


def test_now_and_then_somebody_leaves_and_the_rest_go_on() -> None:
    method = next(each for each in shipped() if each.id == "veiledningsgruppe")
    left = [len(Rehearsal(method, str(n)).play().of_kind(Left)) for n in range(8)]
    assert set(left) == {0, 1}


def test_the_names_are_invented_and_the_ids_no_persons() -> None:
    for language in LANGUAGES:
        session = Rehearsal(shipped()[0], language=language).session
        last = {"nb": "Oppdiktet", "nn": "Oppdikta", "en": "Invented"}[language]
        assert session.is_rehearsal
        assert len(here(session)) >= AT_LEAST
        assert all(each.name.endswith(last) and each.is_invented for each in here(session))


def test_a_break_holds_them_and_nobody_invented_can_lead() -> None:
    rehearsal = Rehearsal(shipped()[0])
    rehearsal.start()
    rehearsal.do(HandedOver(by=LEADER, at=MONDAY, seed=0, to=here(rehearsal.session)[0].id))
    assert rehearsal.effects[-1] == Refused("rehearsal")
    rehearsal.do(Paused(by=LEADER, at=MONDAY, seed=0))
    assert next_move(rehearsal.method, rehearsal.session, "of", MONDAY) is None


def test_without_who_rehearses_it_is_over() -> None:
    rehearsal = Rehearsal(shipped()[0])
    rehearsal.start()
    rehearsal.do(Left(by=LEADER, at=MONDAY, seed=0))
    assert isinstance(rehearsal.session.stage, Ended)


def test_there_is_a_text_of_each_kind_in_each_language() -> None:
    kinds = {*get_args(Content), "more", "satisfied", "less_satisfied", "advice", "names"}
    assert set(words()) == kinds
    for kind, by_language in words().items():
        assert set(by_language) == set(LANGUAGES), kind
        assert len({len(texts) for texts in by_language.values()}) == 1, kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_they_write_is_what_the_phases_ask_for(language: Language) -> None:
    for kind, by_language in words().items():
        for text in by_language[language] if kind != "names" else ():
            found = stopped("text", text, 1500)
            assert not (isinstance(found, RecognisedWords) and found.hard), text
            if kind == "question":
                assert check(text, GUARDS, language) is None, text
            if kind == "advice":
                assert check(text, GUARDS[:1], language), text


def test_the_words_are_read_once() -> None:
    assert rehearsing.words() is rehearsing.words()
